import { CreateGroupCommand, GetGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'

describe('GetGroup', () => {
  const server = useTestServer()
  const at = usePool(server)

  const get = (GroupName: string, UserPoolId = at.poolId) =>
    server.admin.send(new GetGroupCommand({ UserPoolId, GroupName }))

  it('shows the group as it was made', async () => {
    const input = { UserPoolId: at.poolId, GroupName: 'g', Description: 'D', Precedence: 5 }
    const { Group } = await server.admin.send(new CreateGroupCommand(input))
    expect((await get('g')).Group).toEqual(Group)
  })

  it('ResourceNotFoundException for an unknown group, and for one of another pool', async () => {
    await expectRefusal(get('G'), 'ResourceNotFoundException', 'Group not found.')
    const other = (await makePool(server)).Id
    await expectRefusal(get('g', other), 'ResourceNotFoundException', 'Group not found.')
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('GetGroup', { UserPoolId: at.poolId, GroupName: 'g' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
