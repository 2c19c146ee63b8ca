// Lost connections, time limits and prepared statements, on a real PostgreSQL.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgresUrl } from '../../../test/postgres.ts'
import type { PostgresConfig } from '../../config/groups/database.ts'
import type { Database } from '../database.ts'
import { rowStatement, statement } from '../statement.ts'
import { openPostgres } from './postgres.ts'

const put = statement((db, name: string, value: string) =>
  db
    .insertInto('meta')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doNothing()),
)
const change = statement((db, value: string, name: string) =>
  db.updateTable('meta').set({ value }).where('name', '=', name),
)
const get = rowStatement((db, name: string) => db.selectFrom('meta').selectAll().where('name', '=', name))

let url: string
/** A second opinion: another connection, under nobody's rules. */
let other: pg.Client
let database: Database
const idleErrors: Error[] = []

async function open(config: Partial<PostgresConfig> = {}): Promise<Database> {
  await database?.close()
  database = await openPostgres({ url, connections: 1, ...config }, (error) => void idleErrors.push(error))
  return database
}

beforeEach(async () => {
  url = await postgresUrl()
  other = new pg.Client(url)
  await other.connect()
  await other.query(
    "create table meta (name text primary key, value text not null); insert into meta values ('a', '1')",
  )
  await open()
})

afterEach(async () => {
  await database.close()
  await other.end()
})

/** The backend of the statement that waits for a lock, as soon as it does. */
async function waiting(): Promise<number> {
  for (;;) {
    const { rows } = await other.query(
      "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    if (rows[0]) return rows[0].pid
  }
}

const values = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await other.query('select name, value from meta order by name')).rows.map((r) => [r.name, r.value]),
  )

const pidOf = async (db: Database['db']): Promise<number> =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]?.pid as number

const terminate = (pid: number) => other.query('select pg_terminate_backend($1, 10000)', [pid])

describe('a backend that ends while its connection is lent', () => {
  it('between two statements of a transaction: the transaction runs anew', async () => {
    let runs = 0
    await database.transaction(async (db) => {
      runs++
      await put(db, `run ${runs}`, 'x')
      if (runs === 1) await terminate(await pidOf(db as Database['db']))
      await change(db, '2', 'a')
    })
    expect(runs).toBe(2)
    expect(await values()).toEqual({ a: '2', 'run 2': 'x' })
  })

  it('during a read: it is asked again', async () => {
    await other.query('begin; lock table meta in access exclusive mode')
    const read = get(database.db, 'a')
    await terminate(await waiting())
    await other.query('rollback')
    expect(await read).toEqual({ name: 'a', value: '1' })
  })

  it('during a write: it is not sent again, as it may have happened', async () => {
    await other.query('begin; lock table meta in access exclusive mode')
    const write = put(database.db, 'b', '1')
    const refused = expect(write).rejects.toMatchObject({ code: '57P01' })
    await terminate(await waiting())
    await other.query('rollback')
    await refused
    expect(await values()).toEqual({ a: '1' })
    expect((await put(database.db, 'c', '1')).affected).toBe(1)
  })

  it('while it is idle: it is reported, and the next statement works', async () => {
    idleErrors.length = 0
    await terminate(await pidOf(database.db))
    while (idleErrors.length === 0) await other.query('select 1')
    expect(idleErrors[0]?.message).toContain('terminating connection due to administrator command')
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1' })
  })
})

it('a single write that the server undid is sent again', async () => {
  await other.query(
    `alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = 'repeatable read'`,
  )
  await open()
  await other.query("begin; update meta set value = 'theirs' where name = 'a'")
  const write = change(database.db, 'ours', 'a')
  await waiting()
  await other.query('commit')
  expect((await write).affected).toBe(1)
  expect(await values()).toEqual({ a: 'ours' })
})

it('a failed transaction throws the error that failed it', async () => {
  await expect(
    database.transaction(async (db) => {
      await put(db, 'b', '1')
      await sql`select 1 / 0`.execute(db)
    }),
  ).rejects.toMatchObject({ code: '22012' })
  await expect(
    database.transaction(async (db) => {
      await put(db, 'b', '1')
      await sql`select 1 / 0`.execute(db).catch(() => undefined)
    }),
  ).rejects.toThrow('undone at its commit')
  expect(await values()).toEqual({ a: '1' })
})

describe('a network that fails', () => {
  let proxy: Server
  const clients: Socket[] = []
  /** What the proxy does with an answer to a message that holds this text: once, then it is forgotten. */
  let onAnswerTo: { text: string; act(client: Socket): void } | undefined

  beforeEach(async () => {
    const { hostname, port } = new URL(url)
    proxy = createServer((client) => {
      clients.push(client)
      const server = connect(Number(port), hostname)
      let act: ((client: Socket) => void) | undefined
      client.on('data', (data) => {
        if (onAnswerTo && data.includes(onAnswerTo.text)) {
          act = onAnswerTo.act
          onAnswerTo = undefined
        }
        server.write(data)
      })
      server.on('data', (data) => (act ? act(client) : client.write(data)))
      for (const [one, another] of [
        [client, server],
        [server, client],
      ] as const)
        one.on('error', () => undefined).on('close', () => another.destroy())
    })
    await once(proxy.listen(0, '127.0.0.1'), 'listening')
    const through = new URL(url)
    through.port = String((proxy.address() as AddressInfo).port)
    url = through.href
  })

  afterEach(async () => {
    onAnswerTo = undefined
    proxy.close()
  })

  it('after a commit was sent: the transaction is not run again', async () => {
    await open()
    onAnswerTo = { text: 'commit', act: (client) => client.destroy() }
    let runs = 0
    const writing = database.transaction(async (db) => {
      runs++
      await put(db, `run ${runs}`, 'x')
    })
    await expect(writing).rejects.toThrow(/answer to a COMMIT was lost/)
    expect(runs).toBe(1)
    expect(await values()).toEqual({ a: '1', 'run 1': 'x' })
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1' })
  })

  it('while a read is answered: it is asked again; a write is not', async () => {
    await open()
    onAnswerTo = { text: 'select', act: (client) => client.destroy() }
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1' })
    expect(onAnswerTo).toBe(undefined)
    onAnswerTo = { text: 'insert', act: (client) => client.destroy() }
    await expect(put(database.db, 'b', '1')).rejects.toThrow('Connection terminated unexpectedly')
    expect(await values()).toEqual({ a: '1', b: '1' })
  })

  it('for as long as it takes: statements say so, and work when it is back', async () => {
    await open()
    const { port } = proxy.address() as AddressInfo
    for (const socket of clients.splice(0)) socket.destroy()
    proxy.close()
    await expect(get(database.db, 'a')).rejects.toThrow('No connection to PostgreSQL: connect ECONNREFUSED')
    await expect(database.transaction((db) => get(db, 'a'))).rejects.toThrow('No connection to PostgreSQL')
    await once(proxy.listen(port, '127.0.0.1'), 'listening')
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1' })
  })

  it('by swallowing an answer: the connection is thrown away, and the pool serves again', async () => {
    await open({ statementTimeoutMs: 1000 })
    onAnswerTo = { text: 'select', act: () => undefined }
    await expect(get(database.db, 'a')).rejects.toThrow('Query read timeout')
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1' })
  })
})

it('many processes on a server with little room make do with what they have', async () => {
  const role = `r${new URL(url).pathname.slice(1)}`
  await other.query(`create role ${role} login password 'secret' connection limit 24; grant select on meta to ${role}`)
  const asRole = new URL(url)
  asRole.username = role
  asRole.password = 'secret'
  const processes: Database[] = []
  try {
    for (let i = 0; i < 20; i++)
      processes.push(await openPostgres({ url: asRole.href, connections: 8 }, () => undefined))
    const reads = processes.flatMap(({ db }) => Array.from({ length: 20 }, () => get(db, 'a')))
    expect(new Set((await Promise.all(reads)).map((row) => row?.value))).toEqual(new Set(['1']))
  } finally {
    for (const process of processes) await process.close()
    await other.query(`drop owned by ${role}; drop role ${role}`)
  }
})

describe('time limits', () => {
  it('end a statement with an error, and the pool serves again', async () => {
    await open({ statementTimeoutMs: 50 })
    const before = await pidOf(database.db)
    await expect(sql`select pg_sleep(60)`.execute(database.db)).rejects.toThrow('statement timeout')
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1' })
    expect(await pidOf(database.db)).toBe(before)
  })

  it('end a wait for a lock', async () => {
    await open({ lockTimeoutMs: 50 })
    await other.query('begin; lock table meta in access exclusive mode')
    await expect(change(database.db, '2', 'a')).rejects.toThrow('lock timeout')
    await other.query('rollback')
    expect((await change(database.db, '2', 'a')).affected).toBe(1)
  })

  it('end a transaction that asks for nothing, and undo it', async () => {
    await open({ idleTransactionTimeoutMs: 50 })
    let runs = 0
    await database.transaction(async (db) => {
      runs++
      await put(db, `run ${runs}`, 'x')
      const pid = await pidOf(db as Database['db'])
      // Until the server has had enough of it.
      if (runs === 1) while ((await other.query('select 1 from pg_stat_activity where pid = $1', [pid])).rowCount) {}
      await change(db, '2', 'a')
    })
    expect(await values()).toEqual({ a: '2', 'run 2': 'x' })
  })
})

describe('prepared statements', () => {
  const prepared = async () =>
    (
      await sql<{ statement: string; runs: number }>`
        select statement, generic_plans + custom_plans as runs from pg_prepared_statements where name <> ''`.execute(
        database.db,
      )
    ).rows

  it('are prepared once for each connection', async () => {
    for (let i = 0; i < 3; i++) {
      await get(database.db, 'a')
      await database.transaction((db) => change(db, String(i), 'a'))
    }
    expect(await prepared()).toEqual([
      { statement: 'select * from "meta" where "name" = $1', runs: 3 },
      { statement: 'update "meta" set "value" = $1 where "name" = $2', runs: 3 },
    ])
  })

  it('can be turned off', async () => {
    await open({ preparedStatements: false })
    for (let i = 0; i < 3; i++) await get(database.db, 'a')
    expect(await prepared()).toEqual([])
  })

  it('survive a column that another process adds', async () => {
    await get(database.db, 'a')
    await other.query("alter table meta add column note text not null default 'new'")
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1', note: 'new' })
    await other.query("alter table meta add column more text not null default 'too'")
    const read = await database.transaction((db) => get(db, 'a'))
    expect(read).toEqual({ name: 'a', value: '1', note: 'new', more: 'too' })
  })

  it('that a pooler has lost say which setting helps', async () => {
    await get(database.db, 'a')
    await sql`deallocate all`.execute(database.db)
    await expect(get(database.db, 'a')).rejects.toThrow('set DATABASE_PREPARED_STATEMENTS=false')
    expect(await get(database.db, 'a')).toEqual({ name: 'a', value: '1' })
  })
})
