// Guesses at one user wait in a line, one after another, within this process (guess.ts says why).
import { limits } from '../limits.ts'

interface Line {
  last: Promise<unknown>
  length: number
}

/** What still belongs to a guess when its work has answered: the next guess waits for it, the answer does not. */
type Afterwards = (rest: Promise<void>) => void

/** Made once for a server (context.ts). */
export interface GuessQueue {
  /** Runs `work` after all earlier work at `user`; undefined, without running it, when too many wait already. */
  run<Result>(user: string, work: (afterwards: Afterwards) => Promise<Result>): Promise<Result | undefined>
  /** Resolves when all that was in line has ended. */
  ended(): Promise<void>
}

export function createGuessQueue(): GuessQueue {
  const lines = new Map<string, Line>()
  return {
    async run(user, work) {
      const line = lines.get(user) ?? { last: Promise.resolve(), length: 0 }
      if (line.length >= limits.guessesWaiting.max) return undefined
      lines.set(user, line)
      line.length++
      let rest: Promise<void> | undefined
      const answer = line.last.then(() =>
        work((promise) => {
          rest = promise
        }),
      )
      const leave = (): void => {
        if (--line.length === 0) lines.delete(user)
      }
      line.last = answer.then(() => rest).then(leave, leave)
      return answer
    },
    async ended() {
      await Promise.all([...lines.values()].map((line) => line.last))
    },
  }
}
