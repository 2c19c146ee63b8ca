import {
  DescribeUserPoolCommand,
  GetUserPoolSessionConfigurationCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { setTracking } from '../../../test/user-sessions.ts'

describe('GetUserPoolSessionConfiguration', () => {
  const server = useTestServer()
  const get = (UserPoolId: string) => server.admin.send(new GetUserPoolSessionConfigurationCommand({ UserPoolId }))

  it('shows the defaults of a pool that was told nothing', async () => {
    const { Id: UserPoolId } = await makePool(server)
    expect(await get(UserPoolId)).toMatchObject({
      UserPoolId,
      UserSessionTracking: 'DISABLED',
      TokenSession: { MaxPerUser: 20 },
    })
  })

  it('shows what was set, also after UpdateUserPool, and DescribeUserPool does not', async () => {
    const { Id: UserPoolId } = await makePool(server)
    await setTracking(server, UserPoolId, 'ENABLED', 7)
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId }))
    expect(await get(UserPoolId)).toMatchObject({ UserSessionTracking: 'ENABLED', TokenSession: { MaxPerUser: 7 } })
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
    expect(Object.keys(UserPool ?? {}).filter((name) => name.includes('Session'))).toEqual([])
  })

  it('ResourceNotFoundException for a pool that is not there', () =>
    expectRefusal(
      get('us-east-1_nothere12'),
      'ResourceNotFoundException',
      'User pool us-east-1_nothere12 does not exist.',
    ))

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('GetUserPoolSessionConfiguration', { UserPoolId: 'us-east-1_nothere12' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
