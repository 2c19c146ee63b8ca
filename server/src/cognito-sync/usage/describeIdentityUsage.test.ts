import { DescribeIdentityUsageCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { deviceFor, patch } from '../../../test/sync.ts'

describe('DescribeIdentityUsage', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)

  it('adds up the datasets of an identity, for itself and for developers', async () => {
    server.clock.freeze()
    const device = await deviceFor(server, world)
    const usage = async (client = device.client) =>
      (await client.send(new DescribeIdentityUsageCommand(device.ids))).IdentityUsage
    expect(await usage()).toEqual({
      ...device.ids,
      DatasetCount: 0,
      DataStorage: 0,
      LastModifiedDate: new Date(server.clock.now()),
    })
    await device.push('a', [patch('k', '123'), patch('ü', '')])
    await device.push('b', [patch('k', '1')])
    await device.push('c', [patch('k', '1')])
    server.clock.advance(5000)
    await device.delete('c')
    const now = { DatasetCount: 2, DataStorage: 8, LastModifiedDate: new Date(server.clock.now()) }
    expect(await usage()).toEqual({ ...device.ids, ...now })
    expect(await usage(syncClient(server))).toEqual({ ...device.ids, ...now })
    server.clock.thaw()
  })

  it('refuses an identity that the pool does not have', async () => {
    const IdentityId = await world.getId()
    const IdentityPoolId = await world.makePool()
    const refused = (ids: { IdentityId: string; IdentityPoolId: string }) =>
      expectRefusal(
        syncClient(server).send(new DescribeIdentityUsageCommand(ids)),
        'ResourceNotFoundException',
        `Identity '${ids.IdentityId}' not found.`,
      )
    await refused({ IdentityPoolId, IdentityId })
    await refused({ IdentityPoolId, IdentityId: 'us-east-1:00000000-0000-4000-8000-000000000000' })
  })
})
