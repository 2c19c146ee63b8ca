// Limits that the operator has raised, and what devices are told of keys that are removed again and again.
import { beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { type Device, deviceFor, patch } from '../../../test/sync.ts'

const MEGABYTE = 1024 * 1024
const many = (from: number, count: number, value: string | undefined = 'v') =>
  Array.from({ length: count }, (_, i) => patch(`k${from + i}`, value))

describe('with SYNC_DATASETS, SYNC_RECORDS and SYNC_DATASET_BYTES', () => {
  const env = { SYNC_DATASETS: '25', SYNC_RECORDS: '1500', SYNC_DATASET_BYTES: String(6 * MEGABYTE) }
  const server = useTestServer({ env })
  const world = useIdentityWorld(server)
  let device: Device
  beforeAll(async () => {
    device = await deviceFor(server, world)
  })

  it('an identity has more datasets', async () => {
    for (let i = 0; i < 25; i++) await device.push(`d${i}`, [patch('a', '1')])
    await expectRefusal(
      device.push('more', [patch('a', '1')]),
      'LimitExceededException',
      'An identity can not have more than 25 datasets.',
    )
  })

  it('a dataset has more records', async () => {
    await device.push('d0', many(0, 1000))
    await device.push('d0', many(1000, 499))
    await expectRefusal(
      device.push('d0', many(2000, 1)),
      'LimitExceededException',
      'A dataset can not have more than 1500 records.',
    )
    const first = await device.pull('d0')
    expect([first.Count, first.DatasetSyncCount]).toEqual([1024, 3])
    const { NextToken } = first
    expect(await device.pull('d0', 0, { NextToken })).toMatchObject({ Count: 476, DatasetSyncCount: 3 })
  })

  it('a dataset has more bytes, of which a page has four megabytes at most', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f']
    for (const key of keys) await device.push('d1', [patch(key, 'x'.repeat(MEGABYTE - 1), key === 'a' ? 1 : 0)])
    await expectRefusal(
      device.push('d1', [patch('g', '')]),
      'LimitExceededException',
      'A dataset can not have more than 6291456 bytes.',
    )
    const pages: (string | undefined)[][] = []
    for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
      const page = await device.pull('d1', 0, { NextToken })
      pages.push((page.Records ?? []).map(({ Key }) => Key))
      NextToken = page.NextToken
    }
    expect(pages.flat()).toEqual(keys)
    expect(pages.map(({ length }) => length)).toEqual([4, 2])
  })
})

describe('removed keys', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)

  it('are remembered up to a number; who has not heard of the forgotten ones begins anew', async () => {
    const device = await deviceFor(server, world)
    await device.push('d', [patch('kept', '1')])
    // 1,200 keys come and go: 400 at the counts 3, 5 and 7.
    for (let round = 0; round < 3; round++) {
      await device.push('d', many(round * 400, 400))
      const count = 2 + round * 2
      await device.push(
        'd',
        many(round * 400, 400).map(({ Key }) => patch(Key, undefined, count)),
      )
    }
    const { DatasetSyncCount } = await device.pull('d')
    expect(DatasetSyncCount).toBe(7)
    // Half of 1,024 may stay: those of the counts 3 and 5 are forgotten.
    for (const [since, anew] of [
      [1, true],
      [4, true],
      [5, false],
      [7, false],
    ] as const)
      expect(await device.pull('d', since)).toMatchObject({ DatasetDeletedAfterRequestedSyncCount: anew })
    expect(await device.pull('d', 5)).toMatchObject({ Count: 400 })
    expect(await device.values('d')).toEqual({ kept: '1' })
    expect(await device.describe('d')).toMatchObject({ NumRecords: 1, DataStorage: 5 })
    // A key that was forgotten is one that never was.
    expect(await device.push('d', [patch('k0', 'again')])).toMatchObject([{ SyncCount: 8 }])
  })
})
