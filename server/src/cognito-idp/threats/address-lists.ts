// The lists of address ranges of a risk configuration (docs/reference/user-pools.md 15).
import { type AddressSet, parseAddressRanges } from '../../config/address-ranges.ts'
import type { RiskExceptionConfigurationType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'

/** Refuses what is no range in CIDR notation. */
export function rangesRefusal(exceptions: RiskExceptionConfigurationType = {}): Refusal | undefined {
  const ranges = [...(exceptions.BlockedIPRangeList ?? []), ...(exceptions.SkippedIPRangeList ?? [])]
  const bad = ranges.find((range) => !range.includes('/') || range.includes(',') || !parseAddressRanges(range))
  return bad === undefined ? undefined : invalid(`Invalid IP range ${bad}: it must be in CIDR notation.`)
}

/** The sets of lists that come from the cache of settings, so that each is parsed once. */
const sets = new WeakMap<readonly string[], AddressSet>()

/** Whether an address is in one of the ranges. */
export function isInRanges(ranges: readonly string[] | undefined, address: string | undefined): boolean {
  if (!ranges || address === undefined) return false
  let set = sets.get(ranges)
  if (!set) {
    set = parseAddressRanges(ranges.join(','))
    if (!set) return false
    sets.set(ranges, set)
  }
  return set.has(address)
}
