import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  CreateGroupCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('AdminDeleteUser on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { AliasAttributes: ['email'] } })

  const remove = (Username: string) =>
    server.admin.send(new AdminDeleteUserCommand({ UserPoolId: at.poolId, Username }))
  const attributes = { email: 'ann@example.com', email_verified: 'true' }

  it('takes the user away with everything, and the names are free again', async () => {
    const sub = await makeUser(server, at.poolId, 'ann', attributes)
    await server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName: 'g' }))
    await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId: at.poolId, GroupName: 'g', Username: 'ann' }))
    const { AccessToken } = await signIn(server, at.clientId, 'ann')
    await remove('ann@example.com')
    await expectRefusal(
      server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: sub })),
      'UserNotFoundException',
    )
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken })),
      'UserNotFoundException',
      'User does not exist.',
    )
    const Filter = 'email = "ann@example.com"'
    expect((await server.admin.send(new ListUsersCommand({ UserPoolId: at.poolId, Filter }))).Users).toEqual([])
    const members = await server.admin.send(new ListUsersInGroupCommand({ UserPoolId: at.poolId, GroupName: 'g' }))
    expect(members.Users).toEqual([])
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: at.poolId }))
    expect(UserPool?.EstimatedNumberOfUsers).toBe(0)
    expect(await makeUser(server, at.poolId, 'ann', attributes)).not.toBe(sub)
  })

  it('answers with an empty body', async () => {
    await makeUser(server, at.poolId, 'empty')
    let body = 'none'
    const command = new AdminDeleteUserCommand({ UserPoolId: at.poolId, Username: 'empty' })
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args)
        const { headers } = result.response as { headers: Record<string, string> }
        body = headers['content-length'] ?? '0'
        return result
      },
      { step: 'deserialize', priority: 'low' },
    )
    await server.admin.send(command)
    expect(body).toBe('0')
  })

  it('UserNotFoundException for an unknown user, and for all but one of many concurrent requests', async () => {
    await expectRefusal(remove('nobody'), 'UserNotFoundException', 'User does not exist.')
    await makeUser(server, at.poolId, 'once')
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => remove('once')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('refuses an unsigned call', async () => {
    await makeUser(server, at.poolId, 'safe')
    const { json } = await server.raw('AdminDeleteUser', { UserPoolId: at.poolId, Username: 'safe' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: 'safe' }))
  })
})
