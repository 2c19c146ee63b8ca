// Compare-and-set with retries, for every change to a versioned row: read, decide, write if the row has not changed
// since, else start again (docs/decisions/statement-rules.md 8).
import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

/** Both must be over before a change is given up: a slow machine needs the time, a fast one the attempts. */
const ATTEMPTS = 20
const PATIENCE_MS = 5_000

/** Thrown in a transaction to roll it back, because a row it rests on has changed since it was read (a conflict). */
export class Stale extends Error {}

/** A change was given up, as rivals changed its rows each time. Doors tell the client to try again later. */
export class RowsContended extends Error {}

export interface RetryOptions {
  /** Names the row, where many change it at once: those of this process that were in conflict go on one after the other. */
  readonly row?: string
  /** Replaced in tests. */
  readonly patienceMs?: number
}

/** Runs `attempt` (one transaction), and again whenever it is rolled back with Stale. Throws RowsContended. */
export async function withRetries<T>(attempt: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { row, patienceMs = PATIENCE_MS } = options
  const began = performance.now()
  for (let attempts = 1; ; attempts++) {
    try {
      return await (row === undefined || attempts === 1 ? attempt() : inTurn(row, attempt))
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      if (attempts >= ATTEMPTS && performance.now() - began > patienceMs)
        throw new RowsContended(`Rows changed ${attempts} times while one change was tried.`)
      // Random back-off, so that conflicting attempts do not collide again: hundreds of them need half a second.
      if (attempts > 3) await setTimeout(randomInt(1, 2 + 2 ** Math.min(attempts, 9)))
    }
  }
}

/** The last attempt in the queue of each row. */
const queues = new Map<string, Promise<unknown>>()

/** Runs `attempt` when those before it in the row's queue have ended. */
function inTurn<T>(row: string, attempt: () => Promise<T>): Promise<T> {
  const outcome = (queues.get(row) ?? Promise.resolve()).then(attempt)
  const ended = outcome
    .catch(() => undefined)
    .finally(() => {
      if (queues.get(row) === ended) queues.delete(row)
    })
  queues.set(row, ended)
  return outcome
}
