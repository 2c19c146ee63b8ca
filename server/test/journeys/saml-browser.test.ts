// SAML in a real browser, over TLS: the response is a form that another site posts, and so is the provider's request for a
// logout, to which browsers do not send the session's cookie.
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningServer, start } from '../../src/server.ts'
import { openBrowser } from '../browser.ts'
import { makeFederatedApp } from '../federated-app.ts'
import type { TestServer } from '../harness.ts'
import { useLoopbackServer } from '../loopback-server.ts'
import { type App, authorizeUrl, CALLBACK } from '../oauth.ts'
import { answerFor, byAssertion, consumerOf, readRequest, samlProvider } from '../saml-app.ts'
import { base64, ENTITY_ID, metadata, nameId, signed } from '../saml-provider.ts'

let folder: string
let server: RunningServer
let browser: Browser
let app: App
let context: BrowserContext
let page: Page

const form = (to: string, fields: Record<string, string>): string =>
  `<!doctype html><form method="post" action="${to}">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
    .join('')}</form><script>document.forms[0].submit()</script>`

/** The provider, on another site: it signs everybody in, and `/leave` asks for a logout. */
const idp = useLoopbackServer((request, response) => {
  const url = new URL(request.url ?? '', origin())
  response.setHeader('content-type', 'text/html')
  void pageOf(url).then((text) => response.end(text))
})
const origin = (): string => `http://127.0.0.1:${idp.port}`

async function pageOf(url: URL): Promise<string> {
  if (url.pathname === '/sso') {
    const asked = readRequest(url)
    const xml = await answerFor(app, asked, byAssertion)
    return form(consumerOf(app), { SAMLResponse: base64(xml), RelayState: asked.relayState })
  }
  if (url.pathname !== '/leave') return 'signed out'
  const to = `${app.base}/saml2/logout`
  const xml = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_leave" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${to}"><saml:Issuer>${ENTITY_ID}</saml:Issuer>${nameId('ada')}</samlp:LogoutRequest>`
  return form(to, { SAMLRequest: base64(await signed(xml, '_leave')), RelayState: 'theirs' })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognomen-saml-'))
  server = await start({ env: { TLS_LOCAL: '1', DATA_DIR: folder, HOST: 'localhost' } })
  const admin = new CognitoIdentityProviderClient({
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    // Node.js reads NODE_EXTRA_CA_CERTS at its start alone.
    requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ rejectUnauthorized: false }) }),
  })
  const MetadataFile = metadata({
    endpoints: `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${origin()}/slo"/>`,
  }).replace('https://idp.example.com/sso', `${origin()}/sso`)
  app = await makeFederatedApp({ admin, publicUrl: server.url, clock: { now: Date.now } } as unknown as TestServer, {
    providers: [samlProvider({ MetadataFile, IDPSignout: 'true' })],
  })
  browser = await openBrowser()
  context = await browser.newContext({ ignoreHTTPSErrors: true })
  page = await context.newPage()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await server?.stop()
  await rm(folder, { recursive: true })
})

/** What the application, which is not there, is answered after `step`: go on with a new page, as this one shows an error. */
async function answered(step: () => Promise<unknown>): Promise<URLSearchParams> {
  const asked = page.waitForRequest((request) => request.url().startsWith(CALLBACK))
  const [request] = await Promise.all([asked, step().catch(() => undefined)])
  return new URL(request.url()).searchParams
}

const open = async (parameters: Record<string, string> = {}) => {
  page = await context.newPage()
  return answered(() => page.goto(authorizeUrl(app, { identity_provider: 'Corp', ...parameters }).href))
}

it('a response that the provider posts signs in, and its request for a logout signs out', async () => {
  const first = await open({ state: 's' })
  expect([first.get('error_description'), first.get('state')]).toEqual([null, 's'])
  expect(first.get('code')).toBeTruthy()
  expect((await open({ prompt: 'none' })).get('code')).toBeTruthy()
  page = await context.newPage()
  const left = page.waitForURL(`${origin()}/slo?**`)
  // The page goes on by itself, maybe before it has loaded.
  await Promise.all([left, page.goto(`${origin()}/leave`, { waitUntil: 'commit' })])
  expect(new URL(page.url()).searchParams.get('RelayState')).toBe('theirs')
  expect((await open({ prompt: 'none' })).get('error')).toBe('login_required')
})
