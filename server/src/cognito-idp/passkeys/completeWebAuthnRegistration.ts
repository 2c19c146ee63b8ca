// CompleteWebAuthnRegistration: verifies what the authenticator made and keeps its public half.
// docs/reference/user-pools.md 11.2, 11.4.
import { sha256Text } from '../../crypto/digest.ts'
import { passkeyRegistered } from '../../events.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { spendId } from '../sign-in/spent-id-store.ts'
import { changeUser } from '../users/change-user.ts'
import { withPasskeys } from '../users/mfa-settings.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { nameOfAuthenticator } from './authenticator-names.ts'
import { clientDataFrom, credentialFrom, isAskedByPage } from './credential-rules.ts'
import { insertPasskey, type Passkey } from './passkey-store.ts'
import { openChallenge } from './registration-challenge.ts'
import { CHALLENGE_NOT_FOUND_MESSAGE, NOT_ENABLED_MESSAGE, TOO_MANY_MESSAGE } from './registration-texts.ts'
import { allowsPasskeys, relyingPartyOf } from './relying-party-rules.ts'
import { type RegistrationProblem, verifyRegistration } from './verify-credential.ts'

const MALFORMED_MESSAGE = 'The credential is not a valid registration response.'
const MISMATCH_MESSAGE = 'The credential was made for another relying party.'

const problems: Readonly<
  Record<
    RegistrationProblem,
    readonly [
      'InvalidParameterException' | 'WebAuthnRelyingPartyMismatchException' | 'WebAuthnCredentialNotSupportedException',
      string,
    ]
  >
> = {
  malformed: ['InvalidParameterException', MALFORMED_MESSAGE],
  'other-relying-party': ['WebAuthnRelyingPartyMismatchException', MISMATCH_MESSAGE],
  unsupported: [
    'WebAuthnCredentialNotSupportedException',
    'The credential is not supported: its key is neither ES256 nor RS256, or its user was not verified.',
  ],
}

export const completeWebAuthnRegistration = operation(
  'CompleteWebAuthnRegistration',
  async (context, { input, caller, pool, client, fail }) => {
    if (!allowsPasskeys(pool.settings)) throw fail('WebAuthnNotEnabledException', NOT_ENABLED_MESSAGE)
    const credential = credentialFrom(input.Credential, ['attestationObject'])
    const data = credential && clientDataFrom(credential.clientDataJSON)
    if (!credential || data?.type !== 'webauthn.create') throw fail(...problems.malformed)
    const challenge = openChallenge(context, caller.user, data.challenge)
    if (!challenge) throw fail('WebAuthnChallengeNotFoundException', CHALLENGE_NOT_FOUND_MESSAGE)
    if (challenge.clientId !== client.clientId)
      throw fail('WebAuthnClientMismatchException', 'The registration was started with another app client.')
    const relyingParty = relyingPartyOf(pool.settings, context.publicUrl)
    if (!relyingParty) throw fail(...problems['other-relying-party'])
    if (!isAskedByPage(data, relyingParty, context.config.production))
      throw fail('WebAuthnOriginNotAllowedException', 'The page that made the credential may not make passkeys.')
    const made = await verifyRegistration(credential, data, relyingParty)
    if (typeof made === 'string') throw fail(...problems[made])
    const passkey: Passkey = {
      ...made,
      sub: caller.user.sub,
      userPoolId: pool.id,
      key: sha256Text(made.id),
      userHandle: challenge.userHandle,
      transports: credential.transports,
      attachment: credential.attachment,
      friendlyName: nameOfAuthenticator(made.aaguid),
      rpId: relyingParty.id,
      createdAt: context.clock.now(),
      lastUsedAt: undefined,
    }
    const changed = await changeUser(context, pool, caller.user, (user) => {
      if ((user.mfa.passkeys?.count ?? 0) >= limits.passkeysPerUser.max)
        throw fail('LimitExceededException', TOO_MANY_MESSAGE)
      return {
        user: { ...user, mfa: withPasskeys(user.mfa, 1, made.userVerified) },
        before: async (db) => {
          if (!(await spendId(db, { ...challenge, userPoolId: pool.id })))
            throw fail('WebAuthnChallengeNotFoundException', CHALLENGE_NOT_FOUND_MESSAGE)
        },
        after: async (db) => {
          if (!(await insertPasskey(db, passkey)))
            throw fail('InvalidParameterException', 'This passkey is registered already.')
        },
      }
    })
    if (!changed) throw noSuchUserError()
    passkeyRegistered(context, { pool: pool.id, client: client.clientId, sub: changed.sub })
    return {}
  },
)
