// Classifies errors of PostgreSQL: whether the statement may be retried, and whether its connection is lost
// (https://www.postgresql.org/docs/current/errcodes-appendix.html), and what the operator can do about it.
import { CommitUnanswered, DatabaseAway } from '../database.ts'

/**
 * - `undone`: the statement, or the whole transaction, certainly did nothing and may run again.
 * - `lost`: the connection is gone; whether the statement did anything is unknown.
 * - `failed`: running it again would fail again, or its time is over.
 */
export type Outcome = 'undone' | 'lost' | 'failed'

// 40001 serialization failure (also at COMMIT), 40P01 deadlock.
const UNDONE = /^(40001|40P01)$/

// pg refuses to send anything on a connection that it knows to be gone.
const NOT_SENT = /is not queryable/

// 0A000 has many causes; this one comes before anything runs: the columns of a prepared `select *` have changed.
const PLAN_CHANGED = /^cached plan must not change result type/

// 08* connection exceptions, 57P01 to 57P03 the server stops, crashed or starts, 25P03 idle in a transaction for too long.
const LOST = /^(08\w{3}|57P0[123]|25P03|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/
const LOST_MESSAGE = /^Connection terminated/

// 26000 and 42P05: a pooler lent a connection on which a prepared statement is not there, or is there already.
const MIXED_UP = /^(26000|42P05)$/

// pg gives up waiting, while the server may still be at work and answer later.
const ABANDONED = /^Query read timeout/

// Too many connections for the server, the role or a pooler.
const FULL = '53300'
const FULL_MESSAGE = /no more connections allowed/

/** The class of an error, as above. */
export function outcomeOf(error: unknown): Outcome {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (UNDONE.test(code) || NOT_SENT.test(message) || PLAN_CHANGED.test(message)) return 'undone'
  return LOST.test(code) || LOST_MESSAGE.test(message) ? 'lost' : 'failed'
}

/** Whether the connection that met the error must not be used any more. */
export function breaksConnection(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (outcomeOf(error) === 'lost' || MIXED_UP.test(code)) return true
  return NOT_SENT.test(message) || PLAN_CHANGED.test(message) || ABANDONED.test(message)
}

/** Whether the server has no room for another connection. */
export function isFull(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return code === FULL || FULL_MESSAGE.test(message)
}

/** Whether pg waited for an answer in vain: the connection, and others of the same time, may lead nowhere. */
export const isUnanswered = (error: unknown): boolean => ABANDONED.test((error as Error).message)

// The time for connecting is over: another attempt would take as long again.
const CONNECT_TIMEOUT = /connection timeout|timeout exceeded|ETIMEDOUT/

/** Whether connecting may succeed in a moment. */
export const isConnectableSoon = (error: unknown): boolean =>
  (outcomeOf(error) === 'lost' && !CONNECT_TIMEOUT.test((error as Error).message)) || isFull(error)

/** What the operator can do about an error after which the same work may succeed later, by codes and texts. */
const ADVICE: readonly [RegExp, string][] = [
  [/^53100$/, 'The disk of PostgreSQL is full: make room on it.'],
  [/^53200$/, 'PostgreSQL has no memory left: give it more, or fewer connections.'],
  [
    /^53[34]00$|no more connections allowed/,
    'PostgreSQL has no room for another connection: raise its max_connections, or lower DATABASE_CONNECTIONS.',
  ],
  [
    /^timeout exceeded when trying to connect/,
    'No connection was free, or could be made, in time: PostgreSQL is slow or silent, or DATABASE_CONNECTIONS is too low for the load. DATABASE_CONNECT_TIMEOUT_MS is how long a request waits for one.',
  ],
  [
    /^25006$/,
    'PostgreSQL only reads: DATABASE_URL leads to a standby, or default_transaction_read_only is on. Lead it to the primary.',
  ],
  [/^58\w{3}$|^XX00[12]$/, 'PostgreSQL has trouble with its disk: see its log.'],
  [
    /^57014$|^Query read timeout/,
    'PostgreSQL answers too slowly or not at all: see what it is doing, and the network to it. DATABASE_STATEMENT_TIMEOUT_MS is how long a statement may take.',
  ],
  [
    /^55P03$/,
    'Somebody holds a lock in PostgreSQL: see pg_locks. DATABASE_LOCK_TIMEOUT_MS is how long a statement waits for one.',
  ],
  [/^28\w{3}$|^3D000$/, 'PostgreSQL refuses the user or has no such database: check DATABASE_URL.'],
]
const UNREACHABLE =
  'Check that PostgreSQL runs and can be reached; this server goes on by itself as soon as it answers.'

/** What the operator can do about the cause of lost or refused work; undefined for an error that would come again. */
export function adviceOn(error: unknown): string | undefined {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const known = ADVICE.find(([form]) => form.test(code) || form.test(message))
  if (known) return known[1]
  return outcomeOf(error) === 'lost' ? UNREACHABLE : undefined
}

/** The error to throw for work that failed: a DatabaseAway if it may succeed later, else the error itself. */
export function asAway(error: unknown): unknown {
  if (error instanceof DatabaseAway) return error
  const advice = adviceOn(error)
  if (advice === undefined) return error
  const { message, code } = error as Error & { code?: string }
  return new DatabaseAway(`PostgreSQL: ${message}`, advice, error, code)
}

/** Thrown when no connection could be made, after some tries. */
export class NoConnection extends DatabaseAway {
  constructor(cause: unknown) {
    super(`No connection to PostgreSQL: ${(cause as Error).message}`, adviceOn(cause) ?? UNREACHABLE, cause)
  }
}

/** The error of a COMMIT that failed. */
export const commitError = (error: unknown): unknown =>
  outcomeOf(error) === 'lost' || isUnanswered(error)
    ? new CommitUnanswered(error, adviceOn(error) ?? UNREACHABLE)
    : error

/** Adds to the error of a pooler that mixes prepared statements up which setting turns them off. */
export function withAdvice(error: unknown): unknown {
  if (error instanceof Error && MIXED_UP.test((error as { code?: string }).code ?? ''))
    error.message += ' (a pooler that lends connections by the transaction: set DATABASE_PREPARED_STATEMENTS=false)'
  return error
}
