import { ListDevicesCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../test/harness.ts'

describe('an operation that is not written yet', () => {
  const server = useTestServer()

  it('names itself in AWS JSON', async () => {
    const answer = await server.raw('ListDevices', { AccessToken: 'x' })
    expect(answer.status).toBe(501)
    expect(answer.json).toEqual({
      __type: 'NotImplementedException',
      message: 'cognito-idp ListDevices is not implemented by Cognomen yet; docs/compatibility.md lists what is.',
    })
    await expectRefusal(server.app.send(new ListDevicesCommand({ AccessToken: 'x' })), 'NotImplementedException')
  })

  it('asks for a signature first where the operation is signed, in REST too', async () => {
    const response = await fetch(`${server.url}/identitypools/us-east-1:1/identities/us-east-1:2/datasets`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
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
