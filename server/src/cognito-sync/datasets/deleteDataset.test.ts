import { beforeAll, describe, expect, it, vi } from 'vitest'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { makeIdentityWorld, useIdentityWorld } from '../../../test/identity-world.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { type Device, deviceFor, patch } from '../../../test/sync.ts'
import { openDatabase } from '../../database/open.ts'

describe.each(engines)('DeleteDataset on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let device: Device
  beforeAll(async () => {
    device = await deviceFor(server, world)
  })

  it('answers the dataset as it was, once', async () => {
    await device.push('d', [patch('a', '1'), patch('b', '2')])
    const before = await device.describe('d')
    expect(await device.delete('d')).toEqual(before)
    expect(await device.names()).toEqual([])
    expect(await device.values('d')).toEqual({})
    await expectRefusal(device.delete('d'), 'ResourceNotFoundException', "Dataset 'd' not found.")
    await expectRefusal(device.delete('never'), 'ResourceNotFoundException', "Dataset 'never' not found.")
  })

  it('leaves nothing of the records for a dataset that is made again', async () => {
    await device.push('again', [patch('a', '1'), patch('b', '1')])
    await device.delete('again')
    await expectRefusal(
      device.push('again', [patch('a', '2', 1)]),
      'ResourceConflictException',
      'Current SyncCount for: a is: 0 not: 1',
    )
    await device.push('again', [patch('a', '2')])
    expect(await device.values('again')).toEqual({ a: '2' })
    expect(await device.describe('again')).toMatchObject({ NumRecords: 1, DataStorage: 2 })
  })

  it('of one dataset by several devices succeeds for one', async () => {
    await device.push('many', [patch('a', '1')])
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => device.delete('many')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await device.pull('many')).DatasetSyncCount).toBe(2)
  })

  it('remembers a hundred names, and of those that it has forgotten that their counts were lower', async () => {
    const busy = await deviceFor(server, world)
    const use = async (name: string) => {
      await busy.push(name, [patch('a', '1')])
      await busy.delete(name)
    }
    for (let i = 0; i < 3; i++) await use('first')
    for (let i = 0; i < 101; i++) await use(`d${i}`)
    // `first` was deleted at 6, `d0` at 2.
    expect(await busy.pull('first', 6)).toMatchObject({ DatasetDeletedAfterRequestedSyncCount: true })
    expect(await busy.push('first', [patch('a', '1')])).toMatchObject([{ SyncCount: 7 }])
    expect(await busy.push('d0', [patch('a', '1')])).toMatchObject([{ SyncCount: 7 }])
    expect(await busy.push('d50', [patch('a', '1')])).toMatchObject([{ SyncCount: 3 }])
    expect(await busy.push('new', [patch('a', '1')])).toMatchObject([{ SyncCount: 7 }])
    expect(await busy.pull('d0', 1)).toMatchObject({ DatasetDeletedAfterRequestedSyncCount: true })
    expect(await busy.names()).toEqual(['d0', 'd50', 'first', 'new'])
  })
})

describe('after DeleteDataset', () => {
  it('the server removes many records by itself', async () => {
    const url = await postgresUrl()
    const server = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => undefined)
    const world = await makeIdentityWorld(server)
    try {
      const device = await deviceFor(server, world)
      const keys = async () =>
        (await database.db.selectFrom('sync_records').select('record_key').execute()).map((row) => row.record_key)
      await device.push('kept', [patch('kept', '1')])
      await device.push(
        'd',
        Array.from({ length: 1024 }, (_, i) => patch(`k${i}`, 'v')),
      )
      await device.delete('d')
      await device.push('d', [patch('new', '1')])
      await vi.waitFor(async () => expect((await keys()).sort()).toEqual(['kept', 'new']), {
        timeout: 20_000,
        interval: 200,
      })
      expect(await device.values('d')).toEqual({ new: '1' })
    } finally {
      world.close()
      await database.close()
      await server.stop()
    }
  })
})
