// Logins of providers outside of this server, through the API: OpenID Connect, SAML, and social providers.
import { createPublicKey } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  DescribeIdentityCommand,
  GetCredentialsForIdentityCommand,
  GetOpenIdTokenCommand,
  SetPrincipalTagAttributeMapCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  CreateOpenIDConnectProviderCommand,
  CreateSAMLProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteSAMLProviderCommand,
  UpdateSAMLProviderCommand,
} from '@aws-sdk/client-iam'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../../test/certificate.ts'
import { claimsOf, expectRefusal, useTestServer } from '../../../../test/harness.ts'
import { developerToken } from '../../../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../../../test/identity-world.ts'
import { encryptedAssertion } from '../../../../test/saml-encryption.ts'
import {
  at,
  attribute,
  base64,
  conditions,
  confirmation,
  metadata,
  NOW,
  nameId,
  type ResponseParts,
  response,
  signed,
} from '../../../../test/saml-provider.ts'
import { identityOf } from '../../../../test/sessions.ts'
import { startTokenIssuer, type TokenIssuer } from '../../../../test/token-issuer.ts'
import { providerEndpoints } from '../../../effects/provider-endpoints.ts'

const UNSUPPORTED = 'Token is not from a supported provider of this identity pool.'
const SIGNATURE = "Invalid login token. Couldn't verify signed token."

describe('an OpenID Connect provider of IAM', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  let issuer: TokenIssuer
  let arn: string
  let pool: string

  beforeAll(async () => {
    issuer = await startTokenIssuer()
    const created = await world.iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ['app', 'other app'] }),
    )
    arn = created.OpenIDConnectProviderArn as string
    pool = await world.makePool({ OpenIdConnectProviderARNs: [arn] })
  })
  afterAll(() => issuer.close())
  afterEach(() => issuer.answer(true))

  const seconds = () => Math.floor(server.clock.now() / 1000)
  const token = (claims: object = {}) => issuer.token({ sub: 'ada', aud: 'app', exp: seconds() + 600, ...claims })
  const getId = (value: string) => world.getId({ [issuer.hostAndPath]: value }, pool)
  const refused = async (value: string, text: string | RegExp, name = 'NotAuthorizedException') =>
    expectRefusal(getId(value), name, text)

  it('authenticates a user of any of its clients', async () => {
    const id = await getId(await token())
    expect(await getId(await token({ aud: ['x', 'other app'] }))).toBe(id)
    expect(await getId(await token({ aud: 'server', azp: 'app' }))).toBe(id)
    expect(await getId(await token({ sub: 'bea' }))).not.toBe(id)
    const { Logins } = await world.admin.send(new DescribeIdentityCommand({ IdentityId: id }))
    expect(Logins).toEqual([issuer.hostAndPath])
  })

  it('is named in tokens of the pool, and its claims are tags and choose roles', async () => {
    const maps = { IdentityPoolId: pool, IdentityProviderName: arn, PrincipalTags: { team: 'department' } }
    await world.admin.send(new SetPrincipalTagAttributeMapCommand(maps))
    const Logins = { [issuer.hostAndPath]: await token({ department: 'blue' }) }
    const IdentityId = await world.getId(Logins, pool)
    const { Token = '' } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))
    expect(claimsOf(Token)).toMatchObject({
      amr: ['authenticated', issuer.hostAndPath, `${arn}:OIDC:ada`],
      'https://aws.amazon.com/tags': { principal_tags: { team: ['blue'] } },
    })
    await world.admin.send(new SetPrincipalTagAttributeMapCommand({ ...maps, PrincipalTags: {} }))
    const role = await world.makeRole('Blue', pool, `${arn}:OIDC:*`)
    await world.setRoles(pool, {
      [arn]: {
        Type: 'Rules',
        AmbiguousRoleResolution: 'Deny',
        RulesConfiguration: { Rules: [{ Claim: 'department', MatchType: 'Equals', Value: 'blue', RoleARN: role }] },
      },
    })
    const credentials = async (department: string) => {
      const given = { [issuer.hostAndPath]: await token({ department }) }
      return (await world.app.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins: given }))).Credentials
    }
    const { AccessKeyId = '', SecretKey = '', SessionToken = '' } = (await credentials('blue')) ?? {}
    const signer = { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken }
    expect((await identityOf(server, signer)).Arn).toMatch(/assumed-role\/Blue\/CognitoIdentityCredentials$/)
    await expectRefusal(
      credentials('red'),
      'NotAuthorizedException',
      'The ambiguous role mapping rules denied this request',
    )
  })

  it('has invalid tokens refused', async () => {
    await refused('x', 'Invalid login token. Not a valid OpenId Connect identity token.')
    await refused(
      await token({ iss: 'https://elsewhere.example' }),
      "Invalid login token. Issuer doesn't match providerName",
    )
    await refused(await issuer.forgedToken({ sub: 'ada', aud: 'app', exp: seconds() + 600 }), SIGNATURE)
    await refused(await token({ aud: undefined }), 'Invalid login token. Missing a required claim: aud')
    await refused(await token({ aud: 'nobody' }), UNSUPPORTED)
    await refused(await token({ aud: 'app', azp: 'nobody' }), UNSUPPORTED)
    await refused(
      await token({ sub: undefined }),
      'Invalid login token. Not a valid OpenId Connect identity token: there is no sub.',
    )
    await refused(await token({ nbf: seconds() + 3600 }), 'Invalid login token. Token is not valid yet.')
    const exp = seconds() - 301
    await refused(await token({ exp }), new RegExp(`^Invalid login token\\. Token expired: \\d{10} >= ${exp}$`))
    expect(await getId(await token({ exp: seconds() - 200 }))).toBeDefined()
    await refused(await token({ sub: 'a\0b' }), 'Invalid login token. Not a valid OpenId Connect identity token.')
  })

  it('has to be reachable', async () => {
    const { issuer: other, arn: otherArn } = await second('/second')
    const own = await world.makePool({
      OpenIdConnectProviderARNs: [otherArn],
      DeveloperProviderName: DEVELOPER_PROVIDER,
    })
    const value = await other.token({ sub: 'ada', aud: 'app', exp: seconds() + 600 })
    other.answer(false)
    const text = /^The identity provider could not be reached: discovery: HTTP 503\.$/
    const Logins = { [other.hostAndPath]: value }
    await expectRefusal(world.getId(Logins, own), 'ExternalServiceException', text)
    const both = { ...Logins, [DEVELOPER_PROVIDER]: 'ada' }
    await expectRefusal(developerToken(world.admin, own, both), 'NotAuthorizedException', text)
    await other.close()
  })

  it('is accepted only while the pool and IAM have it', async () => {
    const { issuer: other, arn: otherArn } = await second('/third')
    const Logins = { [other.hostAndPath]: await other.token({ sub: 'ada', aud: 'app', exp: seconds() + 600 }) }
    await expectRefusal(world.getId(Logins, pool), 'NotAuthorizedException', UNSUPPORTED)
    const own = await world.makePool({ OpenIdConnectProviderARNs: [otherArn] })
    expect(await world.getId(Logins, own)).toBeDefined()
    await world.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: otherArn }))
    await expectRefusal(world.getId(Logins, own), 'NotAuthorizedException', UNSUPPORTED)
    const foreign = await world.makePool({
      OpenIdConnectProviderARNs: [arn.replace(server.accountId, '111111111111')],
    })
    const value = { [issuer.hostAndPath]: await token() }
    await expectRefusal(world.getId(value, foreign), 'NotAuthorizedException', UNSUPPORTED)
    await other.close()
  })

  async function second(path: string) {
    const other = await startTokenIssuer(path)
    const { OpenIDConnectProviderArn = '' } = await world.iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: other.url, ClientIDList: ['app'] }),
    )
    return { issuer: other, arn: OpenIDConnectProviderArn }
  }
})

const decoded = (text = ''): string => Buffer.from(text, 'base64').toString()

describe('a SAML provider of IAM', () => {
  const AWS = 'https://signin.aws.amazon.com/saml'
  const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'
  const server = useTestServer()
  const world = useIdentityWorld(server)
  let arn: string
  let pool: string

  beforeAll(async () => {
    // The responses are issued at that time.
    server.clock.advance(NOW - server.clock.now())
    const created = await world.iam.send(
      new CreateSAMLProviderCommand({ Name: 'Corp', SAMLMetadataDocument: metadata() }),
    )
    arn = created.SAMLProviderArn as string
    pool = await world.makePool({ SamlProviderARNs: [arn] })
  })
  afterEach(() => server.clock.advance(NOW - server.clock.now()))

  const audience = (name: string) =>
    conditions(`<saml:AudienceRestriction><saml:Audience>${name}</saml:Audience></saml:AudienceRestriction>`)
  const login = async (parts: ResponseParts = {}) => {
    const xml = response({
      destination: AWS,
      confirmation: confirmation({ recipient: ` Recipient="${AWS}"` }),
      conditions: audience('urn:amazon:webservices'),
      attributes: attribute('mail', 'ada@example.com'),
      ...parts,
    })
    return { [arn]: base64(await signed(xml, '_assertion')) }
  }
  const refused = async (Logins: Record<string, string>, text: string | RegExp) =>
    expectRefusal(world.getId(Logins, pool), 'NotAuthorizedException', text)

  it('authenticates a user by the same response repeatedly', async () => {
    const Logins = await login()
    const id = await world.getId(Logins, pool)
    expect(await world.getId(Logins, pool)).toBe(id)
    expect(await world.getId(await login(), pool)).toBe(id)
    expect(await world.getId(await login({ nameId: nameId('bea') }), pool)).not.toBe(id)
    // The same name in another format is another user.
    expect(await world.getId(await login({ nameId: nameId('ada', '') }), pool)).not.toBe(id)
    const { Token = '' } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId: id, Logins }))
    expect(claimsOf(Token)['amr']).toEqual(['authenticated', arn, `${arn}:SAML:ada`])
  })

  it('opens encrypted assertions by the private key of the provider', async () => {
    const { privateKey } = makeCertificate()
    const encrypt = async () => {
      const [, plain = ''] = /(<saml:Assertion.*<\/saml:Assertion>)/s.exec(decoded((await login())[arn])) ?? []
      const sealed = encryptedAssertion(plain, createPublicKey(privateKey))
      return { [arn]: base64(response({ destination: AWS, assertion: sealed })) }
    }
    await refused(await encrypt(), /something is encrypted that may not be/)
    const AddPrivateKey = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    await world.iam.send(new UpdateSAMLProviderCommand({ SAMLProviderArn: arn, AddPrivateKey }))
    expect(await world.getId(await encrypt(), pool)).toBe(await world.getId(await login(), pool))
  })

  it('maps attributes to tags', async () => {
    const set = (map: object) =>
      world.admin.send(
        new SetPrincipalTagAttributeMapCommand({ IdentityPoolId: pool, IdentityProviderName: arn, ...map }),
      )
    const tags = async (attributes: string) => {
      const Logins = await login({ attributes })
      const IdentityId = await world.getId(Logins, pool)
      const { Token = '' } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))
      return claimsOf(Token)['https://aws.amazon.com/tags']
    }
    await set({ PrincipalTags: { email: 'mail' } })
    expect(await tags(attribute('mail', 'ada@example.com'))).toEqual({ principal_tags: { email: ['ada@example.com'] } })
    expect(await tags(attribute('mail', 'one', 'two'))).toBeUndefined()
    await set({ UseDefaults: true })
    expect(await tags(attribute(`${CLAIMS}name`, 'Ada') + attribute(`${CLAIMS}nameidentifier`, 'ada-1'))).toEqual({
      principal_tags: { client: ['ada-1'], username: ['Ada'] },
    })
    await set({})
  })

  it('names roles that its user may choose from', async () => {
    const [own, other] = [
      await world.makeRole('Chosen', pool, 'authenticated'),
      await world.makeRole('Other', pool, 'authenticated'),
    ]
    const authenticated = await world.makeRole('Default', pool, 'authenticated')
    await world.setRoles(pool, undefined, { authenticated })
    const Logins = await login({
      attributes: attribute('https://aws.amazon.com/SAML/Attributes/Role', `${own},${arn}`, `${other},arn:other`),
    })
    const IdentityId = await world.getId(Logins, pool)
    const roleOf = async (CustomRoleArn?: string) => {
      const { Credentials } = await world.app.send(
        new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn }),
      )
      const { AccessKeyId = '', SecretKey = '', SessionToken = '' } = Credentials ?? {}
      const signer = { accessKeyId: AccessKeyId, secretAccessKey: SecretKey, sessionToken: SessionToken }
      return (await identityOf(server, signer)).Arn.split('/')[1]
    }
    expect([await roleOf(), await roleOf(own)]).toEqual(['Default', 'Chosen'])
    await expectRefusal(roleOf(other), 'NotAuthorizedException', `Access to Role '${other}' is forbidden.`)
  })

  it('has invalid responses refused', async () => {
    await refused({ [arn]: 'x' }, /^Invalid login token\. Not a valid SAML response: .+\.$/)
    const Logins = await login()
    const tampered = Buffer.from(Logins[arn] as string, 'base64')
      .toString()
      .replace('>ada<', '>bea<')
    await refused({ [arn]: base64(tampered) }, SIGNATURE)
    await refused({ [arn]: base64(response()) }, SIGNATURE)
    await refused(
      await login({ issuer: 'https://elsewhere.example' }),
      "Invalid login token. Issuer doesn't match providerName",
    )
    await refused(await login({ conditions: audience('urn:other') }), UNSUPPORTED)
    const elsewhere = confirmation({ recipient: ' Recipient="https://elsewhere.example"' })
    await refused(await login({ confirmation: elsewhere }), UNSUPPORTED)
    await refused(await login({ destination: 'https://elsewhere.example' }), UNSUPPORTED)
    await refused(
      await login({ responseIssuer: '<saml:Issuer>https://elsewhere.example</saml:Issuer>' }),
      "Invalid login token. Issuer doesn't match providerName",
    )
    server.clock.advance(400_000)
    await refused(Logins, new RegExp(`^Invalid login token\\. Token expired: \\d{13} >= ${Date.parse(at(300))}$`))
  })

  it('is accepted only while the pool and IAM have it', async () => {
    const Logins = await login()
    await expectRefusal(world.getId(Logins), 'NotAuthorizedException', UNSUPPORTED)
    await world.iam.send(new DeleteSAMLProviderCommand({ SAMLProviderArn: arn }))
    await refused(Logins, UNSUPPORTED)
  })
})

describe('a social provider', () => {
  const endpoints = { ...providerEndpoints }
  const server = useTestServer({ effects: { providerEndpoints: endpoints } })
  const world = useIdentityWorld(server)
  let issuer: TokenIssuer
  let graph: Server
  let pool: string
  /** By path, what the access-token providers answer; 400 to what is not here. */
  let answers: Record<string, object | 'down'> = {}

  beforeAll(async () => {
    issuer = await startTokenIssuer('/google')
    graph = createServer((request, reply) => {
      const path = new URL(request.url ?? '', 'http://x').pathname
      const answer = answers[path]
      reply.writeHead(answer === 'down' ? 503 : answer ? 200 : 400).end(JSON.stringify(answer ?? {}))
    })
    await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve))
    const base = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`
    Object.assign(endpoints, {
      google: issuer.url,
      facebook: `${base}/facebook`,
      amazon: `${base}/amazon`,
      twitter: `${base}/twitter`,
    })
    pool = await world.makePool({
      SupportedLoginProviders: {
        'accounts.google.com': 'web;phone',
        'graph.facebook.com': '1234',
        'www.amazon.com': 'amzn1.application.x',
        'api.twitter.com': 'key;secret',
      },
    })
  })
  afterAll(async () => {
    graph.close()
    await issuer.close()
  })

  const amrOf = async (Logins: Record<string, string>) => {
    const IdentityId = await world.getId(Logins, pool)
    const { Token = '' } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))
    return { id: IdentityId, amr: claimsOf(Token)['amr'] }
  }
  const refused = (Logins: Record<string, string>, text: string | RegExp, name = 'NotAuthorizedException') =>
    expectRefusal(world.getId(Logins, pool), name, text)

  it('Google authenticates by ID tokens of any of the client ids', async () => {
    const exp = Math.floor(server.clock.now() / 1000) + 600
    const login = async (claims: object) => ({
      'accounts.google.com': await issuer.token({ sub: '10', aud: 'phone', exp, ...claims }),
    })
    const { id, amr } = await amrOf(await login({}))
    expect(amr).toEqual(['authenticated', 'accounts.google.com', 'accounts.google.com:phone:10'])
    expect(await world.getId(await login({ aud: 'web' }), pool)).toBe(id)
    await refused(await login({ aud: 'other' }), UNSUPPORTED)
    await refused({ 'accounts.google.com': 'x' }, 'Invalid login token. Not a valid OpenId Connect identity token.')
  })

  it('Facebook, Amazon and Twitter authenticate by access tokens', async () => {
    answers = {
      '/facebook/app': { id: '1234' },
      '/facebook/me': { id: '77', name: 'Ada' },
      '/amazon/auth/o2/tokeninfo': { app_id: 'amzn1.application.x', user_id: 'amzn1.account.A', exp: 60 },
      '/amazon/user/profile': { user_id: 'amzn1.account.A' },
      '/twitter/1.1/account/verify_credentials.json': { id_str: '99' },
    }
    for (const [name, value, audience, subject] of [
      ['graph.facebook.com', 'token', '1234', '77'],
      ['www.amazon.com', 'token', 'amzn1.application.x', 'amzn1.account.A'],
      ['api.twitter.com', 'token;secret', 'key', '99'],
    ] as const) {
      const { id, amr } = await amrOf({ [name]: value })
      expect(amr).toEqual(['authenticated', name, `${name}:${audience}:${subject}`])
      expect(await world.getId({ [name]: value }, pool)).toBe(id)
    }
    // Of one person: all at once make one identity.
    const all = { 'graph.facebook.com': 'token', 'www.amazon.com': 'token' }
    const merged = await world.getId(all, pool)
    for (const [name, value] of Object.entries(all)) expect(await world.getId({ [name]: value }, pool)).toBe(merged)
  })

  it('may refuse the token, name another application, or be unreachable', async () => {
    answers = {}
    const login = { 'graph.facebook.com': 'token' }
    await refused(login, SIGNATURE)
    answers = { '/facebook/app': { id: '4321' }, '/facebook/me': { id: '77' } }
    await refused(login, UNSUPPORTED)
    answers = { '/facebook/app': 'down' }
    await refused(login, /^The identity provider could not be reached: /, 'ExternalServiceException')
  })
})
