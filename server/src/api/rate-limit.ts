// The rate limit for calls without valid credentials (docs/reference/threats.md 5, 39, 50): one token bucket per
// address, refilled evenly. Which calls count and how a refusal is worded is decided in pipeline.ts.
//
// Buckets live in the memory of one process: with several processes an address has a bucket in each, so the total is
// still bounded.
import type { AddressSet } from '../config/address-ranges.ts'
import { clientNetwork } from '../http/client-address.ts'
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
  const callMs = MINUTE_MS / callsPerMinute
  // The time at which each bucket will be full again, least recently used first. A full bucket needs no entry; an empty
  // one is full again in a minute.
  const fullAt = new Map<string, number>()

  const take = (address: string | undefined, calls: number, evenIfEmpty: boolean): boolean => {
    if (callsPerMinute === 0 || address === undefined || exempt.has(address)) return true
    const time = now()
    const network = clientNetwork(address)
    // At most a minute ahead, even after the clock was set back by an hour.
    const before = Math.min(Math.max(fullAt.get(network) ?? 0, time), time + MINUTE_MS)
    const after = before + calls * callMs
    // A tolerance for rounding: the sum of many fractions must not refuse the last call of a minute.
    const fits = after < time + MINUTE_MS + Math.min(1, callMs / 2)
    fullAt.delete(network)
    fullAt.set(network, fits ? after : evenIfEmpty ? time + MINUTE_MS : before)
    if (fullAt.size > limits.addresses.max) fullAt.delete(fullAt.keys().next().value as string)
    return fits
  }

  return {
    admit: (address) => take(address, 1, false),
    countGuess: (address) => void take(address, GUESS_COST - 1, true),
  }
}
