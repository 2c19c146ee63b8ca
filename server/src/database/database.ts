// The interface of a database to the rest of the server: statements through Kysely, transactions that retry, and
// durability. The engines are in engines/; nothing outside this folder knows which one runs.
import type { Kysely, Transaction } from 'kysely'
import { withAttempts } from './attempts.ts'
import type { Schema } from './schema.ts'

/** A handle to run statements on: the database itself or a transaction. The first parameter of store functions. */
export type Db = Kysely<Schema> | Transaction<Schema>

export interface Database {
  readonly engine: 'sqlite' | 'postgres'
  readonly db: Kysely<Schema>
  /** True when no other process can write: settings may then be cached until this process changes them. */
  readonly exclusive: boolean
  /**
   * Runs `work` in one transaction; runs it anew, a few times, when the engine gives up (serialization failure,
   * deadlock, a connection lost before the commit was sent). `work` must do nothing but statements on the `db` it is given.
   */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>
  /** Resolves when everything written so far, through this handle, survives a loss of power. Throws a DatabaseAway. */
  durable(): Promise<void>
  /**
   * A handle for one request: its `durable` waits for what was written through it, not for what others write. The first
   * handle's waits for everybody's.
   */
  ofRequest(): Database
  /** Resolves, if ever, when this process must not use the database any more: only another start can mend it. */
  readonly lost: Promise<DatabaseAway>
  close(): Promise<void>
}

/** Thrown when the database cannot be opened; the message says what to do. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

/**
 * Thrown for work that a running database cannot do now and may do later: it cannot be reached, its disk is full, it
 * takes too long. Doors answer it with the status 503. The message names the cause; `advice` says what the operator can
 * do. An engine tells its `WorkObserver` of each.
 */
export class DatabaseAway extends Error {
  override readonly name: string = 'DatabaseAway'
  readonly advice: string
  /** The engine's code of a statement that failed, such as 55P03 of PostgreSQL. */
  readonly code: string | undefined
  constructor(message: string, advice: string, cause?: unknown, code?: string) {
    super(message, { cause })
    this.advice = advice
    this.code = code
  }
}

/** Thrown for a COMMIT whose answer was lost: the transaction may be there or not, so it must not run again. */
export class CommitUnanswered extends DatabaseAway {
  constructor(cause: unknown, advice: string) {
    super(
      `The answer to a COMMIT was lost, so it is unknown whether it happened: ${(cause as Error).message}`,
      advice,
      cause,
    )
  }
}

/** Hears from an engine how its work goes; readiness and the log follow from it (database-health.ts). */
export interface WorkObserver {
  /** Called for each statement or transaction that was done. */
  worked(): void
  /** Called for each statement, transaction or flush that failed with a DatabaseAway. */
  away(error: DatabaseAway): void
}

export const nobodyObserves: WorkObserver = { worked: () => undefined, away: () => undefined }

/**
 * A `transaction` for an engine: the one retry wrapper (docs/decisions/statement-rules.md 9). `retryable` names that
 * engine's passing errors.
 */
export function retryingTransaction(
  db: Kysely<Schema>,
  retryable: (error: unknown) => boolean,
): Database['transaction'] {
  return (work) => withAttempts(() => db.transaction().execute(work), retryable)
}

/** Rows affected by an insert, update or delete, as a number. */
export function affectedRows(result: {
  numInsertedOrUpdatedRows?: bigint
  numUpdatedRows?: bigint
  numDeletedRows?: bigint
}): number {
  return Number(result.numInsertedOrUpdatedRows ?? result.numUpdatedRows ?? result.numDeletedRows ?? 0n)
}
