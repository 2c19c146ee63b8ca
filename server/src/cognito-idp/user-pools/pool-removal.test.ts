import { beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { type Parts, useParts } from '../../../test/parts.ts'
import { claimDue, runDue } from '../../../test/queue-runs.ts'
import { analyze, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import { tablesThatOutlive } from '../../database/owned-tables.ts'
import { LEASE_MS } from '../../jobs/back-off-rules.ts'
import { insertJob } from '../../jobs/job-store.ts'
import { type Lease, LeaseLost } from '../../jobs/queue.ts'
import { REMOVAL_DELAY_MS } from '../../jobs/removal-rules.ts'
import { insertClient } from '../user-pool-clients/client-store.ts'
import { findRemovableUsers } from '../users/user-removal-store.ts'
import { insertUser } from '../users/user-store.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { USERS_AT_ONCE, userPoolRemovals } from './pool-removal.ts'
import { deletePool, insertPool, type UserPool } from './pool-store.ts'
import { USER_POOL_REMOVAL } from './removal-rules.ts'

/** Tables whose rows are purged when they expire, without the removal of the pool. */
const EXPIRING = ['attempts', ...Object.keys(tablesThatOutlive)]

/** More than two steps take. */
const MANY = 2 * USERS_AT_ONCE + 50

type Row = Record<string, unknown>

/** Tables with rows of pools, as the database has them: a table that is added later is asked about too. */
async function poolTables({
  database,
}: Parts): Promise<{ name: string; columns: { name: string; dataType: string }[] }[]> {
  const tables = await database.db.introspection.getTables()
  return tables.filter((table) => table.columns.some((column) => column.name === 'user_pool_id'))
}

async function rowsOf(parts: Parts, poolId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name } of await poolTables(parts)) {
    const rows = await parts.db
      .selectFrom(name as 'users')
      .selectAll()
      .where('user_pool_id', '=', poolId)
      .execute()
    counts[name] = rows.length
  }
  const jobs = await parts.db.selectFrom('jobs').select('owner').execute()
  counts['messages of users'] = jobs.filter(({ owner }) => owner.startsWith(`${poolId} user`)).length
  return counts
}

/** One row for the pool in every table that its own stores did not fill. */
async function fillOtherTables(parts: Parts, poolId: string, sub: string): Promise<void> {
  for (const { name, columns } of await poolTables(parts)) {
    if (((await rowsOf(parts, poolId))[name] ?? 0) > 0) continue
    const row: Row = {}
    for (const column of columns) row[column.name] = /int/i.test(column.dataType) ? 0 : `${poolId} ${name}`
    Object.assign(row, { user_pool_id: poolId }, 'user_sub' in row && { user_sub: sub })
    await parts.db
      .insertInto(name as 'users')
      .values(row as never)
      .execute()
  }
}

describe.each(engines)('the removal of deleted pools on %s', (engine) => {
  const parts = useParts(engine)
  let made = 0
  const run = (steps?: number) => runDue(parts, userPoolRemovals(parts), steps)

  const message = { queue: 'captured', payload: '', created_at: 0, due_at: 0 }
  const subOf = (poolId: string, n: number): string => `${poolId} user ${String(n).padStart(4, '0')}`

  const addUsers = (pool: UserPool, numbers: readonly number[]) =>
    parts.database.transaction(async (db) => {
      for (const n of numbers) {
        const attributes = { email: `${n}@example.com`, email_verified: 'true' }
        const secrets = {
          credential: '',
          credentialSetAt: 0,
          credentialHistory: '',
          tokenGeneration: 0,
          mfa: {},
          identities: [],
        }
        const times = { createdAt: 0, updatedAt: 0, version: 1 }
        const names = { sub: subOf(pool.id, n), userPoolId: pool.id, username: `user${n}` }
        const user = { ...names, status: 'CONFIRMED', enabled: true, attributes, ...secrets, ...times }
        await insertUser(db, pool, user as never)
      }
    })

  async function makeFilledPool(users: number): Promise<UserPool> {
    const id = `us-east-1_pool${++made}`
    const settings = newPoolSettings({ PoolName: 'x', AliasAttributes: ['email'] }, 'us-east-1')
    const pool: UserPool = { id, region: 'us-east-1', replicas: [], settings, createdAt: 0, updatedAt: 0, version: 1 }
    await insertPool(parts.db, pool)
    const client = { clientId: `client${made}`, userPoolId: id, settings: { ClientName: 'c' }, secrets: [] }
    await insertClient(parts.db, parts.sealer, { ...client, createdAt: 0, updatedAt: 0, version: 1 })
    await addUsers(pool, [...Array(users).keys()])
    await fillOtherTables(parts, id, subOf(id, 0))
    await insertJob(parts.db, { ...message, owner: subOf(id, 0), id: `message ${id}` })
    return pool
  }

  const remove = (pool: UserPool) => parts.database.transaction((db) => deletePool(db, pool, parts.clock.now()))
  const left = async (pool: UserPool) =>
    Object.fromEntries(
      Object.entries(await rowsOf(parts, pool.id)).filter(([name, rows]) => rows > 0 && !EXPIRING.includes(name)),
    )

  beforeEach(async () => {
    await parts.db.deleteFrom('jobs').where('queue', '=', USER_POOL_REMOVAL).execute()
  })
  const removals = () => parts.db.selectFrom('jobs').selectAll().where('queue', '=', USER_POOL_REMOVAL).execute()

  it('leaves nothing of the pool and everything of others', async () => {
    const gone = await makeFilledPool(3)
    const kept = await makeFilledPool(3)
    const before = await rowsOf(parts, kept.id)
    expect(Object.entries(before).filter(([, rows]) => rows === 0)).toEqual([])
    expect(await remove(gone)).toBe(true)
    parts.clock.advance(REMOVAL_DELAY_MS)
    await run()
    expect(await left(gone)).toEqual({})
    expect(await rowsOf(parts, kept.id)).toEqual(before)
    expect(await removals()).toEqual([])
  })

  it('waits until no request can still be writing for the pool', async () => {
    const pool = await makeFilledPool(1)
    const before = await rowsOf(parts, pool.id)
    await remove(pool)
    parts.clock.advance(REMOVAL_DELAY_MS - 1000)
    await run()
    expect(await rowsOf(parts, pool.id)).toEqual(before)
    expect(await removals()).toHaveLength(1)
  })

  it('goes on after a stop where it was', async () => {
    const pool = await makeFilledPool(MANY)
    await remove(pool)
    parts.clock.advance(REMOVAL_DELAY_MS)
    await run(1)
    const rest = MANY - USERS_AT_ONCE
    expect(await rowsOf(parts, pool.id)).toMatchObject({ users: rest, user_names: 2 * rest, user_pool_clients: 1 })
    expect(await removals()).toMatchObject([
      { payload: JSON.stringify([0, subOf(pool.id, USERS_AT_ONCE - 1)]), lease: '' },
    ])
    await run()
    expect(await left(pool)).toEqual({})
    expect(await removals()).toEqual([])
  })

  it('goes on from its cursor after a process was killed, and removes each user once', async () => {
    const pool = await makeFilledPool(MANY)
    await remove(pool)
    parts.clock.advance(REMOVAL_DELAY_MS)
    const queue = userPoolRemovals(parts)
    // Killed in the transaction of its second step: nothing of that step is there afterwards.
    const killed = await claimDue(parts, queue)
    if (!killed) throw new Error('nothing is due')
    let steps = 0
    const advance: Lease['advance'] = async (db, payload) => {
      await killed.lease.advance(db, payload)
      if (++steps === 2) throw new Error('killed')
    }
    await expect(queue.run(killed.job, { ...killed.lease, advance })).rejects.toThrow('killed')
    killed.lease.release()
    expect((await rowsOf(parts, pool.id))['users']).toBe(MANY - USERS_AT_ONCE)
    await run()
    expect((await rowsOf(parts, pool.id))['users']).toBe(MANY - USERS_AT_ONCE)
    parts.clock.advance(LEASE_MS + 1)
    expect(await removals()).toMatchObject([{ payload: JSON.stringify([0, subOf(pool.id, USERS_AT_ONCE - 1)]) }])
    await run()
    expect(await left(pool)).toEqual({})
  })

  it('removes users whose rows are inserted during the removal, before or after its cursor', async () => {
    const pool = await makeFilledPool(MANY)
    await remove(pool)
    await addUsers(pool, [MANY])
    parts.clock.advance(REMOVAL_DELAY_MS)
    await run(1)
    // Rows of requests that took longer than the delay: before the cursor of the removal, and after it.
    await addUsers(pool, [0, 1, MANY + 1])
    await run()
    expect(await left(pool)).toEqual({})
    expect(await removals()).toEqual([])
  })

  it('does no harm when done twice at the same time', async () => {
    const pool = await makeFilledPool(MANY)
    await remove(pool)
    parts.clock.advance(REMOVAL_DELAY_MS)
    const queue = userPoolRemovals(parts)
    const late = await claimDue(parts, queue)
    parts.clock.advance(LEASE_MS + 1)
    const second = await claimDue(parts, queue)
    if (!late || !second) throw new Error('The job must have been claimed twice.')
    const [first] = await Promise.allSettled([queue.run(late.job, late.lease), queue.run(second.job, second.lease)])
    for (const { lease } of [late, second]) lease.release()
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(LeaseLost) })
    await run()
    expect(await left(pool)).toEqual({})
  })

  it('reads the users of each step by an index, in its order', async () => {
    await makeFilledPool(50)
    await analyze(parts.database)
    const plans = await plansOf(parts.database, (db) => findRemovableUsers(db, 'us-east-1_pool1', 'a', 10))
    expect(plans.map(readsInOrder)).toEqual([true])
  })

  it('queues no removal for a pool that was changed or deleted', async () => {
    const pool = await makeFilledPool(1)
    expect(await remove({ ...pool, version: 2 })).toBe(false)
    expect(await remove(pool)).toBe(true)
    expect(await remove(pool)).toBe(false)
    expect(await removals()).toHaveLength(1)
  })
})
