// How implemented operations of user pools differ from the service, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const signIn: Difference = {
  missing: 'CUSTOM_AUTH, USER_AUTH, multi-factor, devices and triggers are not here yet; each is refused by name.',
}

const withoutTriggers: Difference = { missing: 'Triggers are not called.' }

const pool: Difference = {
  missing:
    'Every member is stored and shown. Not yet in effect: Lambda triggers (LambdaConfig), multi-factor, device tracking, threat protection, client registration, levels of assurance, the issuer type.',
  differs:
    'KeyConfiguration names no key here: data is sealed under the master key. Roles and identities that ARNs name are not looked up.',
}

const client: Difference = {
  missing:
    'Every member is stored and shown. Scopes of resource servers and identity providers other than COGNITO cannot be named yet, and the OAuth endpoints that would use the rest are not here yet. AnalyticsConfiguration sends nothing.',
}

export const differences: Readonly<Record<string, Difference>> = {
  AdminConfirmSignUp: withoutTriggers,
  AdminCreateUser: { missing: 'Of the triggers PreSignUp alone is called.' },
  AdminInitiateAuth: signIn,
  AdminResetUserPassword: withoutTriggers,
  AdminRespondToAuthChallenge: signIn,
  AdminUpdateUserAttributes: withoutTriggers,
  ConfirmForgotPassword: withoutTriggers,
  ConfirmSignUp: { missing: 'Triggers are not called; no Session in the answer.' },
  CreateUserPool: pool,
  CreateUserPoolClient: client,
  ForgotPassword: withoutTriggers,
  GetUserAttributeVerificationCode: withoutTriggers,
  GetTokensFromRefreshToken: {
    missing: 'Triggers are not called; in a pool that names PreTokenGeneration it is refused by name.',
  },
  InitiateAuth: signIn,
  ResendConfirmationCode: withoutTriggers,
  RespondToAuthChallenge: signIn,
  SignUp: {
    missing:
      'Of the triggers PreSignUp and PostConfirmation alone are called. No sign-up without password, and no Session in the answer.',
  },
  UpdateUserAttributes: withoutTriggers,
  UpdateUserPool: pool,
  UpdateUserPoolClient: client,
}
