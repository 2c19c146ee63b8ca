// The rate limit of one user's calls with access tokens, reads and writes apart (docs/reference/user-pools.md 19;
// docs/decisions/request-rates.md): a client that calls in a loop takes nothing from other users. Off unless
// USER_CALLS_PER_SECOND is set.
//
// Buckets live in the memory of one process: with several processes a user has a bucket in each.
import { createBuckets } from './buckets.ts'
import { limits } from './limits.ts'

export interface UserRates {
  /** Takes a call of an operation from the bucket of a user's sub; false when it is empty. */
  admit(sub: string, operation: string): boolean
}

/** `callsPerSecond`: reads of each user, and as many writes; 0 for no limit. `now` gives epoch milliseconds. */
export function createUserRates(callsPerSecond: number, now: () => number): UserRates {
  if (callsPerSecond === 0) return { admit: () => true }
  const buckets = createBuckets({ calls: callsPerSecond, ms: 1000, kept: limits.userBuckets.max }, now)
  return {
    admit: (sub, operation) => buckets.take(`${sub} ${/^(?:Get|List)/.test(operation) ? 'read' : 'write'}`, 1),
  }
}
