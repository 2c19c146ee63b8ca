import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, makeUser, usePool, useTestServer } from '../../../test/harness.ts'

describe('AdminGetUser', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: { AliasAttributes: ['email'] } })

  const get = (Username: string, UserPoolId = at.poolId) =>
    server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))

  it('shows the user, and no member that is not set', async () => {
    const sub = await makeUser(server, at.poolId, 'ann', { name: 'Ann' })
    const { $metadata, ...user } = await get('ann')
    expect(user).toEqual({
      Username: 'ann',
      UserAttributes: [
        { Name: 'sub', Value: sub },
        { Name: 'name', Value: 'Ann' },
      ],
      UserCreateDate: expect.any(Date),
      UserLastModifiedDate: expect.any(Date),
      Enabled: true,
      UserStatus: 'CONFIRMED',
    })
  })

  it('knows a user by its sub and its active alias, not by an address that is unverified', async () => {
    const sub = await makeUser(server, at.poolId, 'bob', { email: 'bob@example.com', email_verified: 'true' })
    await makeUser(server, at.poolId, 'eve', { email: 'eve@example.com' })
    expect((await get(sub)).Username).toBe('bob')
    expect((await get('bob@example.com')).Username).toBe('bob')
    await expectRefusal(get('eve@example.com'), 'UserNotFoundException', 'User does not exist.')
  })

  it('does not find a user of another pool by any name', async () => {
    const other = (await makePool(server)).Id
    const sub = await makeUser(server, other, 'ann2')
    for (const name of ['ann2', sub]) await expectRefusal(get(name), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('AdminGetUser', { UserPoolId: at.poolId, Username: 'ann' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
