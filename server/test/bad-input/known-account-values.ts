// What members of identity pools, STS and IAM are usually filled with; the values come from account-fixture.ts.
import { knownKey, type Tree } from './json-tree.ts'
import { known, type Values } from './known-values.ts'

export const DEVELOPER_PROVIDER = 'login.example.app'

const document = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) })

export const ALLOW = document({ Action: 's3:GetObject', Resource: '*' })
const TRUST = document({ Action: 'sts:AssumeRole', Principal: { AWS: '000000000000' } })

const policies: readonly Tree[] = [
  ALLOW,
  document({ Action: '*', Resource: '*' }),
  document({
    Action: 'a:b',
    Resource: 'arn:aws:s3:::$' + '{aws:username}/*',
    Condition: { Bool: { 'aws:x': 'true' } },
  }),
  TRUST,
  '{}',
  '[]',
  'null',
  '{"Version":"2012-10-17","Statement":[',
  `{"Statement":${'['.repeat(5000)}`,
  `{"Statement":${'[{"a":'.repeat(5000)}`,
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"__proto__:x","Resource":"*","__proto__":{}}}',
  document({ Action: '*', Resource: '*', Condition: { constructor: { a: 'b' } } }),
  document({ Action: '*', Resource: '*', Condition: { StringLike: { 'aws:x': '*'.repeat(500) } } }),
  document({ Action: `a:${'*?'.repeat(300)}`, Resource: '*' }),
  document({ Action: 's3:*', Resource: ['arn:aws:s3:::a', 7, null, {}] }),
]
const trusts: readonly Tree[] = [
  TRUST,
  document({ Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'cognito-identity.amazonaws.com' } }),
  document({ Action: 'sts:AssumeRole', Principal: { AWS: ['*', 'arn:aws:iam::000000000000:user/__proto__'] } }),
  '{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"__proto__":"x","constructor":"y"}}}',
  document({ Action: 'sts:AssumeRole', Principal: 'x' }),
  ...policies,
]
const policyArns: readonly Tree[] = [
  ...known('policyArn', 'otherPolicyArn', 'roleArn', 'attachments'),
  'arn:aws:iam::aws:policy/ReadOnlyAccess',
  'arn:aws:iam::aws:policy/__proto__',
  'arn:aws:iam::000000000000:policy/constructor',
  'arn:aws:iam::999999999999:policy/x',
  'arn:aws:iam::000000000000:policy//',
]
const roleArns: readonly Tree[] = [
  ...known('roleArn', 'otherRoleArn', 'policyArn', 'iamUserArn'),
  'arn:aws:iam::000000000000:role/__proto__',
  'arn:aws:iam::999999999999:role/x',
  'arn:aws:iam::000000000000:role/',
]
const names: readonly Tree[] = ['__proto__', 'constructor', 'nobody']
const identityIds: readonly Tree[] = [
  ...known('userIdentity', 'guest', 'developerIdentity', 'otherGuest', 'identityPool'),
  'us-east-1:00000000-0000-4000-8000-000000000000',
  'eu-west-1:00000000-0000-4000-8000-000000000000',
  '__proto__:0',
]
const providerArns: readonly Tree[] = [
  'arn:aws:iam::000000000000:oidc-provider/__proto__',
  'arn:aws:iam::000000000000:saml-provider/constructor',
  'arn:aws:iam::999999999999:saml-provider/x',
]
const tagKeys: readonly Tree[] = ['team', 'Team', 'aws:x', '__proto__', 'constructor', 'x'.repeat(128)]
const attributes: readonly Tree[] = ['sub', 'aud', 'amr', 'custom:colour', '__proto__']

export const identityPoolValues: Values = {
  IdentityPoolId: [
    ...known('identityPool', 'otherIdentityPool', 'guest'),
    'us-east-1:00000000-0000-4000-8000-000000000000',
    'eu-west-1:00000000-0000-4000-8000-000000000000',
    '__proto__:0',
  ],
  IdentityPoolName: ['a pool', 'constructor'],
  IdentityId: identityIds,
  'GetOpenIdTokenInput.IdentityId': [...known('guest'), ...identityIds],
  'GetCredentialsForIdentityInput.IdentityId': [...known('guest'), ...identityIds],
  'UnlinkDeveloperIdentityInput.IdentityId': [...known('developerIdentity'), ...identityIds],
  'LookupDeveloperIdentityInput.IdentityId': [...known('developerIdentity'), ...identityIds],
  'GetOpenIdTokenForDeveloperIdentityInput.IdentityId': [...known('developerIdentity'), ...identityIds],
  IdentityIdsToDelete: identityIds,
  AccountId: ['000000000000', '999999999999', '__proto__'],
  [`LoginsMap.${knownKey('provider')}`]: [
    ...known('idToken', 'accessToken', 'refreshToken', 'otherIdToken', 'poolToken', 'developerToken', 'sessionToken'),
    'eyJhbGciOiJub25lIn0.e30.',
    'a.b.c',
  ],
  'LoginsMap.cognito-identity.amazonaws.com': known('developerToken', 'poolToken', 'otherPoolToken', 'idToken'),
  [`LoginsMap.${knownKey('samlArn')}`]: known('samlResponse', 'idToken'),
  'LoginsMap.__proto__': known('idToken'),
  [`LoginsMap.${DEVELOPER_PROVIDER}`]: known('developerUser'),
  [`GetOpenIdTokenForDeveloperIdentityInput.Logins.${DEVELOPER_PROVIDER}`]: [
    ...known('developerUser', 'secondDeveloperUser', 'newName'),
    ...names,
  ],
  [`GetOpenIdTokenForDeveloperIdentityInput.Logins.${knownKey('provider')}`]: known('idToken'),
  'GetOpenIdTokenForDeveloperIdentityInput.Logins.__proto__': ['x'],
  LoginsToRemove: [...known('provider', 'developerUser'), DEVELOPER_PROVIDER, '__proto__'],
  DeveloperProviderName: [DEVELOPER_PROVIDER, '__proto__', 'login.example.com'],
  DeveloperUserIdentifier: [...known('developerUser', 'secondDeveloperUser'), ...names, 'a\u0000b'],
  SourceUserIdentifier: [...known('developerUser', 'otherDeveloperUser'), ...names],
  DestinationUserIdentifier: [...known('secondDeveloperUser', 'developerUser'), ...names],
  IdentityProviderName: [...known('provider', 'samlArn', 'otherProvider'), DEVELOPER_PROVIDER, '__proto__'],
  CustomRoleArn: roleArns,
  'RolesMap.authenticated': roleArns,
  'RolesMap.unauthenticated': roleArns,
  'RolesMap.__proto__': roleArns,
  [`RoleMappingMap.${knownKey('provider')}`]: [],
  'RoleMappingMap.__proto__': [],
  'MappingRule.Claim': attributes,
  'MappingRule.RoleARN': roleArns,
  'PrincipalTags.team': attributes,
  'PrincipalTags.__proto__': attributes,
  'IdentityPoolTagsType.team': ['a', '', 'x'.repeat(256)],
  'IdentityPoolTagsType.__proto__': ['a'],
  'IdentityPoolTagsType.aws:x': ['a'],
  TagKeys: tagKeys,
  ResourceArn: [
    ...known('identityPoolArn', 'otherIdentityPoolArn', 'arn', 'roleArn'),
    'arn:aws:cognito-identity:us-east-1:000000000000:identitypool/__proto__',
    'arn:aws:cognito-identity:eu-west-1:000000000000:identitypool/eu-west-1:0',
  ],
  NextToken: known('cursor', 'otherCursor', 'idToken'),
  'CognitoIdentityProvider.ProviderName': [...known('provider', 'otherProvider'), '__proto__', 'accounts.google.com'],
  'CognitoIdentityProvider.ClientId': [...known('client', 'otherClient'), '__proto__'],
  OpenIdConnectProviderARNs: [...known('oidcArn', 'samlArn'), ...providerArns],
  SamlProviderARNs: [...known('samlArn', 'oidcArn'), ...providerArns],
  'IdentityProviders.graph.facebook.com': ['12345', 'x'],
  'IdentityProviders.accounts.google.com': ['12345.apps.googleusercontent.com'],
  'IdentityProviders.__proto__': ['x'],
}

export const stsValues: Values = {
  RoleArn: roleArns,
  PrincipalArn: [...known('samlArn', 'oidcArn'), ...providerArns],
  RoleSessionName: ['session', '__proto__'],
  Policy: policies,
  'PolicyDescriptorType.arn': policyArns,
  SAMLAssertion: [...known('samlResponse'), 'AAAA', '<a/>', 'PGEvPg=='],
  WebIdentityToken: [
    ...known('poolToken', 'developerToken', 'idToken', 'accessToken', 'otherPoolToken', 'sessionToken'),
    'eyJhbGciOiJub25lIn0.e30.',
    'a.b.c',
  ],
  ProviderId: ['www.amazon.com', 'graph.facebook.com.', 'accounts.google.com', '__proto__'],
  'Tag.Key': tagKeys,
  'Tag.Value': ['a', ''],
  TransitiveTagKeys: tagKeys,
  SourceIdentity: ['ann', '__proto__', 'aws:x'],
  ExternalId: ['an external id', '__proto__'],
  SerialNumber: ['arn:aws:iam::000000000000:mfa/x'],
  TokenCode: ['123456'],
  'ProvidedContext.ProviderArn': ['arn:aws:iam::aws:contextProvider/IdentityCenter'],
  TargetPrincipal: ['000000000000', ...known('iamUserArn')],
  EncodedMessage: [...known('sessionToken'), 'AAAA', '__proto__'],
  AccessKeyId: [...known('adminKeyId', 'accessKeyId', 'sessionKeyId'), 'ASIA____PROTO___', 'AKIA'.padEnd(128, '9')],
  TradeInToken: known('sessionToken', 'poolToken'),
  Name: ['ann', '__proto__', 'constructor'],
  Audience: ['app', '__proto__'],
  SigningAlgorithm: ['RS256', 'ES384', 'none0'],
}

const users: readonly Tree[] = [...known('iamUser', 'otherIamUser', 'iamGroup'), ...names]
const groups: readonly Tree[] = [...known('iamGroup', 'otherIamGroup', 'iamUser'), ...names]
const roles: readonly Tree[] = [...known('role', 'otherRole', 'linkedRole', 'iamUser'), ...names]
const newNames: readonly Tree[] = [...known('newName'), ...names]
const paths: readonly Tree[] = [
  '/',
  '/a/',
  '/a/b/',
  '/aws-service-role/x/',
  '//',
  '/__proto__/',
  `/${'x'.repeat(510)}/`,
]

export const iamValues: Values = {
  UserName: users,
  'CreateUserRequest.UserName': [...newNames, ...known('iamUser')],
  NewUserName: [...newNames, ...known('otherIamUser')],
  GroupName: groups,
  'CreateGroupRequest.GroupName': [...newNames, ...known('iamGroup')],
  NewGroupName: [...newNames, ...known('otherIamGroup')],
  RoleName: roles,
  'CreateRoleRequest.RoleName': [...newNames, ...known('role')],
  'DeleteServiceLinkedRoleRequest.RoleName': [...known('linkedRole', 'role'), ...names],
  AWSServiceName: ['email.cognito-idp.amazonaws.com', 'cognito-idp.amazonaws.com', '__proto__', 'ec2.amazonaws.com'],
  DeletionTaskId: [...known('deletionTask'), 'task/aws-service-role/x/y/z', '__proto__', 'task/'],
  PolicyName: ['inline', 'second', '__proto__', 'constructor'],
  'CreatePolicyRequest.PolicyName': [...newNames, ...known('policyName')],
  PolicyArn: policyArns,
  'DetachUserPolicyRequest.PolicyArn': [...known('attachments'), ...policyArns],
  'DetachGroupPolicyRequest.PolicyArn': [...known('attachments'), ...policyArns],
  'DetachRolePolicyRequest.PolicyArn': [...known('attachments'), ...policyArns],
  PermissionsBoundary: policyArns,
  VersionId: ['v2', 'v1', 'v9', 'v99999999999999999999', 'v1.a'],
  PolicyDocument: policies,
  AssumeRolePolicyDocument: trusts,
  'UpdateAssumeRolePolicyRequest.PolicyDocument': trusts,
  PolicyInputList: policies,
  PermissionsBoundaryPolicyInputList: policies,
  ResourcePolicy: [...trusts],
  PolicySourceArn: [...known('iamUserArn', 'roleArn', 'iamGroupArn', 'policyArn', 'otherIamUserArn')],
  CallerArn: [...known('iamUserArn', 'roleArn'), 'arn:aws:iam::000000000000:root', '__proto__'],
  ResourceOwner: ['000000000000', 'arn:aws:iam::000000000000:root', '__proto__'],
  ResourceArns: ['*', 'arn:aws:s3:::a/b', '__proto__', `arn:aws:s3:::${'*'.repeat(500)}`],
  ActionNames: ['s3:GetObject', 'iam:CreateUser', 's3:*', '__proto__:x', 'x'.repeat(128)],
  'ContextEntry.ContextKeyName': ['aws:username', 'aws:CurrentTime', '__proto__', 'constructor'],
  ContextKeyValues: ['a', '1', 'true', '2026-01-01T00:00:00Z', '10.0.0.0/8', '999999999999999999999'],
  OpenIDConnectProviderArn: [...known('oidcArn', 'otherOidcArn', 'samlArn'), ...providerArns],
  SAMLProviderArn: [...known('samlArn', 'otherSamlArn', 'oidcArn'), ...providerArns],
  Url: [
    ...known('newUrl', 'oidcUrl'),
    'http://169.254.169.254/',
    'https://',
    'https://[::1]:1/x?y#z',
    'https://__proto__',
  ],
  ClientIDList: ['app', '__proto__'],
  ClientID: ['app', 'third', '__proto__'],
  ThumbprintList: ['a'.repeat(40), 'g'.repeat(40)],
  SAMLMetadataDocument: [
    ...known('metadata'),
    `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>${' '.repeat(1000)}`,
    '<a>'.repeat(400),
    `<a>${'&lt;'.repeat(300)}</a>`,
  ],
  'CreateSAMLProviderRequest.Name': newNames,
  AccessKeyId: [...known('accessKeyId', 'otherAccessKeyId', 'adminKeyId'), 'AKIANOBODYNOBODYNOBO', '__proto__________'],
  'UpdateAccessKeyRequest.Status': ['Inactive', 'Active'],
  Marker: known('cursor', 'otherCursor', 'accessKeyId'),
  Path: paths,
  NewPath: paths,
  PathPrefix: ['/', '/a/', '/aws-service-role/', '/%', "/'", '/__proto__/'],
  'Tag.Key': tagKeys,
  'Tag.Value': ['a', ''],
  TagKeys: tagKeys,
  ServiceName: ['codecommit.amazonaws.com', '__proto__'],
}

const identityPoolIds: readonly Tree[] = [
  ...known('identityPool', 'otherIdentityPool', 'guest'),
  'us-east-1:00000000-0000-4000-8000-000000000000',
  '__proto__:0',
]

export const syncValues: Values = {
  IdentityPoolId: identityPoolIds,
  IdentityId: [
    ...known('guest', 'otherGuest', 'identityPool'),
    'us-east-1:00000000-0000-4000-8000-000000000000',
    '__proto__:0',
  ],
  DatasetName: [...known('dataset', 'secondDataset'), 'never', '__proto__', 'constructor', 'a:b', 'x'.repeat(128)],
  SyncSessionToken: [
    ...known('syncSessionToken', 'otherSyncSessionToken', 'cursor'),
    '',
    '.',
    'a.b',
    `0.${'A'.repeat(43)}`,
  ],
  NextToken: known('cursor', 'otherCursor', 'syncSessionToken'),
  DeviceId: ['phone', '__proto__', 'x'.repeat(256)],
  ClientContext: ['e30='],
  'RecordPatch.Op': ['replace', 'remove'],
  'RecordPatch.Key': ['a', 'new', '__proto__', 'é'.repeat(512), 'x'.repeat(1024), 'a\u0000b'],
  'RecordPatch.Value': ['1', '', 'x'.repeat(100_000), '\u0000', '__proto__'],
  Platform: ['GCM', 'APNS', 'WEBPUSH'],
  Token: ['a-token', 'ab01', 'x'.repeat(100_000), 'a\u0000b', '{"endpoint":"https://10.0.0.1","keys":{}}'],
  RoleArn: ['arn:aws:iam::000000000000:role/Sync', 'arn:aws:iam::000000000000:role/'],
  ApplicationArns: ['arn:aws:sns:us-east-1:000000000000:app/GCM/one', 'arn:aws:sns:us-east-1:0:app/__/__proto__'],
  StreamName: ['changes', '__proto__', 'a\u0000b', 'x'.repeat(128)],
  StreamingStatus: ['DISABLED', 'ENABLED'],
  'SetCognitoEventsRequest.Events.SyncTrigger': [
    'arn:aws:lambda:us-east-1:000000000000:function:none',
    '',
    'arn:',
    'x'.repeat(100_000),
  ],
  'SetCognitoEventsRequest.Events.__proto__': ['x'],
}
