// Who signs nothing, or signs wrongly, administers nothing: exact codes and texts of
// docs/reference/identity-pools-sts-iam-sync.md 14.3. What is not signed at all is in unsigned.test.ts.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatBasicIso } from '../../src/sigv4/date.ts'
import { makeClient, makePool, makeUser, startTestServer, type TestServer } from '../harness.ts'
import {
  apiHeaders,
  call,
  type Headers,
  outcome,
  presigned,
  type RawRequest,
  replaced,
  sendRaw,
  signed,
  without,
} from './raw-request.ts'

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const UNKNOWN_KEY = 'The security token included in the request is invalid.'
const MISSING = { status: 400, error: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }

let server: TestServer
let poolId: string
let clientId: string
beforeAll(async () => {
  server = await startTestServer()
  poolId = (await makePool(server)).Id
  clientId = (await makeClient(server, poolId)).ClientId
  await makeUser(server, poolId, 'ann')
  // The texts of time quote it.
  server.clock.freeze()
})
afterAll(() => server?.stop())

/** Operations of every kind of effect, each with an input that would work. */
const sample: Record<string, () => object> = {
  ListUserPools: () => ({ MaxResults: 1 }),
  DescribeUserPool: () => ({ UserPoolId: poolId }),
  AdminCreateUser: () => ({ UserPoolId: poolId, Username: `u${Math.random()}`, MessageAction: 'SUPPRESS' }),
  AdminDeleteUser: () => ({ UserPoolId: poolId, Username: 'ann' }),
  UpdateUserPoolClient: () => ({ UserPoolId: poolId, ClientId: clientId }),
}

interface Wrong {
  name: string
  error: string
  message: string | (() => string)
  request(good: RawRequest): RawRequest
}

const changedHeaders =
  (change: (headers: Headers) => Headers) =>
  (good: RawRequest): RawRequest => ({
    ...good,
    headers: change(good.headers),
  })
const signedAs =
  (choices: Parameters<typeof signed>[2] | (() => Parameters<typeof signed>[2])) =>
  (good: RawRequest): RawRequest => ({
    ...good,
    headers: signed(server, unsigned(good), typeof choices === 'function' ? choices() : choices),
  })
const unsigned = (good: RawRequest): RawRequest => ({
  ...good,
  headers: without(without(good.headers, 'authorization'), 'x-amz-date'),
})
const iso = (offsetSeconds: number): string => formatBasicIso(server.clock.now() + offsetSeconds * 1000)
const admin = () => server.credentials
const invalid = 'InvalidSignatureException'
const incomplete = 'IncompleteSignatureException'
const authorization = ({ headers }: RawRequest): string => headers.find(([name]) => name === 'authorization')?.[1] ?? ''

const wrong: Wrong[] = [
  { name: 'no signature', ...MISSING, request: unsigned },
  {
    name: 'a date alone',
    ...MISSING,
    request: changedHeaders((headers) => without(headers, 'authorization')),
  },
  {
    name: 'a wrong secret',
    error: invalid,
    message: MISMATCH,
    request: signedAs(() => ({ credentials: { ...admin(), secretAccessKey: 'another-secret-key' } })),
  },
  {
    name: 'the secret in another case',
    error: invalid,
    message: MISMATCH,
    request: signedAs(() => ({ credentials: { ...admin(), secretAccessKey: admin().secretAccessKey.toUpperCase() } })),
  },
  {
    name: 'an empty secret',
    error: invalid,
    message: MISMATCH,
    request: signedAs(() => ({ credentials: { ...admin(), secretAccessKey: '' } })),
  },
  ...['AKIANOBODYNOBODYNOBO', 'akiatesttesttesttest', '__proto__', 'AKIATESTTESTTESTTES'].map((accessKeyId) => ({
    name: `the unknown key ${accessKeyId}`,
    error: 'UnrecognizedClientException',
    message: UNKNOWN_KEY,
    request: signedAs(() => ({ credentials: { ...admin(), accessKeyId } })),
  })),
  {
    name: 'a session token with a long-term key',
    error: 'UnrecognizedClientException',
    message: UNKNOWN_KEY,
    request: signedAs(() => ({ credentials: { ...admin(), sessionToken: 'made-up' } })),
  },
  {
    name: 'an empty session token with a long-term key',
    error: 'UnrecognizedClientException',
    message: UNKNOWN_KEY,
    request: signedAs(() => ({ credentials: { ...admin(), sessionToken: '' } })),
  },
  {
    name: 'a date 301 seconds ago',
    error: invalid,
    message: () => `Signature expired: ${iso(-301)} is now earlier than ${iso(-300)} (${iso(0)} - 5 min.)`,
    request: signedAs(() => ({ at: server.clock.now() - 301_000 })),
  },
  {
    name: 'a date 301 seconds ahead',
    error: invalid,
    message: () => `Signature not yet current: ${iso(301)} is still later than ${iso(300)} (${iso(0)} + 5 min.)`,
    request: signedAs(() => ({ at: server.clock.now() + 301_000 })),
  },
  {
    name: 'a date of last year',
    error: invalid,
    message: () => `Signature expired: ${iso(-366 * 86_400)} is now earlier than ${iso(-300)} (${iso(0)} - 5 min.)`,
    request: signedAs(() => ({ at: server.clock.now() - 366 * 86_400_000 })),
  },
  {
    name: 'another region',
    error: invalid,
    message: "Credential should be scoped to a valid region, not 'eu-west-1'. ",
    request: signedAs({ region: 'eu-west-1' }),
  },
  {
    name: 'another service',
    error: invalid,
    message: "Credential should be scoped to correct service: 'cognito-idp'. ",
    request: signedAs({ service: 'cognito-identity' }),
  },
  {
    name: 'another body',
    error: invalid,
    message: MISMATCH,
    request: (good) => ({ ...good, body: `${good.body} ` }),
  },
  { name: 'no body', error: invalid, message: MISMATCH, request: (good) => ({ ...good, body: '' }) },
  {
    name: 'another host',
    error: invalid,
    message: MISMATCH,
    request: changedHeaders((headers) => replaced(headers, 'host', () => 'cognito-idp.example.com')),
  },
  {
    name: 'another content type',
    error: invalid,
    message: MISMATCH,
    request: changedHeaders((headers) => replaced(headers, 'content-type', () => 'application/json')),
  },
  {
    name: 'a later date beside the signature',
    error: invalid,
    message: MISMATCH,
    request: changedHeaders((headers) => replaced(headers, 'x-amz-date', () => iso(1))),
  },
  {
    name: 'an unsigned X-Amz-Target',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const target = good.headers.filter(([name]) => name === 'x-amz-target')
      const rest = { ...good, headers: without(unsigned(good).headers, 'x-amz-target') }
      return { ...good, headers: [...signed(server, rest), ...target] }
    },
  },
  {
    name: 'a declared hash of another body',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const hash = createHash('sha256').update('another').digest('hex')
      const headers: Headers = [...unsigned(good).headers, ['x-amz-content-sha256', hash]]
      return { ...good, headers: signed(server, { ...good, headers }) }
    },
  },
  {
    name: 'an unsigned body',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const headers: Headers = [...unsigned(good).headers, ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD']]
      return { ...good, headers: signed(server, { ...good, headers }) }
    },
  },
  {
    name: 'a signature cut short',
    error: invalid,
    message: MISMATCH,
    request: changedHeaders((headers) => replaced(headers, 'authorization', (value) => value.slice(0, -1))),
  },
  {
    name: 'a signature in capitals',
    error: invalid,
    message: MISMATCH,
    request: changedHeaders((headers) =>
      replaced(headers, 'authorization', (value) => value.replace(/\w+$/, (hex) => `A${hex.slice(1).toUpperCase()}`)),
    ),
  },
  {
    name: 'an empty signature',
    error: incomplete,
    message: '',
    request: changedHeaders((headers) => replaced(headers, 'authorization', (value) => value.replace(/\w+$/, ''))),
  },
  {
    name: 'another algorithm',
    error: incomplete,
    message: "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
    request: changedHeaders((headers) =>
      replaced(headers, 'authorization', (value) => value.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')),
    ),
  },
  {
    name: 'another end of the scope',
    error: invalid,
    message: "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3_request'. ",
    request: changedHeaders((headers) =>
      replaced(headers, 'authorization', (value) => value.replace('aws4_request', 'aws3_request')),
    ),
  },
  {
    name: 'another date in the scope',
    error: invalid,
    message: () =>
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101' != '${iso(0).slice(0, 8)}', from '${iso(0)}'.`,
    request: changedHeaders((headers) =>
      replaced(headers, 'authorization', (value) => value.replace(/\/\d{8}\//, '/20200101/')),
    ),
  },
  {
    name: 'no date',
    error: incomplete,
    message: '',
    request: changedHeaders((headers) => without(headers, 'x-amz-date')),
  },
  {
    name: "a user's token in place of a signature",
    error: incomplete,
    message: "'eyJ' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer eyJ'.",
    request: changedHeaders((headers) => replaced(headers, 'authorization', () => 'Bearer eyJ')),
  },
  {
    name: 'two signatures',
    error: incomplete,
    message: "The request has more than one 'authorization'.",
    request: changedHeaders((headers) => [...headers, ...headers.filter(([name]) => name === 'authorization')]),
  },
  {
    name: 'two dates',
    error: incomplete,
    message: "The request has more than one 'x-amz-date'.",
    request: changedHeaders((headers) => [...headers, ['X-Amz-Date', iso(0)]]),
  },
  {
    name: 'a signature in the header and in the query',
    error: incomplete,
    message: 'A request is signed in its Authorization header or in its query string, not in both.',
    request: (good) => ({ ...good, path: presigned(server, good).path as string }),
  },
  {
    name: 'the query form, with another body',
    error: invalid,
    message: MISMATCH,
    request: (good) => ({ ...presigned(server, unsigned(good)), body: `${good.body} ` }),
  },
  {
    name: 'the query form, prolonged',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const request = presigned(server, unsigned(good))
      return { ...request, path: request.path?.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000') as string }
    },
  },
  {
    name: 'the query form, with another parameter',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const request = presigned(server, unsigned(good))
      return { ...request, path: `${request.path}&a=b` }
    },
  },
  {
    name: 'the query form, past its time',
    error: invalid,
    message: () => `Signature expired: ${iso(-61)} is now earlier than ${iso(-60)} (${iso(0)} - 1 min.)`,
    request: (good) => presigned(server, unsigned(good), -61),
  },
  {
    name: 'the query form, in part',
    error: incomplete,
    message:
      "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-SignedHeaders', 'X-Amz-Date', 'X-Amz-Expires'. Re-examine the query-string parameters.",
    request: (good) => ({ ...unsigned(good), path: '/?X-Amz-Signature=abc' }),
  },
]

function goodRequest(operation: string): RawRequest {
  const request = { headers: apiHeaders(server, operation), body: JSON.stringify(sample[operation]?.()) }
  return { ...request, headers: signed(server, request) }
}

describe.each(Object.keys(sample))('%s', (operation) => {
  test('refuses every wrong signature with its own text', async () => {
    const answers: object[] = []
    const expected: object[] = []
    for (const { name, error, message, request } of wrong) {
      const good = goodRequest(operation)
      const bad = request(good)
      answers.push({ name, ...outcome(await sendRaw(server, bad)) })
      const text =
        name === 'an empty signature'
          ? `Authorization header requires 'Signature' parameter. Authorization=${authorization(bad)}`
          : name === 'no date'
            ? `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${authorization(bad)}`
            : typeof message === 'function'
              ? message()
              : message
      expected.push({ name, status: 400, error, message: text })
    }
    expect(answers).toEqual(expected)
  })

  test.each([-299, 299])('takes a date %d seconds away', async (seconds) => {
    const request = { headers: apiHeaders(server, 'DescribeUserPool'), body: JSON.stringify({ UserPoolId: poolId }) }
    const headers = signed(server, request, { at: server.clock.now() + seconds * 1000 })
    expect((await sendRaw(server, { ...request, headers })).status).toBe(200)
  })
})

test('nothing was administered by any of these', async () => {
  const { json } = await call(server, 'ListUsers', { UserPoolId: poolId }, { sign: true })
  expect((json['Users'] as { Username: string }[]).map(({ Username }) => Username)).toEqual(['ann'])
})

test('a good signature works in the query as in the header', async () => {
  const good = goodRequest('DescribeUserPool')
  for (const request of [good, presigned(server, unsigned(good))])
    expect((await sendRaw(server, request)).json['UserPool']).toMatchObject({ Id: poolId })
})

test('another target under a good signature is refused: a reader of pools must not become a deleter', async () => {
  const good = goodRequest('DescribeUserPool')
  const target = 'AWSCognitoIdentityProviderService.DeleteUserPool'
  const answer = await sendRaw(server, { ...good, headers: replaced(good.headers, 'x-amz-target', () => target) })
  expect(outcome(answer)).toEqual({ status: 400, error: 'InvalidSignatureException', message: MISMATCH })
  expect((await sendRaw(server, goodRequest('DescribeUserPool'))).status).toBe(200)
})
