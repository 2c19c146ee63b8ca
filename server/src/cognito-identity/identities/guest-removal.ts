// Removes identities of guests that nobody has used for some days (UNUSED_GUEST_DAYS; off unless set): every call of GetId
// without a login makes one. Uses are noted only while the setting is on, so nothing is removed before it has been on for
// that long. A round goes over all identity pools once an hour, in one process.
import { setTimeout } from 'node:timers/promises'
import type { Context } from '../../context.ts'
import { findDatasetsOf } from '../../datasets/dataset-store.ts'
import { deleteDevicesOf } from '../../datasets/device-store.ts'
import { removeDatasetsOf } from '../../datasets/remove-datasets.ts'
import { deleteLastUsed } from '../../iam/last-used-store.ts'
import type { Queue } from '../../jobs/queue.ts'
import { type IdentityPool, listIdentityPools } from '../identity-pools/pool-store.ts'
import { deleteIdentity, type Identity, listIdentities } from './identity-store.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const AT_ONCE = 200
/** Pause between two pages, so that other work is not held up: a pool may have millions of identities. */
const PAUSE_MS = 2

/** The row of `meta` with the time since which uses are noted. */
const NOTED_SINCE = 'guest-uses-since'

type Parts = Pick<Context, 'database' | 'clock' | 'lastUsed' | 'datasetUsage' | 'log'> & {
  config: Pick<Context['config'], 'regions' | 'unusedGuestDays'>
}

/** Notes that a guest used an identity: it got a token or credentials for it. */
export function noteGuestUse(context: Pick<Context, 'lastUsed' | 'config'>, identityId: string): void {
  if (context.config.unusedGuestDays > 0)
    context.lastUsed.note(identityId, { service: 'cognito-identity', region: context.config.region })
}

/** The queue of the rounds. A round that a stop interrupts begins anew; what it removed does not come back. */
export const guestRemovals = (context: Parts): Queue => ({
  name: 'guest-removal',
  slots: 1,
  standing: 'guest-removal',
  async run(_job, lease) {
    const { clock, config } = context
    const before = clock.now() - config.unusedGuestDays * DAY_MS
    const since = await notedSince(context)
    if (since !== undefined && since <= before)
      for await (const pool of allPools(context)) await removeOfPool(context, pool, before, lease.stopping)
    return lease.stopping.aborted ? lease.repeat(clock.now()) : lease.repeat(clock.now() + HOUR_MS)
  },
})

/** Since when uses are noted without a gap (epoch milliseconds); undefined while the setting is off. */
async function notedSince({ database: { db }, clock, config }: Parts): Promise<number | undefined> {
  if (config.unusedGuestDays === 0) {
    await db.deleteFrom('meta').where('name', '=', NOTED_SINCE).execute()
    return undefined
  }
  const value = String(clock.now())
  await db
    .insertInto('meta')
    .values({ name: NOTED_SINCE, value })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await db.selectFrom('meta').select('value').where('name', '=', NOTED_SINCE).executeTakeFirst()
  return Number(row?.value)
}

async function* allPools({ database, config }: Parts): AsyncGenerator<IdentityPool> {
  for (const region of config.regions) {
    for (let after: string | undefined; ; ) {
      const pools = await listIdentityPools(database.db, region, after, AT_ONCE)
      yield* pools
      after = pools.at(-1)?.id
      if (pools.length < AT_ONCE) break
    }
  }
}

async function removeOfPool(context: Parts, pool: IdentityPool, before: number, stopping: AbortSignal): Promise<void> {
  for (let after: { disabled: boolean; id: string } | undefined; !stopping.aborted; ) {
    const page = await listIdentities(context.database.db, pool.id, { hideDisabled: true, after, limit: AT_ONCE })
    const removed: string[] = []
    for (const identity of page) {
      if (stopping.aborted) break
      if (await removeUnused(context, identity, before)) removed.push(identity.id)
    }
    if (removed.length > 0)
      context.log.info({ identityPool: pool.id, removed: removed.length }, 'unused guests removed')
    after = page.at(-1)
    if (!after) return
    await setTimeout(PAUSE_MS)
  }
}

async function removeUnused(
  { database, clock, lastUsed, datasetUsage }: Parts,
  identity: Identity,
  before: number,
): Promise<boolean> {
  if (identity.linked || identity.createdAt >= before) return false
  const use = await lastUsed.find(identity.id)
  if (use && use.usedAt >= before) return false
  const now = clock.now()
  const datasets = await findDatasetsOf(database.db, identity.id)
  const bytes = await database.transaction(async (db) => {
    // An identity that got a login or a dataset since has another version and stays.
    if (!(await deleteIdentity(db, identity))) return undefined
    await deleteDevicesOf(db, [identity.id])
    if (use) await deleteLastUsed(db, identity.id)
    return removeDatasetsOf(db, [identity.id], datasets, now)
  })
  lastUsed.forget(identity.id)
  if (bytes !== undefined && datasets.length > 0) datasetUsage.addChange(identity.poolId, -bytes, now)
  return bytes !== undefined
}
