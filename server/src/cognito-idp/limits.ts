import { variables } from '../config/env.ts'
import type { Limit, Limits } from '../limit.ts'
import type { StandingPurpose } from './codes/codes.ts'

const HOUR_MS = 60 * 60 * 1000

/** A quota is checked against what is stored: concurrent requests may exceed it by a few. */
export const limits = {
  userPools: { max: 1000, bounds: 'user pools', source: 'docs/reference/user-pools.md 19' },
  clientsPerPool: { max: 1000, bounds: 'app clients of a user pool', source: 'docs/reference/user-pools.md 19' },
  openlyRegisteredClients: {
    max: 500,
    bounds:
      'app clients of a user pool after which nobody registers one without a token, so that administrators can add some',
    source: 'docs/behaviour/client-registration.md',
  },
  // Two, so that a new one can be rolled out before the old one goes.
  secretsPerClient: { max: 2, bounds: 'secrets of an app client' },
  noticesKept: {
    max: 2000,
    bounds:
      'user pools and app clients of which a process remembers that it told the log which settings are not in effect',
  },
  // Without USER_CALLS_PER_SECOND nothing is counted by user.
  userCounters: { max: 65_536, bounds: 'users whose reads, or writes, of the last second one process counts' },
  analyticsEndpoint: {
    max: 256,
    unit: 'characters',
    bounds: 'AnalyticsEndpointId; a call with a longer one is taken for one without',
  },
  // What Pinpoint took as a value of an attribute.
  sharedValue: {
    max: 100,
    unit: 'characters',
    bounds: 'value of an attribute that UserDataShared shares; a longer one is left out',
  },
  clientsPage: { max: 60, bounds: 'entries of a page of ListUserPoolClients' },
  groupsPage: {
    max: 25,
    bounds: 'entries of a page of ListGroups and AdminListGroupsForUser, where the request names no number',
  },
  browserSessionsPerUser: {
    max: 25,
    bounds: 'sessions of browsers of a user, in pools that track sessions: a list of them has 125 entries at most',
    source: 'docs/reference/user-pools.md 12.8',
  },
  groupsPerPool: { max: 10_000, bounds: 'groups of a user pool', source: 'docs/reference/user-pools.md 19' },
  groupsPerUser: { max: 100, bounds: 'groups of a user', source: 'docs/reference/user-pools.md 19' },
  // The most that the service grants on request.
  resourceServersPerPool: {
    max: 300,
    bounds: 'resource servers of a user pool',
    source: 'docs/reference/oauth-and-federation.md 10.1',
  },
  resourceServersPage: {
    max: 50,
    bounds: 'entries of a page of ListResourceServers, where the request names no number',
  },
  replicasPerPool: {
    max: 1,
    bounds: 'further regions of a user pool',
    source: 'docs/reference/user-pools.md 18.8',
  },
  replicasPage: { max: 50, bounds: 'entries of a page of ListUserPoolReplicas' },
  identityProvidersPerPool: {
    max: 300,
    bounds: 'identity providers of a user pool',
    source: 'docs/reference/oauth-and-federation.md 19.1',
  },
  providersPage: { max: 50, bounds: 'entries of a page of ListIdentityProviders' },
  samlMetadataAge: {
    max: 6 * 3600,
    unit: 'seconds',
    bounds: 'how old metadata of a SAML provider get before its URL is read again',
    source: 'docs/reference/oauth-and-federation.md 22.1',
  },
  samlCertificate: {
    max: 4096,
    unit: 'characters',
    bounds: 'certificate of a SAML provider of a user pool, in base64',
    source: 'docs/reference/oauth-and-federation.md 22.1',
  },
  customAttributes: { max: 50, bounds: 'custom attributes of a user pool', source: 'docs/reference/user-pools.md 19' },
  attributeValue: {
    max: 2048,
    unit: 'characters',
    bounds: 'value of an attribute',
    source: 'docs/reference/user-pools.md 19',
  },
  tagsPerPool: {
    max: 50,
    bounds: 'tags of a user pool, or of an identity pool',
    source: 'docs/reference/identity-pools-sts-iam-sync.md 11',
  },
  userAgentRead: {
    max: 512,
    unit: 'characters',
    bounds: 'what is read of a User-Agent for the DeviceType of a session',
  },
  encodedData: { max: 16_384, unit: 'characters', bounds: 'EncodedData that is read for threat protection' },
  fingerprintPart: { max: 200, unit: 'characters', bounds: 'what is kept of a member of EncodedData' },
  eventsJudged: { max: 60, bounds: 'events of a user that the risk of a sign-in is judged by, the newest ones' },
  travelSpeed: {
    max: 1000,
    unit: 'km/h',
    bounds: 'speed between two sign-ins of a user, above which the travel is impossible',
    source: 'docs/behaviour/threat-protection.md',
  },
  travelIgnored: {
    max: 100,
    unit: 'km',
    bounds: 'distance between the places of two addresses, beside their radii, that counts as none',
    source: 'docs/behaviour/threat-protection.md',
  },
  feedbackToken: { max: 7 * 24 * 60 * 60 * 1000, unit: 'ms', bounds: 'life of a FeedbackToken' },
  passkeysPerUser: { max: 20, bounds: 'passkeys of a user', source: 'docs/reference/user-pools.md 19' },
  passkeyRegistration: { max: 5 * 60 * 1000, unit: 'ms', bounds: 'life of a challenge that registers a passkey' },
  // 1,023 bytes in base64url.
  credentialId: {
    max: 1364,
    unit: 'characters',
    bounds: 'id of a passkey',
    source: 'WebAuthn Level 3, 4',
  },
  credentialPart: { max: 32_768, unit: 'characters', bounds: 'each part of what an authenticator made' },
  guessesWaiting: { max: 64, bounds: 'guesses at the password of one user that wait for each other in one process' },
  codeTries: { max: 5, bounds: 'wrong tries after which a code is void', source: 'docs/reference/threats.md 8' },
  // Each is a row with all before it, and who signs in decides how often to go on.
  customChallenges: { max: 50, bounds: 'challenges of one custom sign-in; then it has failed' },
  failuresBeforeLock: {
    max: 4,
    bounds: 'wrong passwords in a row before a user is locked',
    source: 'docs/reference/user-pools.md 8',
  },
  lock: {
    max: 15 * 60 * 1000,
    unit: 'ms',
    bounds: 'lock of a user: it doubles from one second with each further failure',
    source: 'docs/reference/user-pools.md 8',
  },
  failuresKept: {
    max: 15 * 60 * 1000,
    unit: 'ms',
    bounds: 'time without a guess after which failures in a row are forgotten',
    source: 'docs/reference/user-pools.md 8',
  },
  guesses: {
    max: 200,
    unit: 'a day',
    bounds: 'guesses at the password of one user, half of them at once',
    source: 'docs/reference/threats.md 4',
  },
  assetsPerBranding: {
    max: 40,
    bounds: 'images of a style of managed login',
    source: 'docs/reference/oauth-and-federation.md 17.6',
  },
  logo: {
    max: 100 * 1024,
    unit: 'bytes',
    bounds: 'logo of the classic login pages',
    source: 'docs/reference/oauth-and-federation.md 16',
  },
  linkAttributesPerProvider: {
    max: 5,
    bounds: 'attributes, beside the subject, by which users are linked to an identity provider',
    source: 'docs/reference/oauth-and-federation.md 19.5',
  },
  identitiesPerUser: {
    max: 5,
    bounds: 'identities of a user at external providers',
    source: 'docs/reference/oauth-and-federation.md 19.5',
  },
  identityValue: {
    max: 2048,
    unit: 'characters',
    bounds: 'what names a user at an external provider (ProviderAttributeValue)',
  },
  importJobsPerPool: { max: 1000, bounds: 'import jobs of a user pool', source: 'docs/reference/user-pools.md 19' },
  importFile: {
    max: Number(variables.IMPORT_MAX_MEGABYTES.default) * 2 ** 20,
    unit: 'bytes',
    bounds: 'file of an import job',
    setting: 'IMPORT_MAX_MEGABYTES',
    source: 'docs/reference/user-pools.md 19',
  },
  importUsers: {
    max: Number(variables.IMPORT_MAX_USERS.default),
    bounds: 'users in the file of an import job',
    setting: 'IMPORT_MAX_USERS',
    source: 'docs/reference/user-pools.md 19',
  },
  importRefusedUsers: {
    max: Number(variables.IMPORT_MAX_REFUSED_USERS.default),
    bounds: 'users of an import job that may fail or be skipped',
    setting: 'IMPORT_MAX_REFUSED_USERS',
    source: 'docs/behaviour/user-import.md',
  },
  importRow: {
    max: 16_000,
    unit: 'characters',
    bounds: 'line of the file of an import job',
    source: 'docs/reference/user-pools.md 19',
  },
  // What a step holds in memory, and what blocks other writers on SQLite.
  importStep: { max: 256, bounds: 'rows of such a file that are written in one transaction' },
  importStepBytes: {
    max: 2 ** 20,
    unit: 'bytes',
    bounds: 'lines of such a file that are read for one transaction, which the last of them may exceed',
  },
  importJobsPage: { max: 50, bounds: 'entries of a page of ListUserImportJobs' },
  importLogPage: { max: 8, bounds: 'steps of such a file whose lines are a page of GetUserImportJobLog' },
  exportPage: { max: 200, bounds: 'users of a page of ExportUsers' },
  importUpload: {
    max: 15 * 60 * 1000,
    unit: 'ms',
    bounds: 'life of a PreSignedUrl',
    source: 'docs/reference/user-pools.md 16',
  },
  importStart: {
    max: 24 * HOUR_MS,
    unit: 'ms',
    bounds: 'time within which an import job is started',
    source: 'docs/reference/user-pools.md 16',
  },
  devicesPerUser: { max: 100, bounds: 'devices of a user: beyond, the one that was used the longest ago is dropped' },
  deviceSalt: { max: 64, unit: 'bytes', bounds: 'salt of a device' },
} as const satisfies Limits

const day = { max: 24 * HOUR_MS, unit: 'ms', source: 'docs/reference/user-pools.md 4.1' } as const

/** Lifetimes of codes. */
export const codeLifetimes = {
  'sign-up': { ...day, bounds: 'life of a code that confirms a sign-up' },
  'forgot-password': {
    max: HOUR_MS,
    unit: 'ms',
    bounds: 'life of a code for a forgotten password',
    source: 'docs/reference/user-pools.md 4.1',
  },
  'verify:email': { ...day, bounds: 'life of a code that verifies an e-mail address' },
  'verify:phone_number': { ...day, bounds: 'life of a code that verifies a phone number' },
  'change:email': { ...day, bounds: 'life of a code for a changed e-mail address' },
  'change:phone_number': { ...day, bounds: 'life of a code for a changed phone number' },
} as const satisfies Readonly<Record<StandingPurpose, Limit>>

const daily = { max: 20, unit: 'a day', source: 'docs/reference/threats.md 8' } as const

/**
 * Codes that a user may ask for. With the tries that each code allows, they bound a stranger's guesses at codes a day.
 */
export const dailyCodes = {
  // One less than the others, as SignUp has sent one.
  'sign-up': { ...daily, max: 19, bounds: 'codes for one sign-up that are sent again' },
  'forgot-password': { ...daily, bounds: 'codes for a forgotten password of one user' },
  'verify:email': { ...daily, bounds: 'codes that verify an e-mail address of one user' },
  'verify:phone_number': { ...daily, bounds: 'codes that verify a phone number of one user' },
  'change:email': { ...daily, bounds: 'codes for changed e-mail addresses of one user' },
  'change:phone_number': { ...daily, bounds: 'codes for changed phone numbers of one user' },
} as const satisfies Readonly<Record<StandingPurpose, Limit>>

const hourly = (max: number, bounds: string): Limit => ({
  max,
  unit: 'an hour',
  bounds,
  source: 'docs/reference/user-pools.md 8',
})

/** Requests for one user. Where Cognito varies by risk (5 to 20), the number is ours. */
export const hourlyLimits = {
  ResendConfirmationCode: hourly(5, 'ResendConfirmationCode for one user'),
  ConfirmSignUp: hourly(15, 'ConfirmSignUp for one user'),
  ForgotPassword: hourly(5, 'ForgotPassword for one user'),
  ConfirmForgotPassword: hourly(15, 'ConfirmForgotPassword for one user'),
  ChangePassword: hourly(5, 'ChangePassword for one user'),
  GetUserAttributeVerificationCode: hourly(5, 'GetUserAttributeVerificationCode for one user'),
  VerifyUserAttribute: hourly(15, 'VerifyUserAttribute for one user'),
  ChangedAttributeCode: hourly(10, 'codes that one user causes by changing an address or number again and again'),
} as const satisfies Limits
