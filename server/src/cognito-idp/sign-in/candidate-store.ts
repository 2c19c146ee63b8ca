// Reads what a password check needs. The name is looked up first; then one statement on one shard
// (docs/decisions/statement-rules.md 0) reads the user, the guesses counted so far, and whether the user has groups.
// For an unknown user the same two statements run, with the guesses counted for that name, so that both cases take the
// same time. The check itself is password-check.ts.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { rowStatement } from '../../database/statement.ts'
import { attemptsFromText, type StoredAttempts } from '../attempts/attempt-store.ts'
import { membershipsOf } from '../groups/group-store.ts'
import { findNameHolder, type StoredUser, userFromRow } from '../users/user-store.ts'
import { type GuessState, PASSWORD_GUESSES } from './lockout-rules.ts'

export interface FoundCandidate {
  /** Undefined for an unknown user. */
  readonly user: StoredUser | undefined
  readonly guesses: StoredAttempts<GuessState> | undefined
  /** False when the user is in no group, so that the groups need not be read. */
  readonly inGroups: boolean
}

// A full join, as an unknown user may have counted guesses but no row in `users`.
const candidate = rowStatement((db, subject: string, userPoolId: string) =>
  db
    .selectFrom(
      db
        .selectFrom('users')
        .selectAll('users')
        .where('users.user_sub', '=', subject)
        .where('users.user_pool_id', '=', userPoolId)
        .as('user'),
    )
    .fullJoin(
      db
        .selectFrom('attempts')
        .select(['attempts.subject', 'attempts.state'])
        .where('attempts.subject', '=', subject)
        .where('attempts.kind', '=', PASSWORD_GUESSES)
        .where('attempts.user_pool_id', '=', userPoolId)
        .as('guesses'),
      (join) => join.onRef('guesses.subject', '=', 'user.user_sub'),
    )
    .selectAll('user')
    .select((eb) => ['guesses.state as guesses', eb.exists(membershipsOf(db, subject, userPoolId)).as('is_member')]),
)

/** The user with a sub, and the guesses counted. For an unknown user, `subject` is the subjectOfUnknown. */
export async function findCandidateBySubject(db: Db, userPoolId: string, subject: string): Promise<FoundCandidate> {
  const row = await candidate(db, subject, userPoolId)
  return row ? candidateFromRow(row) : { user: undefined, guesses: undefined, inGroups: false }
}

/** The user with a username or alias, given as its key (user-name-rules.ts). Two round trips, known user or not. */
export async function findCandidateByName(
  db: Db,
  userPoolId: string,
  key: string,
  subjectOfUnknown: string,
): Promise<FoundCandidate> {
  const holder = await findNameHolder(db, userPoolId, key)
  return findCandidateBySubject(db, userPoolId, holder?.sub ?? subjectOfUnknown)
}

type CandidateRow = { [Column in keyof Schema['users']]: Schema['users'][Column] | null } & {
  guesses: string | null
  is_member: unknown
}

const candidateFromRow = (row: CandidateRow): FoundCandidate => ({
  user: row.user_sub === null ? undefined : userFromRow(row as Schema['users']),
  guesses: row.guesses === null ? undefined : attemptsFromText(row.guesses),
  inGroups: Boolean(row.is_member),
})
