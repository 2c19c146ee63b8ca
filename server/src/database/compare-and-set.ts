// Compare-and-set with retries, for every change to a versioned row: read, decide, write if the row has not changed
// since, else start again (docs/decisions/statement-rules.md 8).
import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

const ATTEMPTS = 20

/** Thrown in a transaction to roll it back, because a row it rests on has changed since it was read (a conflict). */
export class Stale extends Error {}

/** Runs `attempt` (one transaction), and again whenever it is rolled back with Stale. */
export async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      // Random back-off, so that conflicting attempts do not collide again: hundreds of them need half a second.
      if (attempts > 3) await setTimeout(randomInt(1, 2 + 2 ** Math.min(attempts, 9)))
    }
  }
  throw new Error(`Rows changed ${ATTEMPTS} times while one change was tried.`)
}
