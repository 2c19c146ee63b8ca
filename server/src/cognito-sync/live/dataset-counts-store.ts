// What event streams read of datasets: the counts of identities that somebody listens to.
import type { Db } from '../../database/database.ts'
import { paddedKeys, statement } from '../../database/statement.ts'

export interface DatasetCount {
  identity_id: string
  dataset_name: string
  sync_count: number
}

/** As many identities are asked for in one statement, at most. */
export const IDENTITIES_AT_ONCE = 512

const selectCounts = statement((db, ...ids: string[]) =>
  db.selectFrom('sync_datasets').select(['identity_id', 'dataset_name', 'sync_count']).where('identity_id', 'in', ids),
)

/** The counts of all datasets of identities, deleted ones among them. */
export const findCounts = async (db: Db, identityIds: readonly string[]): Promise<DatasetCount[]> =>
  identityIds.length === 0 ? [] : (await selectCounts(db, ...paddedKeys(identityIds))).rows

const selectTotals = statement((db, ...ids: string[]) =>
  db
    .selectFrom('sync_datasets')
    .select((of) => ['identity_id', of.cast<number>(of.fn.sum('sync_count'), 'bigint').as('total')])
    .where('identity_id', 'in', ids)
    .groupBy('identity_id'),
)

/**
 * The sum of the counts of each identity that has a dataset. Counts only grow, so an unchanged sum means unchanged datasets;
 * and it is one short row for each identity.
 */
export const findTotals = async (
  db: Db,
  identityIds: readonly string[],
): Promise<{ identity_id: string; total: number }[]> =>
  identityIds.length === 0 ? [] : (await selectTotals(db, ...paddedKeys(identityIds))).rows
