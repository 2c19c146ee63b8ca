// signInWithRedirect of aws-amplify, unchanged, in a real browser: over TLS, with the host and path of a pool as `oauth.domain`.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningServer, start } from '../../src/server.ts'
import { bundleOfAmplify } from '../amplify-bundle.ts'
import { openBrowser } from '../browser.ts'
import { PASSWORD } from '../oauth.ts'

let folder: string
let server: RunningServer
let app: Server
let browser: Browser
let page: Page
let origin: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognomen-amplify-'))
  server = await start({ env: { TLS_LOCAL: '1', DATA_DIR: folder, HOST: 'localhost' } })
  const script = await bundleOfAmplify()
  let configuration = {}
  app = createServer((request, response) => {
    if (request.url === '/amplify.js') response.setHeader('content-type', 'text/javascript').end(script)
    else
      response
        .setHeader('content-type', 'text/html')
        .end(
          `<!doctype html><meta charset="utf-8"><title>App</title><script src="/amplify.js"></script><script>amplify.Amplify.configure(${JSON.stringify(configuration)})</script>`,
        )
  })
  await new Promise<void>((done) => app.listen(0, '127.0.0.1', done))
  origin = `http://localhost:${(app.address() as AddressInfo).port}/`
  // Node.js reads NODE_EXTRA_CA_CERTS at its start alone.
  const { Agent } = await import('node:https')
  const admin = new CognitoIdentityProviderClient({
    endpoint: server.url,
    region: server.region,
    credentials: server.credentials,
    requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ rejectUnauthorized: false }) }),
  })
  const UserPoolId = (await admin.send(new CreateUserPoolCommand({ PoolName: 'amplify' }))).UserPool?.Id as string
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'app',
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
      CallbackURLs: [origin],
      LogoutURLs: [origin],
      SupportedIdentityProviders: ['COGNITO'],
    }),
  )
  await admin.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ann', MessageAction: 'SUPPRESS' }))
  await admin.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ann', Password: PASSWORD, Permanent: true }),
  )
  configuration = {
    Auth: {
      Cognito: {
        userPoolId: UserPoolId,
        userPoolClientId: UserPoolClient?.ClientId,
        userPoolEndpoint: server.url,
        loginWith: {
          oauth: {
            domain: `${new URL(server.url).host}/${UserPoolId}`,
            scopes: ['openid', 'email', 'aws.cognito.signin.user.admin'],
            redirectSignIn: [origin],
            redirectSignOut: [origin],
            responseType: 'code',
          },
        },
      },
    },
  }
  browser = await openBrowser()
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  page = await context.newPage()
  await page.goto(origin)
}, 120_000)
afterAll(async () => {
  await browser?.close()
  app?.close()
  await server?.stop()
  await rm(folder, { recursive: true })
})

interface Amplify {
  signInWithRedirect(input?: unknown): Promise<void>
  getCurrentUser(): Promise<{ username: string }>
  fetchAuthSession(options?: unknown): Promise<{ tokens?: { idToken?: { payload: Record<string, unknown> } } }>
  signOut(): Promise<void>
}
declare const amplify: Amplify

it("signs in by the pool's page, refreshes, and signs out", async () => {
  await page.evaluate(() => void setTimeout(() => amplify.signInWithRedirect(), 0))
  await page.waitForURL(/\/login\?/)
  await page.fill('input[name="username"]', 'ann')
  await page.fill('input[name="password"]', PASSWORD)
  await page.click('button[type="submit"]')
  await page.waitForURL((url) => url.origin === new URL(origin).origin)
  await page.waitForFunction(() => amplify.getCurrentUser().catch(() => false))
  expect(await page.evaluate(() => amplify.getCurrentUser())).toMatchObject({ username: 'ann' })
  const issuer = await page.evaluate(
    async () => (await amplify.fetchAuthSession({ forceRefresh: true })).tokens?.idToken?.payload['iss'],
  )
  expect(issuer).toMatch(new RegExp(`^${server.url}/`))
  await Promise.all([
    page.waitForResponse((response) => response.url().includes('/logout?')),
    page.waitForEvent('load'),
    page.evaluate(() => void setTimeout(() => amplify.signOut(), 0)),
  ])
  await page.waitForFunction(() =>
    amplify.getCurrentUser().then(
      () => false,
      () => true,
    ),
  )
  await page.evaluate(() => void setTimeout(() => amplify.signInWithRedirect(), 0))
  await page.waitForURL(/\/login\?/)
}, 60_000)
