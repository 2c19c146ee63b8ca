import { GetRoleCommand, UpdateRoleCommand } from '@aws-sdk/client-iam'
import { GetFederationTokenCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers'
import { describe, expect, it } from 'vitest'
import { stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser, makeRole } from '../../../test/iam.ts'
import { useRoleCallers, variable } from '../../../test/role-callers.ts'
import { expiryOf, identityOf, signerOf } from '../../../test/sessions.ts'
import { accountOfAccessKeyId } from '../../crypto/random-ids.ts'

const HOUR_MS = 3_600_000

describe('AssumeRole', () => {
  const server = useTestServer()
  const callers = useRoleCallers(server)
  const { adaIs, arnOf, roleArn, assume, denied, adaDenied } = callers

  it('gives credentials that work', async () => {
    const before = Math.floor(server.clock.now() / 1000) * 1000
    const { $metadata, Credentials, ...answer } = await assume('Plain')
    const { Role } = await callers.iam.send(new GetRoleCommand({ RoleName: 'Plain' }))
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

  it('gives different credentials at each call', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => assume('Plain')))
    for (const member of ['AccessKeyId', 'SecretAccessKey', 'SessionToken'] as const)
      expect(new Set(all.map(({ Credentials }) => Credentials?.[member])).size).toBe(5)
  })

  it('is what fromTemporaryCredentials of the SDK calls', async () => {
    const provider = fromTemporaryCredentials({
      masterCredentials: callers.ada,
      params: { RoleArn: roleArn('Plain'), RoleSessionName: 'by-sdk', DurationSeconds: 900 },
      clientConfig: { endpoint: server.url, region: server.region },
    })
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await provider()
    expect((await identityOf(server, { accessKeyId, secretAccessKey, sessionToken })).Arn).toMatch(/\/Plain\/by-sdk$/)
  })

  it('a role that trusts the account leaves it to the policies of the caller', async () => {
    await assume('Account', callers.bea)
    await expectRefusal(assume('Account'), 'AccessDenied', adaDenied('Account'))
  })

  it('a Deny of the caller counts where the role names the caller', async () => {
    const cleo = await makeIamUser(callers.iam, 'cleo', { Effect: 'Deny', Action: 'sts:AssumeRole' })
    await makeRole(callers.iam, 'ForCleo', { Principal: { AWS: arnOf('user/cleo') } })
    await expectRefusal(assume('ForCleo', cleo), 'AccessDenied', denied(arnOf('user/cleo'), 'ForCleo'))
  })

  it('gives the same answer for a role that refuses and an unknown one', async () => {
    await expectRefusal(assume('Plain', callers.bea), 'AccessDenied', denied(arnOf('user/bea'), 'Plain'))
    await expectRefusal(assume('Missing'), 'AccessDenied', adaDenied('Missing'))
    for (const name of ['plain', 'path/Plain', '__proto__', 'constructor'])
      await expectRefusal(assume(name), 'AccessDenied', adaDenied(name))
    const elsewhere = 'arn:aws:iam::999999999999:role/Plain'
    const text = `User: ${arnOf('user/ada')} is not authorized to perform: sts:AssumeRole on resource: ${elsewhere}`
    await expectRefusal(assume(elsewhere), 'AccessDenied', text)
  })

  it('the root assumes no role', async () => {
    await makeRole(callers.iam, 'ForRoot', { Principal: { AWS: arnOf('root') } })
    const text = 'Roles may not be assumed by root accounts.'
    await expectRefusal(assume('ForRoot', server.credentials), 'AccessDenied', text)
    const { Credentials } = await stsClient(server).send(new GetSessionTokenCommand({}))
    await expectRefusal(assume('ForRoot', signerOf(Credentials)), 'AccessDenied', text)
  })

  it("a user's session may assume roles, a federated user may not", async () => {
    const { Credentials } = await stsClient(server, callers.ada).send(new GetSessionTokenCommand({}))
    await assume('Plain', signerOf(Credentials))
    await makeRole(callers.iam, 'ForMars', {
      Principal: { AWS: `arn:aws:sts::${server.accountId}:federated-user/mars` },
    })
    const mars = await stsClient(server).send(new GetFederationTokenCommand({ Name: 'mars' }))
    const text = 'Cannot call AssumeRole with session credentials'
    await expectRefusal(assume('ForMars', signerOf(mars.Credentials)), 'AccessDenied', text)
  })

  it.each([
    ['no ARN', { RoleArn: 'nothing-valid-in-here' }, 'nothing-valid-in-here is invalid'],
    ['an incomplete ARN', { RoleArn: 'arn:aws:iam::role/Plain' }, 'arn:aws:iam::role/Plain is invalid'],
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
    await expectRefusal(assume('Plain', callers.ada, input), 'ValidationError', text)
  })

  it('limits of a role are revealed only to callers that it trusts', async () => {
    await expectRefusal(assume('Plain', callers.bea, { DurationSeconds: 43_200 }), 'AccessDenied')
    const PolicyArns = [{ arn: arnOf('policy/Missing') }]
    await expectRefusal(assume('Plain', callers.bea, { PolicyArns }), 'AccessDenied')
  })

  it('lives as long as requested, up to the maximum of the role', async () => {
    await makeRole(callers.iam, 'Long', adaIs)
    await callers.iam.send(new UpdateRoleCommand({ RoleName: 'Long', MaxSessionDuration: 43_200 }))
    for (const DurationSeconds of [900, 43_200]) {
      const { Credentials } = await assume('Long', callers.ada, { DurationSeconds })
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
    await makeRole(callers.iam, `Asks${name}`, { ...adaIs, Condition })
    await assume(`Asks${name}`, callers.ada, input)
    await expectRefusal(assume(`Asks${name}`), 'AccessDenied', adaDenied(`Asks${name}`))
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
    await expectRefusal(assume('Plain', callers.ada, input), 'AccessDenied', text)
  })

  it('refuses unsupported members by name', async () => {
    const ProvidedContexts = [
      { ProviderArn: 'arn:aws:iam::aws:contextProvider/IdentityCenter', ContextAssertion: 'eyJ0' },
    ]
    const text = 'ProvidedContexts need IAM Identity Center, which Cognomen does not have.'
    await expectRefusal(assume('Plain', callers.ada, { ProvidedContexts }), 'InvalidParameterValue', text)
  })
})
