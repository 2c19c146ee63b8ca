// SMS_MFA: a code sent to the user's phone number, as the second factor (docs/reference/user-pools.md 9.9).

import type { Challenge } from '../sign-in.ts'
import { announceCode, answerCode } from '../sign-in-code.ts'

export const smsMfa: Challenge = {
  announce: (context, request, progress) => announceCode(context, request, progress, 'phone_number'),
  answer: (context, request) =>
    answerCode(context, request, { challenge: 'SMS_MFA', parameter: 'SMS_MFA_CODE', proof: 'sms-code' }),
}
