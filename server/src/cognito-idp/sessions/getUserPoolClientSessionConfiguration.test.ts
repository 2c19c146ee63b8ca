import { GetUserPoolClientSessionConfigurationCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'

describe('GetUserPoolClientSessionConfiguration', () => {
  const server = useTestServer()
  const at = usePool(server)
  const get = (ClientId: string, UserPoolId = at.poolId) =>
    server.admin.send(new GetUserPoolClientSessionConfigurationCommand({ UserPoolId, ClientId }))

  // What was set is read in setUserPoolClientSessionConfiguration.test.ts.
  it('shows the default of a client that was told nothing', async () => {
    const { $metadata, ...answer } = await get(at.clientId)
    expect(answer).toEqual({ UserPoolId: at.poolId, ClientId: at.clientId, SSOSession: { MaxValidityMinutes: 60 } })
  })

  it('ResourceNotFoundException for a client of another pool', async () => {
    const text = `User pool client ${at.clientId} does not exist.`
    await expectRefusal(get(at.clientId, (await makePool(server)).Id), 'ResourceNotFoundException', text)
  })

  it('refuses an unsigned call', async () => {
    const input = { UserPoolId: at.poolId, ClientId: at.clientId }
    const { json } = await server.raw('GetUserPoolClientSessionConfiguration', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
