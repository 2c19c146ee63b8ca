// PublicKeyCredentialCreationOptionsJSON: what a browser needs to have a passkey made. Pure.
// docs/reference/user-pools.md 11.1; WebAuthn Level 3, 5.4.
import { hasUsernameAttributes, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { Passkey } from './passkey-store.ts'
import { descriptorOf } from './passkey-type.ts'
import { algorithms } from './public-key.ts'
import type { RelyingParty } from './relying-party-rules.ts'

const TIMEOUT_MS = 60_000

interface Registration {
  readonly relyingParty: RelyingParty
  readonly challenge: string
  readonly userHandle: string
  /** How the user is shown. */
  readonly name: string
  readonly existing: readonly Passkey[]
}

export const creationOptions = ({ relyingParty, challenge, userHandle, name, existing }: Registration) => ({
  rp: { id: relyingParty.id, name: relyingParty.id },
  user: { id: userHandle, name, displayName: name },
  challenge,
  pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
  timeout: TIMEOUT_MS,
  excludeCredentials: existing.map(descriptorOf),
  authenticatorSelection: {
    requireResidentKey: true,
    residentKey: 'required',
    userVerification: relyingParty.userVerification,
  },
})

/** How authenticators show a user: by the username, unless that is a sub. */
export const shownName = (pool: UserPoolSettings, { username, attributes }: StoredUser): string =>
  hasUsernameAttributes(pool) ? (attributes.email ?? attributes.phone_number ?? username) : username
