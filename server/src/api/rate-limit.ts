// How many calls without valid credentials an address may make (docs/reference/threats.md 5, 39, 50): a bucket of calls
// for each, which fills up again evenly. What counts and what a refusal looks like is decided where the path asks
// (pipeline.ts).
//
// In process: behind several processes an address has as many buckets. Each bound to a process, that is a bound still.
import type { AddressSet } from '../config/address-ranges.ts'
import { clientNetwork } from '../http/client-address.ts'
import { limits } from './limits.ts'

export interface RateLimit {
  /** Takes a call from the bucket of an address; false when it is empty. An unknown address has no limit. */
  admit(address: string | undefined): boolean
  /** Takes what a wrong guess at a password or code costs beyond the call itself. */
  countGuess(address: string | undefined): void
}

export interface RateSettings {
  /** Calls a minute, and at once when none came before; 0 for no limit. */
  readonly callsPerMinute: number
  /** Addresses without a limit. */
  readonly exempt: AddressSet
}

/**
 * What a wrong guess costs, in calls: trying passwords of many users is slow long before honest use is
 * (docs/reference/threats.md 5).
 */
export const GUESS_COST = 20
const MINUTE_MS = 60_000

/** `now` gives epoch milliseconds. */
export function createRateLimit({ callsPerMinute, exempt }: RateSettings, now: () => number): RateLimit {
  const callMs = MINUTE_MS / callsPerMinute
  // When each bucket will be full again, the least recently used first. A bucket of which nothing is missing needs no
  // entry, and a full minute is missing from an empty one.
  const fullAt = new Map<string, number>()

  const take = (address: string | undefined, calls: number, evenIfEmpty: boolean): boolean => {
    if (callsPerMinute === 0 || address === undefined || exempt.has(address)) return true
    const time = now()
    const network = clientNetwork(address)
    // A clock that was set back must not make a minute an hour.
    const before = Math.min(Math.max(fullAt.get(network) ?? 0, time), time + MINUTE_MS)
    const after = before + calls * callMs
    // Adding fractions again and again must not cost the last call of a minute.
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
