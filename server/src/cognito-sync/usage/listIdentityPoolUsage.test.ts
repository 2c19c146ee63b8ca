import { ListIdentityPoolUsageCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { deviceFor, patch } from '../../../test/sync.ts'

describe('ListIdentityPoolUsage', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)

  it('shows every pool, page by page', async () => {
    const list = (input: object) => syncClient(server).send(new ListIdentityPoolUsageCommand(input))
    const pools = [world.poolId, await world.makePool(), await world.makePool()].sort()
    await (await deviceFor(server, world)).push('a', [patch('k', '123')])
    const { IdentityPoolUsages: all, $metadata, ...counts } = await list({})
    expect(counts).toEqual({ Count: 3, MaxResults: 64 })
    expect(all?.map((usage) => usage.IdentityPoolId)).toEqual(pools)
    expect(all?.map((usage) => usage.DataStorage)).toEqual(pools.map((id) => (id === world.poolId ? 4 : 0)))
    const seen: (string | undefined)[] = []
    for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
      const page = await list({ MaxResults: 2, NextToken })
      seen.push(...(page.IdentityPoolUsages ?? []).map((usage) => usage.IdentityPoolId))
      NextToken = page.NextToken
    }
    expect(seen).toEqual(pools)
    await expectRefusal(list({ NextToken: 'x' }), 'InvalidParameterException', 'Invalid pagination token')
    await expectRefusal(list({ MaxResults: -1 }), 'InvalidParameterException', 'maxResults must not be negative.')
  })

  it('is for developers', async () => {
    const { client } = await deviceFor(server, world)
    await expectRefusal(
      client.send(new ListIdentityPoolUsageCommand({})),
      'NotAuthorizedException',
      'This operation cannot be called with the supplied credentials.',
    )
  })
})
