// Apps in a browser, on pages of another origin: what a preflight must allow, what scripts may read of an answer, and
// amazon-cognito-identity-js as a page loads it.
import { createReadStream } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../server/test/browser.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool, newestCode, type PoolAndClient } from './user-pool.ts'

const bundle = resolve(
  dirname(createRequire(import.meta.url).resolve('amazon-cognito-identity-js')),
  '../dist/amazon-cognito-identity.min.js',
)
const PASSWORD = 'First.Passw0rd'

let server: StartedServer
let pool: PoolAndClient
let pages: Server
let browser: Browser
let page: Page

beforeAll(async () => {
  server = await startServer()
  const admin = adminClient(server)
  pool = await makePool(admin)
  admin.destroy()
  pages = createServer((request, response) => {
    if (request.url === '/client.js')
      createReadStream(bundle).pipe(response.setHeader('content-type', 'text/javascript'))
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><title>App</title><script src="client.js"></script>')
  })
  await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done))
  browser = await openBrowser()
  page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`)
})

afterAll(async () => {
  await browser?.close()
  pages?.close()
  await server?.stop()
})

/** A call as Amplify's fetch makes it, and what a script sees of the answer. */
function call(operation: string, body: unknown) {
  return page.evaluate(
    async ({ url, operation, body }) => {
      const response = await fetch(url, {
        method: 'POST',
        mode: 'cors',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
          'cache-control': 'no-store',
          'x-amz-user-agent': 'aws-amplify/6.22.1 auth/1 framework/0',
          'amz-sdk-invocation-id': crypto.randomUUID(),
          'amz-sdk-request': 'attempt=1; max=4',
        },
        body: JSON.stringify(body),
      })
      const header = (name: string) => response.headers.get(name)
      return {
        status: response.status,
        requestId: header('x-amzn-requestid'),
        errorType: header('x-amzn-errortype'),
        errorMessage: header('x-amzn-errormessage'),
        body: await response.json(),
      }
    },
    { url: server.url, operation, body },
  )
}

test('a page of another origin may call, and may read the request id and the error', async () => {
  const refused = await call('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: pool.clientId,
    AuthParameters: { USERNAME: 'nobody', PASSWORD },
  })
  expect(refused).toEqual({
    status: 400,
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    errorType: 'UserNotFoundException:',
    errorMessage: 'User does not exist.',
    body: { __type: 'UserNotFoundException', message: 'User does not exist.' },
  })
  const taken = await call('SignUp', {
    ClientId: pool.clientId,
    Username: 'grace',
    Password: PASSWORD,
    UserAttributes: [{ Name: 'email', Value: 'grace@example.com' }],
  })
  expect(taken).toMatchObject({ status: 200, errorType: null, requestId: expect.any(String) })
})

test('errors of the protocol can be read as well', async () => {
  expect(await call('NoSuchOperation', {})).toMatchObject({ status: 400, errorType: 'UnknownOperationException:' })
  expect(await call('ListUsers', { UserPoolId: pool.poolId })).toMatchObject({
    errorType: 'MissingAuthenticationTokenException:',
  })
})

test('amazon-cognito-identity-js signs a user up and in from a page', async () => {
  const ids = { UserPoolId: pool.poolId, ClientId: pool.clientId, endpoint: server.url }
  await page.evaluate(
    ({ ids, password }) =>
      new Promise((resolve, reject) => {
        const { CognitoUserPool, CognitoUserAttribute } = (globalThis as never as { AmazonCognitoIdentity: Library })
          .AmazonCognitoIdentity
        const email = new CognitoUserAttribute({ Name: 'email', Value: 'ada@example.com' })
        new CognitoUserPool(ids).signUp('ada', password, [email], [], (error, result) =>
          error ? reject(error) : resolve(result?.userSub),
        )
      }),
    { ids, password: PASSWORD },
  )
  const code = await newestCode(server, 'ada@example.com')
  const claims = await page.evaluate(
    ({ ids, code, password }) =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        const { AuthenticationDetails, CognitoUser, CognitoUserPool } = (
          globalThis as never as { AmazonCognitoIdentity: Library }
        ).AmazonCognitoIdentity
        const user = new CognitoUser({ Username: 'ada', Pool: new CognitoUserPool(ids) })
        user.confirmRegistration(code, true, (failed) => {
          if (failed) return reject(failed)
          user.authenticateUser(new AuthenticationDetails({ Username: 'ada', Password: password }), {
            onFailure: reject,
            onSuccess: (session) => resolve(session.getIdToken().payload),
          })
        })
      }),
    { ids, code, password: PASSWORD },
  )
  expect(claims).toMatchObject({ email: 'ada@example.com', email_verified: true, aud: pool.clientId })
})

test('a page of another origin cannot read the messages that were kept', async () => {
  const read = page.evaluate(async (url) => (await fetch(url)).text(), `${server.url}/outbox.json`)
  await expect(read).rejects.toThrow('Failed to fetch')
})

type Library = typeof import('amazon-cognito-identity-js')
