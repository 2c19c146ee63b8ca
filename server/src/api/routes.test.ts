import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeClient, makePool, PASSWORD, useTestServer } from '../../test/harness.ts'
import { cognitoIdp } from '../cognito-idp/service.ts'
import { readConfig } from '../config/config.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { handleApi } from './pipeline.ts'
import { buildRoutes } from './routes.ts'

describe('an operation that is not written yet', () => {
  const server = useTestServer()

  it('names itself in AWS JSON', async () => {
    // A service as one is that begins: its contract is there, and none of its operations.
    const routes = buildRoutes([{ ...cognitoIdp, load: async () => [] }])
    const config = readConfig({})
    const context = {
      config,
      clock: { now: () => 0 },
      random: { bytes: randomBytes },
      log: { info: () => {} },
      metrics: createMetrics(),
    }
    const parts = { context, routes, rates: { admit: () => true }, checkOutputs: true }
    const { status, body } = await handleApi(parts as never, {
      method: 'POST',
      rawPath: '/',
      rawQuery: '',
      headers: [['x-amz-target', 'AWSCognitoIdentityProviderService.ForgotPassword']],
      body: Buffer.from('{}'),
      remoteAddress: undefined,
    })
    expect([status, JSON.parse(body)]).toEqual([
      501,
      {
        __type: 'NotImplementedException',
        message: 'cognito-idp ForgotPassword is not implemented by Cognomen yet; docs/compatibility.md lists what is.',
      },
    ])
  })

  it('asks for a signature first where the operation is signed, in REST too', async () => {
    const response = await fetch(`${server.url}/identitypools/us-east-1:1/identities/us-east-1:2/datasets`)
    expect(response.status).toBe(403)
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException:')
    expect(await response.json()).toEqual({ message: expect.stringContaining('Missing Authentication Token') })
  })
})

describe('null', () => {
  const server = useTestServer()

  it('in a list is refused, in a structure or a map it counts as absent', async () => {
    const { ClientId } = await makeClient(server, (await makePool(server)).Id)
    const user = { ClientId, Username: 'ann', Password: PASSWORD }
    const refused = await server.raw('SignUp', { ...user, UserAttributes: [null, { Name: 'name', Value: 'Ann' }] })
    expect([refused.status, refused.json]).toEqual([
      400,
      {
        __type: 'InvalidParameterException',
        message:
          "1 validation error detected: Value null at 'userAttributes.1.member' failed to satisfy constraint: Member must not be null",
      },
    ])
    const taken = await server.raw('SignUp', { ...user, UserAttributes: null, ClientMetadata: { DEVICE_KEY: null } })
    expect(taken.status).toBe(200)
  })
})

describe('a request of the query protocol', () => {
  const server = useTestServer()

  it('is answered in XML', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15',
    })
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('text/xml')
    expect(await response.text()).toContain('<Code>ValidationError</Code><Message>3 validation errors detected: ')
  })
})

/** What a query service answers, with the request id of the header. */
const errorInXml = (response: Response, code: string, message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${response.headers.get('x-amzn-requestid')}</RequestId></ErrorResponse>`

describe('a form without a known operation is refused in XML', () => {
  const server = useTestServer()
  const FORM = 'application/x-www-form-urlencoded; charset=utf-8'

  it.each([
    ['an empty form', { body: '' }],
    ['a form without an Action', { body: 'Version=2011-06-15' }],
    ['an Action that cannot be read', { body: 'Action=%41ssumeRole&Version=2011-06-15' }],
    ['an Action that is not UTF-8', { body: 'Action=%ff' }],
  ])('%s', async (_, { body }) => {
    const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': FORM }, body })
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/xml'])
    expect(await response.text()).toBe(
      errorInXml(
        response,
        'InvalidAction',
        'Unknown operation: the request names no operation of a service that this server speaks (X-Amz-Target, Action or path).',
      ),
    )
  })

  it('an Action in the query string that cannot be read', async () => {
    const response = await fetch(`${server.url}/?Action=%41`)
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/xml'])
    expect(await response.text()).toContain('<Code>InvalidAction</Code>')
  })

  it('a form that is too large', async () => {
    const body = `Action=AssumeRole&Version=2011-06-15&x=${'x'.repeat(1024 * 1024)}`
    const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': FORM }, body })
    expect([response.status, response.headers.get('content-type')]).toEqual([413, 'text/xml'])
    expect(await response.text()).toBe(
      errorInXml(response, 'ValidationError', 'The request body is larger than 1048576 bytes.'),
    )
  })
})

describe('a request that names no operation', () => {
  const server = useTestServer()

  it.each([
    ['nothing', { method: 'POST' }],
    ['an unknown target', { method: 'POST', headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.Nope' } }],
    [
      'a name of every object',
      { method: 'POST', headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.constructor' } },
    ],
    ['a target of a service that has none', { method: 'POST', headers: { 'x-amz-target': 'undefined.ListUsers' } }],
    ['a target by GET', { method: 'GET', headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUsers' } }],
  ])('%s', async (_name, init) => {
    const response = await fetch(server.url, init)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' })
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
  })
})
