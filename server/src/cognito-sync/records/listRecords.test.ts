import { beforeAll, describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { type Device, deviceFor, deviceOf, patch } from '../../../test/sync.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe.each(engines)('ListRecords on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let device: Device
  beforeAll(async () => {
    device = await deviceFor(server, world)
  })
  const keys = ({ Records }: Awaited<ReturnType<Device['pull']>>) => (Records ?? []).map(({ Key }) => Key)

  it('answers a dataset that was never there', async () => {
    const { $metadata, SyncSessionToken, ...answer } = await device.pull('nothing')
    expect(answer).toEqual({
      Records: [],
      Count: 0,
      DatasetSyncCount: 0,
      DatasetExists: false,
      DatasetDeletedAfterRequestedSyncCount: false,
    })
    expect(SyncSessionToken).toEqual(expect.any(String))
    expect(await device.names()).toEqual([])
  })

  it('answers what has changed since a count, removed keys without a value', async () => {
    await device.push('since', [patch('a', '1'), patch('b', '2'), patch('c', '3')])
    await device.push('since', [patch('b', undefined, 1), patch('d', '')], { DeviceId: 'phone' })
    const all = await device.pull('since')
    expect(keys(all)).toEqual(['a', 'c', 'd'])
    expect(all).toMatchObject({ Count: 3, DatasetSyncCount: 2, DatasetExists: true, LastModifiedBy: 'phone' })
    const changed = await device.pull('since', 1)
    expect(changed.Records).toEqual([
      { Key: 'b', SyncCount: 2, LastModifiedBy: 'phone', LastModifiedDate: expect.any(Date) },
      { Key: 'd', Value: '', SyncCount: 2, LastModifiedBy: 'phone', LastModifiedDate: expect.any(Date) },
    ])
    expect(changed).toMatchObject({ Count: 2, DatasetDeletedAfterRequestedSyncCount: false })
    expect(await device.pull('since', 2)).toMatchObject({ Records: [], Count: 0, DatasetSyncCount: 2 })
    expect(keys(await device.pull('since', -1))).toEqual(['a', 'c', 'd'])
  })

  it('pages through a dataset as it was at one count, whatever is pushed meanwhile', async () => {
    await device.push('pages', [patch('a', '1'), patch('b', '1'), patch('c', '1'), patch('d', '1')])
    await device.push('pages', [patch('a', '2', 1), patch('e', '2')])
    const first = await device.pull('pages', 0, { MaxResults: 2 })
    expect([keys(first), first.DatasetSyncCount, first.Count]).toEqual([['b', 'c'], 2, 2])
    await device.push('pages', [patch('d', '3', 1), patch('f', '3')])
    const second = await device.pull('pages', 0, { MaxResults: 2, NextToken: first.NextToken })
    expect([keys(second), second.DatasetSyncCount]).toEqual([['a', 'e'], 2])
    expect(second.NextToken).toBeUndefined()
    // What was pushed meanwhile comes with the next pull.
    expect(keys(await device.pull('pages', 2))).toEqual(['d', 'f'])
    for (const size of [1, 3, 6, 2000]) {
      const seen: (string | undefined)[] = []
      for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
        const page = await device.pull('pages', 0, { MaxResults: size, NextToken })
        seen.push(...keys(page))
        NextToken = page.NextToken
      }
      expect(seen).toEqual(['b', 'c', 'a', 'e', 'd', 'f'])
    }
    await expectRefusal(
      device.pull('pages', 1, { NextToken: first.NextToken }),
      'InvalidParameterException',
      'Invalid pagination token',
    )
    await expectRefusal(
      device.pull('other', 0, { NextToken: first.NextToken }),
      'InvalidParameterException',
      'Invalid pagination token',
    )
    await expectRefusal(
      device.pull('pages', 0, { MaxResults: -1 }),
      'InvalidParameterException',
      'maxResults must not be negative.',
    )
  })

  it('tells devices that a dataset was deleted, and made again, since their count', async () => {
    await device.push('gone', [patch('a', '1')])
    await device.push('gone', [patch('b', '2')])
    await device.delete('gone')
    const gone = { DatasetExists: false, Records: [], DatasetSyncCount: 3 }
    expect(await device.pull('gone', 2)).toMatchObject({ ...gone, DatasetDeletedAfterRequestedSyncCount: true })
    expect(await device.pull('gone')).toMatchObject({ ...gone, DatasetDeletedAfterRequestedSyncCount: false })
    expect(await device.push('gone', [patch('c', '3')])).toMatchObject([{ Key: 'c', SyncCount: 4 }])
    expect(await device.pull('gone', 2)).toMatchObject({
      DatasetExists: true,
      DatasetDeletedAfterRequestedSyncCount: true,
      DatasetSyncCount: 4,
    })
    for (const since of [0, 3]) {
      const again = await device.pull('gone', since)
      expect([keys(again), again.DatasetDeletedAfterRequestedSyncCount]).toEqual([['c'], false])
    }
    // Counts that the dataset never had, as after a backup was restored.
    expect(await device.pull('gone', 99)).toMatchObject({ DatasetDeletedAfterRequestedSyncCount: true })
    expect(await device.pull('never', 1)).toMatchObject({ DatasetDeletedAfterRequestedSyncCount: true })
  })

  it('ends a list whose dataset is deleted between two pages', async () => {
    await device.push('halfway', [patch('a', '1'), patch('b', '1')])
    const { NextToken } = await device.pull('halfway', 0, { MaxResults: 1 })
    await device.delete('halfway')
    await device.push('halfway', [patch('z', '1')])
    const rest = await device.pull('halfway', 0, { MaxResults: 1, NextToken })
    expect([keys(rest), rest.NextToken, rest.DatasetSyncCount]).toEqual([[], undefined, 1])
    expect(await device.pull('halfway', 1)).toMatchObject({ DatasetDeletedAfterRequestedSyncCount: true })
  })

  it('goes on with a session, and makes another one in the place of an expired one', async () => {
    const { SyncSessionToken } = await device.pull('session')
    expect((await device.pull('session', 0, { SyncSessionToken })).SyncSessionToken).toBe(SyncSessionToken)
    await expectRefusal(
      device.pull('another', 0, { SyncSessionToken }),
      'InvalidParameterException',
      'SyncSessionToken not valid for these inputs',
    )
    await expectRefusal(
      device.pull('session', 0, { SyncSessionToken: `${SyncSessionToken}x` }),
      'InvalidParameterException',
      'SyncSessionToken not valid for these inputs',
    )
    server.clock.advance(DAY_MS)
    const developer = deviceOf(syncClient(server), device.ids)
    const later = await developer.pull('session', 0, { SyncSessionToken })
    expect(later.SyncSessionToken).toEqual(expect.any(String))
    expect(later.SyncSessionToken).not.toBe(SyncSessionToken)
    device = await deviceFor(server, world)
  })

  it('answers unknown identities and pools, and an identity of another pool, as if nothing was there', async () => {
    await device.push('here', [patch('a', '1')])
    const developer = (ids: Partial<Device['ids']>) => deviceOf(syncClient(server), { ...device.ids, ...ids })
    const uuid = '00000000-0000-4000-8000-000000000000'
    const nothing = { Records: [], DatasetSyncCount: 0, DatasetExists: false }
    expect(await developer({}).pull('here')).toMatchObject({ DatasetExists: true, Count: 1 })
    for (const ids of [
      { IdentityId: `us-east-1:${uuid}` },
      { IdentityPoolId: `us-east-1:${uuid}` },
      { IdentityPoolId: await world.makePool() },
    ])
      expect(await developer(ids).pull('here')).toMatchObject(nothing)
  })
})
