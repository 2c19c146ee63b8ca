// The table of challenges that the pages can show.
import type { ChallengeNameType } from '../contract/cognito-idp.types.ts'
import type { ChallengePage } from './challenge-page.ts'
import { codePage } from './challenges/code.tsx'
import { newPasswordPage } from './challenges/new-password.tsx'
import { selectFactorPage } from './challenges/select-factor.tsx'

export const challengePages: Partial<Record<ChallengeNameType, ChallengePage>> = {
  NEW_PASSWORD_REQUIRED: newPasswordPage,
  SMS_MFA: codePage('SMS_MFA_CODE'),
  EMAIL_OTP: codePage('EMAIL_OTP_CODE'),
  SMS_OTP: codePage('SMS_OTP_CODE'),
  SOFTWARE_TOKEN_MFA: codePage('SOFTWARE_TOKEN_MFA_CODE'),
  SELECT_MFA_TYPE: selectFactorPage,
}
