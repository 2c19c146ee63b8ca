import type { Db } from '../database/database.ts'
import type { Dataset } from '../datasets/dataset-store.ts'
import { type DatasetRecord, listRecords, type RecordPlace } from '../datasets/record-store.ts'

const AT_ONCE = 1024

/** All records of a dataset as its row has them, with `liveOnly` without tombstones: as many as limits of datasets say. */
export async function allRecords(db: Db, dataset: Dataset, liveOnly: boolean): Promise<DatasetRecord[]> {
  const records: DatasetRecord[] = []
  for (let after: RecordPlace = { syncCount: 0, key: '' }; ; ) {
    const page = await listRecords(db, dataset, { after, upTo: dataset.syncCount, liveOnly, limit: AT_ONCE })
    records.push(...page)
    const last = page.at(-1)
    if (!last || page.length < AT_ONCE) return records
    after = last
  }
}
