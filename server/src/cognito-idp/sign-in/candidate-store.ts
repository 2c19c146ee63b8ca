// Whom a password is tried at: its name is looked up, then one statement reads all that deciding needs, which lies
// together (docs/decisions/statement-rules.md 0): the user, the guesses so far, and whether there are groups to ask
// for. A name that belongs to nobody takes the same two statements, with the guesses at that name, so that it takes as
// long.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { rowStatement } from '../../database/statement.ts'
import { attemptsFromText, type StoredAttempts } from '../attempts/attempt-store.ts'
import { membershipsOf } from '../groups/group-store.ts'
import { findNameHolder, type StoredUser, userFromRow } from '../users/user-store.ts'
import { type GuessState, PASSWORD_GUESSES } from './lockout-rules.ts'

export interface FoundCandidate {
  /** Undefined: nobody. */
  readonly user: StoredUser | undefined
  readonly guesses: StoredAttempts<GuessState> | undefined
  /** False: the user is in no group. */
  readonly inGroups: boolean
}

// A full join: a row comes for guesses at nobody as well.
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

/**
 * Who has a sub, and the guesses at it. Of nobody there are guesses as well, under subjectOfUnknown in place of a sub.
 */
export async function findCandidateBySubject(db: Db, userPoolId: string, subject: string): Promise<FoundCandidate> {
  const row = await candidate(db, subject, userPoolId)
  return row ? candidateFromRow(row) : { user: undefined, guesses: undefined, inGroups: false }
}

/** Who has a username or alias, given as its key (user-name-rules.ts). Two round trips, whoever has it. */
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
