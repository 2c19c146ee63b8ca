// Kysely's driver over a pool of pg: named prepared statements, time limits, and what happens when a connection is lost
// (docs/decisions/postgres-connections.md).
import type { CompiledQuery as AnyQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import pg from 'pg'
import { withAttempts } from '../attempts.ts'
import { DatabaseAway, type WorkObserver } from '../database.ts'
import type { PreparedQuery } from '../statement.ts'
import {
  asAway,
  breaksConnection,
  commitError,
  isUnanswered,
  NoConnection,
  outcomeOf,
  withAdvice,
} from './postgres-errors.ts'
import type { ConnectionPool } from './postgres-pool.ts'

export interface PostgresDriverOptions {
  /** Whether statements are named, so that they are prepared once for each connection. */
  preparedStatements: boolean
  /** How long pg waits for an answer, in milliseconds; 0 without end. Beyond it the connection is thrown away. */
  answerLimitMs: number
  /** Hears of each statement outside of transactions. */
  observer: WorkObserver
}

export class PostgresDriver implements Driver {
  readonly #pool: ConnectionPool
  readonly #options: PostgresDriverOptions

  constructor(pool: ConnectionPool, options: PostgresDriverOptions) {
    this.#pool = pool
    this.#options = options
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(await this.#pool.lend(), this.#pool, this.#options)
  }

  async releaseConnection(connection: PostgresConnection): Promise<void> {
    connection.release()
  }

  beginTransaction = (connection: PostgresConnection): Promise<void> => connection.begin()
  commitTransaction = (connection: PostgresConnection): Promise<void> => connection.commit()
  rollbackTransaction = (connection: PostgresConnection): Promise<void> => connection.rollback()

  async destroy(): Promise<void> {
    await this.#pool.end()
  }
}

class PostgresConnection implements DatabaseConnection {
  /** Undefined when a lost client could not be replaced. */
  #client: pg.PoolClient | undefined
  readonly #pool: ConnectionPool
  readonly #options: PostgresDriverOptions
  #broken = false
  #inTransaction = false

  constructor(client: pg.PoolClient, pool: ConnectionPool, options: PostgresDriverOptions) {
    this.#client = client
    this.#pool = pool
    this.#options = options
  }

  async executeQuery<R>(query: AnyQuery): Promise<QueryResult<R>> {
    const sent = this.#inTransaction
      ? await this.#send(query as Query)
      : await observed(this.#options.observer, this.#sendPatiently(query as Query))
    const rows = sent.rows as R[]
    return CHANGES.has(sent.command) ? { rows, numAffectedRows: BigInt(sent.rowCount ?? 0) } : { rows }
  }

  #sendPatiently(query: Query): Promise<pg.QueryResult> {
    return withAttempts(
      async () => {
        await this.#mend()
        return this.#send(query)
      },
      (error) => mayRunAgain(query.sql, error),
    )
  }

  async begin(): Promise<void> {
    this.#inTransaction = true
    await this.#send({ sql: 'begin' })
  }

  async commit(): Promise<void> {
    const { command } = await this.#send({ sql: 'commit' }).catch((error) => {
      throw commitError(error)
    })
    // What PostgreSQL answers to the commit of a transaction in which a statement has failed.
    if (command === 'ROLLBACK') throw new Error('A transaction was undone at its commit: a statement in it had failed.')
  }

  /** Never throws: the caller needs the error that led to it. */
  async rollback(): Promise<void> {
    if (this.#broken) return
    await this.#send({ sql: 'rollback' }).catch(() => {
      this.#broken = true
    })
  }

  /** Gives the client back; the pool throws a broken one away. */
  release(): void {
    this.#client?.release(this.#broken)
  }

  /** Puts another client in the place of one that is gone. */
  async #mend(): Promise<void> {
    if (!this.#broken && this.#client) return
    this.release()
    this.#client = undefined
    this.#client = await this.#pool.lend()
    this.#broken = false
  }

  async #send({ sql, parameters = [], name }: Query): Promise<pg.QueryResult> {
    const { preparedStatements, answerLimitMs } = this.#options
    try {
      return await runQuery(this.#client as pg.PoolClient, {
        sql,
        parameters: parameters as unknown[],
        name: preparedStatements ? name : undefined,
        answerLimitMs,
      })
    } catch (error) {
      if (breaksConnection(error)) this.#broken = true
      if (isUnanswered(error)) this.#pool.distrust()
      throw withAdvice(error)
    }
  }

  // biome-ignore lint/correctness/useYield: large reads are paged by keyset; nothing streams
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Streaming is not used: read pages instead.')
  }
}

/** `work`, of whose outcome `observer` hears. Rejects with a DatabaseAway when the same work may succeed later. */
export async function observed<T>(observer: WorkObserver, work: Promise<T>): Promise<T> {
  try {
    const result = await work
    observer.worked()
    return result
  } catch (thrown) {
    const error = asAway(thrown)
    // The pool tells of connections that it could not make.
    if (error instanceof DatabaseAway && !(error instanceof NoConnection)) observer.away(error)
    throw error
  }
}

interface Sent {
  sql: string
  parameters: unknown[]
  name: string | undefined
  answerLimitMs: number
}

// pg copies a query's settings, property by property with their descriptors, when it gets them as an object; a query made
// of its text and completed afterwards costs 10 µs less.
function runQuery(client: pg.PoolClient, { sql, parameters, name, answerLimitMs }: Sent): Promise<pg.QueryResult> {
  return new Promise((resolve, reject) => {
    const query: pg.Query & { name?: string; query_timeout?: number } = new pg.Query(
      sql,
      parameters,
      (error: Error | undefined, result: pg.ResultBuilder) => (error ? reject(error) : resolve(result)),
    )
    if (name !== undefined) query.name = name
    if (answerLimitMs > 0) query.query_timeout = answerLimitMs
    client.query(query)
  })
}

type Query = Pick<AnyQuery, 'sql'> & Partial<Pick<AnyQuery, 'parameters'> & Pick<PreparedQuery<unknown>, 'name'>>

/** Commands whose count of rows is one of changes. */
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

const READ = /^\s*select\b/i

// A write whose answer was lost may have been executed: a retry would conflict with itself, and its compare-and-set
// would report a conflict with another writer. So only reads are retried then.
function mayRunAgain(sql: string, error: unknown): boolean {
  const outcome = outcomeOf(error)
  return outcome === 'undone' || (outcome === 'lost' && READ.test(sql))
}
