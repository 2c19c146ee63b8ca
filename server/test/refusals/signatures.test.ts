// Who signs nothing, or signs wrongly, administers nothing: exact codes and texts of identity-pools reference 14.3, and the
// unsigned call of every signed operation. Calls that need no signature are routed by what they name, never by one.

import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canonicalRequest, headersByName, stringToSign } from '../../src/authorization/sigv4-canonical.ts'
import { formatBasicIso } from '../../src/authorization/sigv4-date.ts'
import { deriveSigningKey } from '../../src/authorization/sigv4-signing-key.ts'
import { cognitoIdpOperations } from '../../src/cognito-idp/table.ts'
import { toText } from '../bad-input/json-tree.ts'
import { modelOf, plainInput } from '../bad-input/plain-input.ts'
import { makeClient, makePool, makeUser, PASSWORD, signIn, startTestServer, type TestServer } from '../harness.ts'
import { type Answer, apiHeaders, call, type Headers, type RawRequest, sendRaw, signed } from './raw-request.ts'

const operations = cognitoIdpOperations.map(({ name }) => name)
const signedOperations = operations.filter((name) => modelOf(name).caller === 'signed')
const openOperations = operations.filter((name) => modelOf(name).caller !== 'signed')

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

const outcome = ({ status, json }: Answer): object => ({ status, error: json.__type, message: json.message })
const without = (headers: Headers, name: string): Headers => headers.filter(([key]) => key.toLowerCase() !== name)
const replaced = (headers: Headers, name: string, change: (value: string) => string): Headers =>
  headers.map(([key, value]) => [key, key.toLowerCase() === name ? change(value) : value] as const)

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
    name: 'an unsigned content type',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const type = good.headers.filter(([name]) => name === 'content-type')
      const rest = { ...good, headers: without(unsigned(good).headers, 'content-type') }
      return { ...good, headers: [...signed(server, rest), ...type] }
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
    request: (good) => ({ ...good, path: presigned(good).path as string }),
  },
  {
    name: 'the query form, with another body',
    error: invalid,
    message: MISMATCH,
    request: (good) => ({ ...presigned(unsigned(good)), body: `${good.body} ` }),
  },
  {
    name: 'the query form, prolonged',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const request = presigned(unsigned(good))
      return { ...request, path: request.path?.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000') as string }
    },
  },
  {
    name: 'the query form, with another parameter',
    error: invalid,
    message: MISMATCH,
    request: (good) => {
      const request = presigned(unsigned(good))
      return { ...request, path: `${request.path}&a=b` }
    },
  },
  {
    name: 'the query form, past its time',
    error: invalid,
    message: () => `Signature expired: ${iso(-61)} is now earlier than ${iso(-60)} (${iso(0)} - 1 min.)`,
    request: (good) => presigned(unsigned(good), -61),
  },
  {
    name: 'the query form, in part',
    error: incomplete,
    message:
      "AWS query-string parameters must include 'X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-SignedHeaders', 'X-Amz-Date', 'X-Amz-Expires'. Re-examine the query-string parameters.",
    request: (good) => ({ ...unsigned(good), path: '/?X-Amz-Signature=abc' }),
  },
]

/** The query form of a signature (identity-pools reference 14.1), good for a minute. */
function presigned(request: RawRequest, offsetSeconds = 0): RawRequest {
  const date = iso(offsetSeconds)
  const scope = { date: date.slice(0, 8), region: server.region, service: 'cognito-idp' }
  const headers = headersByName(without(without(request.headers, 'authorization'), 'x-amz-date'))
  const signedHeaders = [...headers.keys()].sort()
  const { accessKeyId, secretAccessKey } = server.credentials
  const parameters = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accessKeyId}/${scope.date}/${scope.region}/${scope.service}/aws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': signedHeaders.join(';'),
  }
  const rawQuery = Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const hash = createHash('sha256').update(request.body).digest('hex')
  const canonical = canonicalRequest({ method: 'POST', rawPath: '/', rawQuery }, headers, signedHeaders, hash)
  const signature = createHmac('sha256', deriveSigningKey(secretAccessKey, scope))
    .update(stringToSign(date, scope, canonical))
    .digest('hex')
  return { ...request, path: `/?${rawQuery}&X-Amz-Signature=${signature}` }
}

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
  for (const request of [good, presigned(unsigned(good))])
    expect((await sendRaw(server, request)).json['UserPool']).toMatchObject({ Id: poolId })
})

test('another target under a good signature is refused: a reader of pools must not become a deleter', async () => {
  const good = goodRequest('DescribeUserPool')
  const target = 'AWSCognitoIdentityProviderService.DeleteUserPool'
  const answer = await sendRaw(server, { ...good, headers: replaced(good.headers, 'x-amz-target', () => target) })
  expect(outcome(answer)).toEqual({ status: 400, error: 'InvalidSignatureException', message: MISMATCH })
  expect((await sendRaw(server, goodRequest('DescribeUserPool'))).status).toBe(200)
})

const UNKNOWN_OPERATION = {
  status: 400,
  error: 'UnknownOperationException',
  message: expect.stringMatching(/^Unknown operation/),
}

test.each([
  ['twice', ['DescribeUserPool', 'DescribeUserPool']],
  ['twice, the second another one', ['DescribeUserPool', 'DeleteUserPool']],
  ['twice, the first another one', ['DeleteUserPool', 'DescribeUserPool']],
])('X-Amz-Target %s is no operation', async (_, names) => {
  const body = JSON.stringify({ UserPoolId: poolId })
  const targets = names.map((name) => ['X-Amz-Target', `AWSCognitoIdentityProviderService.${name}`] as const)
  const headers = [...without(apiHeaders(server, ''), 'x-amz-target'), ...targets]
  expect(outcome(await sendRaw(server, { headers: signed(server, { headers, body }), body }))).toEqual(
    UNKNOWN_OPERATION,
  )
})

test.each(
  [
    'AWSCognitoIdentityProviderService.describeUserPool',
    'AWSCognitoIdentityProviderService.DescribeUserPool,AWSCognitoIdentityProviderService.DeleteUserPool',
    'AWSCognitoIdentityProviderService.constructor',
    'AWSCognitoIdentityProviderService.__proto__',
    'AWSCognitoIdentityService.DescribeUserPool',
    'DescribeUserPool',
    '__proto__',
    '',
  ].filter((target) => target === target.trim()),
)('X-Amz-Target %j is no operation', async (target) => {
  const body = JSON.stringify({ UserPoolId: poolId })
  const headers = replaced(apiHeaders(server, ''), 'x-amz-target', () => target)
  expect(outcome(await sendRaw(server, { headers: signed(server, { headers, body }), body }))).toEqual(
    UNKNOWN_OPERATION,
  )
})

test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s is no way to call an operation', async (method) => {
  const body = JSON.stringify({ UserPoolId: poolId })
  const headers = apiHeaders(server, 'DescribeUserPool')
  const request = { method, headers, body }
  expect(outcome(await sendRaw(server, { ...request, headers: signed(server, request) }))).toEqual(UNKNOWN_OPERATION)
})

test.each(signedOperations)('%s needs a signature, whatever else it is given', async (operation) => {
  const { AccessToken } = await token()
  const good = toText(plainInput(operation), () => poolId)
  const members = { UserPoolId: poolId, ClientId: clientId, Username: 'ann', AccessToken }
  for (const body of [good, '', '{', JSON.stringify(members)])
    expect(outcome(await call(server, operation, body))).toEqual(MISSING)
  const bearer: Headers = [...apiHeaders(server, operation), ['authorization', `Bearer ${AccessToken}`]]
  expect((await sendRaw(server, { headers: bearer, body: good })).json.__type).toBe('IncompleteSignatureException')
})

let tokens: ReturnType<typeof signIn> | undefined
const token = (): ReturnType<typeof signIn> => {
  tokens ??= signIn(server, clientId, 'ann')
  return tokens
}

describe('operations without a signature never look at one', () => {
  const basic = `Basic ${Buffer.from('a:b').toString('base64')}`
  const authorizations: [string, () => Headers][] = [
    ['garbage', () => [['authorization', 'garbage']]],
    ['nothing in it', () => [['authorization', '']]],
    [
      'two of them',
      () => [
        ['authorization', 'a'],
        ['authorization', 'b'],
      ],
    ],
    ['a bearer token', () => [['authorization', 'Bearer x']]],
    ['a password', () => [['authorization', basic]]],
    ['half a signature', () => [['authorization', 'AWS4-HMAC-SHA256 Credential=']]],
    ['a session token', () => [['x-amz-security-token', 'made-up']]],
  ]
  const choices: [string, Parameters<typeof signed>[2]][] = [
    ['another region', { region: 'ap-southeast-2' }],
    ['another service', { service: 's3' }],
    ['a stranger', { credentials: { accessKeyId: 'ASIAXXXXXXXXXXXXXXXX', secretAccessKey: 'x', sessionToken: 'y' } }],
    ['long ago', { at: 0 }],
  ]
  const requests = (operation: string, body: string): [string, RawRequest][] => {
    const headers = apiHeaders(server, operation)
    return [
      ...authorizations.map(
        ([name, make]) => [name, { headers: [...headers, ...make()], body }] as [string, RawRequest],
      ),
      ...choices.map(
        ([name, choice]) =>
          [`signed, ${name}`, { headers: signed(server, { headers, body }, choice), body }] as [string, RawRequest],
      ),
      [
        'a signature in the query',
        { headers, body, path: '/?X-Amz-Algorithm=x&X-Amz-Signature=y&X-Amz-Credential=a/b/mars-1/s/t' },
      ],
    ]
  }

  test('InitiateAuth signs in', async () => {
    const body = JSON.stringify({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: 'ann', PASSWORD },
    })
    for (const [name, request] of requests('InitiateAuth', body)) {
      const { status, json } = await sendRaw(server, request)
      expect({ name, status, json }).toEqual({
        name,
        status: 200,
        json: expect.objectContaining({ AuthenticationResult: expect.anything() }),
      })
    }
  })

  test('GetUser answers', async () => {
    const body = JSON.stringify({ AccessToken: (await token()).AccessToken })
    for (const [name, request] of requests('GetUser', body)) {
      const { status, json } = await sendRaw(server, request)
      expect({ name, status, user: json['Username'] }).toEqual({ name, status: 200, user: 'ann' })
    }
  })

  test.each(openOperations)('%s answers as without', async (operation) => {
    // A token and ids of the right form that name nothing: the answer comes from behind the path's checks, and changes nothing.
    const body = toText(plainInput(operation), ({ what }) =>
      what === 'client' ? 'nosuchclient' : 'nosuchthing-nosuchthing',
    )
    const plain = outcome(await call(server, operation, body))
    for (const [name, request] of requests(operation, body))
      expect({ name, ...outcome(await sendRaw(server, request)) }).toEqual({ name, ...plain })
  })
})
