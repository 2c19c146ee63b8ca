import {
  CreateUserPoolCommand,
  ListUserPoolsCommand,
  paginateListUserPools,
  type UserPoolDescriptionType,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

const LAMBDA = 'arn:aws:lambda:us-east-1:123456789012:function:trigger'

describe.each(engines)('ListUserPools on %s', (engine) => {
  const server = useTestServer({ engine })
  const list = (MaxResults: number, NextToken?: string) =>
    server.admin.send(new ListUserPoolsCommand({ MaxResults, NextToken }))

  it('lists nothing, then every pool once, in pages', async () => {
    const { $metadata, ...nothing } = await list(60)
    expect(nothing).toEqual({ UserPools: [] })
    const made = await Promise.all(Array.from({ length: 5 }, (_, n) => makePool(server, { PoolName: `pool ${n}` })))
    const listed: UserPoolDescriptionType[] = []
    const sizes: number[] = []
    for await (const page of paginateListUserPools({ client: server.admin, pageSize: 2 }, { MaxResults: 2 })) {
      listed.push(...(page.UserPools ?? []))
      sizes.push(page.UserPools?.length ?? 0)
    }
    expect(sizes).toEqual([2, 2, 1])
    expect(listed.map((pool) => pool.Id).sort()).toEqual(made.map((pool) => pool.Id).sort())
  })

  it('gives no token when a page ends with the last pool', async () => {
    const { UserPools = [], NextToken } = await list(60)
    expect(NextToken).toBeUndefined()
    expect((await list(UserPools.length)).NextToken).toBeUndefined()
  })

  it('describes a pool in short', async () => {
    const { UserPool } = await server.admin.send(
      new CreateUserPoolCommand({ PoolName: 'short', LambdaConfig: { PreSignUp: LAMBDA } }),
    )
    const { UserPools } = await list(60)
    expect(UserPools?.find((pool) => pool.Id === UserPool?.Id)).toStrictEqual({
      Id: UserPool?.Id,
      Name: 'short',
      LambdaConfig: { PreSignUp: LAMBDA },
      CreationDate: UserPool?.CreationDate,
      LastModifiedDate: UserPool?.LastModifiedDate,
    })
  })

  it('refuses tokens that are damaged, of another list, or older than an hour', async () => {
    await Promise.all([makePool(server), makePool(server)])
    const { NextToken } = await list(1)
    for (const token of ['x', `${NextToken}x`, NextToken?.slice(1) as string])
      await expectRefusal(list(1, token), 'InvalidParameterException', 'Invalid pagination token')
    server.clock.advance(60 * 60 * 1000 + 1000)
    await expectRefusal(list(1, NextToken), 'InvalidParameterException', 'Invalid pagination token')
  })

  it('refuses sizes out of range and no size', async () => {
    const text = (value: string, constraint: string) =>
      `1 validation error detected: Value ${value} at 'maxResults' failed to satisfy constraint: Member must ${constraint}`
    await expectRefusal(list(0), 'InvalidParameterException', text("'0'", 'have value greater than or equal to 1'))
    await expectRefusal(list(61), 'InvalidParameterException', text("'61'", 'have value less than or equal to 60'))
    await expectRefusal(
      server.admin.send(new ListUserPoolsCommand({} as never)),
      'InvalidParameterException',
      text('null', 'not be null'),
    )
  })

  it('refuses callers that do not sign', async () => {
    const answer = await server.raw('ListUserPools', { MaxResults: 1 })
    expect(answer.json.__type).toBe('MissingAuthenticationTokenException')
  })
})
