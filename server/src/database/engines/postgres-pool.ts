// The connections of one process to PostgreSQL: how many, for how long, and what to do when there is none
// (docs/decisions/postgres-connections.md).
import { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import type { PostgresConfig } from '../../config/groups/database.ts'
import { withAttempts } from '../attempts.ts'
import type { WorkObserver } from '../database.ts'
import { isConnectableSoon, isFull, NoConnection } from './postgres-errors.ts'

/** TCP keep-alive: idle time after which the system probes the peer. */
const KEEP_ALIVE_MS = 10_000
/** Idle time after which a connection is closed, to make room for other processes; one is kept. */
const IDLE_MS = 10_000
/** A restart of the server breaks every idle connection: only the first within this time is reported. */
const IDLE_REPORT_MS = 10_000
/** Pause before the next attempt to open a connection after the server had no room. */
const FULL_MS = 1000
/** Time that connections have to close; those of a silent peer never do by themselves. */
const CLOSE_MS = 1000

export interface ConnectionPool {
  /** A client, which its holder releases. Throws NoConnection after some tries within a second. */
  lend(): Promise<pg.PoolClient>
  /** Lends none of the present connections again: one of them was silent, so the others may lead nowhere, too. */
  distrust(): void
  /** Closes every connection, within CLOSE_MS; `lend` rejects from then on. May be called again. */
  end(): Promise<void>
}

/** A pool that has not connected yet. `onIdleError` hears of connections that broke while nobody held them, `observer` of each that `lend` could not make. */
export function createPool(
  { url, connections, connectTimeoutMs = 10_000, ...limits }: Omit<PostgresConfig, 'engine'>,
  onIdleError: (error: Error) => void,
  observer: WorkObserver,
): ConnectionPool {
  const sockets = new Set<Socket>()
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
    stream: () => {
      const socket = new Socket()
      sockets.add(socket.once('close', () => sockets.delete(socket)))
      return socket
    },
  })
  let nextReport = 0
  pool.on('error', (error) => {
    if (performance.now() < nextReport) return
    nextReport = performance.now() + IDLE_REPORT_MS
    onIdleError(error)
  })
  // pg reports the loss of a connection that is lent, too; without a listener that would end the process. Whoever holds
  // the connection learns of it from its statement.
  let trusted = new WeakSet<pg.ClientBase>()
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    trusted.add(client)
  })

  let fullUntil = 0
  async function connect(): Promise<pg.PoolClient> {
    if (performance.now() > fullUntil) pool.options.max = connections
    try {
      for (;;) {
        const client = await pool.connect()
        if (trusted.has(client)) return client
        client.release(true)
        // Without waiting for a farewell of its peer.
        ;(client as unknown as { connection: { stream: Socket } }).connection.stream.destroy()
      }
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
        const away = new NoConnection(error)
        observer.away(away)
        throw away
      }),
    distrust: () => {
      trusted = new WeakSet()
    },
    async end() {
      if (pool.ending) return
      const stopWaiting = new AbortController()
      await Promise.race([pool.end(), setTimeout(CLOSE_MS, undefined, stopWaiting)])
      stopWaiting.abort()
      for (const socket of sockets) socket.destroy()
      refuseWaiting(pool)
    },
  }
}

/** pg-pool lets those that wait for a connection wait on when it ends, with timers that do not keep the process alive. */
function refuseWaiting(pool: pg.Pool): void {
  const { _pendingQueue: waiting } = pool as unknown as { _pendingQueue: { callback(error: Error): void }[] }
  for (const { callback } of waiting.splice(0)) callback(new Error('the server stops'))
}

const INT8 = 20

// bigint columns hold epoch milliseconds and counters: exact as numbers.
function parserFor(oid: number, format?: 'text' | 'binary'): never {
  return (oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as never
}
