import { request } from 'node:http'
import { CreateUserPoolDomainCommand } from '@aws-sdk/client-cognito-identity-provider'
import { expect, it } from 'vitest'
import { useTestServer } from '../../test/harness.ts'
import { authorizeUrl, makeApp } from '../../test/oauth.ts'

const server = useTestServer({ env: { DOMAIN_SUFFIX: 'id.example.com' } })

/** A request that names another host, as one has that came through DNS or a proxy. */
const ask = (host: string, path: string): Promise<{ status: number; location: string | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    request({ hostname, port, path, headers: { host, accept: 'text/html' } }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location, text }))
    })
      .on('error', reject)
      .end()
  })

it("leads the host of a domain to the pool's pages, and no other host", async () => {
  const app = await makeApp(server)
  for (const Domain of ['login', 'auth.example.org'])
    await server.admin.send(
      new CreateUserPoolDomainCommand({
        UserPoolId: app.poolId,
        Domain,
        ...(Domain.includes('.') && {
          CustomDomainConfig: { CertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/x' },
        }),
      }),
    )
  const { search } = authorizeUrl(app)
  for (const host of ['login.auth.id.example.com', 'LOGIN.auth.id.example.com:8443', 'auth.example.org']) {
    expect([host, await ask(host, `/oauth2/authorize${search}`)]).toMatchObject([
      host,
      { status: 302, location: `/login${search}` },
    ])
    expect((await ask(host, `/login${search}`)).text).toContain('action="/login?')
  }
  for (const host of ['other.auth.id.example.com', 'login', 'auth.id.example.com', 'x.login.auth.id.example.com'])
    expect([host, (await ask(host, `/login${search}`)).status]).toEqual([host, 404])
  const { text } = await ask('auth.example.org', '/.well-known/openid-configuration')
  const { port } = new URL(server.url)
  expect(JSON.parse(text)).toMatchObject({
    issuer: app.base,
    authorization_endpoint: `http://auth.example.org:${port}/oauth2/authorize`,
    jwks_uri: `${app.base}/.well-known/jwks.json`,
  })
  expect(await (await fetch(`${app.base}/.well-known/openid-configuration`)).json()).toEqual(JSON.parse(text))
  const other = await makeApp(server)
  const foreign = await ask('auth.example.org', `/oauth2/authorize${authorizeUrl(other).search}`)
  expect(foreign.location).toMatch(/^\/error\?error=invalid_client/)
})
