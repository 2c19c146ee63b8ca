// A push, step by step: read what it is about, decide, write in one transaction that compares the dataset's count, tell. A
// rival's push in between has it begin anew, so that each raises the count by one and none is lost.
import { findIdentity, type Identity, raiseVersion } from '../../cognito-identity/identities/identity-store.ts'
import { noSuchIdentityText } from '../../cognito-identity/identities/link-refusals.ts'
import type { Context } from '../../context.ts'
import type { RecordPatch } from '../../contract/cognito-sync.types.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import {
  type Dataset,
  findDataset,
  findDatasetsOf,
  insertDataset,
  replaceDataset,
} from '../../datasets/dataset-store.ts'
import { firstCount } from '../../datasets/marker-rules.ts'
import {
  type DatasetRecord,
  deleteTombstones,
  findRecords,
  findTombstoneCounts,
  putRecords,
} from '../../datasets/record-store.ts'
import type { SyncPool } from '../../datasets/sync-pool-store.ts'
import { newUuid } from '../../effects/uuid.ts'
import { insertJob, type NewJob } from '../../jobs/job-store.ts'
import type { Fail } from '../../operation.ts'
import { enforce } from '../../refusal-rules.ts'
import { jobsAfter, wakeAfter } from '../jobs-after.ts'
import { askTrigger } from './ask-trigger.ts'
import { applyPatches, conflictRefusal, forgetTombstones, type Push, type PushedTo, sizeRefusal } from './push-rules.ts'

export interface DatasetChange {
  readonly poolId: string
  readonly identityId: string
  readonly name: string
  /** At least one (patch-rules.ts). */
  readonly patches: readonly RecordPatch[]
  /** The id of a device, or of the identity. */
  readonly modifiedBy: string
  /** The device that pushes, if it says so. */
  readonly deviceId: string | undefined
  /** Whether the credentials are an identity's: the pool's SyncTrigger is asked about no other push. */
  readonly byIdentity: boolean
}

/** What a push is about, as read. */
interface Found extends PushedTo {
  /** The row that is to be replaced: the dataset's, or what is kept of a deleted one. Undefined where there is none. */
  readonly row: Dataset | undefined
  /** The identity that gets a new dataset; undefined for a dataset that is there. */
  readonly owner: Identity | undefined
}

/** What is to be written. */
interface Plan extends Push {
  /** Tombstones up to this count go. */
  readonly forgetUpTo: number | undefined
}

type PushFail = Fail<
  'InvalidParameterException' | 'LimitExceededException' | 'ResourceConflictException' | 'ResourceNotFoundException'
>

/**
 * Applies patches to a dataset, which is made when there is none, and answers the records that it changed. Throws
 * ResourceConflictException, LimitExceededException, and, for a new dataset of an identity that cannot have any,
 * ResourceNotFoundException.
 */
export async function changeDataset(
  context: Context,
  change: DatasetChange,
  fail: PushFail,
): Promise<readonly DatasetRecord[]> {
  const pool = await context.syncPools.get(change.poolId)
  const attempt = async (): Promise<readonly DatasetRecord[]> => {
    const now = context.clock.now()
    const found = await read(context, change, now, fail)
    const { plan, kept } = await asked(context, pool, change, found, now, fail)
    if (plan.records.length === 0) return kept
    const jobs = followUp(context, pool, change, plan)
    await context.database.transaction((db) => write(db, found, plan, jobs))
    context.datasetUsage.addChange(change.poolId, plan.dataset.storage - found.dataset.storage, now)
    await context.database.durable()
    wakeAfter(context, jobs)
    context.pokes.tell(change.identityId, change.name, plan.dataset.syncCount)
    return [...plan.records, ...kept]
  }
  return withRetries(attempt, { row: `${change.identityId} ${change.name}` })
}

/** The plan of a push, or what the pool's SyncTrigger makes of it; `kept` are records that the function left as they are. */
async function asked(
  context: Context,
  { settings: { SyncTrigger } }: SyncPool,
  change: DatasetChange,
  found: Found,
  now: number,
  fail: PushFail,
): Promise<{ plan: Plan; kept: readonly DatasetRecord[] }> {
  const plan = await decide(context, change, found, now, fail)
  if (SyncTrigger === undefined || !change.byIdentity) return { plan, kept: [] }
  const { patches, stored, kept } = await askTrigger(context, SyncTrigger, found.dataset, change.patches)
  return { plan: await decide(context, { ...change, patches }, { ...found, stored }, now, fail), kept }
}

/** The jobs that tell devices and the stream of what is written. */
const followUp = (
  context: Pick<Context, 'streams'>,
  pool: SyncPool,
  { poolId, identityId, name, deviceId }: DatasetChange,
  { dataset, records }: Plan,
) =>
  jobsAfter(
    context,
    pool,
    {
      identityPoolId: poolId,
      identityId,
      datasetName: name,
      operation: 'replace',
      syncCount: dataset.syncCount,
      updatedAt: dataset.updatedAt,
      records,
    },
    deviceId,
  )

async function read(context: Context, change: DatasetChange, now: number, fail: PushFail): Promise<Found> {
  const { poolId, identityId, name, patches } = change
  const row = await findDataset(context.db, identityId, name)
  if (row && row.poolId !== poolId) throw fail('ResourceNotFoundException', noSuchIdentityText(identityId))
  if (!row?.live) return readNew(context, change, row, now, fail)
  const keys = patches.map(({ Key }) => Key)
  return { row, owner: undefined, dataset: row, stored: await findRecords(context.db, row, keys) }
}

/** The empty dataset that a first push fills. */
async function readNew(
  context: Context,
  { poolId, identityId, name, modifiedBy }: DatasetChange,
  row: Dataset | undefined,
  now: number,
  fail: PushFail,
): Promise<Found> {
  const owner = await findIdentity(context.db, identityId)
  if (!owner || owner.disabled || owner.poolId !== poolId)
    throw fail('ResourceNotFoundException', noSuchIdentityText(identityId))
  const others = await findDatasetsOf(context.db, identityId)
  const max = context.config.syncLimits.datasets
  if (others.filter(({ live }) => live).length >= max)
    throw fail('LimitExceededException', `An identity can not have more than ${max} datasets.`)
  const first = firstCount(others)
  const dataset: Dataset = {
    identityId,
    name,
    poolId,
    homeId: identityId,
    datasetId: newUuid(context.random),
    live: true,
    syncCount: row?.syncCount ?? first,
    deletedSyncCount: row?.deletedSyncCount ?? first,
    mergedFrom: '',
    createdAt: now,
    updatedAt: now,
    modifiedBy,
    storage: 0,
    recordCount: 0,
    tombstoneCount: 0,
  }
  return { row, owner, dataset, stored: new Map() }
}

async function decide(
  { db, config: { syncLimits } }: Pick<Context, 'db' | 'config'>,
  { patches, modifiedBy }: DatasetChange,
  found: Found,
  now: number,
  fail: PushFail,
): Promise<Plan> {
  enforce(fail, conflictRefusal(found, patches))
  const push = applyPatches(found, patches, { modifiedBy, now })
  enforce(fail, sizeRefusal(found.dataset, push.dataset, syncLimits))
  if (push.dataset.tombstoneCount <= syncLimits.records) return { ...push, forgetUpTo: undefined }
  const counts = await findTombstoneCounts(db, found.dataset)
  const forgetting = forgetTombstones(push, found, counts, syncLimits.records)
  return { ...push, dataset: forgetting?.dataset ?? push.dataset, forgetUpTo: forgetting?.upTo }
}

/** Throws Stale when the dataset, or the identity that gets it, has changed since it was read. */
async function write(
  db: Db,
  { row, owner }: Found,
  { dataset, records, forgetUpTo }: Plan,
  jobs: readonly NewJob[],
): Promise<void> {
  if (owner && !(await raiseVersion(db, owner))) throw new Stale()
  const written = row ? await replaceDataset(db, row, dataset) : await insertDataset(db, dataset)
  if (!written) throw new Stale()
  await putRecords(db, dataset, records)
  if (forgetUpTo !== undefined) await deleteTombstones(db, dataset, forgetUpTo)
  for (const job of jobs) await insertJob(db, job)
}
