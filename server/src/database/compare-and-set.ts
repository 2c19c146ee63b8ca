// Read, decide, write if nothing changed meanwhile: what every change to a versioned row goes through
// (docs/decisions/statement-rules.md 8).
import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

const ATTEMPTS = 20

/** Thrown in a transaction to undo it, because what it had read changed meanwhile. */
export class Stale extends Error {}

/** Runs `attempt` (one transaction) again whenever it is undone by Stale. */
export async function withRetries<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof Stale)) throw error
      // Rivals that meet again and again must get out of each other's way: hundreds of them need half a second.
      if (attempts > 3) await setTimeout(randomInt(1, 2 + 2 ** Math.min(attempts, 9)))
    }
  }
  throw new Error(`Rows changed ${ATTEMPTS} times while one change was tried.`)
}
