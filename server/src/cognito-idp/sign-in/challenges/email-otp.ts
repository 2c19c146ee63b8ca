// EMAIL_OTP: a code sent to the user's e-mail address, as the first or the second factor
// (docs/reference/user-pools.md 9.6, 9.9).

import type { Challenge } from '../sign-in.ts'
import { announceCode, answerCode } from '../sign-in-code.ts'

export const emailOtp: Challenge = {
  announce: (context, request, progress) => announceCode(context, request, progress, 'email'),
  answer: (context, request) =>
    answerCode(context, request, { challenge: 'EMAIL_OTP', parameter: 'EMAIL_OTP_CODE', proof: 'email-code' }),
}
