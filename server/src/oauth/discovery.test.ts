import { beforeAll, describe, expect, it } from 'vitest'
import { engines, makeClient, makePool, useTestServer } from '../../test/harness.ts'

describe.each(engines)('the published documents of a pool on %s', (engine) => {
  const server = useTestServer({ engine })
  let poolId: string
  let clientId: string

  beforeAll(async () => {
    poolId = (await makePool(server)).Id
    clientId = (await makeClient(server, poolId)).ClientId
  })

  it('are the keys and the discovery document, for any origin, with a cache time', async () => {
    const issuer = `${server.publicUrl}/${poolId}`
    const response = await fetch(`${issuer}/.well-known/openid-configuration`)
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const document = (await response.json()) as { issuer: string; jwks_uri: string }
    expect(document).toMatchObject({
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
    })
    const { keys } = (await (await fetch(document.jwks_uri)).json()) as { keys: Record<string, string>[] }
    expect(keys).toHaveLength(2)
    for (const key of keys) {
      expect(key).toEqual({
        alg: 'RS256',
        e: 'AQAB',
        kid: expect.stringMatching(/^[\w+/]{43}=$/),
        kty: 'RSA',
        n: expect.any(String),
        use: 'sig',
      })
    }
  })

  it.each([
    ['a user pool', () => `${server.publicUrl}/${poolId}`],
    ['identity pools', () => `${server.publicUrl}/cognito-identity`],
  ])('name only endpoints that answer: %s', async (_, issuer) => {
    const response = await fetch(`${issuer()}/.well-known/openid-configuration`)
    const document = (await response.json()) as Record<string, unknown>
    const urls = Object.entries(document).filter(([name]) => /_endpoint$|_uri$/.test(name))
    expect(urls.map(([name]) => name)).toContain('jwks_uri')
    for (const [name, url] of urls) expect([name, (await fetch(url as string)).status]).not.toEqual([name, 404])
    const hasTokenEndpoint = 'token_endpoint' in document
    expect('token_endpoint_auth_methods_supported' in document).toBe(hasTokenEndpoint)
  })

  it('name exactly what the pool has turned on', async () => {
    const optional = {
      registration_endpoint: '/oauth2/register',
      introspection_endpoint: '/oauth2/introspect',
      pushed_authorization_request_endpoint: '/oauth2/par',
      device_authorization_endpoint: '/oauth2/device_authorization',
    }
    const UserPoolTags = {
      'cognomen:introspection': 'on',
      'cognomen:pushed-authorization': 'on',
      'cognomen:device-grant:x': 'on',
    }
    const all = await makePool(server, { UserPoolTags, DcrConfiguration: { OpenDcrEnabled: true } })
    for (const [id, isOn] of [
      [all.Id, true],
      [poolId, false],
    ] as const) {
      const base = `${server.publicUrl}/${id}`
      const response = await fetch(`${base}/.well-known/openid-configuration`)
      const document = (await response.json()) as Record<string, unknown>
      for (const [name, path] of Object.entries(optional)) {
        const { status } = await fetch(base + path, { method: 'POST' })
        expect([name, document[name], status !== 404]).toEqual([name, isOn ? base + path : undefined, isOn])
      }
    }
  })

  it('do not follow the Host header', async () => {
    const { request } = await import('node:http')
    const body = await new Promise<string>((resolve, reject) => {
      const url = new URL(`${server.url}/${poolId}/.well-known/openid-configuration`)
      request(url, { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } }, (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => resolve(text))
      })
        .on('error', reject)
        .end()
    })
    expect(body).not.toContain('evil')
  })

  it('do not exist for clients, unknown pools or text that is not an id', async () => {
    for (const id of [clientId, 'us-east-1_Unknown00', 'a%00b', '__proto__', '..%2f..', `${poolId}x`]) {
      for (const name of ['jwks.json', 'openid-configuration']) {
        const response = await fetch(`${server.url}/${id}/.well-known/${name}`)
        expect([id, response.status]).toEqual([id, 404])
      }
    }
    // The lookup did not cache the client as unknown.
    expect(
      (await server.raw('InitiateAuth', { ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH' })).json.message,
    ).toBe('Missing required parameter USERNAME')
  })
})
