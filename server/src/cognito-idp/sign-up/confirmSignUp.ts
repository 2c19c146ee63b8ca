// ConfirmSignUp: confirms a user with the code that was sent at sign-up (docs/reference/user-pools.md 7.4).
import { endpointOf } from '../analytics/pinpoint-rules.ts'
import { operation } from '../operation.ts'
import { sessionAfterSignUp } from '../sign-in/sign-up-session.ts'
import { confirmUser } from './confirm-user.ts'

export const confirmSignUp = operation('ConfirmSignUp', async (context, request) => {
  const endpoint = endpointOf(request.input.AnalyticsMetadata)
  const user = await confirmUser(context, { ...request, endpoint }, request.input)
  return { Session: sessionAfterSignUp(context, request, user) }
})
