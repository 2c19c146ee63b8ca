import { DeleteIdentitiesCommand } from '@aws-sdk/client-cognito-identity'
import { DescribeIdentityPoolUsageCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { makeIdentityWorld, useIdentityWorld } from '../../../test/identity-world.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { deviceFor, patch } from '../../../test/sync.ts'

describe.each(engines)('DescribeIdentityPoolUsage on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const usage = async () =>
    (await syncClient(server).send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId: world.poolId })))
      .IdentityPoolUsage

  it('counts sessions and bytes, also of what is deleted', async () => {
    expect(await usage()).toMatchObject({ IdentityPoolId: world.poolId, SyncSessionsCount: 0, DataStorage: 0 })
    server.clock.freeze()
    const [one, other] = [await deviceFor(server, world), await deviceFor(server, world)]
    const { SyncSessionToken } = await one.pull('a')
    await one.pull('a', 0, { SyncSessionToken })
    await one.push('a', [patch('k', '123'), patch('l', '1')], { SyncSessionToken })
    await one.push('a', [patch('k', '1', 1), patch('l', undefined, 1)], { SyncSessionToken })
    await other.push('a', [patch('k', '12345')])
    server.clock.advance(1000)
    await other.push('b', [patch('k', '12345')])
    const LastModifiedDate = new Date(server.clock.now())
    expect(await usage()).toEqual({
      IdentityPoolId: world.poolId,
      SyncSessionsCount: 3,
      DataStorage: 14,
      LastModifiedDate,
    })
    await other.delete('b')
    expect(await usage()).toMatchObject({ DataStorage: 8 })
    await world.admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [other.ids.IdentityId] }))
    expect(await usage()).toMatchObject({ DataStorage: 2, SyncSessionsCount: 3 })
    server.clock.thaw()
  })

  it('is for developers', async () => {
    const device = await deviceFor(server, world)
    await expectRefusal(
      device.client.send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId: world.poolId })),
      'NotAuthorizedException',
      'This operation cannot be called with the supplied credentials.',
    )
    const IdentityPoolId = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await expectRefusal(
      syncClient(server).send(new DescribeIdentityPoolUsageCommand({ IdentityPoolId })),
      'ResourceNotFoundException',
      `IdentityPool '${IdentityPoolId}' not found.`,
    )
  })
})

describe('the usage of a pool', () => {
  it('is there after a restart', async () => {
    const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
    const first = await startTestServer({ env })
    const world = await makeIdentityWorld(first)
    const { poolId } = world
    await (await deviceFor(first, world)).push('a', [patch('k', '123')])
    world.close()
    await first.stop()
    const second = await startTestServer({ env })
    const { IdentityPoolUsage } = await syncClient(second).send(
      new DescribeIdentityPoolUsageCommand({ IdentityPoolId: poolId }),
    )
    await second.stop()
    expect(IdentityPoolUsage).toMatchObject({ SyncSessionsCount: 1, DataStorage: 4 })
  })
})
