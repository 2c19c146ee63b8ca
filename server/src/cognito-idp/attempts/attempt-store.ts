// Every statement on the table of attempts: small states, one for each subject and kind, changed by compare-and-set.
// What is compared is the state itself: the next state follows from it alone, so an equal one is as good as the same one,
// even when the row was removed and made anew since it was read.
import type { Db } from '../../database/database.ts'
import { rowStatement, statement } from '../../database/statement.ts'

export interface AttemptKey {
  userPoolId: string
  /** A sub, or a MAC of a name that belongs to nobody (`subjectOfUnknown` in attempts.ts). */
  subject: string
  /** What is counted, such as `password` or an operation. */
  kind: string
}

export interface StoredAttempts<State> {
  readonly state: State
  /** As it is in its row. */
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

/** Writes `next` if nothing changed since `before` was read (undefined: there was nothing); false when something did. */
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

/** Removes a state if it is still this one; false when it is not. */
export async function deleteAttempts(db: Db, key: AttemptKey, { text }: StoredAttempts<unknown>): Promise<boolean> {
  return (await deleteAttemptsOf(db, key.subject, key.kind, key.userPoolId, text)).affected === 1
}

/** Writes a state in place of any other: for states that no rival counts up. */
export async function putAttempts<State>(db: Db, key: AttemptKey, state: State, expiresAt: number): Promise<void> {
  const values = { state: JSON.stringify(state), expires_at: expiresAt }
  await db
    .insertInto('attempts')
    .values({ subject: key.subject, kind: key.kind, user_pool_id: key.userPoolId, ...values })
    .onConflict((conflict) => conflict.columns(['subject', 'kind', 'user_pool_id']).doUpdateSet(values))
    .execute()
}

/** Removes a state, whatever it is. */
export async function forgetAttempts(db: Db, key: AttemptKey): Promise<void> {
  await db
    .deleteFrom('attempts')
    .where('subject', '=', key.subject)
    .where('kind', '=', key.kind)
    .where('user_pool_id', '=', key.userPoolId)
    .execute()
}
