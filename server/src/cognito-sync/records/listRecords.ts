// What has changed in a dataset since a count that a device knows (docs/reference/identity-pools-sts-iam-sync.md 20.2).
import type { Context } from '../../context.ts'
import { type CursorScope, sealCursor } from '../../database/cursor.ts'
import { type Dataset, findWithMerged } from '../../datasets/dataset-store.ts'
import { type DatasetRecord, listRecords as listStored } from '../../datasets/record-store.ts'
import { positionOf } from '../../pagination.ts'
import { enforce } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { pageRefusal, pageSize } from '../page-size.ts'
import { firstPage, mustBeginAnew } from './pull-rules.ts'
import { recordType } from './record-type.ts'
import { judgeSessionToken, newSessionToken, tokenRefusal } from './session-token.ts'

/** A pool, identity or dataset that does not exist is answered as a dataset that was never there (docs/reference/identity-pools-sts-iam-sync.md 19.2, 20.2). */
export const listRecords = operation('ListRecords', async (context, { input, pool, fail }) => {
  const { IdentityPoolId: poolId, IdentityId: identityId, DatasetName: datasetName, SyncSessionToken: shown } = input
  enforce(fail, pageRefusal(input.MaxResults))
  const now = context.clock.now()
  const token = { poolId, identityId, datasetName }
  const judged = shown === undefined ? undefined : judgeSessionToken(context.sealer, token, shown, now)
  if (judged === 'foreign') enforce(fail, tokenRefusal())
  const since = Math.max(0, input.LastSyncCount ?? 0)
  const scope = { operation: 'ListRecords', request: [poolId, identityId, datasetName, String(since)] }
  const begun = beginning(positionOf(context, scope, input.NextToken))
  const { dataset, mergedNames } = pool
    ? await findWithMerged(context.db, poolId, identityId, datasetName)
    : { dataset: undefined, mergedNames: [] }
  const page = await pageAfter(context, scope, dataset, since, begun, pageSize(input.MaxResults, limits.page.max))
  if (pool && judged !== 'valid') context.datasetUsage.addSession(poolId)
  return {
    Records: page.records.map(recordType),
    NextToken: page.next,
    Count: page.records.length,
    DatasetSyncCount: page.syncCount,
    LastModifiedBy: dataset?.live ? dataset.modifiedBy : undefined,
    MergedDatasetNames: mergedNames.length > 0 ? mergedNames : undefined,
    DatasetExists: dataset?.live ?? false,
    DatasetDeletedAfterRequestedSyncCount: mustBeginAnew(dataset, since),
    SyncSessionToken: judged === 'valid' ? shown : newSessionToken(context.sealer, token, now),
  }
})

/** Where the pages of a list go on. All of them show the dataset as of one count. */
interface Beginning {
  snapshot: number
  datasetId: string
  syncCount: number
  key: string
}

const beginning = ([snapshot, datasetId = '', syncCount, key = '']: string[] = []): Beginning | undefined =>
  snapshot === undefined ? undefined : { snapshot: Number(snapshot), datasetId, syncCount: Number(syncCount), key }

interface Page {
  records: readonly DatasetRecord[]
  /** The count that the dataset has with them. */
  syncCount: number
  next: string | undefined
}

async function pageAfter(
  context: Context,
  scope: CursorScope,
  dataset: Dataset | undefined,
  since: number,
  begun: Beginning | undefined,
  size: number,
): Promise<Page> {
  const snapshot = begun?.snapshot ?? dataset?.syncCount ?? 0
  const nothing = { records: [], syncCount: snapshot, next: undefined }
  // A list whose dataset was deleted meanwhile ends: the next one tells that it must begin anew.
  if (!dataset?.live || (begun && begun.datasetId !== dataset.datasetId) || snapshot <= since) return nothing
  // Keys are never empty: this is the place before the first record of the next count.
  const after = begun ?? { syncCount: since + 1, key: '' }
  // All at once are as they are when they are read, which a push may have preceded since the dataset was read.
  const upTo = begun ? snapshot : Number.MAX_SAFE_INTEGER
  const rows = await listStored(context.db, dataset, { after, upTo, liveOnly: since === 0, limit: size + 1 })
  const records = firstPage(rows, size)
  const last = records.at(-1)
  if (records.length === rows.length || !last)
    return { records, syncCount: begun ? snapshot : Math.max(snapshot, last?.syncCount ?? 0), next: undefined }
  const position = [String(snapshot), dataset.datasetId, String(last.syncCount), last.key]
  return {
    records: records.filter(({ syncCount }) => syncCount <= snapshot),
    syncCount: snapshot,
    next: sealCursor(context.sealer, scope, position, context.clock.now()),
  }
}
