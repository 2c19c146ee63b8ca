import { randomBytes } from 'node:crypto'
import { DescribeUserPoolCommand, ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { CreateOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeRole, policy } from '../../../test/iam.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { expiryOf, poolsClient, signerOf } from '../../../test/sessions.ts'
import { startTokenIssuer, type TokenIssuer } from '../../../test/token-issuer.ts'
import { assumerWithToken, NO_JWT, NO_KEY, NOT_ALLOWED } from '../../../test/web-identity.ts'

describe('AssumeRoleWithWebIdentity with the token of an OIDC provider', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  const assume = assumerWithToken(server)
  const pools = (answer: Awaited<ReturnType<typeof assume>>) => poolsClient(server, signerOf(answer.Credentials))
  const list = new ListUserPoolsCommand({ MaxResults: 1 })
  let issuer: TokenIssuer

  beforeAll(async () => {
    issuer = await startTokenIssuer()
  })
  afterAll(() => issuer.close())

  let role: string
  let provider: string
  const claims = (more: Record<string, unknown> = {}) => ({
    sub: 'ada@example',
    aud: 'app',
    exp: Math.floor(server.clock.now() / 1000) + 600,
    ...more,
  })

  beforeAll(async () => {
    const answer = await world.iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ['app', 'second'] }),
    )
    provider = answer.OpenIDConnectProviderArn as string
    const Action = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity']
    role = await makeRole(world.iam, 'OfIssuer', { Principal: { Federated: provider }, Action }, { Action: '*' })
  })

  it('gives credentials, and fetches the keys once', async () => {
    const answers = await Promise.all(
      ['app', 'second'].map(async (aud) => assume(role, await issuer.token(claims({ aud })))),
    )
    expect(answers).toMatchObject([
      { SubjectFromWebIdentityToken: 'ada@example', Audience: 'app', Provider: provider },
      { Audience: 'second' },
    ])
    expect(answers[0]).not.toHaveProperty('SourceIdentity')
    expect(issuer.fetches()).toBe(1)
  })

  it('accepts a subject of any length', async () => {
    for (const sub of ['a', 'x'.repeat(2000)])
      expect((await assume(role, await issuer.token(claims({ sub })))).SubjectFromWebIdentityToken).toBe(sub)
  })

  it('uses tags and the source identity of the token', async () => {
    const tags = { principal_tags: { Team: ['blue'] }, transitive_tag_keys: ['Team'] }
    const source = { 'https://aws.amazon.com/source_identity': 'ada' }
    const answer = await assume(role, await issuer.token(claims({ 'https://aws.amazon.com/tags': tags, ...source })))
    expect(answer.SourceIdentity).toBe('ada')
    const plain = await makeRole(world.iam, 'PlainIssuer', {
      Principal: { Federated: provider },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    })
    const flat = { 'https://aws.amazon.com/tags/principal_tags/Team': 'blue' }
    expect((await assume(plain, await issuer.token(claims(flat)))).PackedPolicySize).toBeGreaterThan(0)
    const text = 'Not authorized to perform sts:SetSourceIdentity'
    await expectRefusal(assume(plain, await issuer.token(claims(source))), 'AccessDenied', text)
    const bad = await issuer.token(claims({ 'https://aws.amazon.com/tags': { principal_tags: { a: ['b', 'c'] } } }))
    const invalid = 'The session tags or the source identity in the token are not valid.'
    await expectRefusal(assume(role, bad), 'InvalidIdentityTokenException', invalid)
    const twice = claims({
      'https://aws.amazon.com/tags/principal_tags/Team': 'a',
      'https://aws.amazon.com/tags/principal_tags/team': 'b',
    })
    const duplicate = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    await expectRefusal(assume(role, await issuer.token(twice)), 'InvalidParameterValue', duplicate)
  })

  it('claims are condition keys of the trust policy', async () => {
    const { hostAndPath } = issuer
    const choosy = await makeRole(world.iam, 'Choosy', {
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { [`${hostAndPath}:aud`]: 'app', 'sts:RoleSessionName': 'walk' },
        StringLike: { [`${hostAndPath}:sub`]: 'repo:me/*' },
        IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
      },
    })
    await assume(choosy, await issuer.token(claims({ sub: 'repo:me/it:main' })))
    await expectRefusal(assume(choosy, await issuer.token(claims({ sub: 'repo:you/it' }))), ...NOT_ALLOWED)
    const second = await issuer.token(claims({ sub: 'repo:me/it', aud: 'second' }))
    await expectRefusal(assume(choosy, second), ...NOT_ALLOWED)
    const named = await issuer.token(claims({ sub: 'repo:me/it' }))
    await expectRefusal(assume(choosy, named, { RoleSessionName: 'else' }), ...NOT_ALLOWED)
  })

  it('session name, policies and duration are those of the request', async () => {
    const Policy = policy({ Action: 'cognito-idp:ListUserPools' })
    const answer = await assume(role, await issuer.token(claims()), {
      Policy,
      DurationSeconds: 900,
      RoleSessionName: 'a@b',
    })
    expect(answer.AssumedRoleUser?.Arn).toMatch(/\/OfIssuer\/a@b$/)
    expect(expiryOf(answer.Credentials) - server.clock.now()).toBeLessThanOrEqual(900_000)
    await pools(answer).send(list)
    const describe = new DescribeUserPoolCommand({ UserPoolId: world.userPoolId })
    await expectRefusal(pools(answer).send(describe), 'AccessDeniedException', /no session policy allows/)
  })

  it.each([
    ['another audience', () => issuer.token(claims({ aud: 'other' })), 'Incorrect token audience'],
    ['no audience', () => issuer.token(claims({ aud: undefined })), 'Incorrect token audience'],
    ['another client', () => issuer.token(claims({ azp: 'other' })), 'Incorrect token audience'],
    ['a key that is not published', () => issuer.forgedToken(claims()), NO_KEY],
    ['a key id that nobody knows', () => issuer.token(claims(), { kid: 'two' }), NO_KEY],
    ['no sub', () => issuer.token(claims({ sub: undefined })), NO_JWT],
    ['no exp', () => issuer.token(claims({ exp: undefined })), NO_JWT],
    [
      'a time to come',
      () => issuer.token(claims({ nbf: Math.floor(server.clock.now() / 1000) + 3600 })),
      'The ID Token provided is not valid yet.',
    ],
    ['no issuer', () => issuer.token(claims({ iss: undefined })), NO_JWT],
    ['no JWT at all', async () => 'EAACEdEose0cBA', NO_JWT],
    ['nothing signed', async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"x"}')}.`, NO_JWT],
    [
      'an issuer that IAM does not know',
      () => issuer.token(claims({ iss: 'https://elsewhere.example/x' })),
      'No OpenIDConnect provider found in your account for https://elsewhere.example/x',
    ],
    [
      'an issuer without TLS',
      () => issuer.token(claims({ iss: 'http://elsewhere.example/x' })),
      'No OpenIDConnect provider found in your account for http://elsewhere.example/x',
    ],
    [
      'an issuer that is a name of everything',
      () => issuer.token(claims({ iss: '__proto__' })),
      'No OpenIDConnect provider found in your account for __proto__',
    ],
  ])('InvalidIdentityToken for %s', async (_title, token, text) => {
    await expectRefusal(assume(role, await token()), 'InvalidIdentityTokenException', text)
  })

  it('ExpiredTokenException after exp plus five minutes of clock skew', async () => {
    const now = Math.floor(server.clock.now() / 1000)
    await assume(role, await issuer.token(claims({ exp: now - 200 })))
    const text = new RegExp(
      `^Token expired: current date/time \\d+ must be before the expiration date/time ${now - 400}$`,
    )
    await expectRefusal(assume(role, await issuer.token(claims({ exp: now - 400 }))), 'ExpiredTokenException', text)
  })

  it('a role that trusts one provider trusts no other', async () => {
    const other = await startTokenIssuer()
    await world.iam.send(new CreateOpenIDConnectProviderCommand({ Url: other.url, ClientIDList: ['app'] }))
    await expectRefusal(assume(role, await other.token(claims())), ...NOT_ALLOWED)
    // Keys of one say nothing about tokens of the other.
    const borrowed = await issuer.token(claims({ iss: other.url }))
    await expectRefusal(assume(role, borrowed), 'InvalidIdentityTokenException', NO_KEY)
    await other.close()
  })

  it('a provider on another host needs TLS', async () => {
    const Url = 'https://id.example.com/x'
    const ThumbprintList = ['0'.repeat(40)]
    await world.iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['app'], ThumbprintList }))
    const iss = Url.replace('https:', 'http:')
    const text = `No OpenIDConnect provider found in your account for ${iss}`
    await expectRefusal(assume(role, await issuer.token(claims({ iss }))), 'InvalidIdentityTokenException', text)
  })

  it('IDPCommunicationError while the provider does not answer', async () => {
    const down = await startTokenIssuer()
    await world.iam.send(new CreateOpenIDConnectProviderCommand({ Url: down.url, ClientIDList: ['app'] }))
    const token = await down.token(claims())
    down.answer(false)
    const text = 'The identity provider could not be reached.'
    await expectRefusal(assume(role, token), 'IDPCommunicationErrorException', text)
    await down.close()
  })

  it('PackedPolicyTooLarge when the claims do not fit into a session', async () => {
    const amr = Array.from({ length: 300 }, () => randomBytes(27).toString('base64'))
    const text = 'The claims of the identity are too large for a session.'
    await expectRefusal(assume(role, await issuer.token(claims({ amr }))), 'PackedPolicyTooLargeException', text)
  })
})
