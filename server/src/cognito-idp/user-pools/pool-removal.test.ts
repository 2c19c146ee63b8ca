import { beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { type Parts, useParts } from '../../../test/parts.ts'
import { insertClient } from '../user-pool-clients/client-store.ts'
import { insertUser } from '../users/user-store.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { REMOVAL_DELAY_MS, removeDeletedPools } from './pool-removal.ts'
import { deletePool, insertPool, type UserPool } from './pool-store.ts'

/** Rows that end by themselves when their time is over, whatever becomes of the pool. */
const EXPIRING = ['attempts', 'spent_ids']

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
  return counts
}

/** One row for the pool in every table that its own stores did not fill. */
async function fillOtherTables(parts: Parts, poolId: string, sub: string): Promise<void> {
  for (const { name, columns } of await poolTables(parts)) {
    if (((await rowsOf(parts, poolId))[name] ?? 0) > 0 || name === 'user_pool_removals') continue
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
  const stopped = () => false

  async function makeFilledPool(users: number): Promise<UserPool> {
    const id = `us-east-1_pool${++made}`
    const settings = newPoolSettings({ PoolName: 'x', AliasAttributes: ['email'] }, 'us-east-1')
    const pool: UserPool = { id, settings, createdAt: 0, updatedAt: 0, version: 1 }
    await insertPool(parts.db, pool)
    const client = { clientId: `client${made}`, userPoolId: id, settings: { ClientName: 'c' }, secrets: [] }
    await insertClient(parts.db, parts.sealer, { ...client, createdAt: 0, updatedAt: 0, version: 1 })
    await parts.database.transaction(async (db) => {
      for (let n = 0; n < users; n++) {
        const sub = `${made}-${n}`
        const attributes = { email: `${n}@example.com`, email_verified: 'true' }
        const secrets = { credential: '', credentialSetAt: 0, credentialHistory: '', tokenGeneration: 0, mfa: {} }
        const times = { createdAt: 0, updatedAt: 0, version: 1 }
        const user = { sub, userPoolId: id, username: `user${n}`, status: 'CONFIRMED', enabled: true, attributes }
        await insertUser(db, pool, { ...user, ...secrets, ...times } as never)
      }
    })
    await fillOtherTables(parts, id, `${made}-0`)
    return pool
  }

  const remove = (pool: UserPool) => parts.database.transaction((db) => deletePool(db, pool, parts.clock.now()))
  const left = async (pool: UserPool) =>
    Object.fromEntries(
      Object.entries(await rowsOf(parts, pool.id)).filter(([name, rows]) => rows > 0 && !EXPIRING.includes(name)),
    )

  beforeEach(async () => {
    await parts.db.deleteFrom('user_pool_removals').execute()
  })

  it('leaves nothing of the pool and everything of others', async () => {
    const gone = await makeFilledPool(3)
    const kept = await makeFilledPool(3)
    const before = await rowsOf(parts, kept.id)
    expect(Object.entries(before).filter(([name, rows]) => rows === 0 && name !== 'user_pool_removals')).toEqual([])
    expect(await remove(gone)).toBe(true)
    parts.clock.advance(REMOVAL_DELAY_MS)
    await removeDeletedPools(parts, stopped)
    expect(await left(gone)).toEqual({})
    expect(await rowsOf(parts, kept.id)).toEqual(before)
  })

  it('waits until no request can still be writing for the pool', async () => {
    const pool = await makeFilledPool(1)
    const before = await rowsOf(parts, pool.id)
    await remove(pool)
    parts.clock.advance(REMOVAL_DELAY_MS - 1000)
    await removeDeletedPools(parts, stopped)
    expect(await rowsOf(parts, pool.id)).toEqual({ ...before, user_pool_removals: 1 })
  })

  it('goes on after a stop where it was', async () => {
    const pool = await makeFilledPool(450)
    await remove(pool)
    parts.clock.advance(REMOVAL_DELAY_MS)
    let steps = 0
    await removeDeletedPools(parts, () => steps++ >= 1)
    const half = await rowsOf(parts, pool.id)
    expect(half).toMatchObject({ users: 250, user_names: 500, user_pool_clients: 1, user_pool_removals: 1 })
    await removeDeletedPools(parts, stopped)
    expect(await left(pool)).toEqual({})
  })

  it('does no harm when done twice at the same time', async () => {
    const pool = await makeFilledPool(10)
    await remove(pool)
    parts.clock.advance(REMOVAL_DELAY_MS)
    await Promise.all([removeDeletedPools(parts, stopped), removeDeletedPools(parts, stopped)])
    expect(await left(pool)).toEqual({})
    await removeDeletedPools(parts, stopped)
  })

  it('notes no removal for a pool that changed or is gone', async () => {
    const pool = await makeFilledPool(1)
    expect(await remove({ ...pool, version: 2 })).toBe(false)
    expect(await remove(pool)).toBe(true)
    expect(await remove(pool)).toBe(false)
    expect(await parts.db.selectFrom('user_pool_removals').selectAll().execute()).toHaveLength(1)
  })
})
