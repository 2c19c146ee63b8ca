// Every statement on the table of attempts: small states (counters), one for each subject and kind, changed by
// compare-and-set. The state's text itself is compared, without a version: the next state depends on it alone, so it
// does not matter if the row was deleted and inserted again since it was read. What is counted is decided by
// attempts.ts and sign-in/guess.ts.
import type { Db } from '../../database/database.ts'
import { rowStatement, statement } from '../../database/statement.ts'

export interface AttemptKey {
  userPoolId: string
  /** A sub, or a MAC of an unknown user's name (`subjectOfUnknown` in attempts.ts). */
  subject: string
  /** What is counted: `password`, the name of an operation, `codes:` and a purpose. */
  kind: string
}

export interface StoredAttempts<State> {
  readonly state: State
  /** The state as stored in its row, for compare-and-set. */
  readonly text: string
}

export const attemptsFromText = <State>(text: string): StoredAttempts<State> => ({
  state: JSON.parse(text) as State,
  text,
})

export const attemptsFromState = <State>(state: State): StoredAttempts<State> => ({
  state,
  text: JSON.stringify(state),
})

const attemptsOf = rowStatement((db, subject: string, kind: string, userPoolId: string) =>
  db
    .selectFrom('attempts')
    .select('state')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .where('user_pool_id', '=', userPoolId),
)

export async function findAttempts<State>(db: Db, key: AttemptKey): Promise<StoredAttempts<State> | undefined> {
  const row = await attemptsOf(db, key.subject, key.kind, key.userPoolId)
  return row && attemptsFromText(row.state)
}

const insertAttempts = statement(
  (db, subject: string, kind: string, userPoolId: string, state: string, expiresAt: number) =>
    db
      .insertInto('attempts')
      .values({ subject, kind, user_pool_id: userPoolId, state, expires_at: expiresAt })
      .onConflict((conflict) => conflict.columns(['subject', 'kind', 'user_pool_id']).doNothing()),
)

const updateAttempts = statement(
  (db, subject: string, kind: string, userPoolId: string, before: string, next: string, expiresAt: number) =>
    db
      .updateTable('attempts')
      .set({ state: next, expires_at: expiresAt })
      .where('subject', '=', subject)
      .where('kind', '=', kind)
      .where('user_pool_id', '=', userPoolId)
      .where('state', '=', before),
)

/** Compare-and-set: writes `next` if `before` is still stored (undefined: no row); false when it is not. */
export async function replaceAttempts<State>(
  db: Db,
  { subject, kind, userPoolId }: AttemptKey,
  before: StoredAttempts<State> | undefined,
  next: StoredAttempts<State>,
  expiresAt: number,
): Promise<boolean> {
  const { affected } = before
    ? await updateAttempts(db, subject, kind, userPoolId, before.text, next.text, expiresAt)
    : await insertAttempts(db, subject, kind, userPoolId, next.text, expiresAt)
  return affected === 1
}

const deleteAttemptsOf = statement((db, subject: string, kind: string, userPoolId: string, state: string) =>
  db
    .deleteFrom('attempts')
    .where('subject', '=', subject)
    .where('kind', '=', kind)
    .where('user_pool_id', '=', userPoolId)
    .where('state', '=', state),
)

/** Compare-and-delete: removes a state if it is still stored; false when it is not. */
export async function deleteAttempts(db: Db, key: AttemptKey, { text }: StoredAttempts<unknown>): Promise<boolean> {
  return (await deleteAttemptsOf(db, key.subject, key.kind, key.userPoolId, text)).affected === 1
}

/** Writes a state without comparing: only for states that are not counters. */
export async function putAttempts<State>(db: Db, key: AttemptKey, state: State, expiresAt: number): Promise<void> {
  const values = { state: JSON.stringify(state), expires_at: expiresAt }
  await db
    .insertInto('attempts')
    .values({ subject: key.subject, kind: key.kind, user_pool_id: key.userPoolId, ...values })
    .onConflict((conflict) => conflict.columns(['subject', 'kind', 'user_pool_id']).doUpdateSet(values))
    .execute()
}

/** Removes a state without comparing. */
export async function forgetAttempts(db: Db, key: AttemptKey): Promise<void> {
  await db
    .deleteFrom('attempts')
    .where('subject', '=', key.subject)
    .where('kind', '=', key.kind)
    .where('user_pool_id', '=', key.userPoolId)
    .execute()
}
