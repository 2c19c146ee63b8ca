// Kysely's driver over one SQLite connection: statements take turns, prepared ones are kept, transactions end whatever
// the disk does.
import type { CompiledQuery as AnyQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { DatabaseAway } from '../database.ts'
import type { PreparedQuery } from '../statement.ts'
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-driver.ts'
import { DiskFull } from './sqlite-errors.ts'

const STATEMENTS_KEPT = 500

// Rows that may be lost with the last moments before a loss of power (not of the process), as they matter for minutes:
// counters of attempts, and which sign-in session was used. No answer waits for the disk because of them.
const PASSING_WRITE = /^(insert into|update|delete from) "(attempts|spent_ids)"/

// Prepared statements follow a change of tables by themselves, the column names that are kept beside them do not.
const SCHEMA_CHANGE = /^\s*(create|alter|drop)\b/i

/** What a handle on the database has written: the number of its last write that must be durable; 0 for none. */
export interface Written {
  last: number
}

/** Hears how the work goes, and whether it wrote. */
export interface Outcomes {
  worked(wrote: boolean): void
  away(error: DatabaseAway, wrote: boolean): void
}

export interface SqliteHooks {
  /** Called before each statement whose write must be durable; answers the number of the write. */
  written(): number
  /** Called before a connection is lent; throws when the database must not be used any more. */
  usable(): void
  /** Called after a write that found the disk full, outside of transactions: whether there may be room now. */
  makeRoom(): boolean
  /** The error to throw for an error of SQLite. */
  asAway(error: unknown): unknown
  /** Called once, when the connection ends: gives the file's lock back and closes it. */
  close(): void
  /** Hears of each statement outside of transactions. */
  readonly outcomes: Outcomes
}

export class SqliteDriver implements Driver {
  readonly #raw: SqliteDatabase
  readonly #hooks: SqliteHooks
  readonly #connection: SqliteConnection
  readonly #begin: SqliteStatement
  readonly #commit: SqliteStatement
  #free: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined
  #closed = false
  /** Whether a rollback failed, so that its transaction may still be open. */
  #leftOpen = false

  constructor(raw: SqliteDatabase, hooks: SqliteHooks) {
    this.#raw = raw
    this.#hooks = hooks
    this.#connection = new SqliteConnection(raw, hooks)
    this.#begin = raw.prepare('begin immediate')
    this.#commit = raw.prepare('commit')
  }

  async init(): Promise<void> {}

  /** One connection behind a lock: a whole transaction holds it until it ends. */
  async acquireConnection(written?: Written): Promise<DatabaseConnection> {
    while (this.#release !== undefined) await this.#free
    const connection = this.#usableConnection(written)
    this.#free = new Promise((resolve) => {
      this.#release = resolve
    })
    return connection
  }

  /** Runs a statement outside of transactions: without the lock, as nothing else runs until it is done. */
  async execute<R>(query: AnyQuery, written?: Written): Promise<QueryResult<R>> {
    while (this.#release !== undefined) await this.#free
    return this.#usableConnection(written).execute(query)
  }

  #usableConnection(written: Written = { last: 0 }): SqliteConnection {
    if (this.#closed) throw new DatabaseClosed()
    this.#hooks.usable()
    // What runs next must not become part of the transaction.
    if (this.#leftOpen) this.#try(() => this.#raw.exec('rollback'))
    this.#leftOpen = false
    this.#connection.written = written
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.release()
  }

  /** Gives the connection to who waits for it. */
  release(): void {
    const release = this.#release
    this.#release = undefined
    release?.()
  }

  async beginTransaction(): Promise<void> {
    this.#connection.full = undefined
    this.#try(() => this.#begin.run())
    this.#connection.inTransaction = true
  }

  async commitTransaction(): Promise<void> {
    this.#connection.written.last = this.#hooks.written()
    this.#try(() => this.#commit.run())
    this.#connection.inTransaction = false
  }

  // Kysely throws what the rollback throws, but the caller needs the error that led to it. SQLite has often ended the
  // transaction by itself then (a full disk, a failed read: https://sqlite.org/lang_transaction.html section 3), and
  // where it could not, the next acquireConnection tries again.
  async rollbackTransaction(): Promise<void> {
    this.#connection.inTransaction = false
    try {
      if (this.#raw.isTransaction) this.#raw.exec('rollback')
    } catch {}
    this.#leftOpen = this.#raw.isTransaction
    const { full } = this.#connection
    if (full && !this.#leftOpen) full.roomMade = this.#hooks.makeRoom()
  }

  async destroy(): Promise<void> {
    while (this.#release !== undefined) await this.#free
    if (this.#closed) return
    this.#closed = true
    this.#hooks.close()
  }

  #try(run: () => unknown): void {
    try {
      run()
    } catch (error) {
      throw this.#connection.noted(error)
    }
  }
}

/** Thrown to whoever comes after the close: the server stops. */
export class DatabaseClosed extends DatabaseAway {
  constructor() {
    super('The database is closed.', 'The server stops; start it again.')
  }
}

interface Prepared {
  readonly statement: SqliteStatement
  /** Names of a row's values; undefined for a statement that answers no rows. */
  readonly columns: readonly string[] | undefined
  /** False for what may write, also with `returning`. */
  readonly reads: boolean
  /** It writes, and an answer has to wait until that is on the disk. */
  readonly mustLast: boolean
}

class SqliteConnection implements DatabaseConnection {
  readonly #raw: SqliteDatabase
  readonly #hooks: SqliteHooks
  readonly #statements = new Map<string, Prepared>()
  /** Of the handle that has the connection now. */
  written: Written = { last: 0 }
  inTransaction = false
  /** The error of the transaction that found the disk full. */
  full: DiskFull | undefined

  constructor(raw: SqliteDatabase, hooks: SqliteHooks) {
    this.#raw = raw
    this.#hooks = hooks
  }

  async executeQuery<R>(query: AnyQuery): Promise<QueryResult<R>> {
    return this.execute(query)
  }

  execute<R>(query: AnyQuery): QueryResult<R> {
    if (this.inTransaction) return this.#run(query)
    const { outcomes, makeRoom } = this.#hooks
    const wrote = !query.sql.startsWith('select')
    let result: QueryResult<R>
    try {
      try {
        result = this.#run(query)
      } catch (error) {
        if (!(error instanceof DiskFull && makeRoom())) throw error
        result = this.#run(query)
      }
    } catch (error) {
      if (error instanceof DatabaseAway) outcomes.away(error, wrote)
      throw error
    }
    outcomes.worked(wrote)
    return result
  }

  #run<R>(query: AnyQuery): QueryResult<R> {
    try {
      return this.#answer(query)
    } catch (error) {
      throw this.noted(error)
    }
  }

  /** The error to throw for one of SQLite; remembers a full disk. */
  noted(error: unknown): unknown {
    const away = this.#hooks.asAway(error)
    if (away instanceof DiskFull) this.full = away
    return away
  }

  #answer<R>(query: AnyQuery): QueryResult<R> {
    const { statement, columns, reads, mustLast } = this.#statements.get(query.sql) ?? this.#prepare(query.sql)
    const parameters = query.parameters as SqliteValue[]
    if (mustLast) this.written.last = this.#hooks.written()
    if (!columns) return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) }
    if ((query as Partial<PreparedQuery<R>>).oneRow) {
      const values = statement.get(...parameters)
      return { rows: values === undefined ? [] : [rowOf<R>(columns, values)] }
    }
    const rows = statement.all(...parameters)
    for (let i = 0; i < rows.length; i++) rows[i] = rowOf<R>(columns, rows[i])
    return reads ? { rows: rows as R[] } : { rows: rows as R[], numAffectedRows: BigInt(rows.length) }
  }

  #prepare(sql: string): Prepared {
    if (SCHEMA_CHANGE.test(sql)) this.#statements.clear()
    const statement = this.#raw.prepare(sql)
    const names = statement.columns().map(({ name }) => name)
    statement.setReturnArrays(true)
    const reads = sql.startsWith('select')
    const prepared: Prepared = {
      statement,
      columns: names.length > 0 ? names : undefined,
      reads,
      mustLast: !reads && !PASSING_WRITE.test(sql),
    }
    if (SCHEMA_CHANGE.test(sql)) return prepared
    if (this.#statements.size >= STATEMENTS_KEPT) this.#statements.clear()
    this.#statements.set(sql, prepared)
    return prepared
  }

  // biome-ignore lint/correctness/useYield: large reads are paged by keyset; nothing streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not used: read pages instead.')
  }
}

// Both libraries make a list of values faster than an object of them, even with this loop behind it.
function rowOf<R>(columns: readonly string[], values: unknown): R {
  const row: Record<string, unknown> = {}
  for (let i = 0; i < columns.length; i++) row[columns[i] as string] = (values as unknown[])[i]
  return row as R
}
