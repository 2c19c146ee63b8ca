import { describe, expect, it } from 'vitest'
import { patch } from '../../../test/sync.ts'
import type { Dataset } from '../../datasets/dataset-store.ts'
import type { DatasetRecord } from '../../datasets/record-store.ts'
import { applyPatches, conflictRefusal, forgetTombstones } from './push-rules.ts'

const record = (key: string, value: string | undefined, syncCount: number): DatasetRecord => ({
  key,
  value,
  syncCount,
  updatedAt: 1,
  modifiedBy: 'phone',
  deviceUpdatedAt: undefined,
})

/** A dataset with these records, at the count 10. */
const holding = (...records: DatasetRecord[]) => ({
  dataset: {
    syncCount: 10,
    deletedSyncCount: 0,
    storage: 100,
    recordCount: records.filter(({ value }) => value !== undefined).length,
    tombstoneCount: records.filter(({ value }) => value === undefined).length,
  } as Dataset,
  stored: new Map(records.map((one) => [one.key, one])),
})

describe('a conflict', () => {
  const found = holding(record('live', 'v', 4), record('gone', undefined, 6))
  it.each([
    ['the count that it has', patch('live', 'w', 4), undefined],
    ['an older count', patch('live', 'w', 3), 'Current SyncCount for: live is: 4 not: 3'],
    ['a later count', patch('live', 'w', 5), 'Current SyncCount for: live is: 4 not: 5'],
    ['no count', patch('live', 'w', 0), 'Current SyncCount for: live is: 4 not: 0'],
    ['an older count and the same value', patch('live', 'v', 3), undefined],
    ['an older count, to remove it', patch('live', undefined, 3), 'Current SyncCount for: live is: 4 not: 3'],
    ['the count of its removal', patch('gone', 'w', 6), undefined],
    ['no count of a removed key', patch('gone', 'w', 0), undefined],
    ['an older count of a removed key', patch('gone', 'w', 5), 'Current SyncCount for: gone is: 6 not: 5'],
    ['an older count, to remove a removed key', patch('gone', undefined, 5), undefined],
    ['no count of a key that never was', patch('new', 'w', 0), undefined],
    ['some count of a key that never was', patch('new', 'w', 1), 'Current SyncCount for: new is: 0 not: 1'],
  ])('for a patch with %s', (_, sent, message) => {
    expect(conflictRefusal(found, [sent])?.message).toBe(message)
    expect(conflictRefusal(found, [patch('another', '', 0), sent])?.message).toBe(message)
  })
})

describe('numbers of a dataset', () => {
  it('follow each patch', () => {
    const found = holding(record('live', 'v', 4), record('other', 'ü', 4), record('gone', undefined, 6))
    const push = applyPatches(
      found,
      [
        patch('live', 'longer', 4),
        patch('other', undefined, 4),
        patch('gone', 'back', 6),
        patch('new', 'é', 0),
        patch('never', undefined, 0),
      ],
      { modifiedBy: 'tablet', now: 9 },
    )
    expect(push.dataset).toMatchObject({
      syncCount: 11,
      storage: 100 + 5 - 7 + 8 + 5,
      recordCount: 3,
      tombstoneCount: 2,
      modifiedBy: 'tablet',
      updatedAt: 9,
    })
    expect(push.records.map(({ syncCount }) => syncCount)).toEqual([11, 11, 11, 11, 11])
  })
})

describe('tombstones', () => {
  const found = holding(...[1, 2, 2, 3, 5, 7].map((count, i) => record(`gone ${i}`, undefined, count)))
  const counts = [7, 1, 2, 2, 3, 5]
  const removing = (...keys: string[]) =>
    applyPatches(
      found,
      keys.map((key) => patch(key, undefined)),
      { modifiedBy: 'phone', now: 9 },
    )

  it('all stay while they are not too many', () => {
    expect(forgetTombstones(removing('new'), found, counts, 7)).toBeUndefined()
  })

  it('go down to half of the limit, and all of one count together', () => {
    // Seven: four go for three to stay, and the one of count 3 is the fourth.
    expect(forgetTombstones(removing('new'), found, counts, 6)).toMatchObject({
      upTo: 3,
      dataset: { tombstoneCount: 3, deletedSyncCount: 3 },
    })
    expect(forgetTombstones(removing('new', 'more'), found, counts, 13)).toBeUndefined()
    expect(forgetTombstones(removing('new'), found, [1, 2, 3, 5, 5, 7], 6)).toMatchObject({
      upTo: 5,
      dataset: { tombstoneCount: 2, deletedSyncCount: 5 },
    })
    // One that is removed once more is of this push.
    expect(forgetTombstones(removing('gone 0'), found, counts, 5)).toMatchObject({
      upTo: 5,
      dataset: { tombstoneCount: 2, deletedSyncCount: 5 },
    })
  })

  it('of the push itself stay', () => {
    expect(forgetTombstones(removing('a', 'b', 'c', 'd', 'e'), found, counts, 6)).toMatchObject({
      upTo: 7,
      dataset: { tombstoneCount: 5, deletedSyncCount: 7 },
    })
    const none = holding()
    const push = applyPatches(none, [patch('a', undefined), patch('b', undefined)], { modifiedBy: 'phone', now: 9 })
    expect(forgetTombstones(push, none, [], 1)).toBeUndefined()
  })
})
