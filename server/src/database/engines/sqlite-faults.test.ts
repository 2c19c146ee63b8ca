// What happens to statements and transactions when the disk fails below SQLite: the errors are real or put in its place,
// at the calls that would raise them. Failures below the library itself: conformance/failing-disk.test.ts.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { holdFlushes } from '../../../test/held-flushes.ts'
import { type Database, DatabaseAway, type Db } from '../database.ts'
import { limits } from '../limits.ts'
import { openSqlite } from './sqlite.ts'
import { connectSqlite, type SqliteDatabase, type SqliteStatement } from './sqlite-driver.ts'
import { DiskFull } from './sqlite-errors.ts'
import { FlushTooSlow } from './sqlite-log.ts'

/** The calls that fail, one after the other: each fails the next time that SQL of its form runs. */
interface Fault {
  sql: RegExp
  /** SQLite ends the transaction by itself before it reports the error, as it does for most failures of the disk. */
  ends?: boolean
  /** DISK_ERROR unless named. */
  error?: Error
  /** It fails every time. */
  stays?: boolean
}

const DISK_ERROR = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 })

const AWAY = expect.objectContaining({
  constructor: DatabaseAway,
  message: 'SQLite: disk I/O error',
  advice: expect.stringContaining('dmesg'),
  cause: DISK_ERROR,
})

let folder: string
let faults: Fault[]
let raw: SqliteDatabase
let database: Database

function failingAt(path: string): SqliteDatabase {
  raw = connectSqlite(path)
  return {
    get isTransaction() {
      return raw.isTransaction
    },
    exec: (sql) => unlessFaulty(sql, () => raw.exec(sql)),
    prepare: (sql) => failingStatement(raw.prepare(sql), sql),
    close: () => raw.close(),
  }
}

const failingStatement = (statement: SqliteStatement, sql: string): SqliteStatement => ({
  setReturnArrays: (enabled) => statement.setReturnArrays(enabled),
  columns: () => statement.columns(),
  run: (...values) => unlessFaulty(sql, () => statement.run(...values)),
  get: (...values) => unlessFaulty(sql, () => statement.get(...values)),
  all: (...values) => unlessFaulty(sql, () => statement.all(...values)),
})

function unlessFaulty<T>(sql: string, run: () => T): T {
  const fault = faults.find((each) => each.sql.test(sql))
  if (!fault) return run()
  if (!fault.stays) faults.splice(faults.indexOf(fault), 1)
  if (fault.ends) raw.exec('rollback')
  throw fault.error ?? DISK_ERROR
}

const ROW = { name: 'row', value: '' }
const write = (db: Db, name: string) => db.insertInto('meta').values({ name, value: '' }).execute()
const names = async (): Promise<string[]> =>
  (await database.db.selectFrom('meta').select('name').orderBy('name').execute()).map(({ name }) => name)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cognomen-'))
  faults = []
  database = openSqlite(join(folder, 'cognomen.db'), { connect: failingAt })
  await database.db.schema.createTable('meta').addColumn('name', 'text').addColumn('value', 'text').execute()
  await write(database.db, 'before')
})

afterEach(async () => {
  faults = []
  await database.close().catch(() => undefined)
  rmSync(folder, { recursive: true })
})

const inTransaction = () =>
  database.transaction(async (db) => {
    await write(db, 'first')
    await db.updateTable('meta').set({ value: 'x' }).execute()
  })

describe('a failing disk in a transaction', () => {
  it.each<[string, Fault[]]>([
    ['at the beginning', [{ sql: /^begin/ }]],
    ['at a statement', [{ sql: /^update/ }]],
    ['at a statement, and SQLite ends the transaction', [{ sql: /^update/, ends: true }]],
    ['at the commit', [{ sql: /^commit/ }]],
    ['at the commit, and SQLite ends the transaction', [{ sql: /^commit/, ends: true }]],
    ['at a statement and at the rollback', [{ sql: /^update/ }, { sql: /^rollback/ }]],
    ['at the commit and at the rollback', [{ sql: /^commit/ }, { sql: /^rollback/ }]],
  ])('%s: its error is what is thrown, nothing is written, and what follows works', async (_where, failing) => {
    faults = [...failing]
    await expect(inTransaction()).rejects.toEqual(AWAY)
    expect(faults).toEqual([])
    expect(await names()).toEqual(['before'])
    await inTransaction()
    expect(await names()).toEqual(['before', 'first'])
    await database.durable()
  })

  it('does not let a later statement become part of a transaction that could not be ended', async () => {
    faults = [{ sql: /^commit/ }, { sql: /^rollback/ }, { sql: /^rollback/ }]
    await expect(inTransaction()).rejects.toEqual(AWAY)
    await expect(write(database.db, 'second')).rejects.toEqual(AWAY)
    expect(faults).toEqual([])
    await write(database.db, 'third')
    expect(await names()).toEqual(['before', 'third'])
    expect(raw.isTransaction).toBe(false)
  })
})

it('a full disk is known as such by the text alone, for statements that answer rows', async () => {
  raw.exec('PRAGMA max_page_count=4')
  const fill = async (): Promise<void> => {
    const row = { name: 'large', value: 'x'.repeat(3000) }
    for (let i = 0; i < 10; i++) await database.db.insertInto('meta').values(row).returning('name').execute()
  }
  await expect(fill()).rejects.toThrow(DiskFull)
})

it('a full disk undoes the transaction that met it, and no other', async () => {
  raw.exec('PRAGMA max_page_count=4')
  const large = 'x'.repeat(3000)
  const written: number[] = []
  const fill = database.transaction(async (db) => {
    for (let i = 0; i < 10; i++) {
      await db.insertInto('meta').values({ name: 'large', value: large }).execute()
      written.push(i)
    }
  })
  await expect(fill).rejects.toThrow('database or disk is full')
  expect(written.length).toBeGreaterThan(0)
  expect(await names()).toEqual(['before'])
  raw.exec('PRAGMA max_page_count=1000')
  await inTransaction()
  expect(await names()).toEqual(['before', 'first'])
})

describe('a full disk', () => {
  const FULL = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
  const logBytes = () => statSync(join(folder, 'cognomen.db-wal')).size

  it('is left by giving back what the log took', async () => {
    for (const write of [() => inTransaction(), () => database.db.insertInto('meta').values(ROW).execute()]) {
      expect(logBytes()).toBeGreaterThan(0)
      faults = [{ sql: /^(commit|insert)/, error: FULL }]
      await write()
      expect(faults).toEqual([])
      await database.durable()
    }
    expect(await names()).toEqual(['before', 'first', 'row'])
  })

  it('that stays full is told with what to do, and again at once to whoever comes next', async () => {
    const observed: string[] = []
    await database.close()
    database = openSqlite(join(folder, 'cognomen.db'), {
      connect: failingAt,
      observer: { worked: () => observed.push('worked'), away: ({ advice }) => observed.push(advice) },
    })
    const full: Fault = { sql: /^(commit|insert|PRAGMA wal_checkpoint)/, error: FULL, stays: true }
    faults = [full]
    for (const write of [inTransaction, () => database.db.insertInto('meta').values(ROW).execute()])
      await expect(write()).rejects.toMatchObject({ constructor: DiskFull, cause: FULL })
    // A read is answered, but does not show that the disk is well.
    expect(await names()).toEqual(['before'])
    expect(observed).toEqual([expect.stringContaining('make room'), expect.stringContaining('make room')])
    faults = []
    await database.db.insertInto('meta').values(ROW).execute()
    expect(observed.slice(2)).toEqual(['worked'])
  })
})

it('a disk that does not take the log in time is told, and what it takes later is there', async () => {
  const flushes = holdFlushes()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    flushes.hold()
    await write(database.db, 'late')
    const first = database.durable()
    first.catch(() => undefined)
    await flushes.asked()
    vi.advanceTimersByTime(limits.flushWait.max)
    await expect(first).rejects.toMatchObject({ constructor: FlushTooSlow })
    // Not after another wait.
    await expect(database.durable()).rejects.toMatchObject({ constructor: FlushTooSlow })
    flushes.release()
    await vi.waitFor(() => database.durable(), { timeout: 20_000 })
  } finally {
    vi.useRealTimers()
    flushes.restore()
  }
  expect(await names()).toEqual(['before', 'late'])
})

it('a statement that fails outside of a transaction says why, and the next one works', async () => {
  faults = [{ sql: /^insert/ }, { sql: /^select/ }]
  await expect(write(database.db, 'a')).rejects.toEqual(AWAY)
  await expect(names()).rejects.toEqual(AWAY)
  await write(database.db, 'b')
  expect(await names()).toEqual(['b', 'before'])
})

it('after a log that the disk did not take nothing is answered any more', async () => {
  const flushes = holdFlushes()
  try {
    flushes.failNext()
    const answers = [database.durable(), database.durable()]
    for (const answer of answers) await expect(answer).rejects.toThrow(/EIO.*nothing more is answered/)
    // The system may call the next flush a success although it dropped what this one could not write.
    await expect(database.durable()).rejects.toThrow(/EIO.*nothing more is answered/)
    await expect(names()).rejects.toThrow(/EIO.*nothing more is answered/)
    expect(await database.lost).toMatchObject({ advice: expect.stringContaining('restart the server') })
    await database.close()
  } finally {
    flushes.restore()
  }
})

it('a log that cannot be copied into the database at the close is reported', async () => {
  await database.close()
  const reported: Error[] = []
  database = openSqlite(join(folder, 'cognomen.db'), {
    connect: failingAt,
    onIdleError: (error) => reported.push(error),
  })
  await write(database.db, 'last')
  faults = [{ sql: /^PRAGMA journal_mode=DELETE/ }]
  await database.close()
  expect(reported.map(({ message }) => message)).toEqual([
    'The write-ahead log could not be copied into the database at the stop: disk I/O error. Nothing is lost: the next start reads it from the log.',
  ])
})
