// Counts the requests of each second by counters that all processes share. On a database that only this process writes they are
// counted in memory; on a shared one a process takes shares of each second's requests and spends them from memory, so that few
// requests wait for a statement (docs/decisions/request-rates.md).
import type { Database } from '../../database/database.ts'
import type { Clock } from '../../effects/effects.ts'
import { takeShare } from './provisioned-limit-store.ts'

const SECOND_MS = 1000

export interface Counting {
  /** A share is this part of a second's requests: what a process does not use of its last one is lost in that second. */
  readonly parts: number
  /** Counters kept in memory; beyond that the one that is longest there is dropped. */
  readonly kept: number
}

export interface Shares {
  /** Counts a request; false when the `max` requests of this second are used up. */
  admit(counter: string, max: number): Promise<boolean>
}

interface Share {
  /** The second (epoch) that it is of. */
  readonly second: number
  left: number
  /** Whether the other processes have left nothing more of this second. */
  last: boolean
  taking: Promise<void> | undefined
}

export function createShares(
  database: Pick<Database, 'db' | 'exclusive'>,
  clock: Clock,
  { parts, kept }: Counting,
): Shares {
  const shares = new Map<string, Share>()

  async function take(counter: string, share: Share, max: number): Promise<void> {
    const uses = Math.ceil(max / parts)
    const taken = await takeShare(database.db, counter, share.second, uses, max)
    share.left += taken
    share.last = taken < uses
  }

  /** The share of the present second. */
  function shareOf(counter: string, max: number): Share {
    const second = Math.floor(clock.now() / SECOND_MS)
    const known = shares.get(counter)
    if (known?.second === second) return known
    const share = { second, left: database.exclusive ? max : 0, last: database.exclusive, taking: undefined }
    shares.delete(counter)
    shares.set(counter, share)
    if (shares.size > kept) shares.delete(shares.keys().next().value as string)
    return share
  }

  return {
    async admit(counter, max) {
      for (;;) {
        const share = shareOf(counter, max)
        if (share.left > 0) {
          share.left--
          return true
        }
        if (share.last) return false
        share.taking ??= take(counter, share, max).finally(() => {
          share.taking = undefined
        })
        await share.taking
      }
    },
  }
}
