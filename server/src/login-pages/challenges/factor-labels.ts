// What factors are called on the pages. Pure.
import type { Words } from '../languages/en.ts'

/** By the names of challenges. */
export const factorLabels: Readonly<Record<string, keyof Words>> = {
  SMS_MFA: 'bySms',
  EMAIL_OTP: 'byEmail',
  SOFTWARE_TOKEN_MFA: 'byApp',
}

/** As the first factor, beside the password. */
export const firstFactorLabels: Readonly<Record<string, keyof Words>> = {
  WEB_AUTHN: 'withPasskey',
  EMAIL_OTP: 'withEmailCode',
  SMS_OTP: 'withSmsCode',
}
