// Whom a password is tried at, read in one statement with all that deciding needs: the user, the guesses so far, and
// whether there are groups to ask for. A name that belongs to nobody is answered by the same statement, with the guesses
// at that name, so that it takes as long.
import type { Db } from '../../database/database.ts'
import type { Schema } from '../../database/schema.ts'
import { rowStatement } from '../../database/statement.ts'
import { attemptsFromText, findAttempts, type StoredAttempts } from '../attempts/attempt-store.ts'
import { membershipsOfReadUser } from '../groups/group-store.ts'
import { type StoredUser, userFromRow } from '../users/user-store.ts'
import { type GuessState, PASSWORD_GUESSES } from './lockout-rules.ts'

export interface FoundCandidate {
  /** Undefined: nobody. */
  readonly user: StoredUser | undefined
  readonly guesses: StoredAttempts<GuessState> | undefined
  /** False: the user is in no group. */
  readonly inGroups: boolean
}

const candidateByName = rowStatement((db, subjectOfUnknown: string, key: string, userPoolId: string) =>
  db
    .selectFrom(db.selectNoFrom((eb) => eb.val(subjectOfUnknown).as('subject')).as('unknown'))
    .leftJoin('user_names', (join) =>
      join.on('user_names.name_key', '=', key).on('user_names.user_pool_id', '=', userPoolId),
    )
    .leftJoin('users', (join) =>
      join
        .onRef('users.user_sub', '=', 'user_names.user_sub')
        .onRef('users.user_pool_id', '=', 'user_names.user_pool_id'),
    )
    .leftJoin('attempts', (join) =>
      join
        .on((eb) => eb('attempts.subject', '=', eb.fn.coalesce('users.user_sub', 'unknown.subject')))
        .on('attempts.kind', '=', PASSWORD_GUESSES)
        .on('attempts.user_pool_id', '=', userPoolId),
    )
    .selectAll('users')
    .select((eb) => ['attempts.state as guesses', eb.exists(membershipsOfReadUser(db)).as('is_member')]),
)

/** Who has a username or alias, given as its key (user-name-rules.ts). */
export async function findCandidateByName(
  db: Db,
  userPoolId: string,
  key: string,
  subjectOfUnknown: string,
): Promise<FoundCandidate> {
  const row = await candidateByName(db, subjectOfUnknown, key, userPoolId)
  return candidateFromRow(row as CandidateRow)
}

const candidateBySub = rowStatement((db, sub: string, userPoolId: string) =>
  db
    .selectFrom('users')
    .leftJoin('attempts', (join) =>
      join
        .onRef('attempts.subject', '=', 'users.user_sub')
        .on('attempts.kind', '=', PASSWORD_GUESSES)
        .onRef('attempts.user_pool_id', '=', 'users.user_pool_id'),
    )
    .selectAll('users')
    .select((eb) => ['attempts.state as guesses', eb.exists(membershipsOfReadUser(db)).as('is_member')])
    .where('users.user_sub', '=', sub)
    .where('users.user_pool_id', '=', userPoolId),
)

/** The user with a sub; undefined when there is none. */
export async function findCandidateBySub(db: Db, userPoolId: string, sub: string): Promise<FoundCandidate | undefined> {
  const row = await candidateBySub(db, sub, userPoolId)
  return row && candidateFromRow(row)
}

/** Nobody, with the guesses at that name. */
export async function findUnknown(db: Db, userPoolId: string, subject: string): Promise<FoundCandidate> {
  const guesses = await findAttempts<GuessState>(db, { userPoolId, subject, kind: PASSWORD_GUESSES })
  return { user: undefined, guesses, inGroups: false }
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
