// ResendConfirmationCode: sends a new code for a sign-up (docs/reference/user-pools.md 5.3, 8).
import { operation } from '../operation.ts'
import { askerOf } from './asker.ts'
import { resendCode } from './resend-code.ts'

export const resendConfirmationCode = operation('ResendConfirmationCode', async (context, request) => ({
  CodeDeliveryDetails: await resendCode(context, askerOf(request), request.input),
}))
