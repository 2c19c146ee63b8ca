// A queue for each user within this process: password guesses at one user run one after another (guess.ts says why).
import { limits } from '../limits.ts'

interface Queue {
  /** Settles when the last guess in the queue has ended; never rejects. */
  last: Promise<unknown>
  length: number
}

/** Makes the next guess in the queue wait for `cleanup` as well; the result of this guess does not wait for it. */
type DelayNext = (cleanup: Promise<void>) => void

/** The queues of all users; one object for each server (context.ts). */
export interface GuessQueue {
  /** Runs `work` after all earlier work for `user`; undefined, without running it, when the user's queue is full. */
  run<Result>(user: string, work: (delayNext: DelayNext) => Promise<Result>): Promise<Result | undefined>
  /** Resolves when everything that was queued at the time of the call has ended. */
  ended(): Promise<void>
}

export function createGuessQueue(): GuessQueue {
  const queues = new Map<string, Queue>()
  return {
    async run(user, work) {
      const queue = queues.get(user) ?? { last: Promise.resolve(), length: 0 }
      if (queue.length >= limits.guessesWaiting.max) return undefined
      queues.set(user, queue)
      queue.length++
      let cleanup: Promise<void> | undefined
      const result = queue.last.then(() =>
        work((promise) => {
          cleanup = promise
        }),
      )
      const leave = (): void => {
        if (--queue.length === 0) queues.delete(user)
      }
      queue.last = result.then(() => cleanup).then(leave, leave)
      return result
    },
    async ended() {
      await Promise.all([...queues.values()].map((queue) => queue.last))
    },
  }
}
