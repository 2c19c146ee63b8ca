// Limits of request rates, shared by all processes (docs/decisions/request-rates.md): by category, as UpdateProvisionedLimit sets them,
// and by user, as USER_CALLS_PER_SECOND does. Without limits nothing is counted.
import { createCache } from '../../database/cache.ts'
import type { Database } from '../../database/database.ts'
import type { Clock } from '../../effects/effects.ts'
import { limits as bounds } from '../limits.ts'
import { type CategoryName, isRead, type Rate } from './category-rules.ts'
import { findLimits, type ProvisionedLimits } from './provisioned-limit-store.ts'
import { createShares } from './shares.ts'

/** There are some thirty counters of categories. A user has few requests a second: a share of a twentieth would be one each. */
const ofCategories = { parts: 20, kept: 1000 }
const ofUsers = { parts: 5, kept: bounds.userCounters.max }

export interface RequestRates {
  /** Counts a request; false when the second's requests of its category are used up. */
  admit(rate: Rate): Promise<boolean>
  /** Counts a call that a user makes with an access token; false when the second's reads, or writes, of the user are used up. */
  admitUser(sub: string, operation: string): Promise<boolean>
  /** Requests a second of a category; undefined without a limit. */
  limitOf(category: CategoryName): Promise<number | undefined>
  /** Call it when a limit was written. */
  forget(): void
}

/** `userCallsPerSecond`: reads of each user, and as many writes; 0 for no limit. */
export function createRequestRates(
  database: Pick<Database, 'db' | 'exclusive'>,
  clock: Clock,
  userCallsPerSecond = 0,
): RequestRates {
  const limits = createCache<ProvisionedLimits>(() => findLimits(database.db), clock, database)
  const categories = createShares(database, clock, ofCategories)
  const users = createShares(database, clock, ofUsers)
  const ALL = ''
  const limitOf = async (category: CategoryName): Promise<number | undefined> => (await limits.get(ALL))?.get(category)
  return {
    async admit({ category, counter, times }) {
      const perSecond = await limitOf(category)
      return perSecond === undefined || categories.admit(counter, perSecond * times)
    },
    admitUser: async (sub, operation) =>
      userCallsPerSecond === 0 || users.admit(`${sub} ${isRead(operation) ? 'reads' : 'writes'}`, userCallsPerSecond),
    limitOf,
    forget: () => limits.forget(ALL),
  }
}
