// Trying again what failed for a moment only.
import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

const ATTEMPTS = 8

/** Runs `attempt` again, a few times within a second, while it fails with an error of which `passing` says that it passes. */
export async function withAttempts<T>(attempt: () => Promise<T>, passing: (error: unknown) => boolean): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt()
    } catch (error) {
      if (attempts === ATTEMPTS || !passing(error)) throw error
      // Rivals that fail together must not meet again: wait a random, growing while.
      await setTimeout(randomInt(1, 2 + 2 ** attempts))
    }
  }
}
