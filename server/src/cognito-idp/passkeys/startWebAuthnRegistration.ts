// StartWebAuthnRegistration: what a browser needs to have a passkey made for its user. Nothing is written.
// docs/reference/user-pools.md 11.1, 11.4.
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { passkeysOfUser } from './passkey-store.ts'
import { sealChallenge } from './registration-challenge.ts'
import { creationOptions, shownName } from './registration-options.ts'
import { NOT_ENABLED_MESSAGE, TOO_MANY_MESSAGE } from './registration-texts.ts'
import { allowsPasskeys, relyingPartyOf } from './relying-party-rules.ts'

/** WebAuthn allows 64, and asks for random ones: authenticators may show a handle to anybody who holds them. */
const HANDLE_BYTES = 32

export const startWebAuthnRegistration = operation(
  'StartWebAuthnRegistration',
  async (context, { caller: { user }, pool, client, fail }) => {
    if (!allowsPasskeys(pool.settings)) throw fail('WebAuthnNotEnabledException', NOT_ENABLED_MESSAGE)
    const relyingParty = relyingPartyOf(pool.settings, context.publicUrl)
    if (!relyingParty)
      throw fail(
        'WebAuthnConfigurationMissingException',
        'The user pool has no relying party: set WebAuthnConfiguration.RelyingPartyId to a domain.',
      )
    const existing = await passkeysOfUser(context.db, pool.id, user.sub)
    if (existing.length >= limits.passkeysPerUser.max) throw fail('LimitExceededException', TOO_MANY_MESSAGE)
    // One handle for all passkeys of a user, so that an authenticator replaces the one it has.
    const userHandle = existing[0]?.userHandle ?? context.random.bytes(HANDLE_BYTES).toString('base64url')
    const challenge = sealChallenge(context, user, client.clientId, userHandle)
    const name = shownName(pool.settings, user)
    return { CredentialCreationOptions: creationOptions({ relyingParty, challenge, userHandle, name, existing }) }
  },
)
