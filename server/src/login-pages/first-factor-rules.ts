// Which first factors the pages offer, and when a passkey is offered. Pure. docs/reference/oauth-and-federation.md 17.2, 17.4.
import { allowsPasskeys, relyingPartyOf } from '../cognito-idp/passkeys/relying-party-rules.ts'
import type { Place, Proof } from '../cognito-idp/sign-in/sign-in.ts'
import { allowsFlow } from '../cognito-idp/user-pool-clients/auth-flow-rules.ts'
import type { UserMfa } from '../cognito-idp/users/mfa-settings.ts'

/**
 * Whether the sign-in page asks for the username first, and then how to sign in: the client allows choice-based sign-in, and
 * the pool more than passwords.
 */
export const choosesFirstFactor = ({ pool, client }: Place): boolean =>
  allowsFlow(client.settings, 'USER_AUTH') &&
  (pool.settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []).some((factor) => factor !== 'PASSWORD')

/** The page that has a passkey made. */
export const ADD_PASSKEY = '/passkeys/add'

interface Signed {
  readonly session: { readonly proofs: readonly Proof[] }
  readonly user: { readonly mfa: UserMfa }
}

/** Whether a user is offered a passkey before the application gets its answer: just signed up, and able to sign in with one. */
export const offersPasskey = (place: Place, { session, user }: Signed, publicUrl: string): boolean =>
  session.proofs.includes('sign-up') &&
  !user.mfa.hasPasskeys &&
  choosesFirstFactor(place) &&
  allowsPasskeys(place.pool.settings) &&
  relyingPartyOf(place.pool.settings, publicUrl) !== undefined
