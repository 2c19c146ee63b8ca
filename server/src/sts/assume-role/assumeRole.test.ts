import { randomBytes } from 'node:crypto'
import {
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListRolesCommand,
  ListUsersCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser, makeRole, policy, type Statement } from '../../../test/iam.ts'
import { expiryOf, identityOf, signerOf } from '../../../test/sessions.ts'
import { accountOfAccessKeyId } from '../../crypto/random-ids.ts'

const HOUR_MS = 3_600_000
/** As policies refer to a condition key. */
const variable = (key: string): string => `\${${key}}`

describe('AssumeRole', () => {
  const server = useTestServer()
  let iam: IAMClient
  let ada: Credentials
  let bea: Credentials
  const arnOf = (name: string) => `arn:aws:iam::${server.accountId}:${name}`
  const roleArn = (name: string) => arnOf(`role/${name}`)
  const adaIs = { Principal: { AWS: '' } }

  beforeAll(async () => {
    iam = iamClient(server)
    ada = await makeIamUser(iam, 'ada')
    bea = await makeIamUser(iam, 'bea', { Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: roleArn('*') })
    adaIs.Principal.AWS = arnOf('user/ada')
    await makeRole(iam, 'Plain', adaIs, { Action: ['iam:GetRole', 'iam:ListRoles', 'iam:GetUser'] })
    await makeRole(iam, 'Account', { Principal: { AWS: arnOf('root') } })
  })

  const assume = (role: string, signer: Credentials = ada, input: Partial<AssumeRoleCommandInput> = {}) =>
    stsClient(server, signer).send(
      new AssumeRoleCommand({
        RoleArn: role.startsWith('arn:') ? role : roleArn(role),
        RoleSessionName: 'walk',
        ...input,
      }),
    )
  const denied = (who: string, role: string, action = 'sts:AssumeRole') =>
    `User: ${who} is not authorized to perform: ${action} on resource: ${roleArn(role)}`
  const adaDenied = (role: string, action?: string) => denied(arnOf('user/ada'), role, action)
  const tag = (Key: string, Value: string) => ({ Key, Value })

  it('gives credentials that work', async () => {
    const before = Math.floor(server.clock.now() / 1000) * 1000
    const { $metadata, Credentials, ...answer } = await assume('Plain')
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'Plain' }))
    expect(answer).toEqual({
      AssumedRoleUser: {
        AssumedRoleId: `${Role?.RoleId}:walk`,
        Arn: `arn:aws:sts::${server.accountId}:assumed-role/Plain/walk`,
      },
    })
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(accountOfAccessKeyId(Credentials?.AccessKeyId as string)).toBe(server.accountId)
    expect(Credentials?.SecretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/)
    const lives = expiryOf(Credentials) - before
    expect(lives).toBeGreaterThanOrEqual(HOUR_MS)
    expect(lives).toBeLessThan(HOUR_MS + 60_000)
    expect(await identityOf(server, signerOf(Credentials))).toMatchObject({ Arn: answer.AssumedRoleUser?.Arn })
  })

  it('gives others at each call', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => assume('Plain')))
    for (const member of ['AccessKeyId', 'SecretAccessKey', 'SessionToken'] as const)
      expect(new Set(all.map(({ Credentials }) => Credentials?.[member])).size).toBe(5)
  })

  it('is what fromTemporaryCredentials of the SDK calls', async () => {
    const provider = fromTemporaryCredentials({
      masterCredentials: ada,
      params: { RoleArn: roleArn('Plain'), RoleSessionName: 'by-sdk', DurationSeconds: 900 },
      clientConfig: { endpoint: server.url, region: server.region },
    })
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await provider()
    expect((await identityOf(server, { accessKeyId, secretAccessKey, sessionToken })).Arn).toMatch(/\/Plain\/by-sdk$/)
  })

  it('a role that trusts the account leaves it to the policies of the caller', async () => {
    await assume('Account', bea)
    await expectRefusal(assume('Account'), 'AccessDenied', adaDenied('Account'))
  })

  it('a Deny of the caller counts where the role names the caller', async () => {
    const cleo = await makeIamUser(iam, 'cleo', { Effect: 'Deny', Action: 'sts:AssumeRole' })
    await makeRole(iam, 'ForCleo', { Principal: { AWS: arnOf('user/cleo') } })
    await expectRefusal(assume('ForCleo', cleo), 'AccessDenied', denied(arnOf('user/cleo'), 'ForCleo'))
  })

  it('says the same of a role that refuses, and of one that there is not', async () => {
    await expectRefusal(assume('Plain', bea), 'AccessDenied', denied(arnOf('user/bea'), 'Plain'))
    await expectRefusal(assume('Missing'), 'AccessDenied', adaDenied('Missing'))
    for (const name of ['plain', 'path/Plain', '__proto__', 'constructor'])
      await expectRefusal(assume(name), 'AccessDenied', adaDenied(name))
    const elsewhere = 'arn:aws:iam::999999999999:role/Plain'
    const text = `User: ${arnOf('user/ada')} is not authorized to perform: sts:AssumeRole on resource: ${elsewhere}`
    await expectRefusal(assume(elsewhere), 'AccessDenied', text)
  })

  it('the root assumes no role', async () => {
    await makeRole(iam, 'ForRoot', { Principal: { AWS: arnOf('root') } })
    const text = 'Roles may not be assumed by root accounts.'
    await expectRefusal(assume('ForRoot', server.credentials), 'AccessDenied', text)
    const { Credentials } = await stsClient(server).send(new GetSessionTokenCommand({}))
    await expectRefusal(assume('ForRoot', signerOf(Credentials)), 'AccessDenied', text)
  })

  it("a user's session may, a federated user may not", async () => {
    const { Credentials } = await stsClient(server, ada).send(new GetSessionTokenCommand({}))
    await assume('Plain', signerOf(Credentials))
    await makeRole(iam, 'ForMars', { Principal: { AWS: `arn:aws:sts::${server.accountId}:federated-user/mars` } })
    const mars = await stsClient(server).send(new GetFederationTokenCommand({ Name: 'mars' }))
    const text = 'Cannot call AssumeRole with session credentials'
    await expectRefusal(assume('ForMars', signerOf(mars.Credentials)), 'AccessDenied', text)
  })

  it.each([
    ['no ARN', { RoleArn: 'nothing-valid-in-here' }, 'nothing-valid-in-here is invalid'],
    ['the ARN of a user', { RoleArn: 'arn:aws:iam::123456789012:user/ada' }, 'Request ARN is invalid'],
    [
      'the ARN of a session',
      { RoleArn: 'arn:aws:sts::123456789012:assumed-role/Plain/walk' },
      'Request ARN is invalid',
    ],
    [
      'a session name with a colon',
      { RoleSessionName: 'Session1:2' },
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      'too short a time',
      { DurationSeconds: 100 },
      "1 validation error detected: Value '100' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'eleven managed policies',
      { PolicyArns: Array.from({ length: 11 }, (_, n) => ({ arn: `arn:aws:iam::aws:policy/P${n}` })) },
      /^1 validation error detected: Value .* at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10$/,
    ],
    [
      'a managed policy that is not there',
      { PolicyArns: [{ arn: 'arn:aws:iam::123456789012:policy/Missing' }] },
      'Policy arn:aws:iam::123456789012:policy/Missing does not exist or is not attachable.',
    ],
    [
      'a longer time than the role allows',
      { DurationSeconds: 3601 },
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
  ])('ValidationError for %s', async (_title, input, text) => {
    await expectRefusal(assume('Plain', ada, input), 'ValidationError', text)
  })

  it('what a role allows is told only to those who may assume it', async () => {
    await expectRefusal(assume('Plain', bea, { DurationSeconds: 43_200 }), 'AccessDenied')
    const PolicyArns = [{ arn: arnOf('policy/Missing') }]
    await expectRefusal(assume('Plain', bea, { PolicyArns }), 'AccessDenied')
  })

  it('lives as long as is asked, up to what the role allows', async () => {
    await makeRole(iam, 'Long', adaIs)
    await iam.send(new UpdateRoleCommand({ RoleName: 'Long', MaxSessionDuration: 43_200 }))
    for (const DurationSeconds of [900, 43_200]) {
      const { Credentials } = await assume('Long', ada, { DurationSeconds })
      const left = expiryOf(Credentials) - server.clock.now()
      expect(Math.abs(left - DurationSeconds * 1000)).toBeLessThan(60_000)
    }
  })

  it.each([
    ['ExternalId', { StringEquals: { 'sts:ExternalId': 'shared/secret:1' } }, { ExternalId: 'shared/secret:1' }],
    [
      'RoleSessionName',
      { StringLike: { 'sts:RoleSessionName': variable('aws:username') } },
      { RoleSessionName: 'ada' },
    ],
  ])('a role may ask for a %s', async (name, Condition, input) => {
    await makeRole(iam, `Asks${name}`, { ...adaIs, Condition })
    await assume(`Asks${name}`, ada, input)
    await expectRefusal(assume(`Asks${name}`), 'AccessDenied', adaDenied(`Asks${name}`))
  })

  describe('session policies', () => {
    const onlyGetRole = policy({ Action: 'iam:GetRole' })
    const use = async (input: Partial<AssumeRoleCommandInput>) => {
      const { Credentials, PackedPolicySize } = await assume('Plain', ada, input)
      return { client: iamClient(server, signerOf(Credentials)), PackedPolicySize }
    }
    const getRole = new GetRoleCommand({ RoleName: 'Plain' })

    it('bound what the role may do, and do not add to it', async () => {
      const without = await use({})
      await without.client.send(getRole)
      await without.client.send(new ListRolesCommand({}))
      const { client, PackedPolicySize } = await use({ Policy: policy({ Action: ['iam:GetRole', 'iam:ListUsers'] }) })
      await client.send(getRole)
      await expectRefusal(
        client.send(new ListRolesCommand({})),
        'AccessDenied',
        /no session policy allows the iam:ListRoles action$/,
      )
      await expectRefusal(
        client.send(new ListUsersCommand({})),
        'AccessDenied',
        /no identity-based policy allows the iam:ListUsers action$/,
      )
      expect(PackedPolicySize).toBeGreaterThan(0)
      expect(PackedPolicySize).toBeLessThan(20)
    })

    it('may be managed ones; those and the inline one are one set', async () => {
      const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/IAMFullAccess' }]
      const both = await use({ PolicyArns, Policy: onlyGetRole })
      await both.client.send(getRole)
      await both.client.send(new ListRolesCommand({}))
      const another = await use({ PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly' }] })
      await expectRefusal(
        another.client.send(new GetUserCommand({ UserName: 'bea' })),
        'AccessDenied',
        /no session policy/,
      )
      expect(both.PackedPolicySize).toBeGreaterThan(0)
    })

    it.each([
      ['text that is no JSON', 'not-json', 'This policy contains invalid Json'],
      ['JSON that is no policy', '{}', 'Syntax errors in policy.'],
      ['a principal', policy({ Action: 's3:*', Resource: '*', Principal: '*' }), /principal/],
      ['an action without service', policy({ Action: 'GetRole' }), /prefaced by a vendor/],
    ])('MalformedPolicyDocument for %s', async (_title, Policy, text) => {
      await expectRefusal(assume('Plain', ada, { Policy }), 'MalformedPolicyDocumentException', text)
      // Said before the role is looked at.
      await expectRefusal(assume('Missing', ada, { Policy }), 'MalformedPolicyDocumentException', text)
    })

    it('PackedPolicyTooLarge for what does not fit', async () => {
      const Resource = Array.from({ length: 60 }, () => arnOf(`role/${randomBytes(32).toString('hex')}`))
      const text = /^Packed policy consumes \d{3}% of allotted space, please use smaller policy\.$/
      await expectRefusal(
        assume('Plain', ada, { Policy: policy({ Action: 'iam:GetRole', Resource }) }),
        'PackedPolicyTooLargeException',
        text,
      )
    })
  })

  describe('tags', () => {
    const trusting = (Condition?: Statement['Condition']) => ({
      ...adaIs,
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      ...(Condition && { Condition }),
    })

    it('need sts:TagSession', async () => {
      const text = adaDenied('Plain', 'sts:TagSession')
      await expectRefusal(assume('Plain', ada, { Tags: [tag('Team', 'blue')] }), 'AccessDenied', text)
      await assume('Plain', ada, { Tags: [] })
    })

    it('are those of the principal from then on', async () => {
      const own = { Action: 'iam:GetUser', Resource: arnOf(`user/${variable('aws:PrincipalTag/Who')}`) }
      await makeRole(iam, 'Tagged', trusting(), own)
      const { Credentials, PackedPolicySize } = await assume('Tagged', ada, { Tags: [tag('who', 'bea')] })
      expect(PackedPolicySize).toBeGreaterThan(0)
      const session = iamClient(server, signerOf(Credentials))
      await session.send(new GetUserCommand({ UserName: 'bea' }))
      await expectRefusal(session.send(new GetUserCommand({ UserName: 'ada' })), 'AccessDenied')
      // A star in a tag is a star, not a pattern.
      const star = await assume('Tagged', ada, { Tags: [tag('Who', '+=@')] })
      await expectRefusal(
        iamClient(server, signerOf(star.Credentials)).send(new GetUserCommand({ UserName: 'bea' })),
        'AccessDenied',
      )
    })

    it('can be asked for by the role', async () => {
      const condition = {
        StringEquals: { 'aws:RequestTag/Team': 'blue' },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['Team', 'Unit'], 'sts:TransitiveTagKeys': ['Team'] },
      }
      await makeRole(iam, 'Choosy', trusting(condition))
      const Tags = [tag('Team', 'blue'), tag('Unit', 'x')]
      await assume('Choosy', ada, { Tags, TransitiveTagKeys: ['Team'] })
      await expectRefusal(assume('Choosy', ada, { Tags: [tag('Team', 'red')] }), 'AccessDenied', adaDenied('Choosy'))
      await expectRefusal(assume('Choosy', ada, { Tags: [...Tags, tag('More', 'y')] }), 'AccessDenied')
      await expectRefusal(assume('Choosy', ada, { Tags, TransitiveTagKeys: ['Unit'] }), 'AccessDenied')
    })

    it('names such as __proto__ are names of tags', async () => {
      await makeRole(iam, 'Hostile', trusting({ StringEquals: { 'aws:RequestTag/__proto__': 'x' } }))
      const Tags = [tag('__proto__', 'x'), tag('constructor', 'y')]
      await assume('Hostile', ada, { Tags, TransitiveTagKeys: ['__proto__'] })
    })

    it.each([
      [
        'the same key in another case',
        { Tags: [tag('Team', 'a'), tag('team', 'b')] },
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      ],
      [
        'a transitive key without its tag',
        { Tags: [tag('Team', 'a')], TransitiveTagKeys: ['Unit'] },
        'The specified transitive tag key must be included in the requested tags.',
      ],
    ])('InvalidParameterValue for %s', async (_title, input, text) => {
      await expectRefusal(assume('Plain', ada, input), 'InvalidParameterValue', text)
    })

    it('ValidationError for keys and values that are none, and for too many', async () => {
      for (const Tags of [
        [tag('a*', 'b')],
        [tag('', 'b')],
        [tag('a', '"')],
        Array.from({ length: 51 }, (_, n) => tag(`k${n}`, 'v')),
      ])
        await expectRefusal(assume('Plain', ada, { Tags }), 'ValidationError', /^[12] validation errors? detected: /)
    })

    it('PackedPolicyTooLarge for what does not fit', async () => {
      await makeRole(iam, 'Laden', trusting())
      const Tags = Array.from({ length: 50 }, () =>
        tag(randomBytes(32).toString('hex'), randomBytes(64).toString('hex')),
      )
      const text = /^Packed size of session tags consumes \d{3}% of allotted space\.$/
      await expectRefusal(assume('Laden', ada, { Tags }), 'PackedPolicyTooLargeException', text)
    })
  })

  describe('a chain of roles', () => {
    const actions = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
    const whoAmI = { Action: 'iam:GetUser', Resource: `arn:aws:iam::*:user/${variable('aws:PrincipalTag/Team')}` }
    const sessionArn = (role: string) => `arn:aws:sts::${server.accountId}:assumed-role/${role}/walk`
    let tagged: Credentials

    beforeAll(async () => {
      await makeRole(iam, 'First', { ...adaIs, Action: actions })
      const first = { Principal: { AWS: roleArn('First') } }
      await makeRole(iam, 'Second', { ...first, Action: actions }, whoAmI)
      await makeRole(iam, 'Untagged', first)
      const Tags = [tag('Team', 'bea'), tag('Unit', 'x')]
      const { Credentials } = await assume('First', ada, { Tags, TransitiveTagKeys: ['TEAM'] })
      tagged = signerOf(Credentials)
    })

    it('a role may trust a role, or one session of it', async () => {
      const { Credentials } = await assume('First')
      await assume('Second', signerOf(Credentials))
      await makeRole(iam, 'ForSession', { Principal: { AWS: sessionArn('First') } })
      await assume('ForSession', signerOf(Credentials))
      const another = await assume('First', ada, { RoleSessionName: 'another' })
      await expectRefusal(assume('ForSession', signerOf(another.Credentials)), 'AccessDenied')
    })

    it('ends after an hour, whatever the role allows', async () => {
      const { Credentials } = await assume('First')
      const text = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'
      await expectRefusal(assume('Second', signerOf(Credentials), { DurationSeconds: 3601 }), 'ValidationError', text)
      await assume('Second', signerOf(Credentials), { DurationSeconds: 3600 })
    })

    it('hands on transitive tags, and those alone', async () => {
      const { Credentials } = await assume('Second', tagged)
      const session = iamClient(server, signerOf(Credentials))
      await session.send(new GetUserCommand({ UserName: 'bea' }))
      await expectRefusal(session.send(new GetUserCommand({ UserName: 'ada' })), 'AccessDenied')
      // Unit was not transitive: it may be given anew.
      await assume('Second', tagged, { Tags: [tag('Unit', 'y')] })
    })

    it('hands on tags only where the next role allows sts:TagSession', async () => {
      const text = denied(sessionArn('First'), 'Untagged', 'sts:TagSession')
      await expectRefusal(assume('Untagged', tagged), 'AccessDenied', text)
      const { Credentials } = await assume('First')
      await assume('Untagged', signerOf(Credentials))
    })

    it('transitive tags cannot be replaced', async () => {
      const text =
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
      await expectRefusal(assume('Second', tagged, { Tags: [tag('team', 'ada')] }), 'InvalidParameterValue', text)
    })

    it('keeps its source identity, which each role must allow to be set', async () => {
      const first = await assume('First', ada, { SourceIdentity: 'ada@example' })
      expect(first.SourceIdentity).toBe('ada@example')
      const signer = signerOf(first.Credentials)
      const second = await assume('Second', signer)
      expect(second.SourceIdentity).toBe('ada@example')
      expect((await assume('Second', signer, { SourceIdentity: 'ada@example' })).SourceIdentity).toBe('ada@example')
      const changed = denied(sessionArn('First'), 'Second', 'sts:SetSourceIdentity')
      await expectRefusal(assume('Second', signer, { SourceIdentity: 'bea' }), 'AccessDenied', changed)
      const text = denied(sessionArn('First'), 'Untagged', 'sts:SetSourceIdentity')
      await expectRefusal(assume('Untagged', signer), 'AccessDenied', text)
    })

    it('a source identity needs sts:SetSourceIdentity, and roles may ask for one', async () => {
      const text = adaDenied('Plain', 'sts:SetSourceIdentity')
      await expectRefusal(assume('Plain', ada, { SourceIdentity: 'ada' }), 'AccessDenied', text)
      const Condition = { StringEquals: { 'sts:SourceIdentity': 'ada' } }
      await makeRole(iam, 'Sourced', { ...adaIs, Action: actions, Condition })
      await assume('Sourced', ada, { SourceIdentity: 'ada' })
      await expectRefusal(assume('Sourced', ada, { SourceIdentity: 'bea' }), 'AccessDenied', adaDenied('Sourced'))
      await expectRefusal(assume('Sourced'), 'AccessDenied', adaDenied('Sourced'))
    })
  })

  it.each([
    [
      { SerialNumber: 'arn:aws:iam::123456789012:mfa/ada', TokenCode: '123456' },
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    ],
    [
      { TokenCode: '123456' },
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    ],
  ])('AccessDenied for a code of a device: there are none', async (input, text) => {
    await expectRefusal(assume('Plain', ada, input), 'AccessDenied', text)
  })

  it('names what it does not have', async () => {
    const ProvidedContexts = [
      { ProviderArn: 'arn:aws:iam::aws:contextProvider/IdentityCenter', ContextAssertion: 'eyJ0' },
    ]
    const text = 'ProvidedContexts need IAM Identity Center, which Cognomen does not have.'
    await expectRefusal(assume('Plain', ada, { ProvidedContexts }), 'InvalidParameterValue', text)
  })
})
