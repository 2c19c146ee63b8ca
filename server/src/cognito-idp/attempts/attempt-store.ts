// Every statement on the table of attempts: small states, one for each subject and kind, changed by compare-and-set.
import type { Db } from '../../database/database.ts'
import { statement } from '../../database/statement.ts'

export interface AttemptKey {
  userPoolId: string
  /** A sub, or a MAC of a name that belongs to nobody (`subjectOfUnknown` in attempts.ts). */
  subject: string
  /** What is counted, such as `password` or an operation. */
  kind: string
}

export interface StoredAttempts<State> {
  state: State
  version: number
}

const attemptsOf = statement((db, subject: string, kind: string, userPoolId: string) =>
  db
    .selectFrom('attempts')
    .select(['state', 'version'])
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .where('user_pool_id', '=', userPoolId),
)

export async function findAttempts<State>(db: Db, key: AttemptKey): Promise<StoredAttempts<State> | undefined> {
  const [row] = (await attemptsOf(db, key.subject, key.kind, key.userPoolId)).rows
  return row && { state: JSON.parse(row.state) as State, version: row.version }
}

const insertAttempts = statement(
  (db, subject: string, kind: string, userPoolId: string, state: string, expiresAt: number) =>
    db
      .insertInto('attempts')
      .values({ subject, kind, user_pool_id: userPoolId, state, version: 1, expires_at: expiresAt })
      .onConflict((conflict) => conflict.columns(['subject', 'kind', 'user_pool_id']).doNothing()),
)

const updateAttempts = statement(
  (
    db,
    subject: string,
    kind: string,
    userPoolId: string,
    version: number,
    state: string,
    next: number,
    expiresAt: number,
  ) =>
    db
      .updateTable('attempts')
      .set({ state, version: next, expires_at: expiresAt })
      .where('subject', '=', subject)
      .where('kind', '=', kind)
      .where('user_pool_id', '=', userPoolId)
      .where('version', '=', version),
)

/** Writes `next` if nothing changed since `before` was read (undefined: there was nothing); false when something did. */
export async function replaceAttempts<State>(
  db: Db,
  { subject, kind, userPoolId }: AttemptKey,
  before: StoredAttempts<State> | undefined,
  next: State,
  expiresAt: number,
): Promise<boolean> {
  const state = JSON.stringify(next)
  const { affected } = before
    ? await updateAttempts(db, subject, kind, userPoolId, before.version, state, before.version + 1, expiresAt)
    : await insertAttempts(db, subject, kind, userPoolId, state, expiresAt)
  return affected === 1
}

const deleteAttemptsOf = statement((db, subject: string, kind: string, userPoolId: string, version: number) =>
  db
    .deleteFrom('attempts')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .where('user_pool_id', '=', userPoolId)
    .where('version', '=', version),
)

/** Removes a state if it still has this version; false when it has not. */
export async function deleteAttempts(db: Db, key: AttemptKey, version: number): Promise<boolean> {
  return (await deleteAttemptsOf(db, key.subject, key.kind, key.userPoolId, version)).affected === 1
}

/** Writes a state in place of any other, whatever its version: for states that no rival counts up. */
export async function putAttempts<State>(db: Db, key: AttemptKey, state: State, expiresAt: number): Promise<void> {
  const values = { state: JSON.stringify(state), version: 1, expires_at: expiresAt }
  await db
    .insertInto('attempts')
    .values({ subject: key.subject, kind: key.kind, user_pool_id: key.userPoolId, ...values })
    .onConflict((conflict) => conflict.columns(['subject', 'kind', 'user_pool_id']).doUpdateSet(values))
    .execute()
}

/** Removes a state, whatever its version. */
export async function forgetAttempts(db: Db, key: AttemptKey): Promise<void> {
  await db
    .deleteFrom('attempts')
    .where('subject', '=', key.subject)
    .where('kind', '=', key.kind)
    .where('user_pool_id', '=', key.userPoolId)
    .execute()
}
