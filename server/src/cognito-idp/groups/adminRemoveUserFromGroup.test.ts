import {
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, usePool, useTestServer } from '../../../test/harness.ts'

describe('AdminRemoveUserFromGroup', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['ann'] })

  beforeAll(async () => {
    for (const GroupName of ['a', 'b']) {
      await server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName }))
      await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId: at.poolId, GroupName, Username: 'ann' }))
    }
  })

  const remove = (Username: string, GroupName: string) =>
    server.admin.send(new AdminRemoveUserFromGroupCommand({ UserPoolId: at.poolId, Username, GroupName }))
  const groupsOf = async (Username: string) => {
    const input = { UserPoolId: at.poolId, Username }
    const { Groups } = await server.admin.send(new AdminListGroupsForUserCommand(input))
    return Groups?.map(({ GroupName }) => GroupName)
  }

  it('removes the user from that group only, and says nothing when it is no member', async () => {
    await remove('ann', 'a')
    expect(await groupsOf('ann')).toEqual(['b'])
    await remove('ann', 'a')
    expect(await groupsOf('ann')).toEqual(['b'])
  })

  it('UserNotFoundException, ResourceNotFoundException for who and what is not there', async () => {
    await expectRefusal(remove('nobody', 'a'), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(remove('ann', 'nothing'), 'ResourceNotFoundException', 'Group not found.')
  })

  it('refuses an unsigned call', async () => {
    const input = { UserPoolId: at.poolId, Username: 'ann', GroupName: 'b' }
    const { json } = await server.raw('AdminRemoveUserFromGroup', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect(await groupsOf('ann')).toEqual(['b'])
  })
})
