import {
  AdminAddUserToGroupCommand,
  AdminListGroupsForUserCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, usePool, useTestServer } from '../../../test/harness.ts'

describe('AdminListGroupsForUser', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['bob'] })
  let sub: string
  const names = Array.from({ length: 65 }, (_, number) => `g${number}`).sort()

  beforeAll(async () => {
    sub = await makeUser(server, at.poolId, 'ann')
    for (const GroupName of names) {
      await server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName, Precedence: 3 }))
      await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId: at.poolId, GroupName, Username: 'ann' }))
    }
  })

  const list = (Username: string, Limit?: number, NextToken?: string) =>
    server.admin.send(new AdminListGroupsForUserCommand({ UserPoolId: at.poolId, Username, Limit, NextToken }))

  it.each([
    [undefined, 3],
    [60, 2],
    [10, 7],
    [13, 5],
  ])('lists every group of the user once, by %s', async (limit, expectedPages) => {
    const found: (string | undefined)[] = []
    let NextToken: string | undefined
    let pages = 0
    do {
      const page = await list('ann', limit, NextToken)
      found.push(...(page.Groups ?? []).map(({ GroupName }) => GroupName))
      NextToken = page.NextToken
      pages++
    } while (NextToken)
    expect(found).toEqual(names)
    expect(pages).toBe(expectedPages)
  })

  it('shows groups whole, and none for a user who is in none', async () => {
    const { Groups } = await list('ann', 1)
    expect(Groups?.[0]).toMatchObject({ GroupName: 'g0', UserPoolId: at.poolId, Precedence: 3 })
    const bob = await list('bob')
    expect(bob.Groups).toEqual([])
    expect(bob).not.toHaveProperty('NextToken')
  })

  it('goes on with its token by another name of the user, not for another user', async () => {
    const { NextToken } = await list('ann', 10)
    expect((await list(sub, 10, NextToken)).Groups?.[0]?.GroupName).toBe(names[10])
    await expectRefusal(list('bob', 10, NextToken), 'InvalidParameterException', 'Invalid pagination token')
  })

  it('UserNotFoundException for an unknown user', async () => {
    await expectRefusal(list('nobody'), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('AdminListGroupsForUser', { UserPoolId: at.poolId, Username: 'ann' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
