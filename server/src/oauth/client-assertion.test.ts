// private_key_jwt: what proves a client, and what does not.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, makePool, useTestServer } from '../../test/harness.ts'
import { type App, appIn, makeUser, redeem, signInByPage, tokenCall } from '../../test/oauth.ts'

const KEYS = 'https://app.example.com/jwks.json'
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const asked: string[] = []

describe.each(engines)('private_key_jwt on %s', (engine) => {
  const server = useTestServer({
    engine,
    effects: {
      web: {
        send: async ({ url }) => {
          asked.push(url)
          const keys = [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }]
          return { status: url === KEYS ? 200 : 404, contentType: '', body: Buffer.from(JSON.stringify({ keys })) }
        },
      },
    },
  })
  let app: App
  let machine: App
  let username: string

  beforeAll(async () => {
    const UserPoolTags = {
      'cognomen:client-keys:keyed': KEYS,
      'cognomen:client-keys:lost': 'https://gone.example.com/jwks.json',
      'cognomen:introspection': 'on',
    }
    const { Id } = await makePool(server, { UserPoolTags, DcrConfiguration: { OpenDcrEnabled: true } })
    app = await appIn(server, Id, { ClientName: 'keyed' })
    machine = await appIn(server, Id, {
      ClientName: 'keyed',
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: ['aws.cognito/dcr/register'],
    })
    username = await makeUser(app)
  })

  interface Signing {
    claims?: Record<string, unknown>
    header?: Record<string, unknown>
    key?: KeyObject
    of?: Pick<App, 'clientId'>
  }
  const assertion = ({
    claims = {},
    header = {},
    key = own.privateKey,
    of = machine,
  }: Signing = {}): Promise<string> => {
    const now = Math.floor(server.clock.now() / 1000)
    const all = { iss: of.clientId, sub: of.clientId, aud: app.base, jti: randomUUID(), iat: now, exp: now + 60 }
    return new SignJWT({ ...all, ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(key)
  }
  const proof = async (token: string | Promise<string>) => ({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await token,
  })
  const call = async (token: string | Promise<string>, more: Record<string, string> = {}, headers = {}) =>
    tokenCall(app, { grant_type: 'client_credentials', ...(await proof(token)), ...more }, headers)

  it('proves a client at every endpoint, with one request for its keys', async () => {
    asked.length = 0
    expect((await call(assertion())).status).toBe(200)
    const audiences = [app.base, `${app.base}/oauth2/token`, [app.base]]
    for (const aud of audiences) expect((await call(assertion({ claims: { aud } }))).status).toBe(200)
    expect((await call(assertion({ header: { typ: 'client-authentication+jwt' } }))).status).toBe(200)
    const code = await signInByPage(app, username)
    const { status, json } = await redeem(app, code, await proof(assertion({ of: app })))
    expect([status, json['access_token']]).toEqual([200, expect.any(String)])
    const body = new URLSearchParams({ token: json['access_token'] ?? '', ...(await proof(assertion({ of: app }))) })
    const seen = await fetch(`${app.base}/oauth2/introspect`, { method: 'POST', body })
    expect(((await seen.json()) as Record<string, unknown>)['active']).toBe(true)
    expect(asked.filter((url) => url === KEYS).length).toBeLessThanOrEqual(1)
    const document = await (await fetch(`${app.base}/.well-known/openid-configuration`)).json()
    expect((document as Record<string, string[]>)['token_endpoint_auth_methods_supported']).toContain('private_key_jwt')
  })

  it('is good once, also for many at once', async () => {
    const token = await assertion()
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await call(token)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect((await call(token)).json).toEqual({
      error: 'invalid_client',
      error_description: 'the token was used before',
    })
  })

  const seconds = (ahead: number) => Math.floor(server.clock.now() / 1000) + ahead
  it.each<[string, () => Signing]>([
    ['another key', () => ({ key: other.privateKey })],
    ['a key that is not published', () => ({ header: { kid: 'two' } })],
    ['another audience', () => ({ claims: { aud: 'https://other.example' } })],
    ['an audience beside ours', () => ({ claims: { aud: [app.base, 'https://other.example'] } })],
    ['no audience', () => ({ claims: { aud: [] } })],
    ['another issuer', () => ({ claims: { iss: app.clientId } })],
    ['no jti', () => ({ claims: { jti: undefined } })],
    ['no exp', () => ({ claims: { exp: undefined } })],
    ['its time over', () => ({ claims: { exp: seconds(-61) } })],
    ['a long life', () => ({ claims: { exp: seconds(660) } })],
    ['a time to come', () => ({ claims: { nbf: seconds(120), exp: seconds(180) } })],
    ['the type of another token', () => ({ header: { typ: 'dpop+jwt' } })],
    ['an unknown client', () => ({ of: { clientId: 'a'.repeat(26) } })],
  ])('is refused with %s', async (_, signing) => {
    const { status, json } = await call(assertion(signing()))
    expect([status, json['error']]).toEqual([400, 'invalid_client'])
  })

  it.each(['', 'x', 'a.b.c'])('is refused as %j', async (token) => {
    expect((await call(token)).json['error']).toBe('invalid_client')
  })

  it('is refused unsigned, and signed with a MAC', async () => {
    const [, claims = ''] = (await assertion()).split('.')
    const head = (alg: string) => Buffer.from(JSON.stringify({ alg, kid: 'one' })).toString('base64url')
    for (const alg of ['none', 'HS256'])
      expect((await call(`${head(alg)}.${claims}.${'A'.repeat(43)}`)).json['error']).toBe('invalid_client')
  })

  it('is the only way for a client that has keys, and is not mixed with others', async () => {
    const secret = { client_id: machine.clientId, client_secret: machine.secret ?? '' }
    const { json } = await tokenCall(app, { grant_type: 'client_credentials', ...secret })
    expect(json['error']).toBe('invalid_client')
    const code = await signInByPage(app, username)
    expect((await redeem(app, code)).json['error']).toBe('invalid_client')
    expect((await call(assertion(), secret)).json['error']).toBe('invalid_request')
    expect((await call(assertion(), { client_id: app.clientId })).json['error']).toBe('invalid_client')
    expect((await call(assertion(), { client_assertion_type: 'x' })).json['error']).toBe('invalid_client')
  })

  it('is nothing for a client without keys, with keys that are not there, or that chose its name', async () => {
    const without = await appIn(server, app.poolId, { ClientName: 'other' })
    expect((await call(assertion({ of: without }))).json['error']).toBe('invalid_client')
    const lost = await appIn(server, app.poolId, { ClientName: 'lost' })
    expect((await call(assertion({ of: lost }))).json['error']).toBe('invalid_client')
    const response = await fetch(`${app.base}/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['https://evil.example/'], client_name: 'keyed' }),
    })
    const { client_id: clientId } = (await response.json()) as { client_id: string }
    expect((await call(assertion({ of: { clientId } }))).json).toMatchObject({
      error_description: 'the client has no keys here',
    })
    // In a pool without such a tag nothing shows it.
    const { Id } = await makePool(server)
    const text = await (await fetch(`${server.publicUrl}/${Id}/.well-known/openid-configuration`)).text()
    expect(text).not.toContain('private_key_jwt')
  })
})
