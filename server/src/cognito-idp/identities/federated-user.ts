// The user that the first sign-in with an external provider makes. docs/reference/oauth-and-federation.md 19.2.
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { newUser } from '../users/new-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { federatedUsername } from './federated-user-rules.ts'
import { type FederatedIdentity, SUBJECT } from './identity-rules.ts'

/**
 * The new user of an identity: status EXTERNAL_PROVIDER, no password. `now` is epoch milliseconds. addUser writes it, and
 * throws NameTaken when another sign-in was first (kind `username` or `identity`): findFederatedUser then finds that user.
 */
export function newFederatedUser(
  pool: { id: string; settings: UserPoolSettings },
  sub: string,
  { provider, subject, ...of }: Pick<FederatedIdentity, 'provider' | 'type' | 'issuer'> & { subject: string },
  attributes: StoredUser['attributes'],
  now: number,
): StoredUser {
  const identity: FederatedIdentity = {
    provider,
    ...of,
    attribute: SUBJECT,
    value: subject,
    primary: true,
    createdAt: now,
  }
  const username = federatedUsername(pool.settings, { provider, subject })
  return {
    ...newUser({ sub, userPoolId: pool.id, username, status: 'EXTERNAL_PROVIDER', attributes }, now),
    identities: [identity],
  }
}
