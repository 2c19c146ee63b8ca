// What becomes of datasets when their identity or pool is deleted.
import { DeleteIdentitiesCommand, DeleteIdentityPoolCommand } from '@aws-sdk/client-cognito-identity'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { engines, expectRefusal, startTestServer, type TestServer } from '../../test/harness.ts'
import { type IdentityWorld, makeIdentityWorld } from '../../test/identity-world.ts'
import { useParts } from '../../test/parts.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { runDue } from '../../test/queue-runs.ts'
import { type Device, deviceFor, patch } from '../../test/sync.ts'
import { deleteIdentity } from '../cognito-identity/identities/change-identity.ts'
import { insertIdentity } from '../cognito-identity/identities/identity-store.ts'
import { identityPoolRemovals } from '../cognito-identity/identities/pool-removal.ts'
import { deleteIdentityPool, insertIdentityPool } from '../cognito-identity/identity-pools/pool-store.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
import { REMOVAL_DELAY_MS } from '../jobs/removal-rules.ts'
import { type Dataset, insertDataset, replaceDataset } from './dataset-store.ts'
import { putRecords } from './record-store.ts'
import { datasetRemovals } from './remove-datasets.ts'

const many = (count: number) => Array.from({ length: count }, (_, i) => patch(`k${i}`, 'v'))

describe('the server removes by itself', () => {
  let server: TestServer
  let world: IdentityWorld & { close(): void }
  let database: Database
  beforeAll(async () => {
    const url = await postgresUrl()
    server = await startTestServer({ env: { DATABASE_URL: url } })
    database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => undefined)
    world = await makeIdentityWorld(server)
  })
  afterAll(async () => {
    world?.close()
    await database?.close()
    await server?.stop()
  })
  const rows = async () => {
    const { db } = database
    const datasets = await db.selectFrom('sync_datasets').select(['identity_id', 'dataset_name']).execute()
    const records = await db.selectFrom('sync_records').select('record_key').execute()
    return { datasets: datasets.map((row) => row.dataset_name).sort(), records: records.length }
  }
  const become = (left: Awaited<ReturnType<typeof rows>>) =>
    vi.waitFor(async () => expect(await rows()).toEqual(left), { timeout: 20_000, interval: 200 })
  const remove = (device: Device) =>
    world.admin.send(new DeleteIdentitiesCommand({ IdentityIdsToDelete: [device.ids.IdentityId] }))

  it('the datasets of deleted identities, those that were merged into them too, and no others', async () => {
    const logins = await world.loginsOf('ada')
    const [guest, user, kept] = [
      await deviceFor(server, world),
      await deviceFor(server, world, logins),
      await deviceFor(server, world),
    ]
    await kept.push('kept', [patch('a', '1')])
    await guest.push('large', many(700))
    await guest.push('d', many(3))
    await user.push('d', many(3))
    await user.push('gone', many(3))
    await user.delete('gone')
    // The guest signs in as the user.
    await deviceFor(server, world, logins, guest.ids.IdentityId).catch(() => undefined)
    expect(await user.names()).toEqual(['d', `d.${guest.ids.IdentityId}`, 'large'])
    await remove(user)
    // At once for everybody.
    expect(await user.names()).toEqual([])
    await expectRefusal(user.push('d', [patch('a', '1')]), 'ResourceNotFoundException')
    await become({ datasets: ['kept'], records: 1 })
    await remove(guest)
    expect(await kept.values('kept')).toEqual({ a: '1' })
    await remove(kept)
    await become({ datasets: [], records: 0 })
  })

  it('everything of a deleted pool', async () => {
    const device = await deviceFor(server, world)
    await device.push('d', many(3))
    await device.push('large', many(700))
    await world.admin.send(new DeleteIdentityPoolCommand({ IdentityPoolId: world.poolId }))
    expect(await device.pull('d')).toMatchObject({ DatasetExists: false, Records: [] })
    server.clock.advance(REMOVAL_DELAY_MS)
    await become({ datasets: [], records: 0 })
    const usage = () => database.db.selectFrom('sync_usage').selectAll().execute()
    await vi.waitFor(async () => expect(await usage()).toEqual([]), { timeout: 20_000 })
  })
})

describe.each(engines)('the removal of many datasets on %s', (engine) => {
  const parts = useParts(engine)
  const dataset = (poolId: string, identityId: string, name: string, records: number): Dataset => ({
    identityId,
    name,
    poolId,
    homeId: identityId,
    datasetId: name,
    live: true,
    syncCount: 1,
    deletedSyncCount: 0,
    mergedFrom: '',
    createdAt: 1,
    updatedAt: 1,
    modifiedBy: identityId,
    storage: 1,
    recordCount: records,
    tombstoneCount: 0,
  })
  const makePool = async (id: string, sizes: readonly number[]) => {
    const settings = { IdentityPoolName: 'x', AllowUnauthenticatedIdentities: true }
    await insertIdentityPool(parts.db, { id, region: 'us-east-1', settings, createdAt: 1, updatedAt: 1, version: 1 })
    for (const [i, size] of sizes.entries()) {
      const identityId = `${id}-${i}`
      await insertIdentity(parts.db, { id: identityId, poolId: id, logins: [] }, 1)
      const made = dataset(id, identityId, 'd', size)
      await insertDataset(parts.db, made)
      const records = Array.from({ length: size }, (_, key) => ({
        key: `k${key}`,
        value: 'v',
        syncCount: 1,
        updatedAt: 1,
        modifiedBy: '',
        deviceUpdatedAt: undefined,
      }))
      await putRecords(parts.db, made, records)
    }
  }
  const left = async (pool: string) => {
    const count = async (table: 'sync_datasets' | 'identities') =>
      (await parts.db.selectFrom(table).select('identity_id').where('identity_pool_id', '=', pool).execute()).length
    const homes = await parts.db.selectFrom('sync_records').select('home_id').execute()
    return [
      await count('sync_datasets'),
      homes.filter((row) => row.home_id.startsWith(pool)).length,
      await count('identities'),
    ]
  }

  it('goes on in steps, and leaves other pools alone', async () => {
    await makePool('gone', [...Array<number>(45).fill(2), 1300])
    await makePool('kept', [3, 700])
    await deleteIdentityPool(parts.db, 'gone', parts.clock.now())
    parts.clock.advance(REMOVAL_DELAY_MS)
    await runDue(parts, identityPoolRemovals(parts), 1)
    // In the order of their names: not the one with many records yet.
    expect(await left('gone')).toEqual([26, 26 * 2 - 2 + 1300, 46])
    await runDue(parts, identityPoolRemovals(parts))
    expect(await left('gone')).toEqual([0, 1300, 0])
    await runDue(parts, datasetRemovals(parts), 1)
    expect(await left('gone')).toEqual([0, 800, 0])
    await runDue(parts, datasetRemovals(parts))
    expect(await left('gone')).toEqual([0, 0, 0])
    expect(await left('kept')).toEqual([2, 703, 2])
    expect(await parts.db.selectFrom('jobs').select('id').execute()).toEqual([])
  })

  it('takes off the use of its pool what a push has made of a dataset in the meantime', async () => {
    await makePool('raced', [1])
    const made = dataset('raced', 'raced-0', 'd', 1)
    const changes: number[] = []
    const database: Database = {
      ...parts.database,
      async transaction(work) {
        await replaceDataset(parts.db, made, { ...made, syncCount: 2, storage: 50 })
        return parts.database.transaction(work)
      },
    }
    const addChange = (_: string, bytes: number): void => void changes.push(bytes)
    const context = { db: parts.db, database, clock: parts.clock, datasetUsage: { addChange } as never }
    expect(await deleteIdentity(context, 'raced-0')).toBe(true)
    expect(changes).toEqual([-50])
    expect(await left('raced')).toEqual([0, 0, 0])
  })
})
