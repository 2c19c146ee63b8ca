// SMS_OTP: a code sent to the user's phone number, as the first factor (docs/reference/user-pools.md 9.6).

import type { Challenge } from '../sign-in.ts'
import { announceCode, answerCode } from '../sign-in-code.ts'

export const smsOtp: Challenge = {
  announce: (context, request, progress) => announceCode(context, request, progress, 'phone_number'),
  answer: (context, request) =>
    answerCode(context, request, { challenge: 'SMS_OTP', parameter: 'SMS_OTP_CODE', proof: 'sms-code' }),
}
