import { beforeAll, describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { type Device, deviceFor, deviceOf, patch } from '../../../test/sync.ts'

describe('DescribeDataset', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  let device: Device
  beforeAll(async () => {
    device = await deviceFor(server, world)
  })

  it('shows a dataset', async () => {
    server.clock.freeze()
    const CreationDate = new Date(server.clock.now())
    await device.push('my.data:set-1', [patch('a', '1'), patch('b', '2')])
    server.clock.advance(1500)
    await device.push('my.data:set-1', [patch('b', undefined, 1)], { DeviceId: 'tablet' })
    expect(await device.describe('my.data:set-1')).toEqual({
      IdentityId: device.ids.IdentityId,
      DatasetName: 'my.data:set-1',
      CreationDate,
      LastModifiedDate: new Date(CreationDate.getTime() + 1500),
      LastModifiedBy: 'tablet',
      DataStorage: 2,
      NumRecords: 1,
    })
    server.clock.thaw()
  })

  it('refuses datasets that are not there, not any more, or in another pool', async () => {
    const none = (call: Promise<unknown>, name: string) =>
      expectRefusal(call, 'ResourceNotFoundException', `Dataset '${name}' not found.`)
    await none(device.describe('never'), 'never')
    await device.push('deleted', [patch('a', '1')])
    await device.delete('deleted')
    await none(device.describe('deleted'), 'deleted')
    await device.push('there', [patch('a', '1')])
    const elsewhere = { ...device.ids, IdentityPoolId: await world.makePool() }
    await none(deviceOf(syncClient(server), elsewhere).describe('there'), 'there')
    const IdentityPoolId = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await expectRefusal(
      deviceOf(syncClient(server), { ...device.ids, IdentityPoolId }).describe('there'),
      'ResourceNotFoundException',
      `IdentityPool '${IdentityPoolId}' not found.`,
    )
  })
})
