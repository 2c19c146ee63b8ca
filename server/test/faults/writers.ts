// The writers of all write loads: each sends one call after the other until its server is gone.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Load {
  /** Resolves when so many writes were acknowledged. */
  acknowledged(count: number): Promise<void>
  /** Call it right before the server is killed: from then on a lost connection is not a failure. */
  expectLoss(): void
  /** Resolves when every writer has lost the server; rejects when one met anything else. */
  ended: Promise<void>
}

/** Starts the writers; `count` says how many writes were acknowledged. */
export function runWriters<Tried>(
  writers: readonly ((tried: Tried) => Promise<void>)[],
  tried: Tried,
  count: () => number,
): Load {
  let lossExpected = false
  const until = async (writer: (tried: Tried) => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        await writer(tried)
      } catch (error) {
        const answered = wasAnswered(error)
        if (!answered && lossExpected) return
        // A server that is too busy said so and acknowledged nothing. Any other answer is a failure.
        if (!answered || !/^(TooManyRequestsException|Throttling)$/.test((error as Error).name)) throw error
      }
    }
  }
  const running = Promise.all(writers.map(until))
  return {
    acknowledged: async (wanted) => {
      while (count() < wanted) await Promise.race([sleep(2), running])
    },
    expectLoss: () => {
      lossExpected = true
    },
    ended: running.then(() => undefined),
  }
}

/** Whether an error of an SDK client is an answer of the server. */
const wasAnswered = (error: unknown): boolean =>
  error instanceof Error && '$fault' in error && '$response' in error && error.$response !== undefined

/** Rejects unless the call is refused with an error of this name. */
export async function refused(what: string, name: string, call: Promise<unknown>): Promise<void> {
  const outcome = await call.then(
    () => 'accepted',
    (error: Error) => error.name,
  )
  if (outcome !== name) throw new Error(`${what}: expected ${name}, not ${outcome}`)
}

/** Works on a few items at a time. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
    }),
  )
}
