// SQLite, one connection that holds the file exclusively.
//
// Durability: the connection runs with synchronous=NORMAL, which never waits for the disk at COMMIT, and `durable()`
// flushes the write-ahead log with one fdatasync outside the event loop. The API answers a write only after that, so an
// acknowledged write is as safe as with synchronous=FULL, while writers that arrive together share one flush and reads
// never wait for the disk (docs/decisions/sqlite-durability.md).
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { type Database, DatabaseUnavailable, retryingTransaction, type WorkObserver } from '../database.ts'
import type { Schema } from '../schema.ts'
import { SqliteDriver } from './sqlite-connection.ts'
import { connectSqlite, type SqliteDatabase, type SqliteError } from './sqlite-driver.ts'
import { LogFlusher } from './sqlite-log.ts'

// Result code 5 of https://sqlite.org/rescode.html, without what its upper bytes add.
const SQLITE_BUSY = 5
const PRIMARY_CODE = 0xff

export interface SqliteOptions {
  /** Gets errors outside of statements: a failed checkpoint at the close. */
  onIdleError?: (error: Error) => void
  observer?: WorkObserver
  /** Opens the file, for tests of what happens when the disk fails. */
  connect?: (path: string) => SqliteDatabase
}

/** Opens (and makes) the database at `path`, or in memory for `:memory:`. Throws DatabaseUnavailable when another process has it. */
export function openSqlite(
  path: string,
  { onIdleError = () => undefined, connect = connectSqlite }: SqliteOptions = {},
): Database {
  const file = path === ':memory:' ? path : resolve(path)
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (file !== ':memory:') makePrivate(file)
  const connection = openConnection(file, connect)
  const log = file === ':memory:' ? undefined : new LogFlusher(`${file}-wal`)
  const driver = new SqliteDriver(connection, {
    written: () => log?.written(),
    usable: () => {
      if (log?.failure) throw log.failure
    },
    close: () => (log?.failure ? connection.close() : closeConnection(connection, onIdleError)),
  })
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
  return {
    engine: 'sqlite',
    db,
    exclusive: true,
    transaction: retryingTransaction(db, () => false),
    durable: () => log?.flushed() ?? Promise.resolve(),
    close: async () => {
      try {
        await log?.flushed()
      } finally {
        await db.destroy()
        log?.close()
      }
    },
  }
}

// A new database is made by us, so that nobody else on the machine may read it. An existing one is not even opened here:
// closing a descriptor would drop the locks of another connection in this process.
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function openConnection(file: string, connect: (path: string) => SqliteDatabase): SqliteDatabase {
  let connection: SqliteDatabase | undefined
  try {
    connection = connect(file)
    connection.exec('PRAGMA locking_mode=EXCLUSIVE')
    connection.exec('PRAGMA journal_mode=WAL')
    connection.exec('PRAGMA synchronous=NORMAL')
    connection.exec('PRAGMA cache_size=-32768')
    connection.exec('PRAGMA wal_autocheckpoint=4000')
    connection.exec('BEGIN IMMEDIATE; COMMIT')
    return connection
  } catch (error) {
    connection?.close()
    const { errcode = 0, message } = error as SqliteError
    if ((errcode & PRIMARY_CODE) !== SQLITE_BUSY)
      throw new DatabaseUnavailable(`The database ${file} cannot be opened: ${message}`)
    throw new DatabaseUnavailable(
      `Another Cognomen process is using ${file}. Stop it, set another DATA_DIR, or use DATABASE_URL=postgres://… to run several processes on one database.`,
    )
  }
}

// Prepared statements of @photostructure/sqlite keep the connection open, and its lock held, until they are collected as
// garbage. Leaving WAL mode, leaving exclusive mode and one read give the lock back now, so that this process can open
// the file again.
function closeConnection(connection: SqliteDatabase, onIdleError: (error: Error) => void): void {
  try {
    connection.exec('PRAGMA journal_mode=DELETE')
    connection.exec('PRAGMA locking_mode=NORMAL')
    connection.exec('SELECT name FROM sqlite_master LIMIT 1')
  } catch (error) {
    const { message } = error as Error
    onIdleError(
      new Error(
        `The write-ahead log could not be copied into the database at the stop: ${message}. Nothing is lost: the next start reads it from the log.`,
        { cause: error },
      ),
    )
  }
  connection.close()
}
