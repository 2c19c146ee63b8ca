import {
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, engines, expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'

describe.each(engines)('DeleteGroup on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)

  beforeAll(async () => {
    for (const name of ['ann', 'bob', 'cy']) await makeUser(server, at.poolId, name)
  })

  const named = (GroupName: string) => ({ UserPoolId: at.poolId, GroupName })
  const create = (GroupName: string) => server.admin.send(new CreateGroupCommand(named(GroupName)))
  const remove = (GroupName: string) => server.admin.send(new DeleteGroupCommand(named(GroupName)))
  const add = (Username: string, GroupName: string) =>
    server.admin.send(new AdminAddUserToGroupCommand({ ...named(GroupName), Username }))
  const groupsOf = async (Username: string) => {
    const input = { UserPoolId: at.poolId, Username }
    const { Groups } = await server.admin.send(new AdminListGroupsForUserCommand(input))
    return Groups?.map(({ GroupName }) => GroupName)
  }
  const membersOf = async (GroupName: string) =>
    (await server.admin.send(new ListUsersInGroupCommand(named(GroupName)))).Users?.map(({ Username }) => Username)

  it('takes the group and every membership away', async () => {
    await create('g')
    await add('ann', 'g')
    await add('bob', 'g')
    await remove('g')
    const get = server.admin.send(new GetGroupCommand(named('g')))
    await expectRefusal(get, 'ResourceNotFoundException', 'Group not found.')
    expect(await groupsOf('ann')).toEqual([])
    const { IdToken } = await signIn(server, at.clientId, 'ann')
    expect(claimsOf(IdToken)).not.toHaveProperty('cognito:groups')
  })

  it('leaves no members to a new group of the same name, which can have members', async () => {
    await create('again')
    await add('ann', 'again')
    await add('bob', 'again')
    await remove('again')
    await create('again')
    expect(await membersOf('again')).toEqual([])
    await add('ann', 'again')
    expect(await membersOf('again')).toEqual(['ann'])
    expect([await groupsOf('ann'), await groupsOf('bob')]).toEqual([['again'], []])
    await remove('again')
  })

  it('leaves no members behind when it happens while they are added', async () => {
    for (let round = 0; round < 10; round++) {
      await create('race')
      await Promise.allSettled([add('ann', 'race'), add('bob', 'race'), remove('race'), add('cy', 'race')])
      await create('race')
      expect(await membersOf('race')).toEqual([])
      expect(await groupsOf('cy')).toEqual([])
      await remove('race')
    }
  })

  it('ResourceNotFoundException for an unknown group, and for all but one of many at once', async () => {
    await expectRefusal(remove('nothing'), 'ResourceNotFoundException', 'Group not found.')
    await create('once')
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => remove('once')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('refuses an unsigned call', async () => {
    await create('safe')
    const { json } = await server.raw('DeleteGroup', named('safe'))
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await server.admin.send(new GetGroupCommand(named('safe')))
  })
})
