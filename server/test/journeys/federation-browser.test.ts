// Users who come from identity providers, in a real browser: over TLS, as the answer that a provider posts is a request of
// another site, which only brings the cookie of the round trip when that is Secure and SameSite=None.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { providerEndpoints } from '../../src/effects/provider-endpoints.ts'
import { type RunningServer, start } from '../../src/server.ts'
import { openBrowser } from '../browser.ts'
import { makeFederatedApp, ownProvider, samlProvider } from '../federated-app.ts'
import type { TestServer } from '../harness.ts'
import { type App, authorizeUrl, CALLBACK } from '../oauth.ts'
import { CLIENT, formOf, useOpenIdProvider } from '../openid-providers.ts'

const endpoints = { ...providerEndpoints }
const upstream = useOpenIdProvider({
  routes: { authorization: '/auth/authorize', token: '/auth/token' },
  scopes: ['openid', 'email', 'name', 'profile'],
})
let folder: string
let server: RunningServer
let browser: Browser
let app: App
let context: BrowserContext
let page: Page

beforeAll(async () => {
  endpoints.apple = upstream.url
  // Apple's clients send a signed token for a secret; the provider that stands in knows one.
  upstream.respond = async (request, response) => {
    if (request.url !== '/auth/token') return false
    const form = await formOf(request)
    form.set('client_secret', CLIENT.client_secret)
    Object.assign(request, { body: Object.fromEntries(form) })
    upstream.provider.callback()(request, response)
    return true
  }
  folder = await mkdtemp(join(tmpdir(), 'cognomen-federation-'))
  server = await start({
    env: { TLS_LOCAL: '1', DATA_DIR: folder, HOST: 'localhost' },
    effects: { providerEndpoints: endpoints },
  })
  const admin = new CognitoIdentityProviderClient({
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    // Node.js reads NODE_EXTRA_CA_CERTS at its start alone.
    requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ rejectUnauthorized: false }) }),
  })
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  app = await makeFederatedApp({ admin, publicUrl: server.url } as TestServer, {
    providers: [
      ownProvider(upstream.url),
      samlProvider('North', ['north.example']),
      samlProvider('South', ['south.example']),
      {
        ProviderName: 'SignInWithApple',
        ProviderType: 'SignInWithApple',
        ProviderDetails: {
          client_id: CLIENT.client_id,
          team_id: 'TEAM',
          key_id: 'KEY',
          private_key: key.export({ format: 'pem', type: 'pkcs8' }) as string,
          authorize_scopes: 'openid email name',
        },
      },
    ],
  })
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await rm(folder, { recursive: true })
})

beforeEach(async () => {
  context = await browser.newContext({ ignoreHTTPSErrors: true })
  page = await context.newPage()
})

/** What the application, which is not there, is answered after `step`: go on with a new page, as this one shows an error. */
async function answered(step: () => Promise<unknown>): Promise<URLSearchParams> {
  const asked = page.waitForRequest((request) => request.url().startsWith(CALLBACK))
  const [request] = await Promise.all([asked, step().catch(() => undefined)])
  return new URL(request.url()).searchParams
}

it('a link on the sign-in page leads to the provider and back to the application, and the session stays', async () => {
  await page.goto(authorizeUrl(app, { state: 's' }).href)
  const first = await answered(() => page.click('text=Continue with Own'))
  expect(first.get('code')).toBeTruthy()
  page = await context.newPage()
  const again = await answered(() => page.goto(authorizeUrl(app, { prompt: 'none' }).href))
  expect(again.get('code')).toBeTruthy()
})

it('an answer that a provider of another site posts signs in', async () => {
  page = await context.newPage()
  await page.goto(authorizeUrl(app, { state: 's' }).href)
  const parameters = await answered(() => page.click('text=Continue with Apple'))
  expect([parameters.get('error_description'), parameters.get('state')]).toEqual([null, 's'])
  expect(parameters.get('code')).toBeTruthy()
})

it('an e-mail address leads on to the provider of its domain by itself', async () => {
  page = await context.newPage()
  await page.goto(authorizeUrl(app).href)
  await page.fill('input[name="idp_email"]', 'ada@south.example')
  const next = page.waitForRequest((request) => request.url().includes('idp_identifier=south.example'))
  await page.press('input[name="idp_email"]', 'Enter')
  expect(new URL((await next).url()).pathname).toBe(`/${app.poolId}/oauth2/authorize`)
})
