// The names that a user can sign in with: username, aliases, username attributes, and identities at external providers,
// which have keys of another form. Pure.
//
// They follow from the pool's settings and the user's attributes and status. The store keeps a row for exactly these
// names (user-store.ts), whose primary key makes them unique. What form a name may have is name-form-rules.ts.
// docs/reference/user-pools.md 5.2.
import { sha256Text } from '../../crypto/digest.ts'
import { type FederatedIdentity, identityKey } from '../identities/identity-rules.ts'
import { hasUsernameAttributes, isCaseSensitive, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import { normalName } from './name-form-rules.ts'
import type { StoredUser } from './user-store.ts'

export type NameKind = 'username' | 'email' | 'phone_number' | 'preferred_username' | 'identity'

export interface UserName {
  kind: NameKind
  key: string
}

const MAX_KEY = 200

// Characters that a database engine would refuse or replace.
const UNSTORABLE = /[\0\p{Cs}]/u

/** The key under which a name is reserved and looked up: the name itself, folded as the pool compares it. */
export function nameKey(settings: Pick<UserPoolSettings, 'UsernameConfiguration'>, name: string): string {
  const normal = normalName(name)
  const folded = isCaseSensitive(settings) ? normal : normal.toLowerCase()
  return folded.length <= MAX_KEY && !UNSTORABLE.test(folded) ? `=${folded}` : `#${sha256Text(folded)}`
}

type Named = Pick<StoredUser, 'sub' | 'username' | 'status' | 'attributes' | 'identities'>

/**
 * Every name that `user` holds: the username, unless it is the sub, which needs no reservation; in pools with username
 * attributes the address or number as well, verified or not; in pools with aliases the verified address and number, and
 * the preferred username once the user is confirmed; and every identity at an external provider. Users who come from
 * external providers and have no password sign in by their identities alone: another user may have the same address
 * (docs/reference/oauth-and-federation.md 19.3).
 */
export function namesOf(settings: UserPoolSettings, user: Named): UserName[] {
  const names: UserName[] = []
  if (user.username !== user.sub) names.push({ kind: 'username', key: nameKey(settings, user.username) })
  const add = (kind: Exclude<NameKind, 'username' | 'identity'>, holds: boolean): void => {
    const value = user.attributes[kind]
    if (holds && value !== undefined && value !== '') names.push({ kind, key: nameKey(settings, value) })
  }
  if (user.status === 'EXTERNAL_PROVIDER') {
    // No names beside these.
  } else if (hasUsernameAttributes(settings)) {
    for (const attribute of settings.UsernameAttributes ?? []) add(attribute, true)
  } else {
    const aliases = settings.AliasAttributes ?? []
    add('email', aliases.includes('email') && user.attributes.email_verified === 'true')
    add('phone_number', aliases.includes('phone_number') && user.attributes.phone_number_verified === 'true')
    add('preferred_username', aliases.includes('preferred_username') && user.status !== 'UNCONFIRMED')
  }
  for (const identity of user.identities) names.push({ kind: 'identity', key: identityKey(identity) })
  // A preferred username may equal the username: deduplicate.
  return names.filter((name, position) => names.findIndex((other) => other.key === name.key) === position)
}

/**
 * Every key that a user could hold under any settings: for the removal of a deleted pool, whose settings are not known
 * any more. Names of other users of the same pool may be among them.
 */
export function everyNameKey(
  username: string,
  attributes: StoredUser['attributes'],
  identities: readonly FederatedIdentity[],
): string[] {
  const { email, phone_number, preferred_username } = attributes
  const names = [username, email, phone_number, preferred_username].filter((name) => name !== undefined && name !== '')
  const folding = [{ CaseSensitive: true }, { CaseSensitive: false }]
  const keys = folding.flatMap((UsernameConfiguration) =>
    names.map((name) => nameKey({ UsernameConfiguration }, name as string)),
  )
  return [...new Set([...keys, ...identities.map(identityKey)])]
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** True when `name` has the form of a sub: operations accept a sub in place of a username. */
export const looksLikeSub = (name: string): boolean => UUID.test(name)

/** The text for a name that another user holds already (docs/reference/user-pools.md 3.3). */
export const nameTakenMessage = (kind: NameKind): string =>
  kind === 'username' ? 'User already exists' : `An account with the given ${kind} already exists.`
