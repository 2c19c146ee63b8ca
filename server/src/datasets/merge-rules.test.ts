import { describe, expect, it } from 'vitest'
import type { Dataset } from './dataset-store.ts'
import { planMoves } from './merge-rules.ts'

const OLD = 'us-east-1:00000000-0000-4000-8000-00000000000a'
const NEW = 'us-east-1:00000000-0000-4000-8000-00000000000b'

const dataset = (identityId: string, name: string, more: Partial<Dataset> = {}): Dataset => ({
  identityId,
  name,
  poolId: 'pool',
  homeId: identityId,
  datasetId: `${identityId}/${name}`,
  live: true,
  syncCount: 3,
  deletedSyncCount: 0,
  mergedFrom: '',
  createdAt: 1,
  updatedAt: 1,
  modifiedBy: 'phone',
  storage: 10,
  recordCount: 1,
  tombstoneCount: 1,
  ...more,
})

/** The moves of datasets of OLD to NEW: old name, new name, into which. */
const moves = (own: Dataset[], absorbed: Dataset[]) =>
  planMoves(NEW, own, absorbed, 9).map(({ from, to }) => [from.name, to.name, to.mergedFrom])

describe('the moves of a merger', () => {
  it('keep a name that is free, and the records where they are', () => {
    const from = dataset(OLD, 'd', { deletedSyncCount: 2 })
    expect(planMoves(NEW, [dataset(NEW, 'other')], [from], 9)).toEqual([
      { from, to: { ...from, identityId: NEW, syncCount: 4, updatedAt: 9 }, replaced: undefined },
    ])
  })

  it('name a dataset after its old identity where the name is taken', () => {
    const from = dataset(OLD, 'd')
    expect(planMoves(NEW, [dataset(NEW, 'd', { syncCount: 8 })], [from], 9)).toEqual([
      {
        from,
        to: { ...from, identityId: NEW, name: `d.${OLD}`, mergedFrom: 'd', syncCount: 4, updatedAt: 9 },
        replaced: undefined,
      },
    ])
  })

  it('take the place of a deleted one, above its count, so that all who knew it begin anew', () => {
    const replaced = dataset(NEW, 'd', { live: false, syncCount: 8, deletedSyncCount: 8 })
    const from = dataset(OLD, 'd')
    expect(planMoves(NEW, [replaced], [from], 9)).toEqual([
      { from, to: { ...from, identityId: NEW, syncCount: 9, deletedSyncCount: 9, updatedAt: 9 }, replaced },
    ])
  })

  it('begin above the count of forgotten ones, as the name may be one of theirs', () => {
    const forgotten = dataset(NEW, '', { live: false, syncCount: 20, deletedSyncCount: 20 })
    const from = dataset(OLD, 'd', { syncCount: 30, deletedSyncCount: 2 })
    expect(planMoves(NEW, [forgotten], [from], 9)).toMatchObject([{ to: { syncCount: 31, deletedSyncCount: 31 } }])
    const lower = dataset(OLD, 'd')
    expect(planMoves(NEW, [forgotten], [lower], 9)).toMatchObject([{ to: { syncCount: 21, deletedSyncCount: 21 } }])
  })

  it('leave deleted ones behind', () => {
    expect(moves([], [dataset(OLD, 'd', { live: false })])).toEqual([])
  })

  it('carry what was merged before', () => {
    const before = 'us-east-1:00000000-0000-4000-8000-00000000000c'
    const merged = dataset(OLD, `d.${before}`, { mergedFrom: 'd' })
    expect(moves([dataset(NEW, 'd')], [dataset(OLD, 'd'), merged])).toEqual([
      ['d', `d.${OLD}`, 'd'],
      [`d.${before}`, `d.${before}`, 'd'],
    ])
  })

  it('make names that clients can ask for, and different ones', () => {
    const names = ['x'.repeat(128), `${'x'.repeat(127)}y`]
    const made = moves(
      names.map((name) => dataset(NEW, name)),
      names.map((name) => dataset(OLD, name)),
    )
    const first = `${'x'.repeat(128 - OLD.length - 1)}.${OLD}`
    const second = `${'x'.repeat(128 - OLD.length - 3)}.${OLD}.2`
    expect(made).toEqual([
      [names[0], first, names[0]],
      [names[1], second, names[1]],
    ])
    expect([first.length, second.length]).toEqual([128, 128])
  })

  it('of several identities do not meet', () => {
    const third = 'us-east-1:00000000-0000-4000-8000-00000000000c'
    expect(moves([], [dataset(OLD, 'd'), dataset(third, 'd')])).toEqual([
      ['d', 'd', ''],
      ['d', `d.${third}`, 'd'],
    ])
  })
})
