import {
  AdminAddUserToGroupCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CreateGroupCommand,
  DeleteUserCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { countOutcomes, signUpUser } from '../../../test/sign-up.ts'

describe.each(engines)('DeleteUser on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { AliasAttributes: ['email'] } })

  beforeAll(async () => {
    await server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName: 'staff' }))
  })

  const deleteUser = (AccessToken: string) => server.app.send(new DeleteUserCommand({ AccessToken }))
  const contact = { email: 'ann@example.org', email_verified: 'true' }
  const usersOf = async () =>
    (await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: at.poolId }))).UserPool?.EstimatedNumberOfUsers

  it('deletes the user with every row, so that its names are free and a new user of the name inherits nothing', async () => {
    const before = await usersOf()
    const sub = await makeUser(server, at.poolId, 'ann', contact)
    const named = { UserPoolId: at.poolId, Username: 'ann' }
    await server.admin.send(new AdminAddUserToGroupCommand({ ...named, GroupName: 'staff' }))
    const { AccessToken } = await signIn(server, at.clientId, 'ann')
    const raw = await server.raw('DeleteUser', { AccessToken })
    expect({ status: raw.status, text: raw.text }).toEqual({ status: 200, text: '' })
    for (const name of ['ann', sub, contact.email]) {
      await expectRefusal(
        server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: name })),
        'UserNotFoundException',
      )
    }
    expect(await usersOf()).toBe(before)
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken })),
      'UserNotFoundException',
      'User does not exist.',
    )
    expect(await makeUser(server, at.poolId, 'ann', contact)).not.toBe(sub)
    expect((await server.admin.send(new AdminListGroupsForUserCommand(named))).Groups).toEqual([])
  })

  it('frees the name for a sign-up', async () => {
    await makeUser(server, at.poolId, 'bob')
    await deleteUser((await signIn(server, at.clientId, 'bob')).AccessToken)
    expect((await signUpUser(server, at.clientId, 'bob')).UserConfirmed).toBe(false)
  })

  it('refuses a token without user or of another kind', async () => {
    await makeUser(server, at.poolId, 'carol')
    const { AccessToken, IdToken } = await signIn(server, at.clientId, 'carol')
    await expectRefusal(deleteUser(IdToken), 'NotAuthorizedException', 'Invalid Access Token')
    await deleteUser(AccessToken)
    await expectRefusal(deleteUser(AccessToken), 'UserNotFoundException', 'User does not exist.')
  })

  it('succeeds for one of many concurrent requests', async () => {
    await makeUser(server, at.poolId, 'dave')
    const before = (await usersOf()) as number
    const { AccessToken } = await signIn(server, at.clientId, 'dave')
    const outcomes = await countOutcomes(Array.from({ length: 8 }, () => deleteUser(AccessToken)))
    expect(outcomes).toEqual({ ok: 1, UserNotFoundException: 7 })
    expect(await usersOf()).toBe(before - 1)
  })
})
