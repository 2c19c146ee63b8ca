// The challenge of a registration: sealed text, so that nothing is stored when one is asked for. It is bound to pool, user
// and app client, lives for five minutes and is good once: its id is written down with the passkey
// (sign-in/spent-id-store.ts). docs/reference/user-pools.md 11.4, docs/reference/threats.md 11.
import type { Context } from '../../context.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { newUuid } from '../../effects/uuid.ts'
import { limits } from '../limits.ts'
import type { StoredUser } from '../users/user-store.ts'

export interface RegistrationChallenge {
  readonly id: string
  readonly clientId: string
  /** What the authenticator is to call the user, base64url. */
  readonly userHandle: string
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const PURPOSE = 'passkey-registration'
const boundTo = ({ userPoolId, sub }: StoredUser): string => `${userPoolId} ${sub}`

/** A challenge in base64url. */
export function sealChallenge(context: Context, user: StoredUser, clientId: string, userHandle: string): string {
  const expiresAt = context.clock.now() + limits.passkeyRegistration.max
  const challenge: RegistrationChallenge = { id: newUuid(context.random), clientId, userHandle, expiresAt }
  return context.sealer.sealJson(PURPOSE, challenge, boundTo(user))
}

/** What is in a challenge of this user; undefined for any other text, and for one that is too old. */
export function openChallenge(context: Context, user: StoredUser, text: string): RegistrationChallenge | undefined {
  const challenge = context.sealer.openJson(PURPOSE, text, boundTo(user)) as RegistrationChallenge | undefined
  const alive = challenge && isAlive(challenge.expiresAt, limits.passkeyRegistration.max, context.clock.now())
  return alive ? challenge : undefined
}
