import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'

// What happens to tokens is tested with AdminDisableUser.
describe('AdminEnableUser', () => {
  const server = useTestServer()
  const at = usePool(server)

  const enable = (Username: string) =>
    server.admin.send(new AdminEnableUserCommand({ UserPoolId: at.poolId, Username }))

  it('lets a disabled user sign in again', async () => {
    const sub = await makeUser(server, at.poolId, 'ann')
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'ann' }))
    await enable(sub)
    await signIn(server, at.clientId, 'ann')
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: 'ann' }))
    expect(user.Enabled).toBe(true)
  })

  it('UserNotFoundException for an unknown user', async () => {
    await expectRefusal(enable('nobody'), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, at.poolId, 'off')
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'off' }))
    const { json } = await server.raw('AdminEnableUser', { UserPoolId: at.poolId, Username: 'off' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await expectRefusal(signIn(server, at.clientId, 'off'), 'NotAuthorizedException', 'User is disabled.')
  })
})
