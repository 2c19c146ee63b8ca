// The table of challenges.
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { adminNoSrpAuth } from './challenges/admin-no-srp-auth.ts'
import { customChallenge } from './challenges/custom-challenge.ts'
import { devicePasswordVerifier } from './challenges/device-password-verifier.ts'
import { deviceSrpAuth } from './challenges/device-srp-auth.ts'
import { emailOtp } from './challenges/email-otp.ts'
import { mfaSetup } from './challenges/mfa-setup.ts'
import { newPasswordRequired } from './challenges/new-password-required.ts'
import { password } from './challenges/password.ts'
import { passwordSrp } from './challenges/password-srp.ts'
import { passwordVerifier } from './challenges/password-verifier.ts'
import { selectChallenge } from './challenges/select-challenge.ts'
import { selectMfaType } from './challenges/select-mfa.ts'
import { smsMfa } from './challenges/sms-mfa.ts'
import { smsOtp } from './challenges/sms-otp.ts'
import { softwareTokenMfa } from './challenges/software-token-mfa.ts'
import { webAuthn } from './challenges/web-authn.ts'
import { orRecoveryCode } from './recovery-code.ts'
import type { Challenge } from './sign-in.ts'

export const challenges: Readonly<Record<ChallengeNameType, Challenge>> = {
  PASSWORD_VERIFIER: passwordVerifier,
  NEW_PASSWORD_REQUIRED: newPasswordRequired,
  SELECT_MFA_TYPE: orRecoveryCode('SELECT_MFA_TYPE', 'ANSWER', selectMfaType),
  SMS_MFA: orRecoveryCode('SMS_MFA', 'SMS_MFA_CODE', smsMfa),
  EMAIL_OTP: orRecoveryCode('EMAIL_OTP', 'EMAIL_OTP_CODE', emailOtp),
  SELECT_CHALLENGE: selectChallenge,
  PASSWORD: password,
  PASSWORD_SRP: passwordSrp,
  SMS_OTP: smsOtp,
  SOFTWARE_TOKEN_MFA: orRecoveryCode('SOFTWARE_TOKEN_MFA', 'SOFTWARE_TOKEN_MFA_CODE', softwareTokenMfa),
  MFA_SETUP: mfaSetup,
  WEB_AUTHN: orRecoveryCode('WEB_AUTHN', 'CREDENTIAL', webAuthn),
  CUSTOM_CHALLENGE: customChallenge,
  ADMIN_NO_SRP_AUTH: adminNoSrpAuth,
  DEVICE_SRP_AUTH: deviceSrpAuth,
  DEVICE_PASSWORD_VERIFIER: devicePasswordVerifier,
}
