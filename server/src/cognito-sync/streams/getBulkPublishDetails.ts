import { findSyncPool } from '../../datasets/sync-pool-store.ts'
import { operation } from '../operation.ts'
import { bulkDetails } from './bulk-rules.ts'

/** How the last BulkPublish goes; from the database, as whoever waits for its end asks again and again. */
export const getBulkPublishDetails = operation('GetBulkPublishDetails', async ({ db }, { pool }) =>
  bulkDetails(pool.id, (await findSyncPool(db, pool.id)).settings),
)
