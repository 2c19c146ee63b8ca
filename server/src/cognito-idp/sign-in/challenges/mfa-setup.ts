// MFA_SETUP: a user who needs a second factor and has none sets one up: an authenticator app, verified by
// AssociateSoftwareToken and VerifySoftwareToken with the session, or an e-mail address, to which EMAIL_OTP then sends a
// code. A phone number is an administrator's to add (docs/reference/user-pools.md 9.8, 9.9).
import { ApiError } from '../../../errors.ts'
import { updateRefusal } from '../../profile/attribute-write-rules.ts'
import { regionProblem } from '../../replicas/served-rules.ts'
import type { UserPool } from '../../user-pools/pool-store.ts'
import type { StoredUser } from '../../users/user-store.ts'
import { maySetUp } from '../factor-rules.ts'
import { openSession, signerOfSession, spendSession, usedOr } from '../session.ts'
import { type Challenge, type Progress, type SignInRequest, withProof } from '../sign-in.ts'

/** What the session of VerifySoftwareToken has pending. */
export const VERIFIED = { verified: 'SOFTWARE_TOKEN_MFA' } as const

export const mfaSetup: Challenge = {
  announce: (_context, _request, { signer }, among) => ({
    parameters: { MFAS_CAN_SETUP: JSON.stringify(among), USER_ID_FOR_SRP: signer.userId },
  }),
  answer: async (context, request): Promise<Progress> => {
    const session = openSession(context, request, 'MFA_SETUP')
    const signer = await signerOfSession(context, request, session)
    const { user } = signer
    const verified = session.state.pending?.['verified'] === VERIFIED.verified
    const stands = verified ? user?.mfa.hasSoftwareToken : user && maySetUp(request.pool.settings, user)
    if (!user || !stands) throw await usedOr(context.db, request.pool.id, session, 'invalid-session')
    const next: Progress = verified
      ? { kind: 'progress', signer, state: withProof(session.state, 'software-token') }
      : {
          kind: 'progress',
          // The address is written when the code that is sent to it comes back.
          signer: { ...signer, user: withEmail(request, user) },
          state: { ...session.state, pending: undefined, settingUp: 'EMAIL_OTP' },
        }
    await spendSession(context.db, request.pool.id, session)
    return next
  },
}

/** Throws OperationNotEnabledException where the pool is secondary: what a user has not is set up in its primary region. */
export function requireChangesHere(pool: Pick<UserPool, 'region' | 'replica'>): void {
  const problem = regionProblem(pool, 'write')
  if (problem !== undefined) throw new ApiError('OperationNotEnabledException', problem)
}

/** The user with the address of the answer, which the rules of UpdateUserAttributes allow. Throws ApiError. */
function withEmail({ pool, client, parameters }: SignInRequest, user: StoredUser): StoredUser {
  requireChangesHere(pool)
  const email = parameters['EMAIL']
  if (!email) throw new ApiError('InvalidParameterException', 'User has not verified software token mfa')
  if (!maySetUp(pool.settings, user, 'EMAIL_OTP'))
    throw new ApiError('InvalidParameterException', 'User does not have delivery config set to turn on EMAIL_OTP')
  if (user.attributes['email'] === email) return user
  if (user.attributes['email']) throw new ApiError('NotAuthorizedException', 'Cannot modify an already provided email')
  const settings = { pool: pool.settings, client: client.settings }
  const refusal = updateRefusal(settings, user.attributes, [{ Name: 'email', Value: email }], ['email'])
  if (refusal) throw new ApiError(refusal.refused, refusal.message)
  return { ...user, attributes: { ...user.attributes, email } }
}
