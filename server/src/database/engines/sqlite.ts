// SQLite, one connection that holds the file exclusively.
//
// Durability: the connection runs with synchronous=NORMAL, which never waits for the disk at COMMIT, and `durable()`
// flushes the write-ahead log with one fdatasync outside the event loop. The API answers a write only after that, so an
// acknowledged write is as safe as with synchronous=FULL, while writers that arrive together share one flush and reads
// never wait for the disk (docs/decisions/sqlite-durability.md).
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Database, DatabaseAway, nobodyObserves, retryingTransaction, type WorkObserver } from '../database.ts'
import { DatabaseClosed, type Outcomes, SqliteDriver, type Written } from './sqlite-connection.ts'
import { connectSqlite, type SqliteDatabase } from './sqlite-driver.ts'
import { asAway, DiskFull } from './sqlite-errors.ts'
import { closeConnection, openFile } from './sqlite-file.ts'
import { handlesOn } from './sqlite-handles.ts'
import type { LogFlusher } from './sqlite-log.ts'
import { keepReserve, spendReserve } from './sqlite-reserve.ts'

export interface SqliteOptions {
  /** Gets errors outside of statements: a failed checkpoint at the close. */
  onIdleError?: (error: Error) => void
  observer?: WorkObserver
  /** Gets what looks wrong about the files at the start, in sentences. */
  warn?: (text: string) => void
  /** Opens the file, for tests of what happens when the disk fails. */
  connect?: (path: string) => SqliteDatabase
}

/** Opens (and makes) the database at `path`, or in memory for `:memory:`. Throws DatabaseUnavailable when another process has it. */
export function openSqlite(path: string, options: SqliteOptions = {}): Database {
  const { onIdleError = () => undefined, connect = connectSqlite, warn = () => undefined } = options
  const file = path === ':memory:' ? path : resolve(path)
  const { connection, log } = openFile(file, connect, warn)
  const outcomes = judge(options.observer ?? nobodyObserves)
  const driver = new SqliteDriver(connection, {
    written: () => log?.written() ?? 0,
    usable: () => {
      if (log?.failure) throw log.failure
    },
    makeRoom: log ? roomMaker(connection, file) : () => false,
    asAway: (error) => asAway(error, file),
    // After a failed flush the file is left as it is: a close would copy a log that the disk does not have into the database.
    close: () => {
      if (!log?.failure) closeConnection(connection, onIdleError)
      log?.close()
    },
    outcomes,
  })
  const dbFor = handlesOn(driver)
  const lost: Database['lost'] = log?.failed ?? new Promise(() => undefined)
  const handle = (written?: Written): Database => {
    const db = dbFor(written)
    const transaction = retryingTransaction(db, (error) => error instanceof DiskFull && error.roomMade)
    return {
      engine: 'sqlite',
      db,
      exclusive: true,
      transaction: (work) => observed(outcomes, transaction(work)),
      durable: () => (log && written?.last !== 0 ? flushed(log, written?.last, outcomes) : Promise.resolve()),
      ofRequest: () => handle({ last: 0 }),
      lost,
      close: async () => {
        // Who waits for the flush has been told of its failure.
        await log?.flushed().catch(() => undefined)
        await driver.destroy()
      },
    }
  }
  return handle()
}

async function flushed(log: LogFlusher, wanted: number | undefined, outcomes: Outcomes): Promise<void> {
  try {
    await log.flushed(wanted)
  } catch (error) {
    outcomes.away(error as DatabaseAway, true)
    throw error
  }
}

async function observed<T>(outcomes: Outcomes, transaction: Promise<T>): Promise<T> {
  try {
    const result = await transaction
    outcomes.worked(true)
    return result
  } catch (error) {
    if (error instanceof DatabaseAway) outcomes.away(error, true)
    throw error
  }
}

/** After a failed write a read shows nothing: it succeeds from memory, also when the disk is full. */
function judge(observer: WorkObserver): Outcomes {
  let writesFail = false
  return {
    worked(wrote) {
      if (wrote) writesFail = false
      if (!writesFail) observer.worked()
    },
    away(error, wrote) {
      if (error instanceof DatabaseClosed) return
      writesFail ||= wrote
      observer.away(error)
    },
  }
}

/** How long the room is not asked for again after there was none. */
const ROOM_PAUSE_MS = 1000

/**
 * A function that copies the write-ahead log into the database, with the reserve's room if need be, and gives back what it
 * took on the disk. It answers whether it gave back anything.
 */
function roomMaker(connection: SqliteDatabase, file: string): () => boolean {
  let noneAt = Number.NEGATIVE_INFINITY
  const logBytes = (): number => statSync(`${file}-wal`).size
  const giveBack = (): boolean => {
    try {
      const before = logBytes()
      spendReserve(`${file}-reserve`)
      connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return logBytes() < before
    } catch {
      return false
    } finally {
      keepReserve(`${file}-reserve`)
    }
  }
  return () => {
    if (performance.now() - noneAt < ROOM_PAUSE_MS) return false
    const gaveBack = giveBack()
    if (!gaveBack) noneAt = performance.now()
    return gaveBack
  }
}
