import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

const MEMBERS = 70

describe('ListUsersInGroup', () => {
  const server = useTestServer()
  let poolId: string

  beforeAll(async () => {
    poolId = (await makePool(server)).Id
    for (const GroupName of ['g', 'other']) {
      await server.admin.send(new CreateGroupCommand({ UserPoolId: poolId, GroupName }))
    }
    for (let number = 0; number < MEMBERS; number++) {
      const user = { UserPoolId: poolId, Username: `user${number}` }
      const UserAttributes = [{ Name: 'name', Value: `Name ${number}` }]
      await server.admin.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes }))
      await server.admin.send(new AdminAddUserToGroupCommand({ ...user, GroupName: 'g' }))
    }
  }, 60_000)

  const list = (GroupName: string, Limit?: number, NextToken?: string) =>
    server.admin.send(new ListUsersInGroupCommand({ UserPoolId: poolId, GroupName, Limit, NextToken }))

  it.each([
    [undefined, [60, 10]],
    [0, [60, 10]],
    [35, [35, 35]],
    [9, undefined],
  ])('lists every member once, by %s', async (limit, sizes) => {
    const pages: (string | undefined)[][] = []
    let NextToken: string | undefined
    do {
      const page = await list('g', limit, NextToken)
      pages.push((page.Users ?? []).map(({ Username }) => Username))
      NextToken = page.NextToken
    } while (NextToken)
    expect(pages.flat().sort()).toEqual(Array.from({ length: MEMBERS }, (_, number) => `user${number}`).sort())
    if (sizes) expect(pages.map((page) => page.length)).toEqual(sizes)
  })

  it('shows users as ListUsers does, and nobody in an empty group', async () => {
    const { Users } = await list('g', 1)
    expect(Users?.[0]).toMatchObject({
      Username: expect.stringMatching(/^user/),
      Attributes: [{ Name: 'sub' }, { Name: 'name' }],
      Enabled: true,
      UserStatus: 'FORCE_CHANGE_PASSWORD',
    })
    expect((await list('other')).Users).toEqual([])
  })

  it('InvalidParameterException for a token of another group, also of an earlier one with the name', async () => {
    const { NextToken } = await list('g', 5)
    await expectRefusal(list('other', 5, NextToken), 'InvalidParameterException', 'Invalid pagination token')
    const named = { UserPoolId: poolId, GroupName: 'g' }
    await server.admin.send(new DeleteGroupCommand(named))
    await server.admin.send(new CreateGroupCommand(named))
    await expectRefusal(list('g', 5, NextToken), 'InvalidParameterException', 'Invalid pagination token')
  })

  it('ResourceNotFoundException for an unknown group', async () => {
    await expectRefusal(list('nothing'), 'ResourceNotFoundException', 'Group not found.')
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('ListUsersInGroup', { UserPoolId: poolId, GroupName: 'g' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
