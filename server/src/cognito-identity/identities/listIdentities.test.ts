import { GetOpenIdTokenCommand, ListIdentitiesCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { poolArnOf } from '../../../test/identity.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'

describe.each(engines)('ListIdentities on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const list = (IdentityPoolId: string, more: object = {}, client = world.admin) =>
    client.send(new ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60, ...more }))
  const idsOf = async (pool: string, pageSize: number, HideDisabled?: boolean) => {
    const pages: (string | undefined)[][] = []
    let NextToken: string | undefined
    do {
      const page = await list(pool, { MaxResults: pageSize, HideDisabled, NextToken })
      pages.push((page.Identities ?? []).map(({ IdentityId }) => IdentityId))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    return pages
  }

  it('shows every identity once, live ones first, page by page', async () => {
    const pool = await world.makePool()
    const Logins = await world.loginsOf('ada')
    const user = await world.getId(Logins, pool)
    const guests = await Promise.all(Array.from({ length: 5 }, () => world.getId(undefined, pool)))
    const disabled = guests.slice(0, 2).sort()
    for (const IdentityId of disabled) await world.app.send(new GetOpenIdTokenCommand({ IdentityId, Logins }))
    const live = [user, ...guests.slice(2)].sort()
    for (const size of [1, 2, 3, 60]) {
      expect((await idsOf(pool, size)).flat()).toEqual([...live, ...disabled])
      expect((await idsOf(pool, size, true)).flat()).toEqual(live)
    }
    expect((await idsOf(pool, 4)).map((page) => page.length)).toEqual([4, 2])
    const { IdentityPoolId, Identities } = await list(pool)
    expect(IdentityPoolId).toBe(pool)
    expect(Identities?.find(({ IdentityId }) => IdentityId === user)).toEqual({
      IdentityId: user,
      Logins: [world.provider],
      CreationDate: expect.any(Date),
      LastModifiedDate: expect.any(Date),
    })
    expect(await idsOf(await world.makePool(), 1)).toEqual([[]])
  })

  it('refuses page tokens of another list', async () => {
    await world.getId()
    await world.getId()
    const { NextToken } = await list(world.poolId, { MaxResults: 1 })
    expect(NextToken).toBeDefined()
    const other = await world.makePool()
    for (const [pool, more] of [
      [other, { NextToken }],
      [world.poolId, { NextToken, HideDisabled: true }],
      [world.poolId, { NextToken: 'x' }],
    ] as const)
      await expectRefusal(list(pool, more), 'InvalidParameterException', 'Invalid pagination token')
  })

  it('refuses unknown pools and sizes out of bounds', async () => {
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await expectRefusal(list(unknown), 'ResourceNotFoundException', `IdentityPool '${unknown}' not found.`)
    await expectRefusal(
      list(world.poolId, { MaxResults: 61 }),
      'ValidationException',
      "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60",
    )
  })

  it('refuses callers without permission', async () => {
    const bea = identityClient(server, await makeIamUser(world.iam, 'bea'))
    await expectRefusal(
      list(world.poolId, {}, bea),
      'AccessDeniedException',
      `User: arn:aws:iam::${server.accountId}:user/bea is not authorized to perform: cognito-identity:ListIdentities on resource: ${poolArnOf(server, world.poolId)} because no identity-based policy allows the cognito-identity:ListIdentities action`,
    )
    const cy = identityClient(
      server,
      await makeIamUser(world.iam, 'cy', {
        Action: 'cognito-identity:ListIdentities',
        Resource: poolArnOf(server, world.poolId),
      }),
    )
    expect(await list(world.poolId, {}, cy)).toBeDefined()
  })
})
