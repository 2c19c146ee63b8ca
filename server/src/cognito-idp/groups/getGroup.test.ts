import { CreateGroupCommand, GetGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

describe('GetGroup', () => {
  const server = useTestServer()
  let poolId: string

  beforeAll(async () => {
    poolId = (await makePool(server)).Id
  })

  const get = (GroupName: string, UserPoolId = poolId) =>
    server.admin.send(new GetGroupCommand({ UserPoolId, GroupName }))

  it('shows the group as it was made', async () => {
    const input = { UserPoolId: poolId, GroupName: 'g', Description: 'D', Precedence: 5 }
    const { Group } = await server.admin.send(new CreateGroupCommand(input))
    expect((await get('g')).Group).toEqual(Group)
  })

  it('ResourceNotFoundException for an unknown group, and for one of another pool', async () => {
    await expectRefusal(get('G'), 'ResourceNotFoundException', 'Group not found.')
    const other = (await makePool(server)).Id
    await expectRefusal(get('g', other), 'ResourceNotFoundException', 'Group not found.')
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('GetGroup', { UserPoolId: poolId, GroupName: 'g' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
