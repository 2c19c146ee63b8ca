// The session that SignUp and ConfirmSignUp give, with which USER_AUTH signs a new user in without asking again (Amplify's
// autoSignIn). It is good once, within the client's AuthSessionValidity, for its pool, client and user, and counts as one
// factor: where a second one is required, that is asked for. docs/reference/user-pools.md 7.3, 7.4, 9.6.
import type { Context } from '../../context.ts'
import { allowsFlow } from '../user-pool-clients/auth-flow-rules.ts'
import type { StoredUser } from '../users/user-store.ts'
import { openSession, sealSession, signerOfSession, spendSession } from './session.ts'
import type { Place, Step } from './sign-in.ts'

/** The session that the API gives; undefined where the client does not allow USER_AUTH. */
export const sessionAfterSignUp = (context: Context, place: Place, user: StoredUser): string | undefined =>
  allowsFlow(place.client.settings, 'USER_AUTH') ? sealSignUpSession(context, place, user) : undefined

/** The session of a user who has just signed up. The login pages sign in by it whatever flows the client's API allows. */
export const sealSignUpSession = (context: Context, place: Place, user: StoredUser): string =>
  sealSession(context, place, { subject: user.sub, userId: user.username, user }, 'AFTER_SIGN_UP', {
    began: 'choice',
    proofs: ['sign-up'],
  })

/** Signs in by that session. A user who is not confirmed yet is refused, and may use it once confirmed. */
export const signInAfterSignUp: Step = async (context, request) => {
  const session = openSession(context, request, 'AFTER_SIGN_UP')
  const signer = await signerOfSession(context, request, session)
  await spendSession(context.db, request.pool.id, session)
  return { kind: 'progress', signer, state: session.state }
}
