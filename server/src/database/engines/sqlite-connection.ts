// Kysely's driver over one SQLite connection: statements take turns, prepared ones are kept, transactions end whatever
// the disk does.
import type { CompiledQuery as AnyQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import type { PreparedQuery } from '../statement.ts'
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-driver.ts'

const STATEMENTS_KEPT = 500

// Rows that may be lost with the last moments before a loss of power (not of the process), as they matter for minutes:
// counters of attempts, and which sign-in session was used. No answer waits for the disk because of them.
const PASSING_WRITE = /^(insert into|update|delete from) "(attempts|spent_ids)"/

// Prepared statements follow a change of tables by themselves, the column names that are kept beside them do not.
const SCHEMA_CHANGE = /^\s*(create|alter|drop)\b/i

export interface SqliteHooks {
  /** Called before each statement whose write must be durable. */
  written(): void
  /** Called before a connection is lent; throws when the database must not be used any more. */
  usable(): void
  /** Called once, when the connection ends: gives the file's lock back and closes it. */
  close(): void
}

export class SqliteDriver implements Driver {
  readonly #raw: SqliteDatabase
  readonly #hooks: SqliteHooks
  readonly #connection: SqliteConnection
  readonly #begin: SqliteStatement
  readonly #commit: SqliteStatement
  #free: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined

  constructor(raw: SqliteDatabase, hooks: SqliteHooks) {
    this.#raw = raw
    this.#hooks = hooks
    this.#connection = new SqliteConnection(raw, hooks)
    this.#begin = raw.prepare('begin immediate')
    this.#commit = raw.prepare('commit')
  }

  async init(): Promise<void> {}

  // One connection behind a lock: a statement or a whole transaction holds it until it ends.
  async acquireConnection(): Promise<DatabaseConnection> {
    while (this.#release !== undefined) await this.#free
    this.#hooks.usable()
    // A rollback that failed left its transaction open: what runs next must not become part of it.
    if (this.#raw.isTransaction) this.#raw.exec('rollback')
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
    this.#begin.run()
  }

  async commitTransaction(): Promise<void> {
    this.#hooks.written()
    this.#commit.run()
  }

  // Kysely throws what the rollback throws, but the caller needs the error that led to it. SQLite has often ended the
  // transaction by itself then (a full disk, a failed read: https://sqlite.org/lang_transaction.html section 3), and
  // where it could not, the next acquireConnection tries again.
  async rollbackTransaction(): Promise<void> {
    try {
      if (this.#raw.isTransaction) this.#raw.exec('rollback')
    } catch {}
  }

  async destroy(): Promise<void> {
    this.#hooks.close()
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

  constructor(raw: SqliteDatabase, hooks: SqliteHooks) {
    this.#raw = raw
    this.#hooks = hooks
  }

  async executeQuery<R>(query: AnyQuery): Promise<QueryResult<R>> {
    const { statement, columns, reads, mustLast } = this.#statements.get(query.sql) ?? this.#prepare(query.sql)
    const parameters = query.parameters as SqliteValue[]
    if (mustLast) this.#hooks.written()
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
