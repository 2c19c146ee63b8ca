// Browsers read every answer, the refusals too (docs/reference/user-pools.md 1.1): any origin, any header that an SDK
// sends, and the headers by which clients know errors. The last test asks a real browser.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cognitoIdpOperations } from '../../src/cognito-idp/operations.ts'
import { cognitoIdpModel } from '../../src/contract/cognito-idp.model.ts'
import { openBrowser } from '../browser.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import { type Answer, apiHeaders, call, type Headers, type RawRequest, sendRaw, signed } from './raw-request.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server?.stop())

/** What SDKs in browsers send, Amplify and the signing ones. */
const SENT = [
  'authorization',
  'content-type',
  'cache-control',
  'x-amz-target',
  'x-amz-user-agent',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'amz-sdk-request',
  'amz-sdk-invocation-id',
]
const EXPOSED = ['x-amzn-requestid', 'x-amzn-errortype', 'x-amzn-errormessage', 'date', 'retry-after']

const listed = (answer: Answer, header: string): string[] =>
  String(answer.headers[header] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())

const ask = (more: Headers, path = '/'): Promise<Answer> => {
  const host = new URL(server.url).host
  const headers: Headers = [['host', host], ['origin', 'https://app.example.com'], ...more]
  return sendRaw(server, { method: 'OPTIONS', path, headers, body: '' })
}

function expectReadable(answer: Answer): void {
  expect(answer.headers['access-control-allow-origin']).toBe('*')
  expect(listed(answer, 'access-control-expose-headers')).toEqual(expect.arrayContaining(EXPOSED))
  // With any origin, nothing may ride on what the browser holds.
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  expect(answer.headers['set-cookie']).toBeUndefined()
}

describe('a preflight', () => {
  test.each([
    ['of all that SDKs send', [['access-control-request-headers', SENT.join(',')] as const]],
    ['in capitals and with blanks', [['access-control-request-headers', SENT.join(', ').toUpperCase()] as const]],
    ['that asks about no header', []],
    ['that asks about nonsense', [['access-control-request-headers', '<script>;"'] as const]],
    ['that asks about very much', [['access-control-request-headers', 'x'.repeat(8000)] as const]],
  ])('%s is allowed', async (_, headers) => {
    const answer = await ask([['access-control-request-method', 'POST'], ...headers])
    expect(answer.status).toBe(200)
    expect(answer.text).toBe('')
    expectReadable(answer)
    expect(listed(answer, 'access-control-allow-methods')).toEqual(expect.arrayContaining(['post', 'options']))
    expect(listed(answer, 'access-control-allow-headers')).toEqual(expect.arrayContaining(SENT))
    expect(Number(answer.headers['access-control-max-age'])).toBeGreaterThanOrEqual(600)
  })

  test('repeats nothing but names of headers', async () => {
    for (const asked of ['<script>', 'a;b', 'x'.repeat(8000)]) {
      const answer = await ask([['access-control-request-headers', asked]])
      expect(answer.headers['access-control-allow-headers']).not.toContain(asked)
    }
  })

  test('is allowed for the methods and paths of Cognito Sync', async () => {
    const path = '/identitypools/us-east-1:00000000-0000-4000-8000-000000000000/identities/x/datasets/y'
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const answer = await ask([['access-control-request-method', method]], path)
      expect(answer.status).toBe(200)
      expectReadable(answer)
      expect(listed(answer, 'access-control-allow-methods')).toContain(method.toLowerCase())
    }
  })
})

const written = new Set(cognitoIdpOperations.map(({ name }) => name))
const notWritten = Object.entries(cognitoIdpModel.operations)
  .filter(([name, { caller }]) => caller !== 'signed' && !written.has(name))
  .map(([name]) => name)

const plain = (operation: string, body: string): RawRequest => ({ headers: apiHeaders(server, operation), body })

describe('an answer', () => {
  const refusals: [what: string, status: number, error: string, request: () => RawRequest][] = [
    ['that refuses a token', 400, 'NotAuthorizedException', () => plain('GetUser', '{"AccessToken":"x"}')],
    [
      'to an unknown client',
      400,
      'ResourceNotFoundException',
      () => plain('SignUp', '{"ClientId":"x","Username":"x","Password":"Passw0rd!"}'),
    ],
    ['to a broken constraint', 400, 'InvalidParameterException', () => plain('GetUser', '{}')],
    ['to malformed JSON', 400, 'SerializationException', () => plain('GetUser', '{')],
    ['to an unknown operation', 400, 'UnknownOperationException', () => plain('Nonsense', '{}')],
    [
      'to no operation',
      400,
      'UnknownOperationException',
      () => ({ headers: apiHeaders(server, '').slice(0, 2), body: '' }),
    ],
    ['to a missing signature', 400, 'MissingAuthenticationTokenException', () => plain('ListUserPools', '{}')],
    [
      'to a wrong signature',
      400,
      'InvalidSignatureException',
      () => {
        const request = plain('ListUserPools', '{"MaxResults":1}')
        return { ...request, headers: signed(server, request, { region: 'eu-west-1' }) }
      },
    ],
    [
      'to a body that is too large',
      413,
      'InvalidParameterException',
      () => plain('GetUser', 'x'.repeat(1024 * 1024 + 1)),
    ],
    ['to another method', 400, 'UnknownOperationException', () => ({ ...plain('GetUser', ''), method: 'GET' })],
  ]

  test.each(refusals)('%s can be read', async (_, status, error, request) => {
    const { headers, body, ...rest } = request()
    const answer = await sendRaw(server, {
      ...rest,
      headers: [...headers, ['origin', 'https://app.example.com']],
      body,
    })
    expect([answer.status, answer.json.__type]).toEqual([status, error])
    expectReadable(answer)
    expect(answer.headers['x-amzn-errortype']).toBe(`${error}:`)
    expect(answer.headers['x-amzn-errormessage']).toBe(answer.json.message?.slice(0, 1024).trim())
    expect(answer.headers['content-type']).toBe('application/x-amz-json-1.1')
  })

  test.runIf(notWritten.length > 0)('to what is not implemented can be read', async () => {
    const answer = await call(server, notWritten[0] as string, {})
    expect([answer.status, answer.json.__type]).toEqual([501, 'NotImplementedException'])
    expectReadable(answer)
  })

  test('that is good can be read', async () => {
    const answer = await call(server, 'ListUserPools', { MaxResults: 1 }, { sign: true })
    expect(answer.status).toBe(200)
    expectReadable(answer)
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers['x-amzn-errortype']).toBeUndefined()
  })
})

test('a browser on another origin reads what is refused', async () => {
  const other = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<title>App</title>'))
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const browser = await openBrowser()
  try {
    const tab = await browser.newPage()
    await tab.goto(`http://localhost:${(other.address() as AddressInfo).port}/`)
    const bodies = ['{"AccessToken":"x"}', '{', 'x'.repeat(1024 * 1024 + 1)]
    const read = await tab.evaluate(
      async ({ url, requests }) => {
        const answers: unknown[] = []
        for (const body of requests) {
          const response = await fetch(url, {
            method: 'POST',
            headers: {
              'content-type': 'application/x-amz-json-1.1',
              'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
              'x-amz-user-agent': 'aws-amplify/6',
              'amz-sdk-request': 'attempt=1; max=3',
              'amz-sdk-invocation-id': '00000000-0000-4000-8000-000000000000',
              'cache-control': 'no-store',
            },
            body,
          })
          answers.push([response.status, response.headers.get('x-amzn-errortype'), (await response.json()).__type])
        }
        return answers
      },
      { url: `${server.url}/`, requests: bodies },
    )
    expect(read).toEqual([
      [400, 'NotAuthorizedException:', 'NotAuthorizedException'],
      [400, 'SerializationException:', 'SerializationException'],
      [413, 'InvalidParameterException:', 'InvalidParameterException'],
    ])
  } finally {
    await browser.close()
    other.close()
  }
})
