// What event streams read of datasets: the counts of identities that somebody listens to.
import type { Db } from '../../database/database.ts'
import { paddedKeys, statement } from '../../database/statement.ts'
import { FORGOTTEN } from '../../datasets/marker-rules.ts'

export interface DatasetCount {
  identity_id: string
  dataset_name: string
  sync_count: number
}

/** As many identities are asked for in one statement, at most. */
export const IDENTITIES_AT_ONCE = 512

const selectCounts = statement((db, ...ids: string[]) =>
  db
    .selectFrom('sync_datasets')
    .select(['identity_id', 'dataset_name', 'sync_count'])
    .where('identity_id', 'in', ids)
    .where('dataset_name', '!=', FORGOTTEN),
)

/** The counts of all datasets of identities, deleted ones among them. */
export const findCounts = async (db: Db, identityIds: readonly string[]): Promise<DatasetCount[]> =>
  identityIds.length === 0 ? [] : (await selectCounts(db, ...paddedKeys(identityIds))).rows

const selectTotals = statement((db, ...ids: string[]) =>
  db
    .selectFrom('sync_datasets')
    .select((of) => [
      'identity_id',
      of.cast<number>(of.fn.sum('sync_count'), 'bigint').as('total'),
      of.fn.countAll<number>().as('datasets'),
    ])
    .where('identity_id', 'in', ids)
    .where('dataset_name', '!=', FORGOTTEN)
    .groupBy('identity_id'),
)

export interface DatasetTotals {
  identity_id: string
  /** The sum of the counts, which only grow: as long as it and the number are the same, so are the datasets. */
  total: number
  datasets: number
}

/** One short row for each identity that has a dataset. */
export const findTotals = async (db: Db, identityIds: readonly string[]): Promise<DatasetTotals[]> =>
  identityIds.length === 0 ? [] : (await selectTotals(db, ...paddedKeys(identityIds))).rows
