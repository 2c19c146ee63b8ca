// Classifies errors of PostgreSQL: whether the statement may be retried, and whether its connection is lost
// (https://www.postgresql.org/docs/current/errcodes-appendix.html).

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

/** Whether connecting may succeed in a moment. */
export const isConnectableSoon = (error: unknown): boolean => outcomeOf(error) === 'lost' || isFull(error)

/** Thrown when no connection could be made, after some tries. */
export class NoConnection extends Error {
  constructor(cause: unknown) {
    super(`No connection to PostgreSQL: ${(cause as Error).message}`, { cause })
  }
}

/** Adds to the error of a pooler that mixes prepared statements up which setting turns them off. */
export function withAdvice(error: unknown): unknown {
  if (error instanceof Error && MIXED_UP.test((error as { code?: string }).code ?? ''))
    error.message += ' (a pooler that lends connections by the transaction: set DATABASE_PREPARED_STATEMENTS=false)'
  return error
}
