// Finds users by their identities at external providers. The identities are in the user's row, and each is a row of
// `user_names`, whose primary key makes it unique in the pool (users/user-name-rules.ts).
import type { Db } from '../../database/database.ts'
import { paddedKeys, statement } from '../../database/statement.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { Attributes } from '../users/attribute-rules.ts'
import { findUserBySub, type StoredUser } from '../users/user-store.ts'
import { type FederatedIdentity, type IdentityMatch, identityKey, matchesOf, sameIdentity } from './identity-rules.ts'

export interface FederatedUser {
  readonly user: StoredUser
  /** The identity by which the user was found. A sign-in must refuse a disabled one. */
  readonly identity: FederatedIdentity
}

const holdersOfKeys = statement((db, userPoolId: string, ...keys: string[]) =>
  db
    .selectFrom('user_names')
    .select(['name_key', 'user_sub'])
    .where('name_key', 'in', keys)
    .where('user_pool_id', '=', userPoolId),
)

/**
 * The user of a sign-in with an external provider: by the subject or, where an administrator has linked them so, by an
 * attribute. `attributes` are those of the pool that the provider's mapping filled; none for social providers. One
 * statement for all of them, and one that reads the user.
 */
export const findFederatedUser = (
  db: Db,
  pool: Pick<UserPool, 'id'>,
  { provider, subject, attributes }: { provider: string; subject: string; attributes?: Attributes },
): Promise<FederatedUser | undefined> => findByMatches(db, pool.id, matchesOf(provider, subject, attributes))

/** The user with the first of these identities that anybody has. */
export async function findByMatches(
  db: Db,
  userPoolId: string,
  matches: readonly IdentityMatch[],
): Promise<FederatedUser | undefined> {
  const { rows } = await holdersOfKeys(db, userPoolId, ...paddedKeys(matches.map(identityKey)))
  for (const match of matches) {
    const holder = rows.find((row) => row.name_key === identityKey(match))
    const user = holder && (await findUserBySub(db, userPoolId, holder.user_sub))
    const identity = user?.identities.find((known) => sameIdentity(known, match))
    if (user && identity) return { user, identity }
  }
  return undefined
}
