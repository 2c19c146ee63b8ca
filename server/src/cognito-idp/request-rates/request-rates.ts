// Limits of request rates by category, shared by all processes (docs/decisions/request-rates.md). Without limits nothing
// is counted. On a database that only this process writes, requests are counted in memory; on a shared one a process takes
// shares of each second's requests and spends them from memory, so that few requests wait for a statement.
import { createCache } from '../../database/cache.ts'
import type { Database } from '../../database/database.ts'
import type { Clock } from '../../effects/effects.ts'
import type { CategoryName, Rate } from './category-rules.ts'
import { findLimits, type ProvisionedLimits, takeShare } from './provisioned-limit-store.ts'

/** A share is this part of a second's requests: what a process does not use of its last one is lost in that second. */
const SHARES = 20

const SECOND_MS = 1000

export interface RequestRates {
  /** Counts a request; false when the second's requests of its category are used up. */
  admit(rate: Rate): Promise<boolean>
  /** Requests a second of a category; undefined without a limit. */
  limitOf(category: CategoryName): Promise<number | undefined>
  /** Call it when a limit was written. */
  forget(): void
}

interface Share {
  /** The second (epoch) that it is of. */
  readonly second: number
  left: number
  /** Whether the other processes have left nothing more of this second. */
  last: boolean
  taking: Promise<void> | undefined
}

export function createRequestRates(database: Pick<Database, 'db' | 'exclusive'>, clock: Clock): RequestRates {
  const limits = createCache<ProvisionedLimits>(() => findLimits(database.db), clock, database)
  const shares = new Map<string, Share>()
  const ALL = ''

  async function take(counter: string, share: Share, max: number): Promise<void> {
    const uses = Math.ceil(max / SHARES)
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
    shares.set(counter, share)
    return share
  }

  return {
    async admit({ category, counter, times }) {
      const perSecond = (await limits.get(ALL))?.get(category)
      if (perSecond === undefined) return true
      const max = perSecond * times
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
    limitOf: async (category) => (await limits.get(ALL))?.get(category),
    forget: () => limits.forget(ALL),
  }
}
