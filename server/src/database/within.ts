// Waiting for the database only so long.
import { DatabaseAway } from './database.ts'

/** `work`, or `late` when it takes longer than `ms`. */
export async function within<T>(ms: number, work: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), ms)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}

/** How long a read is waited for when what was read before would do. */
const PATIENCE_MS = 250

/** What `read` answers; `known`, if there is such, when the database is away or takes long. */
export const orKnown = <T>(read: Promise<T>, known: T | undefined): Promise<T> =>
  known === undefined
    ? read
    : within(PATIENCE_MS, read, known).catch((error) => {
        if (error instanceof DatabaseAway) return known
        throw error
      })
