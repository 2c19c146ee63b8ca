import { CreateGroupCommand, ListGroupsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'

const GROUPS = 130

describe.each(engines)('ListGroups on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let emptyId: string
  const names = Array.from({ length: GROUPS }, (_, number) => `group-${number}`)

  beforeAll(async () => {
    emptyId = (await makePool(server)).Id
    for (const GroupName of names) {
      await server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName, Precedence: 1 }))
    }
  })

  const list = (UserPoolId: string, Limit?: number, NextToken?: string) =>
    server.admin.send(new ListGroupsCommand({ UserPoolId, Limit, NextToken }))

  it.each([
    [undefined, [25, 25, 25, 25, 25, 5]],
    [0, [25, 25, 25, 25, 25, 5]],
    [60, [60, 60, 10]],
    [26, [26, 26, 26, 26, 26]],
    [7, undefined],
  ])('lists every group once, by %s', async (limit, sizes) => {
    const pages: (string | undefined)[][] = []
    let NextToken: string | undefined
    do {
      const page = await list(at.poolId, limit, NextToken)
      pages.push((page.Groups ?? []).map(({ GroupName }) => GroupName))
      NextToken = page.NextToken
    } while (NextToken)
    expect(pages.flat()).toEqual([...names].sort())
    if (sizes) expect(pages.map((page) => page.length)).toEqual(sizes)
  })

  it('lists nothing in an empty pool', async () => {
    const answer = await list(emptyId)
    expect(answer.Groups).toEqual([])
    expect(answer).not.toHaveProperty('NextToken')
  })

  it('InvalidParameterException for a token of another pool, or a damaged one', async () => {
    const { NextToken } = await list(at.poolId, 5)
    for (const [pool, token] of [
      [emptyId, NextToken],
      [at.poolId, `${NextToken?.slice(0, -2)}xx`],
    ] as [string, string][]) {
      await expectRefusal(list(pool, 5, token), 'InvalidParameterException', 'Invalid pagination token')
    }
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('ListGroups', { UserPoolId: at.poolId })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
