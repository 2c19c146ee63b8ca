// Migrations of a database that is in use, on a real PostgreSQL.
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../test/postgres.ts'
import type { PostgresConfig } from '../../config/groups/database.ts'
import { openDatabase } from '../open.ts'

const INDEX = 'codes_by_expiry'

let url: string
/** Connections of others: `holder` has a transaction open, `writer` writes meanwhile. */
let holder: pg.Client
let writer: pg.Client

/** A process starts, brings the tables up to date and ends. */
async function start(limits: Partial<PostgresConfig> = {}): Promise<void> {
  const database = await openDatabase({ engine: 'postgres', url, connections: 1, ...limits }, () => undefined)
  await database.close()
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  return client
}

beforeEach(async () => {
  url = await postgresUrl()
  holder = await connect()
  writer = await connect()
})

afterEach(async () => {
  await holder.end()
  await writer.end()
})

/** A database from before the index was there. */
async function startWithoutIndex(): Promise<void> {
  await start()
  await writer.query(`drop index ${INDEX}`)
  await writer.query('delete from migrations where name = $1', [`0002-${INDEX}`])
}

const insertCode = (client: pg.Client, sub: string) =>
  client.query(
    `insert into codes (user_sub, user_pool_id, purpose, code_mac, attribute, value_sealed, created_at, expires_at)
      values ($1, 'p', 'sign-up', 'm', 'email', 'v', 1, 2)`,
    [sub],
  )

async function holdOpen(): Promise<void> {
  await holder.query('begin')
  await insertCode(holder, 'held')
}

/** Resolves when `count` index builds have waited for a lock for `ms` at least. Throws what `started` throws before. */
async function waiting(started: Promise<unknown>, count: number, ms = 0): Promise<void> {
  let ended = false
  const end = started.then(() => {
    ended = true
  })
  const seen = async () => {
    while (!ended) {
      const { rows } = await writer.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          and query like 'create index%' and clock_timestamp() - query_start >= $1 * interval '1 ms'`,
        [ms],
      )
      if (rows.length === count) return
    }
    throw new Error('No index build waited.')
  }
  await Promise.race([seen(), end.then(seen)])
}

async function indexes(): Promise<{ oid: number; valid: boolean }[]> {
  const { rows } = await writer.query(
    `select indexrelid as oid, indisvalid as valid from pg_index join pg_class on oid = indexrelid
      where indrelid = 'codes'::regclass and relname like '${INDEX}%'`,
  )
  return rows
}

const VALID = [{ oid: expect.any(Number), valid: true }]

const isNoted = async (): Promise<boolean> =>
  (await writer.query('select 1 from migrations where name = $1', [`0002-${INDEX}`])).rowCount === 1

describe('an index on a table that was there before', () => {
  beforeEach(startWithoutIndex)

  it('is built while others write', async () => {
    await holdOpen()
    const started = start()
    await waiting(started, 1)
    await insertCode(writer, 'meanwhile')
    expect(await isNoted()).toBe(false)
    await holder.query('commit')
    await started
    expect(await indexes()).toEqual(VALID)
    expect(await isNoted()).toBe(true)
  })

  it('takes longer than a statement or a wait for a lock may', async () => {
    await holdOpen()
    const started = start({ statementTimeoutMs: 200, lockTimeoutMs: 100 })
    await waiting(started, 1, 500)
    await holder.query('commit')
    await started
    expect(await indexes()).toEqual(VALID)
  })

  it('is built anew when a build broke off', async () => {
    await holdOpen()
    await writer.query("set lock_timeout = '10ms'")
    await expect(writer.query(`create index concurrently ${INDEX} on codes (expires_at)`)).rejects.toThrow(
      /lock timeout/,
    )
    await holder.query('commit')
    const [broken] = await indexes()
    expect(broken).toEqual({ oid: expect.any(Number), valid: false })
    await start()
    expect(await indexes()).toEqual(VALID)
    expect((await indexes())[0]?.oid).not.toBe(broken?.oid)
  })

  it('is one when two processes begin to build it at the same moment', async () => {
    // Both have seen that it is not there, and wait for the table.
    await holder.query('begin')
    await holder.query('lock table codes in share update exclusive mode')
    const started = Promise.all([start(), start()])
    await waiting(started, 2)
    await holder.query('commit')
    await started
    expect(await indexes()).toEqual(VALID)
    expect(await isNoted()).toBe(true)
  })

  it('is waited for when another process builds it already', async () => {
    await holdOpen()
    const first = start()
    await waiting(first, 1)
    const second = start()
    await holder.query('commit')
    await Promise.all([first, second])
    expect(await indexes()).toEqual(VALID)
  })
})

it('a table that is in use is changed once a lock can be had, without making others wait for long', async () => {
  await startWithoutIndex()
  await writer.query('alter table codes drop column tries')
  await writer.query("delete from migrations where name = '0002-codes-tries'")
  await holdOpen()
  const gaveUp = await start({ lockTimeoutMs: 10 }).catch((error) => error)
  expect(gaveUp).toMatchObject({ code: '55P03' })
  await insertCode(writer, 'afterwards')
  await holder.query('commit')
  await start({ lockTimeoutMs: 10 })
  const { rows } = await writer.query('select user_sub, tries from codes order by user_sub')
  expect(rows).toEqual([
    { user_sub: 'afterwards', tries: '0' },
    { user_sub: 'held', tries: '0' },
  ])
})

describe('columns of keys', () => {
  const collations = async (): Promise<string[]> =>
    (
      await writer.query(
        `select distinct coalesce(collation_name, 'default') as name from information_schema.columns
          where table_schema = 'public' and column_name = 'user_pool_id'`,
      )
    ).rows.map(({ name }) => name)

  it('are compared by bytes', async () => {
    await start()
    expect(await collations()).toEqual(['C'])
  })

  it('have no collation on an engine that has none', async () => {
    await writer.query(`update pg_collation set collname = 'gone' where collname = 'C'`)
    await start()
    expect(await collations()).toEqual(['default'])
  })
})
