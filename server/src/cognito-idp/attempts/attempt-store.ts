// Every statement on the table of attempts: small states, one for each subject and kind, changed by compare-and-set.
import { affectedRows, type Db } from '../../database/database.ts'

export interface AttemptKey {
  userPoolId: string
  /** A sub, or a MAC of a name that belongs to nobody (attempt-subject.ts). */
  subject: string
  /** What is counted, such as `password` or an operation. */
  kind: string
}

export interface StoredAttempts<State> {
  state: State
  version: number
}

export async function findAttempts<State>(db: Db, key: AttemptKey): Promise<StoredAttempts<State> | undefined> {
  const row = await db
    .selectFrom('attempts')
    .select(['state', 'version'])
    .where('subject', '=', key.subject)
    .where('kind', '=', key.kind)
    .where('user_pool_id', '=', key.userPoolId)
    .executeTakeFirst()
  return row && { state: JSON.parse(row.state) as State, version: row.version }
}

/** Writes `next` if nothing changed since `before` was read (undefined: there was nothing); false when something did. */
export async function replaceAttempts<State>(
  db: Db,
  key: AttemptKey,
  before: StoredAttempts<State> | undefined,
  next: State,
  expiresAt: number,
): Promise<boolean> {
  const values = { state: JSON.stringify(next), version: (before?.version ?? 0) + 1, expires_at: expiresAt }
  if (!before) {
    const inserted = await db
      .insertInto('attempts')
      .values({ subject: key.subject, kind: key.kind, user_pool_id: key.userPoolId, ...values })
      .onConflict((conflict) => conflict.columns(['subject', 'kind', 'user_pool_id']).doNothing())
      .executeTakeFirst()
    return affectedRows(inserted) === 1
  }
  const updated = await db
    .updateTable('attempts')
    .set(values)
    .where('subject', '=', key.subject)
    .where('kind', '=', key.kind)
    .where('user_pool_id', '=', key.userPoolId)
    .where('version', '=', before.version)
    .executeTakeFirst()
  return affectedRows(updated) === 1
}

/** Removes a state if it still has this version; false when it has not. */
export async function deleteAttempts(db: Db, key: AttemptKey, version: number): Promise<boolean> {
  const result = await db
    .deleteFrom('attempts')
    .where('subject', '=', key.subject)
    .where('kind', '=', key.kind)
    .where('user_pool_id', '=', key.userPoolId)
    .where('version', '=', version)
    .executeTakeFirst()
  return affectedRows(result) === 1
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
