// How statements on datasets and records find their rows: by an index, in its order, whatever else the tables hold.
import { beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../test/harness.ts'
import { useParts } from '../../test/parts.ts'
import { analyze, plansOf, readsInOrder } from '../../test/statement-plans.ts'
import type { Db } from '../database/database.ts'
import {
  type Dataset,
  findDataset,
  findDatasetsOf,
  findWithMerged,
  insertDataset,
  listDatasets,
  listPoolDatasets,
} from './dataset-store.ts'
import { findRecords, findTombstoneCounts, listRecordKeys, listRecords, putRecords } from './record-store.ts'

const IDENTITIES = 50
const RECORDS = 200

describe.each(engines)('statements on datasets on %s', (engine) => {
  const parts = useParts(engine)
  const home = { homeId: 'identity-7', datasetId: 'd1' }
  beforeAll(async () => {
    for (let i = 0; i < IDENTITIES; i++)
      for (let d = 0; d < 5; d++) {
        const dataset: Dataset = {
          identityId: `identity-${i}`,
          name: `d${d}`,
          poolId: `pool-${i % 3}`,
          homeId: `identity-${i}`,
          datasetId: `d${d}`,
          live: true,
          syncCount: RECORDS,
          deletedSyncCount: 0,
          mergedFrom: '',
          createdAt: 1,
          updatedAt: 1,
          modifiedBy: '',
          storage: 1,
          recordCount: RECORDS,
          tombstoneCount: 0,
        }
        await insertDataset(parts.db, dataset)
        if (i % 10 !== 7) continue
        const records = Array.from({ length: RECORDS }, (_, key) => ({
          key: `k${key}`,
          value: key % 9 === 0 ? undefined : 'v',
          syncCount: key + 1,
          updatedAt: 1,
          modifiedBy: '',
          deviceUpdatedAt: undefined,
        }))
        await putRecords(parts.db, dataset, records)
      }
    await analyze(parts.database)
  })

  const range = { after: { syncCount: 150, key: 'k149' }, upTo: 180, limit: 10 }
  it.each<[what: string, work: (db: Db) => Promise<unknown>]>([
    ['a dataset', (db) => findDataset(db, 'identity-7', 'd1')],
    ['a dataset and those that are to be merged into it', (db) => findWithMerged(db, 'pool-1', 'identity-7', 'd1')],
    ['the datasets of an identity', (db) => findDatasetsOf(db, 'identity-7')],
    ['a page of datasets', (db) => listDatasets(db, 'identity-7', 'd1', 2)],
    ['a page of the datasets of a pool', (db) => listPoolDatasets(db, 'pool-1', ['identity-7', 'd1'], 2)],
    ['records by key', (db) => findRecords(db, home, ['k1', 'k2', 'k3'])],
    ['a page of records', (db) => listRecords(db, home, { ...range, liveOnly: true })],
    ['a page of records and tombstones', (db) => listRecords(db, home, { ...range, liveOnly: false })],
    ['counts of tombstones', (db) => findTombstoneCounts(db, home)],
    ['a page of keys', (db) => listRecordKeys(db, home, 'k1', 10)],
  ])('read %s by an index', async (_, work) => {
    const plans = await plansOf(parts.database, work)
    expect(plans).toHaveLength(1)
    for (const plan of plans) expect(readsInOrder(plan), plan).toBe(true)
  })
})
