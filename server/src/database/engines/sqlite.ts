// SQLite through libsql, one connection that holds the file exclusively.
//
// Durability: the connection runs with synchronous=NORMAL, which never waits for the disk at COMMIT, and `durable()`
// flushes the write-ahead log with one fdatasync outside the event loop. The API answers a write only after that, so an
// acknowledged write is as safe as with synchronous=FULL, while writers that arrive together share one flush and reads
// never wait for the disk (docs/decisions/sqlite-durability.md).
import { closeSync, fdatasync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { CompiledQuery as AnyQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import Libsql from 'libsql'
import { type Database, DatabaseUnavailable, retryingTransaction } from '../database.ts'
import { CompiledQuery, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from '../kysely.ts'
import type { Schema } from '../schema.ts'
import type { PreparedQuery } from '../statement.ts'

const STATEMENTS_KEPT = 500

// Rows that may be lost with the last moments before a loss of power (not of the process), as they matter for minutes:
// counters of attempts, and which sign-in session was used. No answer waits for the disk because of them.
const PASSING_WRITE = /^(insert into|update|delete from) "(attempts|spent_ids)"/

/** Opens (and makes) the database at `path`, or in memory for `:memory:`. Throws DatabaseUnavailable when another process has it. */
export function openSqlite(path: string): Database {
  const file = path === ':memory:' ? path : resolve(path)
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (file !== ':memory:') makePrivate(file)
  const connection = new Libsql(file)
  try {
    connection.exec('PRAGMA locking_mode=EXCLUSIVE')
    connection.exec('PRAGMA journal_mode=WAL')
    connection.exec('PRAGMA synchronous=NORMAL')
    connection.exec('PRAGMA cache_size=-32768')
    connection.exec('PRAGMA wal_autocheckpoint=4000')
    connection.exec('BEGIN IMMEDIATE; COMMIT')
  } catch (error) {
    connection.close()
    if ((error as { code?: string }).code !== 'SQLITE_BUSY')
      throw new DatabaseUnavailable(`The database ${file} cannot be opened: ${(error as Error).message}`)
    throw new DatabaseUnavailable(
      `Another Cognomen process is using ${file}. Stop it, set another DATA_DIR, or use DATABASE_URL=postgres://… to run several processes on one database.`,
    )
  }
  const log = file === ':memory:' ? undefined : new LogFlusher(`${file}-wal`)
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new LibsqlDriver(connection, () => log?.written()),
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
      await log?.flushed()
      await db.destroy()
      log?.close()
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

/** Group commit: counts writes, and lets all who wait share the next flush of the write-ahead log. */
class LogFlusher {
  readonly #descriptor: number
  #writes = 0
  #flushedWrites = 0
  #running: Promise<void> | undefined

  // The log is not a file that SQLite locks, so a second descriptor on it is harmless when closed.
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r+')
  }

  written(): void {
    this.#writes++
  }

  async flushed(): Promise<void> {
    const wanted = this.#writes
    while (this.#flushedWrites < wanted) {
      this.#running ??= this.#flush()
      await this.#running
    }
  }

  async #flush(): Promise<void> {
    const covers = this.#writes
    try {
      await new Promise<void>((done, failed) =>
        fdatasync(this.#descriptor, (error) => (error ? failed(error) : done())),
      )
      this.#flushedWrites = covers
    } finally {
      this.#running = undefined
    }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

class LibsqlDriver implements Driver {
  readonly #connection: LibsqlConnection
  readonly #raw: Libsql.Database
  #free: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined

  constructor(raw: Libsql.Database, written: () => void) {
    this.#raw = raw
    this.#connection = new LibsqlConnection(raw, written)
  }

  async init(): Promise<void> {}

  // One connection: statements take turns, and a transaction keeps its turn until it ends.
  async acquireConnection(): Promise<DatabaseConnection> {
    while (this.#release !== undefined) await this.#free
    this.#free = new Promise((resolve) => {
      this.#release = resolve
    })
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    const release = this.#release
    this.#release = undefined
    release?.()
  }

  async beginTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async destroy(): Promise<void> {
    // Prepared statements keep the connection open, and its lock held, until they are collected as garbage. Leaving WAL
    // mode, leaving exclusive mode and one read give the lock back now, so that this process can open the file again.
    try {
      this.#raw.exec('PRAGMA journal_mode=DELETE')
      this.#raw.exec('PRAGMA locking_mode=NORMAL')
      this.#raw.exec('SELECT name FROM sqlite_master LIMIT 1')
    } catch {
      // A full disk, say. Nothing is lost: what is in the write-ahead log is read at the next start.
    }
    this.#raw.close()
  }
}

interface Prepared {
  readonly statement: Libsql.Statement
  readonly answersRows: boolean
  /** False for what may write, also with `returning`. */
  readonly reads: boolean
  /** It writes, and an answer has to wait until that is on the disk. */
  readonly mustLast: boolean
  /** For a read of one row: answers it as a list of values, and the names of these. */
  oneRow: RowReader | undefined
}

interface RowReader {
  readonly statement: Libsql.Statement
  readonly columns: readonly string[]
}

const openRowReader = (statement: Libsql.Statement): RowReader => ({
  statement: statement.raw(),
  columns: statement.columns().map(({ name }) => name),
})

class LibsqlConnection implements DatabaseConnection {
  readonly #raw: Libsql.Database
  readonly #written: () => void
  readonly #statements = new Map<string, Prepared>()

  constructor(raw: Libsql.Database, written: () => void) {
    this.#raw = raw
    this.#written = written
  }

  async executeQuery<R>(query: AnyQuery): Promise<QueryResult<R>> {
    const prepared = this.#prepare(query.sql)
    const { statement, answersRows, reads, mustLast } = prepared
    const parameters = query.parameters as never[]
    if ((query as Partial<PreparedQuery<R>>).oneRow) return { rows: this.#readRow<R>(prepared, query.sql, parameters) }
    if (mustLast) this.#written()
    if (!answersRows) return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) }
    const rows = statement.all(...parameters) as R[]
    return reads ? { rows } : { rows, numAffectedRows: BigInt(rows.length) }
  }

  // In one crossing into native code; a list takes three, and room for a hundred rows.
  #readRow<R>(prepared: Prepared, sql: string, parameters: never[]): R[] {
    prepared.oneRow ??= openRowReader(this.#raw.prepare(sql))
    const { statement, columns } = prepared.oneRow
    const values = statement.get(...parameters) as unknown[] | undefined
    if (!values) return []
    const row: Record<string, unknown> = {}
    for (let i = 0; i < columns.length; i++) row[columns[i] as string] = values[i]
    return [row as R]
  }

  #prepare(sql: string): Prepared {
    const known = this.#statements.get(sql)
    if (known) return known
    const statement = this.#raw.prepare(sql)
    const reads = sql.startsWith('select')
    const mustLast = !reads && !PASSING_WRITE.test(sql)
    const prepared: Prepared = { statement, answersRows: statement.reader, reads, mustLast, oneRow: undefined }
    if (this.#statements.size >= STATEMENTS_KEPT) this.#statements.clear()
    this.#statements.set(sql, prepared)
    return prepared
  }

  // biome-ignore lint/correctness/useYield: large reads are paged by keyset; nothing streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not used: read pages instead.')
  }
}
