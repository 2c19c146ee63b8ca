// How implemented operations of user pools differ from the service, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const signIn: Difference = {
  missing:
    'CUSTOM_AUTH, USER_AUTH and multi-factor are not here yet; each is refused by name. Of the triggers PreTokenGeneration alone is called, without ClientMetadata and as TokenGeneration_Authentication also after NEW_PASSWORD_REQUIRED; a pool with PreAuthentication is refused by name.',
}

const pool: Difference = {
  missing:
    'Every member is stored and shown. Not yet in effect: the triggers of sign-in (LambdaConfig: PreAuthentication, PostAuthentication, custom challenges, UserMigration at sign-in, InboundFederation), multi-factor, threat protection, client registration, levels of assurance, the issuer type.',
  differs:
    'KeyConfiguration names no key here: data is sealed under the master key. The key of custom senders (KMSKeyID) is CUSTOM_SENDER_KEY. Roles and identities that ARNs name are not looked up.',
}

const client: Difference = {
  missing:
    'Every member is stored and shown. Scopes of resource servers and identity providers other than COGNITO cannot be named yet, and the OAuth endpoints that would use the rest are not here yet. AnalyticsConfiguration sends nothing.',
}

const forgotPassword: Difference = {
  missing: 'enableSMSMFA of a UserMigration trigger has no effect yet.',
}

export const differences: Readonly<Record<string, Difference>> = {
  AdminInitiateAuth: signIn,
  AdminRespondToAuthChallenge: signIn,
  ConfirmSignUp: { missing: 'No Session in the answer.' },
  CreateUserPool: pool,
  CreateUserPoolClient: client,
  ForgotPassword: forgotPassword,
  GetTokensFromRefreshToken: {
    missing: 'ClientMetadata does not reach the PreTokenGeneration trigger yet.',
  },
  InitiateAuth: signIn,
  RespondToAuthChallenge: signIn,
  SignUp: {
    missing: 'No sign-up without password, and no Session in the answer.',
  },
  UpdateUserPool: pool,
  UpdateUserPoolClient: client,
}
