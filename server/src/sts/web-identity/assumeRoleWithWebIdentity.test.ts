import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CreateIdentityPoolCommand,
  GetOpenIdTokenCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import { DescribeUserPoolCommand, ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { CreateOpenIDConnectProviderCommand, DeleteOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { AssumeRoleWithWebIdentityCommand, type AssumeRoleWithWebIdentityCommandInput } from '@aws-sdk/client-sts'
import { fromWebToken } from '@aws-sdk/credential-providers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stsClient } from '../../../test/aws-clients.ts'
import {
  claimsOf,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  useTestServer,
} from '../../../test/harness.ts'
import { makeRole, policy, type Statement } from '../../../test/iam.ts'
import { DEVELOPER_PROVIDER, POOL_PRINCIPAL, poolTrust, useIdentityWorld } from '../../../test/identity-world.ts'
import { expiryOf, identityOf, poolsClient, queryCall, signerOf } from '../../../test/sessions.ts'
import { startTokenIssuer, type TokenIssuer } from '../../../test/token-issuer.ts'
import { providerEndpoints } from '../../effects/provider-endpoints.ts'

const NOT_ALLOWED = ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'] as const
const NO_JWT = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'
const NO_KEY =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"

describe('AssumeRoleWithWebIdentity', () => {
  const endpoints = { ...providerEndpoints }
  const server = useTestServer({ effects: { providerEndpoints: endpoints } })
  const world = useIdentityWorld(server)
  let issuer: TokenIssuer

  beforeAll(async () => {
    issuer = await startTokenIssuer()
    endpoints.google = issuer.url.replace('/id', '/google')
  })
  afterAll(() => issuer.close())

  const assume = (
    RoleArn: string,
    WebIdentityToken: string,
    input: Partial<AssumeRoleWithWebIdentityCommandInput> = {},
  ) =>
    stsClient(server, 'nobody').send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'walk', WebIdentityToken, ...input }),
    )
  const pools = (answer: Awaited<ReturnType<typeof assume>>) => poolsClient(server, signerOf(answer.Credentials))
  const list = new ListUserPoolsCommand({ MaxResults: 1 })

  describe('with the token of an identity pool', () => {
    const guestToken = async () => {
      const IdentityId = await world.getId()
      const { Token } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId }))
      return { IdentityId, Token: Token as string }
    }
    const developerToken = async (PrincipalTags?: Record<string, string>, name = 'ada') => {
      const answer = await world.admin.send(
        new GetOpenIdTokenForDeveloperIdentityCommand({
          IdentityPoolId: world.poolId,
          Logins: { [DEVELOPER_PROVIDER]: name },
          PrincipalTags,
        }),
      )
      return { IdentityId: answer.IdentityId as string, Token: answer.Token as string }
    }

    it('gives credentials to a guest', async () => {
      const { IdentityId, Token } = await guestToken()
      const { $metadata, Credentials, AssumedRoleUser, ...answer } = await assume(world.roles.unauthenticated, Token)
      expect(answer).toEqual({
        SubjectFromWebIdentityToken: IdentityId,
        Provider: POOL_PRINCIPAL,
        Audience: world.poolId,
      })
      const arn = `arn:aws:sts::${server.accountId}:assumed-role/Guest/walk`
      expect(AssumedRoleUser).toEqual({ Arn: arn, AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:walk$/) })
      expect(await identityOf(server, signerOf(Credentials))).toMatchObject({
        Arn: arn,
        UserId: AssumedRoleUser?.AssumedRoleId,
      })
      expect(expiryOf(Credentials) - server.clock.now()).toBeLessThanOrEqual(3_600_000)
    })

    it('is what fromWebToken of the SDK calls', async () => {
      const { Token } = await guestToken()
      const provider = fromWebToken({
        roleArn: world.roles.unauthenticated,
        webIdentityToken: Token,
        roleSessionName: 'by-sdk',
        durationSeconds: 900,
        clientConfig: { endpoint: server.url, region: server.region },
      })
      const { accessKeyId, secretAccessKey, sessionToken = '' } = await provider()
      expect((await identityOf(server, { accessKeyId, secretAccessKey, sessionToken })).Arn).toMatch(/\/Guest\/by-sdk$/)
    })

    it('works as GET and as form of any client, signed or not', async () => {
      const { Token } = await guestToken()
      const form = {
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: world.roles.unauthenticated,
        RoleSessionName: 'walk',
        WebIdentityToken: Token,
      }
      const post = await queryCall(server, form)
      expect(post).toMatchObject({ status: 200, contentType: 'text/xml' })
      expect(post.text).toMatch(
        /^<AssumeRoleWithWebIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/">/,
      )
      expect(post.text).toMatch(/<Expiration>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<\/Expiration>/)
      const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=AKIAQQQQQQQQQQQQQQQQ/x', 'x-amz-date': 'x' }
      expect(await queryCall(server, form, { headers })).toMatchObject({ status: 200 })
      const get = await fetch(`${server.url}/?${new URLSearchParams(form)}`)
      expect(get.status).toBe(200)
      const nameless = await queryCall(server, { ...form, 'PolicyArns.member.1.x': 'y' })
      expect(nameless).toMatchObject({
        status: 400,
        code: 'ValidationError',
        message:
          "1 validation error detected: Value null at 'policyArns.1.member.arn' failed to satisfy constraint: Member must not be null",
      })
    })

    it('refuses where aud or amr are others, and where the role is none', async () => {
      const { Token } = await guestToken()
      await expectRefusal(assume(world.roles.authenticated, Token), ...NOT_ALLOWED)
      const other = await world.admin.send(
        new CreateIdentityPoolCommand({ IdentityPoolName: 'other', AllowUnauthenticatedIdentities: true }),
      )
      const role = await makeRole(world.iam, 'OtherGuest', poolTrust(other.IdentityPoolId as string, 'unauthenticated'))
      await expectRefusal(assume(role, Token), ...NOT_ALLOWED)
      await expectRefusal(assume(role.replace('OtherGuest', 'Missing'), Token), ...NOT_ALLOWED)
      await expectRefusal(assume(`arn:aws:iam::999999999999:role/Guest`, Token), ...NOT_ALLOWED)
      // A role that trusts everybody trusts no token of a provider that it does not name.
      const everybody = await makeRole(world.iam, 'Everybody', {
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRoleWithWebIdentity',
      })
      await expectRefusal(assume(everybody, Token), ...NOT_ALLOWED)
    })

    it('its claims are condition keys of the whole session', async () => {
      const { IdentityId, Token } = await developerToken()
      const own = (value: string): Statement => ({
        Action: 'cognito-idp:ListUserPools',
        Condition: {
          StringEquals: {
            'cognito-identity.amazonaws.com:sub': value,
            'cognito-identity.amazonaws.com:aud': world.poolId,
            'aws:FederatedProvider': POOL_PRINCIPAL,
          },
          'ForAnyValue:StringEquals': { 'cognito-identity.amazonaws.com:amr': DEVELOPER_PROVIDER },
        },
      })
      const trust = poolTrust(world.poolId, 'authenticated')
      const mine = await makeRole(world.iam, 'Mine', trust, own(IdentityId))
      await pools(await assume(mine, Token)).send(list)
      const foreign = await makeRole(world.iam, 'Foreign', trust, own('another'))
      await expectRefusal(pools(await assume(foreign, Token)).send(list), 'AccessDeniedException')
    })

    it('tags of the token are tags of the session, where the role allows sts:TagSession', async () => {
      const { Token } = await developerToken({ Team: 'blue', __proto__: 'x' })
      const untagged = await makeRole(world.iam, 'Untagged', poolTrust(world.poolId, 'authenticated'))
      await expectRefusal(assume(untagged, Token), 'AccessDenied', 'Not authorized to perform sts:TagSession')
      const blue: Statement = {
        Action: 'cognito-idp:ListUserPools',
        Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'blue' } },
      }
      const tagged = await makeRole(
        world.iam,
        'Tagged',
        poolTrust(world.poolId, 'authenticated', 'sts:TagSession'),
        blue,
      )
      const answer = await assume(tagged, Token)
      expect(answer.PackedPolicySize).toBeGreaterThan(0)
      await pools(answer).send(list)
      const red = await developerToken({ Team: 'red' })
      await expectRefusal(pools(await assume(tagged, red.Token)).send(list), 'AccessDeniedException')
    })

    it('an expired token', async () => {
      const { Token } = await guestToken()
      const exp = claimsOf(Token)['exp'] as number
      server.clock.freeze()
      server.clock.advance(exp * 1000 - server.clock.now() - 1)
      await assume(world.roles.unauthenticated, Token)
      server.clock.advance(1)
      const text = `Token expired: current date/time ${exp} must be before the expiration date/time ${exp}`
      await expectRefusal(assume(world.roles.unauthenticated, Token), 'ExpiredTokenException', text)
      const raw = await queryCall(server, {
        Action: 'AssumeRoleWithWebIdentity',
        Version: '2011-06-15',
        RoleArn: world.roles.unauthenticated,
        RoleSessionName: 'walk',
        WebIdentityToken: Token,
      })
      expect(raw).toMatchObject({ status: 400, code: 'ExpiredTokenException' })
    })
    afterEach(() => server.clock.thaw())

    it('a token that somebody changed', async () => {
      const { Token } = await guestToken()
      const [header, , signature] = Token.split('.')
      const claims = { ...claimsOf(Token), amr: ['authenticated'] }
      const forged = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
      await expectRefusal(assume(world.roles.authenticated, forged), 'InvalidIdentityTokenException', NO_KEY)
    })
  })

  describe('with the token of a user pool', () => {
    let idToken: string
    let accessToken: string
    let clientId: string
    let userPoolId: string
    let sub: string

    beforeAll(async () => {
      userPoolId = (await makePool(server)).Id
      clientId = (await makeClient(server, userPoolId)).ClientId
      sub = await makeUser(server, userPoolId, 'ada', { email: 'ada@example.org' })
      const tokens = await signIn(server, clientId, 'ada')
      idToken = tokens.IdToken
      accessToken = tokens.AccessToken
    })

    it.each([
      ['its own address', () => `${server.publicUrl}/${userPoolId}`],
      ['its name at the service', () => `https://cognito-idp.${server.region}.amazonaws.com/${userPoolId}`],
    ])('needs a provider in IAM, by %s', async (_title, urlOf) => {
      const Url = urlOf()
      const name = Url.replace(/^https?:\/\//, '')
      const Federated = `arn:aws:iam::${server.accountId}:oidc-provider/${name}`
      const trust = {
        Principal: { Federated },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${name}:aud`]: clientId, [`${name}:sub`]: sub } },
      }
      const role = await makeRole(world.iam, `OfUserPool${name.length}`, trust)
      const missing = `No OpenIDConnect provider found in your account for ${server.publicUrl}/${userPoolId}`
      await expectRefusal(assume(role, idToken), 'InvalidIdentityTokenException', missing)
      await world.iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['another', clientId] }))
      const answer = await assume(role, idToken)
      expect(answer).toMatchObject({ SubjectFromWebIdentityToken: sub, Provider: Federated, Audience: clientId })
      await expectRefusal(assume(role, accessToken), 'InvalidIdentityTokenException', NO_JWT)
      await world.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Federated }))
      await expectRefusal(assume(role, idToken), 'InvalidIdentityTokenException', missing)
    })
  })

  describe('with the token of an OIDC provider', () => {
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

    it('gives credentials, and asks for the keys once', async () => {
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

    it('takes a subject of any length', async () => {
      for (const sub of ['a', 'x'.repeat(2000)])
        expect((await assume(role, await issuer.token(claims({ sub })))).SubjectFromWebIdentityToken).toBe(sub)
    })

    it('takes tags and the source identity of the token', async () => {
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

    it('the session name, policies and time are what is asked for', async () => {
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

    it('ExpiredTokenException past the time and the five minutes that clocks may differ', async () => {
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

    it('a provider on another machine is one with TLS', async () => {
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

    it('PackedPolicyTooLarge when the token says more than a session can keep', async () => {
      const amr = Array.from({ length: 300 }, () => randomBytes(27).toString('base64'))
      const text = 'The claims of the identity are too large for a session.'
      await expectRefusal(assume(role, await issuer.token(claims({ amr }))), 'PackedPolicyTooLargeException', text)
    })
  })

  describe('with a login at a social provider', () => {
    let google: TokenIssuer
    let facebook: { url: string; close(): void }

    beforeAll(async () => {
      google = await startTokenIssuer('')
      endpoints.google = google.url
      const graph = createServer((request, response) => {
        const good = request.url?.includes('access_token=good')
        response.writeHead(good ? 200 : 400, { 'content-type': 'application/json' })
        response.end(JSON.stringify(request.url?.startsWith('/app') ? { id: 'app-1' } : { id: '100123', name: 'Ada' }))
      })
      await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve))
      const { port } = graph.address() as AddressInfo
      facebook = { url: `http://127.0.0.1:${port}`, close: () => graph.close() }
      endpoints.facebook = facebook.url
    })
    afterAll(async () => {
      facebook.close()
      await google.close()
    })

    const trust = (Federated: string, Condition: NonNullable<Statement['Condition']>) => ({
      Principal: { Federated },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition,
    })

    it('Google needs no provider in IAM', async () => {
      const StringEquals = { 'accounts.google.com:aud': 'android', 'accounts.google.com:oaud': 'web' }
      const role = await makeRole(world.iam, 'Google', trust('accounts.google.com', { StringEquals }))
      const exp = Math.floor(server.clock.now() / 1000) + 600
      const token = await google.token({ sub: '1234567890', aud: 'web', azp: 'android', exp })
      expect(await assume(role, token)).toMatchObject({
        Provider: 'accounts.google.com',
        Audience: 'android',
        SubjectFromWebIdentityToken: '1234567890',
      })
      const other = await google.token({ sub: '1234567890', aud: 'web', azp: 'other', exp })
      await expectRefusal(assume(role, other), ...NOT_ALLOWED)
      const forged = await google.forgedToken({ sub: '1234567890', aud: 'web', exp })
      await expectRefusal(assume(role, forged), 'InvalidIdentityTokenException', NO_KEY)
    })

    it('Facebook is named by ProviderId', async () => {
      const StringEquals = { 'graph.facebook.com:app_id': 'app-1', 'graph.facebook.com:id': '100123' }
      const role = await makeRole(world.iam, 'Facebook', trust('graph.facebook.com', { StringEquals }))
      const ProviderId = 'graph.facebook.com'
      expect(await assume(role, 'good-token', { ProviderId })).toMatchObject({
        Provider: ProviderId,
        Audience: 'app-1',
        SubjectFromWebIdentityToken: '100123',
      })
      const rejected = ['IDPRejectedClaimException', 'The identity provider rejected the token.'] as const
      await expectRefusal(assume(role, 'bad-token', { ProviderId }), ...rejected)
      const unknown = { ProviderId: 'login.example.com' }
      await expectRefusal(
        assume(role, 'good-token', unknown),
        'ValidationError',
        'Unsupported provider: login.example.com',
      )
    })
  })

  it.each([
    ['no ARN', { RoleArn: 'nothing-valid-in-here' }, 'nothing-valid-in-here is invalid'],
    ['the ARN of a user', { RoleArn: 'arn:aws:iam::123456789012:user/ada' }, 'Request ARN is invalid'],
    [
      'a session name with a colon',
      { RoleSessionName: 'Session1:2' },
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    ['too short a time', { DurationSeconds: 100 }, /greater than or equal to 900$/],
    ['a policy that is too long', { Policy: ' '.repeat(2049) }, /less than or equal to 2048$/],
    [
      'more time than the role allows',
      { DurationSeconds: 3601 },
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [
      'a managed policy that is not there',
      { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/NoSuchPolicy' }] },
      'Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.',
    ],
  ])('ValidationError for %s', async (_title, input, text) => {
    const IdentityId = await world.getId()
    const { Token } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId }))
    const call = assume(world.roles.unauthenticated, Token as string, input)
    await expectRefusal(call, 'ValidationError', text)
  })

  it('a token is not shown when it breaks a constraint', async () => {
    const secret = 'x'.repeat(20_001)
    const message =
      "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000"
    await expectRefusal(assume(world.roles.unauthenticated, secret), 'ValidationError', message)
  })

  it('MalformedPolicyDocument for a policy that is none', async () => {
    const call = assume(world.roles.unauthenticated, 'any-token', { Policy: 'x' })
    await expectRefusal(call, 'MalformedPolicyDocumentException', 'This policy contains invalid Json')
  })
})
