// What members are usually filled with, by name: values that lead past validation into an operation, and values that
// look right and are not. The contract knows lengths and patterns; these are the meanings.
import { PASSWORD } from '../harness.ts'
import { metadata } from '../saml-provider.ts'
import { Known, type Tree } from './json-tree.ts'

/**
 * By member, or by shape and member where the name alone says too little; keys of maps likewise, by shape, or by shape and
 * member. The first value is the one that works.
 */
export type Values = Readonly<Record<string, readonly Tree[]>>

/** The usual values of a service. */
export class KnownValues {
  readonly #values: Values
  /** Keys that spoil an input where they do not belong. */
  readonly rareKeys: RegExp

  constructor(values: Values, rareKeys: RegExp) {
    this.#values = values
    this.rareKeys = rareKeys
  }

  /** Usual values of a member of a shape, the one that works first; empty when there are none. */
  of(shapeName: string, member: string): readonly Tree[] {
    return this.#own(`${shapeName}.${member}`) ?? this.#own(member) ?? []
  }

  /** Usual keys of a map, and the name under which their values are found. */
  keys(parent: string, member: string, shapeName: string): { group: string; keys: string[] } {
    for (const group of [`${parent}.${member}`, shapeName]) {
      const names = Object.keys(this.#values).filter((name) => name.startsWith(`${group}.`))
      if (names.length > 0) return { group, keys: names.map((name) => name.slice(group.length + 1)) }
    }
    return { group: shapeName, keys: [] }
  }

  #own(name: string): readonly Tree[] | undefined {
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined
  }
}

export const known = (...names: string[]): Known[] => names.map((what) => new Known(what))

export const NEW_PASSWORD = 'An0ther-passw0rd'

/** A salt and a verifier, of no password in particular. */
export const DEVICE_SECRET = { Salt: 'AQIDBAUGBwgJCgsMDQ4PEA==', PasswordVerifier: 'ABcSNFZ4kKvN7w==' }

const UNKNOWN_DEVICE = 'us-east-1_0aaaaaaa-0000-4000-8000-000000000000'

const attributeNames: readonly Tree[] = [
  'email',
  'phone_number',
  'name',
  'preferred_username',
  'custom:colour',
  'email_verified',
  'sub',
  'identities',
  'cognito:user_status',
  'constructor',
  '__proto__',
  'hasOwnProperty',
]

export const userPoolValues: Values = {
  UserPoolId: [...known('pool', 'otherPool'), 'us-east-1_NoSuchPoo', 'eu-west-1_AbCdEfGhI', '__proto___a'],
  PoolName: ['a pool', 'constructor'],
  ClientId: [...known('client', 'secretClient', 'otherClient'), 'nosuchclientnosuchclient12', '__proto__'],
  ClientName: ['an app'],
  Username: [
    ...known('user', 'sub', 'otherUser', 'otherSub'),
    'nobody',
    'nobody@example.com',
    '__proto__',
    'constructor',
  ],
  'SignUpRequest.Username': known('newName', 'user'),
  'AdminCreateUserRequest.Username': known('newName', 'user'),
  'CreateGroupRequest.GroupName': known('newName', 'group'),
  GroupName: [...known('group', 'otherGroup'), 'no-such-group', '__proto__'],
  Domain: [...known('domain', 'otherDomain'), 'nobodys', 'auth.example.com', '__proto__', 'a\u0000b', '-', '..'],
  'CreateUserPoolDomainRequest.Domain': [...known('newName', 'domain', 'otherDomain'), 'auth.example.com', 'aws'],
  CertificateArn: ['arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000'],
  Identifier: [...known('resourceServer', 'otherResourceServer'), 'https://api.example.com', '__proto__'],
  'CreateResourceServerRequest.Identifier': known('newName', 'resourceServer', 'otherResourceServer'),
  JobId: [...known('importJob', 'otherImportJob'), 'import-0000000000'],
  LogGroupArn: [
    'arn:aws:logs:us-east-1:000000000000:log-group:/pools/logs',
    'arn:aws:logs:us-east-1:000000000000:log-group:__proto__',
    'arn:aws:firehose:us-east-1:000000000000:deliverystream/activity',
  ],
  BucketArn: ['arn:aws:s3:::logs-of-pools', 'arn:aws:s3:::../x'],
  StreamArn: [
    'arn:aws:firehose:us-east-1:000000000000:deliverystream/activity',
    'arn:aws:kinesis:us-east-1:0:stream/x',
  ],
  CloudWatchLogsRoleArn: ['arn:aws:iam::000000000000:role/import'],
  ProviderName: [...known('provider', 'otherProvider'), 'no-such-provider', 'Google', '__proto__', 'COGNITO'],
  'CreateIdentityProviderRequest.ProviderName': [...known('newProvider', 'provider', 'otherProvider'), 'Google'],
  IdpIdentifier: [...known('identifier', 'otherIdentifier'), 'no-such-identifier', '__proto__'],
  'ProviderDetailsType.MetadataFile': [metadata(), metadata().slice(0, -20), '<!DOCTYPE x><x/>', '\u0000', ''],
  'ProviderDetailsType.MetadataURL': [
    'https://10.0.0.1/metadata',
    'javascript:alert(1)',
    'x'.repeat(100_000),
    'https://[',
  ],
  'ProviderDetailsType.client_id': ['id', 'a\u0000b'],
  'ProviderDetailsType.client_secret': ['a-secret'],
  'ProviderDetailsType.authorize_scopes': ['openid', ' '.repeat(100_000)],
  'ProviderDetailsType.oidc_issuer': ['https://10.0.0.1', 'https://user:password@10.0.0.1', 'x', 'https://[::1'],
  'ProviderDetailsType.attributes_request_method': ['GET', 'x'.repeat(100_000)],
  'ProviderDetailsType.private_key': ['AAAA', '-----BEGIN PRIVATE KEY-----', '\u0000', '-'.repeat(100_000)],
  'ProviderDetailsType.IDPInit': ['true', 'maybe'],
  'ProviderDetailsType.__proto__': ['x'],
  'AttributeMappingType.email': ['email', ''],
  'AttributeMappingType.username': ['sub'],
  'AttributeMappingType.__proto__': ['x'],
  'AcrMappingType.Level1': ['urn:low', 'a b'],
  'AcrMappingType.__proto__': ['x'],
  AccessToken: known('accessToken', 'idToken', 'refreshToken', 'otherAccessToken', 'revokedToken', 'session'),
  RefreshToken: known('refreshToken', 'otherRefreshToken', 'accessToken', 'session'),
  Token: known('refreshToken', 'otherRefreshToken', 'accessToken', 'idToken'),
  EventId: [...known('eventId'), 'no-such-event', '00000000-0000-7000-8000-000000000000'],
  FeedbackValue: ['Invalid', 'Valid'],
  SessionId: [...known('sessionId'), 'no-such-session', '__proto__', 'a\u0000b'],
  Session: known('session', 'otherSession', 'refreshToken'),
  AuthFlow: [
    'USER_PASSWORD_AUTH',
    'ADMIN_USER_PASSWORD_AUTH',
    'USER_SRP_AUTH',
    'REFRESH_TOKEN_AUTH',
    'CUSTOM_AUTH',
    'USER_AUTH',
  ],
  'AdminInitiateAuthRequest.AuthFlow': [
    'ADMIN_USER_PASSWORD_AUTH',
    'ADMIN_NO_SRP_AUTH',
    'USER_SRP_AUTH',
    'REFRESH_TOKEN',
    'CUSTOM_AUTH',
  ],
  ChallengeName: [
    'NEW_PASSWORD_REQUIRED',
    'PASSWORD_VERIFIER',
    'SMS_MFA',
    'SOFTWARE_TOKEN_MFA',
    'CUSTOM_CHALLENGE',
    'MFA_SETUP',
    'WEB_AUTHN',
    'DEVICE_SRP_AUTH',
    'DEVICE_PASSWORD_VERIFIER',
    'ADMIN_NO_SRP_AUTH',
  ],
  CredentialId: [...known('passkey'), 'cGFzc2tleQ', '', 'a\u0000b', '__proto__', 'x'.repeat(100_000)],
  NextToken: known('cursor', 'otherCursor', 'refreshToken'),
  PaginationToken: known('cursor', 'otherCursor', 'refreshToken'),
  ResourceArn: [
    ...known('arn', 'otherArn'),
    'arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_NoSuchPoo',
    'arn:aws:cognito-idp:eu-west-1:999999999999:userpool/x',
    'arn:aws:iam::000000000000:role/x',
  ],
  ClientSecretId: [...known('clientSecretId'), '__proto__'],
  Password: [PASSWORD, 'short1', NEW_PASSWORD],
  TemporaryPassword: [NEW_PASSWORD],
  PreviousPassword: [PASSWORD, NEW_PASSWORD],
  ProposedPassword: [NEW_PASSWORD],
  ConfirmationCode: ['123456', 'x', '٣٤٥٦٧٨'],
  Code: ['123456', '000000'],
  SecretHash: [...known('secretHash'), 'bm90IHRoZSBoYXNo'],
  'AttributeType.Name': attributeNames,
  'AttributeType.Value': ['ann@example.com', '+15551234567', 'blue', ''],
  UserAttributeNames: attributeNames,
  AttributesToGet: attributeNames,
  AttributeName: attributeNames,
  'SchemaAttributeType.Name': [...known('newName'), 'colour', '__proto__', 'email', 'custom:x'],
  Filter: [
    'username = "ann"',
    'email ^= "a"',
    'sub = "x"',
    'status = "Enabled"',
    'cognito:user_status = "CONFIRMED"',
    'username = "\\"',
    'custom:x = "1"',
    '"username" = "a\u0000b"',
    'username = "a" or 1 = 1',
    'name ^= "\'; drop table users; --"',
    `name ^= "${'\u{10ffff}'.repeat(20)}"`,
    'email ^= "%_"',
    'given_name ^= ""',
  ],
  TermsId: [...known('termsId', 'otherTermsId'), '00000000-0000-4000-8000-000000000000'],
  TermsName: ['terms-of-use', 'privacy-policy'],
  'LinksType.cognito:default': ['https://example.com/terms', 'javascript:alert(1)', 'http://[', '//x'],
  'LinksType.cognito:german': ['https://example.com/agb', 'data:text/html,x'],
  ManagedLoginBrandingId: [...known('brandingId', 'otherBrandingId'), '00000000-0000-4000-8000-000000000000'],
  'SetUICustomizationRequest.ClientId': ['ALL', ...known('client', 'otherClient')],
  'GetUICustomizationRequest.ClientId': ['ALL', ...known('client', 'otherClient')],
  CSS: [
    '.label-customizable{color:red}',
    '</style><script>',
    '@import "x"',
    '.x{width:expression(alert(1))}',
    '{'.repeat(50_000),
    '.label-customizable{color:'.concat('('.repeat(10_000)),
  ],
  'ProviderUserIdentifierType.ProviderName': ['Cognito', ...known('provider'), 'Google', '__proto__'],
  ProviderAttributeName: ['Cognito_Subject', 'email', '__proto__'],
  ProviderAttributeValue: [...known('user', 'sub', 'otherUser'), '1078', 'a\u0000b', 'x'.repeat(100_000)],
  RoleArn: ['arn:aws:iam::000000000000:role/x'],
  'AuthParametersType.USERNAME': [
    ...known('user', 'sub', 'otherUser'),
    'nobody',
    '',
    'a\u0000b',
    '__proto__',
    'x'.repeat(100_000),
  ],
  'AuthParametersType.PASSWORD': [PASSWORD, 'wrong', '', ' ', 'p\u0000w', 'x'.repeat(100_000)],
  'AuthParametersType.SRP_A': [
    'ab12'.repeat(96),
    '0',
    '1',
    '-1',
    'ff'.repeat(50_000),
    'zz',
    '',
    '00'.repeat(384),
    '\u0660',
  ],
  'AuthParametersType.REFRESH_TOKEN': known('refreshToken', 'otherRefreshToken', 'accessToken', 'session'),
  'AuthParametersType.SECRET_HASH': [...known('secretHash'), 'x', 'é'],
  'AuthParametersType.DEVICE_KEY': [UNKNOWN_DEVICE, ...known('device', 'otherDevice')],
  DeviceKey: [...known('device', 'otherDevice'), UNKNOWN_DEVICE, '__proto___a'],
  'GetTokensFromRefreshTokenRequest.DeviceKey': [UNKNOWN_DEVICE],
  Salt: [DEVICE_SECRET.Salt, '', '?', 'AA'.repeat(50_000)],
  PasswordVerifier: [DEVICE_SECRET.PasswordVerifier, 'AA==', 'AQ==', '?', 'AA'.repeat(50_000)],
  'ChallengeResponsesType.DEVICE_KEY': [...known('device'), UNKNOWN_DEVICE],
  'ChallengeResponsesType.SRP_A': ['ab12'.repeat(96), '0'],
  'ChallengeResponsesType.USERNAME': [...known('challenged', 'user', 'sub'), 'nobody', 'a\u0000b'],
  'ChallengeResponsesType.NEW_PASSWORD': [NEW_PASSWORD, 'x', '\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000'],
  'ChallengeResponsesType.PASSWORD_CLAIM_SIGNATURE': ['bm90IGEgc2lnbmF0dXJl', '', 'é'],
  'ChallengeResponsesType.PASSWORD_CLAIM_SECRET_BLOCK': known('secretBlock', 'session', 'refreshToken'),
  'ChallengeResponsesType.TIMESTAMP': [
    'Wed Jan 7 09:05:03 UTC 2026',
    'Thu Jan 1 00:00:00 UTC 1970',
    'NaN',
    '9'.repeat(400),
  ],
  'ChallengeResponsesType.SECRET_HASH': [...known('secretHash'), 'x'],
  'ChallengeResponsesType.CREDENTIAL': ['{}', 'null', '{"__proto__":{}}', '['.repeat(10_000), '{"response":{}}'],
  'ChallengeResponsesType.userAttributes.email': ['x@example.com', 'not an address'],
  'ChallengeResponsesType.userAttributes.__proto__': ['x'],
}
