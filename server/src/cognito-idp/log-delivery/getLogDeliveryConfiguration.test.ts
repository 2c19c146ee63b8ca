import { GetLogDeliveryConfigurationCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

describe('GetLogDeliveryConfiguration', () => {
  const server = useTestServer()
  const get = (UserPoolId: string) => server.admin.send(new GetLogDeliveryConfigurationCommand({ UserPoolId }))

  it('shows an empty list before one was set', async () => {
    const { Id: UserPoolId } = await makePool(server)
    expect((await get(UserPoolId)).LogDeliveryConfiguration).toEqual({ UserPoolId, LogConfigurations: [] })
  })

  it('ResourceNotFoundException for a pool that does not exist', () =>
    expectRefusal(get('us-east-1_nothere12'), 'ResourceNotFoundException'))

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('GetLogDeliveryConfiguration', { UserPoolId: 'us-east-1_nothere12' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
