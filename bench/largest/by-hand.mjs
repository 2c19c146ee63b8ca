// Inputs that make the work of an operation as large as its checks let through, for operations whose work grows with more than
// the length of their input. A row: operation, what is large about it, and the input.
import { gzipSync } from 'node:zlib'

const many = (count, make) => Array.from({ length: count }, (_, index) => make(index))
const policy = (...statements) => JSON.stringify({ Version: '2012-10-17', Statement: statements })
const allow = (more) => ({ Effect: 'Allow', Action: '*', Resource: '*', ...more })
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** `world`: names of what exists (largest-inputs.mjs). */
export function inputsByHand(world) {
  const patterns = (count) => ({ Condition: { StringLike: { 'aws:PrincipalTag/t': many(count, (i) => `*a${i}*b`) } } })
  const values = (count, make = (i) => `xa${i}c`) => [
    { ContextKeyName: 'aws:PrincipalTag/t', ContextKeyValues: many(count, make), ContextKeyType: 'stringList' },
  ]
  const simulate = (ContextEntries, ...documents) => ({
    PolicyInputList: documents,
    ActionNames: many(100, (i) => `iam:A${i}`),
    ContextEntries,
    MaxItems: 1000,
  })
  // A statement that nothing else in the text looks like, as small as can be.
  const statements = many(900, () => allow())
  const token = `${part({ alg: 'RS256', kid: 'x' })}.${part({ iss: 'https://id.example.com', sub: 'x', aud: many(1000, (i) => `a${i}`) })}.AAAA`
  const elements = `<r xmlns="urn:x">${'<a/>'.repeat(2900)}</r>`
  const saml = Buffer.from(`${elements}${' '.repeat(70_000)}`).toString('base64')
  return {
    iam: [
      [
        'SimulateCustomPolicy',
        '300 patterns, 150 values, 100 actions',
        simulate(values(150), policy(allow(patterns(300)))),
      ],
      ['SimulateCustomPolicy', '3,000 patterns, 3,000 values', simulate(values(3000), policy(allow(patterns(3000))))],
      ['SimulateCustomPolicy', '900 statements that match, 100 actions', simulate([], policy(...statements))],
      [
        'SimulateCustomPolicy',
        'a pattern of 60,000 characters, a value of 800',
        simulate(
          values(1, () => 'x'.repeat(800)),
          policy(allow({ Condition: { StringLike: { 'aws:PrincipalTag/t': `*${'x'.repeat(60_000)}y*` } } })),
        ),
      ],
      [
        'SimulateCustomPolicy',
        'a pattern that repeats a variable 4,000 times, its value 300,000 characters',
        simulate(
          values(1, () => 'x'.repeat(300_000)),
          policy(
            allow({ Condition: { StringLike: { 'aws:PrincipalTag/t': `*$\{aws:PrincipalTag/t}`.repeat(4000) } } }),
          ),
        ),
      ],
      [
        'SimulatePrincipalPolicy',
        '300 patterns, 150 values, 100 actions',
        { PolicySourceArn: world.roleArn, ...simulate(values(150), policy(allow(patterns(300)))) },
      ],
      [
        'GetContextKeysForCustomPolicy',
        '10,000 variables',
        {
          PolicyInputList: many(5, () =>
            policy(allow({ Resource: `arn:aws:s3:::${many(2000, (i) => `$\{aws:k${i}}`).join('')}` })),
          ),
        },
      ],
      [
        'CreatePolicy',
        'white space of 100,000 characters',
        { PolicyName: 'Wide', PolicyDocument: policy(allow()).replace('{', `{${' '.repeat(100_000)}`) },
      ],
      [
        'CreatePolicy',
        '6,000 characters of actions with stars',
        { PolicyName: 'Stars', PolicyDocument: policy(allow({ Action: many(700, (i) => `a:*${i}`) })) },
      ],
      [
        'CreateSAMLProvider',
        'metadata of 19,000 elements',
        {
          Name: 'Wide',
          SAMLMetadataDocument: `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x">${'<a/>'.repeat(19_000)}</md:EntityDescriptor>`,
        },
      ],
      [
        'CreateSAMLProvider',
        'metadata of 64 namespaces in each of 60 nested elements',
        {
          Name: 'Deep',
          SAMLMetadataDocument: `${many(60, (i) => `<a xmlns:n${i}="urn:${i}">`).join('')}${'<b/>'.repeat(9000)}${'</a>'.repeat(60)}`,
        },
      ],
      [
        'TagRole',
        '50 tags',
        {
          RoleName: world.roleName,
          Tags: many(50, (i) => ({ Key: `k${i}`.padEnd(128, 'k'), Value: 'v'.repeat(256) })),
        },
      ],
    ],
    sts: [
      [
        'AssumeRole',
        'a session policy of 2,048 characters, 50 tags',
        {
          RoleArn: world.roleArn,
          RoleSessionName: 's',
          Policy: policy(allow({ Action: many(150, (i) => `a:*${i}`) })),
          Tags: many(50, (i) => ({ Key: `k${i}`, Value: 'v' })),
        },
      ],
      [
        'AssumeRoleWithWebIdentity',
        'a token with 1,000 audiences',
        { RoleArn: world.roleArn, RoleSessionName: 's', WebIdentityToken: token },
      ],
      [
        'AssumeRoleWithSAML',
        'a response of 2,900 elements',
        { RoleArn: world.roleArn, PrincipalArn: world.samlArn, SAMLAssertion: saml },
      ],
      [
        'AssumeRoleWithSAML',
        'a small response, metadata of 600,000 characters',
        {
          RoleArn: world.roleArn,
          PrincipalArn: world.wideSamlArn,
          SAMLAssertion: Buffer.from('<r/>').toString('base64'),
        },
      ],
      [
        'DecodeAuthorizationMessage',
        'a message of 10,000 characters',
        { EncodedMessage: gzipSync(Buffer.alloc(7_000)).toString('base64').padEnd(10_000, 'A') },
      ],
    ],
    'cognito-identity': [
      [
        'GetId',
        '10 logins with tokens of 50,000 characters',
        {
          IdentityPoolId: world.identityPoolId,
          Logins: Object.fromEntries(
            many(10, (i) => [`p${i}`, `${part({ alg: 'RS256' })}.${part({ x: 'y'.repeat(37_000) })}.AAAA`]),
          ),
        },
      ],
      [
        'SetIdentityPoolRoles',
        '25 rules',
        {
          IdentityPoolId: world.identityPoolId,
          Roles: {},
          RoleMappings: {
            'graph.facebook.com': {
              Type: 'Rules',
              AmbiguousRoleResolution: 'Deny',
              RulesConfiguration: {
                Rules: many(25, (i) => ({
                  Claim: `c${i}`,
                  MatchType: 'Contains',
                  Value: 'v'.repeat(128),
                  RoleARN: world.roleArn,
                })),
              },
            },
          },
        },
      ],
      [
        'DeleteIdentities',
        '60 identities',
        {
          IdentityIdsToDelete: many(
            60,
            (i) => `us-east-1:00000000-0000-4000-8000-0000000000${String(i).padStart(2, '0')}`,
          ),
        },
      ],
    ],
    'cognito-idp': [
      [
        'CreateUserPool',
        '50 attributes',
        { PoolName: 'wide', Schema: many(50, (i) => ({ Name: `a${i}`.padEnd(20, 'a'), AttributeDataType: 'String' })) },
      ],
      [
        'CreateUserPoolClient',
        '100 callback addresses of 1,024 characters',
        {
          UserPoolId: world.userPoolId,
          ClientName: 'wide',
          CallbackURLs: many(100, (i) => `https://example.com/${i}/`.padEnd(1024, 'a')),
        },
      ],
      [
        'SignUp',
        '25 attributes of 2,048 characters',
        {
          ClientId: world.clientId,
          Username: 'wide',
          Password: 'Passw0rd!'.padEnd(256, 'x'),
          UserAttributes: many(25, (i) => ({ Name: `custom:a${i}`, Value: 'v'.repeat(2048) })),
        },
      ],
      [
        'InitiateAuth',
        'SRP_A of 3,072 bits',
        {
          ClientId: world.clientId,
          AuthFlow: 'USER_SRP_AUTH',
          AuthParameters: { USERNAME: 'ada', SRP_A: 'f'.repeat(768) },
        },
      ],
      [
        'InitiateAuth',
        '9,000 parameters',
        {
          ClientId: world.clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: Object.fromEntries(many(9000, (i) => [`k${i}`, 'v'])),
        },
      ],
      [
        'InitiateAuth',
        'a refresh token of 900,000 characters',
        {
          ClientId: world.clientId,
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          AuthParameters: { REFRESH_TOKEN: 'A'.repeat(900_000) },
        },
      ],
      [
        'GetUser',
        'an access token of 100,000 characters',
        { AccessToken: `${part({ alg: 'RS256', kid: 'x' })}.${part({ x: 'y'.repeat(70_000) })}.AAAA` },
      ],
      [
        'ListUsers',
        'a filter of 256 characters',
        { UserPoolId: world.userPoolId, Filter: `username ^= "${'\\"'.repeat(120)}"` },
      ],
      [
        'AdminCreateUser',
        '25 attributes of 2,048 characters',
        {
          UserPoolId: world.userPoolId,
          Username: 'wide',
          UserAttributes: many(25, (i) => ({ Name: `custom:a${i}`, Value: 'v'.repeat(2048) })),
        },
      ],
    ],
  }
}
