// Devices go with their identity, whatever deletes it, and with their pool; those of others stay.
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { engines } from '../../test/harness.ts'
import { useParts } from '../../test/parts.ts'
import { runDue } from '../../test/queue-runs.ts'
import { deleteIdentity } from '../cognito-identity/identities/change-identity.ts'
import { guestRemovals } from '../cognito-identity/identities/guest-removal.ts'
import { insertIdentity } from '../cognito-identity/identities/identity-store.ts'
import { identityPoolRemovals } from '../cognito-identity/identities/pool-removal.ts'
import { deleteIdentityPool, insertIdentityPool } from '../cognito-identity/identity-pools/pool-store.ts'
import { createLastUsed } from '../iam/last-used.ts'
import { REMOVAL_DELAY_MS } from '../jobs/removal-rules.ts'
import { insertDevice, insertSubscription } from './device-store.ts'
import { findSyncPool, replaceSyncPool } from './sync-pool-store.ts'
import { createUsageCounts } from './usage-counts.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe.each(engines)('devices on %s', (engine) => {
  const parts = useParts(engine)
  const settings = { IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true }
  const newPool = async (id: string): Promise<string> => {
    await insertIdentityPool(parts.db, { id, region: 'us-east-1', settings, createdAt: 1, updatedAt: 1, version: 1 })
    await replaceSyncPool(parts.db, await findSyncPool(parts.db, id), { SyncTrigger: 'arn' }, 1)
    return id
  }
  /** An identity with a device that is told of two datasets. */
  const withDevice = async (poolId: string, identityId: string): Promise<string> => {
    await insertIdentity(parts.db, { id: identityId, poolId, logins: [] }, 1)
    const device = { id: 'd', identityId, poolId, platform: 'GCM', applicationArn: 'a', token: 't', createdAt: 1 }
    await insertDevice(parts.db, device)
    for (const datasetName of ['one', 'two'])
      await insertSubscription(parts.db, { identityId, datasetName, deviceId: 'd', poolId })
    return identityId
  }
  const rowsOf = async (identityId: string) => {
    const count = async (table: 'sync_devices' | 'sync_subscriptions') =>
      (await parts.db.selectFrom(table).select('device_id').where('identity_id', '=', identityId).execute()).length
    return [await count('sync_devices'), await count('sync_subscriptions')]
  }
  const context = () => ({
    database: parts.database,
    db: parts.db,
    clock: parts.clock,
    datasetUsage: createUsageCounts(parts.database),
  })

  it('go with a deleted identity', async () => {
    const pool = await newPool('one')
    const [gone, kept] = [await withDevice(pool, 'one-gone'), await withDevice(pool, 'one-kept')]
    await deleteIdentity(context(), gone)
    expect([await rowsOf(gone), await rowsOf(kept)]).toEqual([
      [0, 0],
      [1, 2],
    ])
  })

  it('go with a deleted pool, and with them what was set for it', async () => {
    const [pool, other] = [await newPool('two'), await newPool('two-kept')]
    const [gone, kept] = [await withDevice(pool, 'two-gone'), await withDevice(other, 'two-kept')]
    await deleteIdentityPool(parts.db, pool, parts.clock.now())
    parts.clock.advance(REMOVAL_DELAY_MS)
    await runDue(parts, identityPoolRemovals(parts))
    expect([await rowsOf(gone), await rowsOf(kept)]).toEqual([
      [0, 0],
      [1, 2],
    ])
    expect((await findSyncPool(parts.db, pool)).version).toBe(0)
    expect((await findSyncPool(parts.db, other)).version).toBe(1)
  })

  it('go with a guest whom nobody has seen for long', async () => {
    const gone = await withDevice(await newPool('three'), 'three-gone')
    const queue = guestRemovals({
      ...context(),
      lastUsed: createLastUsed(parts.database, parts.clock),
      log: pino({ level: 'silent' }),
      config: { regions: ['us-east-1'], unusedGuestDays: 10 },
    })
    await runDue(parts, queue)
    expect(await rowsOf(gone)).toEqual([1, 2])
    parts.clock.advance(11 * DAY_MS)
    await runDue(parts, queue)
    expect(await rowsOf(gone)).toEqual([0, 0])
  })
})
