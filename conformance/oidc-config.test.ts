// The OpenID Foundation's plan for the discovery document (OpenID Connect Discovery 1.0).
import { describe, expect, test } from 'vitest'
import { useTestServer } from '../server/test/harness.ts'
import { makeApp } from '../server/test/oauth.ts'

describe('oidcc-config-certification-test-plan', () => {
  const server = useTestServer()

  test('oidcc-discovery-endpoint-verification', async () => {
    const { base } = await makeApp(server)
    const response = await fetch(`${base}/.well-known/openid-configuration`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    const document = (await response.json()) as Record<string, string>
    expect(document).toMatchObject({
      issuer: base,
      response_types_supported: expect.arrayContaining(['code']),
      response_modes_supported: ['query', 'fragment', 'form_post'],
      grant_types_supported: expect.arrayContaining(['authorization_code', 'implicit']),
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
      scopes_supported: expect.arrayContaining(['openid']),
      claims_supported: expect.arrayContaining(['sub', 'iss', 'auth_time']),
      token_endpoint_auth_methods_supported: expect.arrayContaining(['client_secret_basic', 'client_secret_post']),
      claims_parameter_supported: false,
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
    })
    // What is named answers.
    for (const [name, url] of Object.entries(document).filter(([key]) => /_endpoint$|^jwks_uri$/.test(key))) {
      const { status } = await fetch(url, { redirect: 'manual' })
      expect([name, status]).not.toEqual([name, 404])
    }
    const { keys } = (await (await fetch(document['jwks_uri'] ?? '')).json()) as { keys: Record<string, string>[] }
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
      expect(key).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig' })
    }
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
  })
})
