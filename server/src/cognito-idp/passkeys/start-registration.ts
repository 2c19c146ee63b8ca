// What a browser needs to have a passkey made for its user. Nothing is written. docs/reference/user-pools.md 11.1, 11.4.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { limits } from '../limits.ts'
import type { Place } from '../sign-in/sign-in.ts'
import type { StoredUser } from '../users/user-store.ts'
import { passkeysOfUser } from './passkey-store.ts'
import { sealChallenge } from './registration-challenge.ts'
import { creationOptions, shownName } from './registration-options.ts'
import { NOT_ENABLED_MESSAGE, TOO_MANY_MESSAGE } from './registration-texts.ts'
import { allowsPasskeys, relyingPartyOf } from './relying-party-rules.ts'

/** WebAuthn allows 64, and asks for random ones: authenticators may show a handle to anybody who holds them. */
const HANDLE_BYTES = 32

/**
 * PublicKeyCredentialCreationOptionsJSON (WebAuthn Level 3, 5.4). Throws WebAuthnNotEnabledException,
 * WebAuthnConfigurationMissingException and LimitExceededException.
 */
export async function startRegistration(
  context: Context,
  { pool, client }: Place,
  user: StoredUser,
): Promise<ReturnType<typeof creationOptions>> {
  if (!allowsPasskeys(pool.settings)) throw new ApiError('WebAuthnNotEnabledException', NOT_ENABLED_MESSAGE)
  const relyingParty = relyingPartyOf(pool.settings, context.publicUrl)
  if (!relyingParty)
    throw new ApiError(
      'WebAuthnConfigurationMissingException',
      'The user pool has no relying party: set WebAuthnConfiguration.RelyingPartyId to a domain.',
    )
  const existing = await passkeysOfUser(context.db, pool.id, user.sub)
  if (existing.length >= limits.passkeysPerUser.max) throw new ApiError('LimitExceededException', TOO_MANY_MESSAGE)
  // One handle for all passkeys of a user, so that an authenticator replaces the one it has.
  const userHandle = existing[0]?.userHandle ?? context.random.bytes(HANDLE_BYTES).toString('base64url')
  const challenge = sealChallenge(context, user, client.clientId, userHandle)
  const name = shownName(pool.settings, user)
  return creationOptions({ relyingParty, challenge, userHandle, name, existing })
}
