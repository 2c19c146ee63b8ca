// SignUp: creates a user (docs/reference/user-pools.md 7.3).
import { operation } from '../operation.ts'
import { sessionAfterSignUp } from '../sign-in/sign-up-session.ts'
import { askerOf } from './asker.ts'
import { registerUser } from './register.ts'

export const signUp = operation('SignUp', async (context, request) => {
  const { user, confirmed, details } = await registerUser(context, askerOf(request), request.input)
  return {
    UserConfirmed: confirmed,
    UserSub: user.sub,
    ...(details && { CodeDeliveryDetails: details }),
    Session: sessionAfterSignUp(context, request, user),
  }
})
