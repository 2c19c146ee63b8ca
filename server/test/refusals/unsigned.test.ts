// What needs a signature refuses to be called without one, what needs none never looks at one, and the operation is what
// the request names in one place, once.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cognitoIdpOperations } from '../../src/cognito-idp/operations.ts'
import { toText } from '../bad-input/json-tree.ts'
import { userPools } from '../bad-input/services.ts'
import { makeClient, makePool, makeUser, PASSWORD, signIn, startTestServer, type TestServer } from '../harness.ts'
import {
  apiHeaders,
  call,
  type Headers,
  outcome,
  type RawRequest,
  replaced,
  sendRaw,
  signed,
  without,
} from './raw-request.ts'

const { modelOf, plainInput } = userPools.contract

const operations = cognitoIdpOperations.map(({ name }) => name)
const signedOperations = operations.filter((name) => modelOf(name).caller === 'signed')
const openOperations = operations.filter((name) => modelOf(name).caller !== 'signed')

const MISSING = { status: 400, error: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }

let server: TestServer
let poolId: string
let clientId: string
beforeAll(async () => {
  server = await startTestServer()
  poolId = (await makePool(server)).Id
  clientId = (await makeClient(server, poolId)).ClientId
  await makeUser(server, poolId, 'ann')
})
afterAll(() => server?.stop())

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
