// What every answer to an application says beside its body (RFC 6749 5.1, 5.2; RFC 9110 15.5.2).
import { beforeAll, describe, expect, it } from 'vitest'
import { useTestServer } from '../../test/harness.ts'
import { type App, makeApp } from '../../test/oauth.ts'

describe('an answer to an application', () => {
  const server = useTestServer()
  let app: App
  beforeAll(async () => {
    const UserPoolTags = {
      'cognomen:device-grant:x': 'on',
      'cognomen:introspection': 'on',
      'cognomen:pushed-authorization': 'on',
    }
    app = await makeApp(server, { pool: { UserPoolTags, DcrConfiguration: { OpenDcrEnabled: true } } })
  })
  const post = (endpoint: string, body: URLSearchParams | string, headers: Record<string, string> = {}) =>
    fetch(`${app.base}/oauth2/${endpoint}`, { method: 'POST', body, headers })

  it.each(['revoke', 'introspect', 'par', 'device_authorization'])(
    'of /oauth2/%s to an unknown client says how clients prove themselves',
    async (endpoint) => {
      const response = await post(endpoint, new URLSearchParams({ client_id: 'nobody', client_secret: 'x' }))
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="OAuth"'])
      expect(await response.json()).toMatchObject({ error: 'invalid_client' })
    },
  )

  it('to a body that is too large says so, whatever the body is', async () => {
    const json = JSON.stringify({ client_name: 'x'.repeat(64 * 1024) })
    const response = await post('register', json, { 'content-type': 'application/json' })
    expect([response.status, await response.json()]).toEqual([
      413,
      { error: 'invalid_request', error_description: 'The body is too large.' },
    ])
  })

  it('that may be kept says nothing else', async () => {
    for (const name of ['openid-configuration', 'jwks.json']) {
      const { headers } = await fetch(`${app.base}/.well-known/${name}`)
      expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['public, max-age=300', null])
    }
  })
})
