// The initial state of a new user. Pure.
import type { CredentialChange } from './credentials.ts'
import type { StoredUser } from './user-store.ts'

type Named = Pick<StoredUser, 'sub' | 'userPoolId' | 'username' | 'status' | 'attributes'>

/** A new user, enabled; without `credential` it has no password. `now` is epoch milliseconds. */
export const newUser = (named: Named, now: number, credential?: CredentialChange): StoredUser => ({
  ...named,
  enabled: true,
  ...(credential ?? { credential: '', credentialSetAt: now, credentialHistory: '' }),
  tokenGeneration: 0,
  mfa: {},
  identities: [],
  createdAt: now,
  updatedAt: now,
  version: 1,
})
