// The connections of one process to PostgreSQL: how many, for how long, and what to do when there is none
// (docs/decisions/postgres-connections.md).
import pg from 'pg'
import type { PostgresConfig } from '../../config/groups/database.ts'
import { withAttempts } from '../attempts.ts'
import { isConnectableSoon, isFull, NoConnection } from './postgres-errors.ts'

/** TCP keep-alive: idle time after which the system probes the peer. */
const KEEP_ALIVE_MS = 10_000
/** Idle time after which a connection is closed, to make room for other processes; one is kept. */
const IDLE_MS = 10_000
/** Pause before the next attempt to open a connection after the server had no room. */
const FULL_MS = 1000

export interface ConnectionPool {
  /** A client, which its holder releases. Throws NoConnection after some tries within a second. */
  lend(): Promise<pg.PoolClient>
  end(): Promise<void>
}

/** A pool that has not connected yet. `onIdleError` hears of connections that broke while nobody held them. */
export function createPool(
  { url, connections, connectTimeoutMs = 10_000, ...limits }: Omit<PostgresConfig, 'engine'>,
  onIdleError: (error: Error) => void,
): ConnectionPool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    min: 1,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    // pg sends those above 0 with the start of a connection, so that they cost nothing and end with it.
    statement_timeout: limits.statementTimeoutMs ?? 0,
    lock_timeout: limits.lockTimeoutMs ?? 0,
    idle_in_transaction_session_timeout: limits.idleTransactionTimeoutMs ?? 0,
    types: { getTypeParser: parserFor },
  })
  pool.on('error', onIdleError)
  // pg reports the loss of a connection that is lent, too; without a listener that would end the process. Whoever holds
  // the connection learns of it from its statement.
  pool.on('connect', (client) => client.on('error', () => undefined))

  let fullUntil = 0
  async function connect(): Promise<pg.PoolClient> {
    if (performance.now() > fullUntil) pool.options.max = connections
    try {
      return await pool.connect()
    } catch (error) {
      // Others have the rest: wait for one of our own meanwhile.
      if (isFull(error) && pool.totalCount > 0) {
        pool.options.max = pool.totalCount
        fullUntil = performance.now() + FULL_MS
      }
      throw error
    }
  }

  return {
    lend: () =>
      withAttempts(connect, isConnectableSoon).catch((error) => {
        throw new NoConnection(error)
      }),
    end: () => pool.end(),
  }
}

const INT8 = 20

// bigint columns hold epoch milliseconds and counters: exact as numbers.
function parserFor(oid: number, format?: 'text' | 'binary'): never {
  return (oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as never
}
