import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makeClient, makePool, makeUser, signIn, useTestServer } from '../../../test/harness.ts'

// What happens to tokens is tested with AdminDisableUser.
describe('AdminEnableUser', () => {
  const server = useTestServer()
  let poolId: string
  let clientId: string

  beforeAll(async () => {
    poolId = (await makePool(server)).Id
    clientId = (await makeClient(server, poolId)).ClientId
  })

  const enable = (Username: string) => server.admin.send(new AdminEnableUserCommand({ UserPoolId: poolId, Username }))

  it('lets a disabled user sign in again', async () => {
    const sub = await makeUser(server, poolId, 'ann')
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'ann' }))
    await enable(sub)
    await signIn(server, clientId, 'ann')
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username: 'ann' }))
    expect(user.Enabled).toBe(true)
  })

  it('UserNotFoundException for nobody', async () => {
    await expectRefusal(enable('nobody'), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, poolId, 'off')
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'off' }))
    const { json } = await server.raw('AdminEnableUser', { UserPoolId: poolId, Username: 'off' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await expectRefusal(signIn(server, clientId, 'off'), 'NotAuthorizedException', 'User is disabled.')
  })
})
