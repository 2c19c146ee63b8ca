// ForgotPassword: sends a code that resets a password (docs/reference/user-pools.md 5.8, 7.2).
import { operation } from '../operation.ts'
import { askerOf } from './asker.ts'
import { sendResetCode } from './send-reset-code.ts'

export const forgotPassword = operation('ForgotPassword', async (context, request) => ({
  CodeDeliveryDetails: await sendResetCode(context, askerOf(request), request.input),
}))
