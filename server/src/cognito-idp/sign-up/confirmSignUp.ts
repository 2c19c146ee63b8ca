// ConfirmSignUp: confirms a user with the code that was sent at sign-up (docs/reference/user-pools.md 7.4).
import { operation } from '../operation.ts'
import { sessionAfterSignUp } from '../sign-in/sign-up-session.ts'
import { confirmUser } from './confirm-user.ts'

export const confirmSignUp = operation('ConfirmSignUp', async (context, request) => ({
  Session: sessionAfterSignUp(context, request, await confirmUser(context, request, request.input)),
}))
