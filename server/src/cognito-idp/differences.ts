// How implemented operations of user pools differ from the service, for docs/compatibility.md.
import type { Difference } from '../service.ts'

const userSessions: Difference = {
  missing: 'Sessions of single sign-on (login pages).',
}

const pool: Difference = {
  missing:
    'Every member is stored and shown. Not yet in effect: the trigger InboundFederation (LambdaConfig), client registration, levels of assurance, the issuer type.',
  differs:
    'KeyConfiguration names no key here: data is sealed under the master key. The key of custom senders (KMSKeyID) is CUSTOM_SENDER_KEY. Roles and identities that ARNs name are not looked up.',
}

const client: Difference = {
  missing:
    'Every member is stored and shown. Scopes of resource servers and identity providers other than COGNITO cannot be named yet, and the OAuth endpoints that would use the rest are not here yet. AnalyticsConfiguration sends nothing.',
}

export const differences: Readonly<Record<string, Difference>> = {
  AdminListUserSessions: userSessions,
  CreateUserPool: pool,
  CreateUserPoolClient: client,
  GetClientToken: {
    missing:
      'Scopes, which are those of resource servers: a call that names any is refused by name. A pre-token trigger of version 3 may add some.',
  },
  ListUserSessions: userSessions,
  SetUserPoolClientSessionConfiguration: {
    missing: 'Stored and shown; sessions of single sign-on come with the login pages.',
  },
  SetUserPoolMfaConfig: {
    differs: 'E-mail as second factor needs no EmailSendingAccount DEVELOPER. Roles that ARNs name are not looked up.',
  },
  SetRiskConfiguration: {
    differs: 'The identity that SourceArn names is not looked up.',
  },
  UpdateUserPool: pool,
  UpdateUserPoolClient: client,
}
