// Verifies what an authenticator made and keeps its public half. docs/reference/user-pools.md 11.2, 11.4.
import type { Context } from '../../context.ts'
import { sha256Text } from '../../crypto/digest.ts'
import { ApiError } from '../../errors.ts'
import { passkeyRegistered } from '../../events.ts'
import { limits } from '../limits.ts'
import type { Place } from '../sign-in/sign-in.ts'
import { spendId } from '../sign-in/spent-id-store.ts'
import { changeUser } from '../users/change-user.ts'
import { withPasskeys } from '../users/mfa-settings.ts'
import { noSuchUserError } from '../users/require-user.ts'
import type { StoredUser } from '../users/user-store.ts'
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

const problemError = (problem: RegistrationProblem): ApiError => new ApiError(...problems[problem])

/**
 * Registers a passkey of `known`; `given` is RegistrationResponseJSON (WebAuthn Level 3, 5.1.8.1). Throws ApiError with the
 * errors that CompleteWebAuthnRegistration declares.
 */
export async function completeRegistration(
  context: Context,
  { pool, client }: Place,
  known: StoredUser,
  given: unknown,
): Promise<void> {
  if (!allowsPasskeys(pool.settings)) throw new ApiError('WebAuthnNotEnabledException', NOT_ENABLED_MESSAGE)
  const credential = credentialFrom(given, ['attestationObject'])
  const data = credential && clientDataFrom(credential.clientDataJSON)
  if (!credential || data?.type !== 'webauthn.create') throw problemError('malformed')
  const challenge = openChallenge(context, known, data.challenge)
  if (!challenge) throw new ApiError('WebAuthnChallengeNotFoundException', CHALLENGE_NOT_FOUND_MESSAGE)
  if (challenge.clientId !== client.clientId)
    throw new ApiError('WebAuthnClientMismatchException', 'The registration was started with another app client.')
  const relyingParty = relyingPartyOf(pool.settings, context.publicUrl)
  if (!relyingParty) throw problemError('other-relying-party')
  if (!isAskedByPage(data, relyingParty, context.config.production))
    throw new ApiError('WebAuthnOriginNotAllowedException', 'The page that made the credential may not make passkeys.')
  const made = await verifyRegistration(credential, data, relyingParty)
  if (typeof made === 'string') throw problemError(made)
  const passkey: Passkey = {
    ...made,
    sub: known.sub,
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
  const changed = await changeUser(context, pool, known, (user) => {
    if ((user.mfa.passkeys?.count ?? 0) >= limits.passkeysPerUser.max)
      throw new ApiError('LimitExceededException', TOO_MANY_MESSAGE)
    return {
      user: { ...user, mfa: withPasskeys(user.mfa, 1, made.userVerified) },
      before: async (db) => {
        if (!(await spendId(db, { ...challenge, userPoolId: pool.id })))
          throw new ApiError('WebAuthnChallengeNotFoundException', CHALLENGE_NOT_FOUND_MESSAGE)
      },
      after: async (db) => {
        if (!(await insertPasskey(db, passkey)))
          throw new ApiError('InvalidParameterException', 'This passkey is registered already.')
      },
    }
  })
  if (!changed) throw noSuchUserError()
  passkeyRegistered(context, { pool: pool.id, client: client.clientId, sub: changed.sub })
}
