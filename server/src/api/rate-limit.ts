// The rate limit for calls without valid credentials (docs/reference/threats.md 5, 39, 50): one token bucket per
// address, refilled evenly. Which calls count and how a refusal is worded is decided in pipeline.ts.
//
// Buckets live in the memory of one process: with several processes an address has a bucket in each, so the total is
// still bounded.
import type { AddressSet } from '../config/address-ranges.ts'
import { clientNetwork } from '../http/client-address.ts'
import { createBuckets } from './buckets.ts'
import { limits } from './limits.ts'

export interface RateLimit {
  /** Takes a call from the bucket of an address; false when it is empty. An unknown address has no limit. */
  admit(address: string | undefined): boolean
  /** Takes the extra cost of a wrong guess at a password or code, in addition to the call itself. */
  countGuess(address: string | undefined): void
}

export interface RateSettings {
  /** Calls a minute, which is also the size of a full bucket; 0 for no limit. */
  readonly callsPerMinute: number
  /** Addresses without a limit. */
  readonly exempt: AddressSet
}

/**
 * The cost of a wrong guess, in calls: slows down password spraying over many users long before honest use
 * (docs/reference/threats.md 5).
 */
export const GUESS_COST = 20
const MINUTE_MS = 60_000

/** `now` gives epoch milliseconds. */
export function createRateLimit({ callsPerMinute, exempt }: RateSettings, now: () => number): RateLimit {
  const buckets = createBuckets({ calls: callsPerMinute, ms: MINUTE_MS, kept: limits.addresses.max }, now)
  const take = (address: string | undefined, calls: number, evenIfEmpty: boolean): boolean =>
    callsPerMinute === 0 ||
    address === undefined ||
    exempt.has(address) ||
    buckets.take(clientNetwork(address), calls, evenIfEmpty)

  return {
    admit: (address) => take(address, 1, false),
    countGuess: (address) => void take(address, GUESS_COST - 1, true),
  }
}
