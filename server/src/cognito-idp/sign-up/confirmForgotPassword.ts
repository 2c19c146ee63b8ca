// ConfirmForgotPassword: sets a new password with a code (docs/reference/user-pools.md 7.2).
import { operation } from '../operation.ts'
import { askerOf } from './asker.ts'
import { resetPassword } from './reset-password.ts'

export const confirmForgotPassword = operation('ConfirmForgotPassword', async (context, request) => {
  await resetPassword(context, askerOf(request), request.input)
  return {}
})
