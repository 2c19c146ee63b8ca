// The table of challenges that the pages can show.
import type { ChallengeNameType } from '../contract/cognito-idp.types.ts'
import type { ChallengePage } from './challenge-page.ts'
import { codePage } from './challenges/code.tsx'
import { newPasswordPage } from './challenges/new-password.tsx'
import { passkeyPage } from './challenges/passkey.tsx'
import { passwordPage } from './challenges/password.tsx'
import { selectFactorPage } from './challenges/select-factor.tsx'
import { selectFirstPage } from './challenges/select-first.tsx'
import { setUpPage } from './challenges/set-up.tsx'

export const challengePages: Partial<Record<ChallengeNameType, ChallengePage>> = {
  SELECT_CHALLENGE: selectFirstPage,
  PASSWORD: passwordPage,
  WEB_AUTHN: passkeyPage,
  NEW_PASSWORD_REQUIRED: newPasswordPage,
  SMS_MFA: codePage('SMS_MFA_CODE'),
  EMAIL_OTP: codePage('EMAIL_OTP_CODE'),
  SMS_OTP: codePage('SMS_OTP_CODE'),
  SOFTWARE_TOKEN_MFA: codePage('SOFTWARE_TOKEN_MFA_CODE'),
  SELECT_MFA_TYPE: selectFactorPage,
  MFA_SETUP: setUpPage,
}

/** The paths of the pages, once each. */
export const challengePaths = [...new Set(Object.values(challengePages).map(({ path }) => path))]
