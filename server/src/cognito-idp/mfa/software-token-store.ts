// Every statement on the table of software tokens.
import { affectedRows, type Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { rowStatement, statement } from '../../database/statement.ts'

/** Whose token it is. */
interface Owner {
  readonly userPoolId: string
  readonly sub: string
}

export type SoftwareTokenRow = Schema['software_tokens']

const tokenOf = rowStatement((db, sub: string, userPoolId: string) =>
  db.selectFrom('software_tokens').selectAll().where('user_sub', '=', sub).where('user_pool_id', '=', userPoolId),
)

/** The token of a user, verified or pending; undefined when there is neither. */
export const findSoftwareToken = (db: Db, { sub, userPoolId }: Owner): Promise<SoftwareTokenRow | undefined> =>
  tokenOf(db, sub, userPoolId)

/** Keeps a secret until it is verified, in place of an earlier one; a verified one goes on. */
export async function putPendingSecret(db: Db, { sub, userPoolId }: Owner, sealed: string): Promise<void> {
  await db
    .insertInto('software_tokens')
    .values({ user_sub: sub, user_pool_id: userPoolId, secret_sealed: '', pending_sealed: sealed, last_step: 0 })
    .onConflict((conflict) => conflict.columns(['user_sub', 'user_pool_id']).doUpdateSet({ pending_sealed: sealed }))
    .execute()
}

/** Makes the pending secret the verified one; false when another one is pending by now. `step`: that of its first code. */
export async function verifyPendingSecret(
  db: Db,
  { sub, userPoolId }: Owner,
  sealed: string,
  step: number,
): Promise<boolean> {
  const result = await db
    .updateTable('software_tokens')
    .set({ secret_sealed: sealed, pending_sealed: '', last_step: step })
    .where('user_sub', '=', sub)
    .where('user_pool_id', '=', userPoolId)
    .where('pending_sealed', '=', sealed)
    .executeTakeFirst()
  return affectedRows(result) === 1
}

/** Writes a verified secret in place of all that was there. `step`: that of its first code. */
export async function putVerifiedSecret(
  db: Db,
  { sub, userPoolId }: Owner,
  sealed: string,
  step: number,
): Promise<void> {
  const values = { secret_sealed: sealed, pending_sealed: '', last_step: step }
  await db
    .insertInto('software_tokens')
    .values({ user_sub: sub, user_pool_id: userPoolId, ...values })
    .onConflict((conflict) => conflict.columns(['user_sub', 'user_pool_id']).doUpdateSet(values))
    .execute()
}

const useCode = statement(
  (db, sub: string, userPoolId: string, sealed: string, step: number, newest: number, before: number) =>
    db
      .updateTable('software_tokens')
      .set({ last_step: step })
      .where('user_sub', '=', sub)
      .where('user_pool_id', '=', userPoolId)
      .where('secret_sealed', '=', sealed)
      .where((where) => where.or([where('last_step', '<', before), where('last_step', '>', newest)])),
)

/**
 * Uses up the codes of a time step and of all before it, in one statement, so that of concurrent requests of any number of
 * processes one succeeds. False when they are used, or the secret is another one. A step after `newest` was stored while
 * the clock was ahead, and counts for nothing.
 */
export async function useStep(db: Db, row: SoftwareTokenRow, step: number, newest: number): Promise<boolean> {
  const { affected } = await useCode(db, row.user_sub, row.user_pool_id, row.secret_sealed, step, newest, step)
  return affected === 1
}

export async function deleteSoftwareToken(db: Db, { sub, userPoolId }: Owner): Promise<void> {
  await db.deleteFrom('software_tokens').where('user_sub', '=', sub).where('user_pool_id', '=', userPoolId).execute()
}
