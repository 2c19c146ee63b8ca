// Signs a user in who has just signed up, or confirmed that, without asking again: by the session of a sign-up, which counts as
// one factor (cognito-idp/sign-in/sign-up-session.ts). A second factor that the pool requires is set up or asked for after
// that. In the session of the browser that comes of it `proofs` begins with 'sign-up': who offers new users something, such as a
// passkey, knows them by that in `take` (sign-in.tsx), after the last challenge.
import { sealSignUpSession, signInAfterSignUp } from '../cognito-idp/sign-in/sign-up-session.ts'
import type { StoredUser } from '../cognito-idp/users/user-store.ts'
import type { Context } from '../context.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import { answerTaken } from './login.tsx'
import { take } from './sign-in.tsx'

/** `user` is confirmed. Throws as `take` does. */
export async function signInNewUser(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  user: StoredUser,
): Promise<Response> {
  const session = sealSignUpSession(context, asked, user)
  const parameters = { USERNAME: user.username }
  return answerTaken(
    context,
    request,
    asked,
    await take(context, request, asked, signInAfterSignUp, { parameters, session }),
  )
}
