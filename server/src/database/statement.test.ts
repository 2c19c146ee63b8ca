import { afterEach, describe, expect, it } from 'vitest'
import { type Engine, engines } from '../../test/harness.ts'
import { postgresUrl } from '../../test/postgres.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open.ts'
import { insertStatement, statement } from './statement.ts'

const spend = statement((db, id: string, userPoolId: string, expiresAt: number) =>
  db
    .insertInto('spent_ids')
    .values({ id, user_pool_id: userPoolId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['id', 'user_pool_id']).doNothing()),
)
const find = statement((db, userPoolId: string, id: string) =>
  db
    .selectFrom('spent_ids')
    .selectAll()
    .where('id', '=', id)
    .where('user_pool_id', '=', userPoolId)
    .where('expires_at', '>', 5),
)

const spendMany = statement((db, userPoolId: string, ...ids: string[]) =>
  db
    .insertInto('spent_ids')
    .values(ids.map((id) => ({ id, user_pool_id: userPoolId, expires_at: 8 })))
    .onConflict((conflict) => conflict.columns(['id', 'user_pool_id']).doNothing())
    .returning('id'),
)

const insertRow = insertStatement('spent_ids')
const putRow = insertStatement('spent_ids', (insert) =>
  insert
    .onConflict((conflict) =>
      conflict.columns(['id', 'user_pool_id']).doUpdateSet(({ ref }) => ({ expires_at: ref('excluded.expires_at') })),
    )
    .returning('id'),
)

const opened: Database[] = []
async function open(engine: Engine): Promise<Database> {
  const database = await openDatabase(
    engine === 'postgres' ? { engine, url: await postgresUrl(), connections: 4 } : { engine, path: ':memory:' },
    () => undefined,
  )
  opened.push(database)
  return database
}

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})

describe.each(engines)('a compiled statement on %s', (engine) => {
  it('takes other parameters each time, in its own order, and keeps its constants', async () => {
    const { db } = await open(engine)
    expect((await spend(db, 'a', 'p', 7)).affected).toBe(1)
    expect((await spend(db, 'a', 'p', 7)).affected).toBe(0)
    expect((await spend(db, 'b', 'p', 3)).affected).toBe(1)
    expect((await find(db, 'p', 'a')).rows).toEqual([{ id: 'a', user_pool_id: 'p', expires_at: 7 }])
    expect((await find(db, 'p', 'b')).rows).toEqual([])
    expect((await find(db, 'a', 'p')).rows).toEqual([])
  })

  it('writes as many rows as it is given, and answers those that were new', async () => {
    const { db } = await open(engine)
    const written = async (...ids: string[]) => (await spendMany(db, 'p', ...ids)).rows.map(({ id }) => id).sort()
    expect(await written('a', 'b', 'c')).toEqual(['a', 'b', 'c'])
    expect(await written('d')).toEqual(['d'])
    expect(await written('e', 'a')).toEqual(['e'])
    expect(await written('g', 'f', 'h')).toEqual(['f', 'g', 'h'])
    expect((await find(db, 'p', 'h')).rows).toEqual([{ id: 'h', user_pool_id: 'p', expires_at: 8 }])
  })

  it('inserts rows by the names of their columns, in whatever order they are given', async () => {
    const { db } = await open(engine)
    expect((await insertRow(db, { id: 'a', user_pool_id: 'p', expires_at: 7 })).affected).toBe(1)
    const many = [
      { expires_at: 8, user_pool_id: 'p', id: 'b' },
      { user_pool_id: 'p', id: 'c', expires_at: 9 },
    ] as const
    expect((await insertRow(db, ...many)).affected).toBe(2)
    const rows = await db.selectFrom('spent_ids').selectAll().orderBy('id').execute()
    expect(rows).toEqual([{ id: 'a', user_pool_id: 'p', expires_at: 7 }, ...many])
    await expect(insertRow(db, ...many)).rejects.toThrow()
  })

  it('inserts with a clause, and answers what that returns', async () => {
    const { db } = await open(engine)
    for (const expires_at of [7, 8])
      expect((await putRow(db, { id: 'a', user_pool_id: 'p', expires_at })).rows).toEqual([{ id: 'a' }])
    expect((await find(db, 'p', 'a')).rows).toEqual([{ id: 'a', user_pool_id: 'p', expires_at: 8 }])
  })

  it('runs inside of transactions and is undone with them', async () => {
    const database = await open(engine)
    await database
      .transaction(async (db) => {
        await spend(db, 'c', 'p', 9)
        throw new Error('no')
      })
      .catch(() => undefined)
    expect((await find(database.db, 'p', 'c')).rows).toEqual([])
    await database.transaction((db) => spend(db, 'c', 'p', 9))
    expect((await find(database.db, 'p', 'c')).rows).toHaveLength(1)
  })
})

it('serves several engines at once', async () => {
  const databases = [await open('sqlite'), await open('postgres')]
  for (let round = 0; round < 3; round++) {
    for (const { db } of databases) expect((await spend(db, `x${round}`, 'p', 9)).affected).toBe(1)
  }
})

it('refuses to leave a parameter out', async () => {
  const { db } = await open('sqlite')
  const wrong = statement((on, _unused: string) => on.selectFrom('spent_ids').selectAll())
  await expect(wrong(db, 'x')).rejects.toThrow('does not use its parameter 1')
})
