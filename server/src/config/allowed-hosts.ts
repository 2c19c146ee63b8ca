// Hosts as a setting names them: names, addresses and CIDR ranges, separated by commas.
import { type AddressSet, parseAddressRanges } from './address-ranges.ts'

export interface HostSet {
  /** Whether a host is named in the set; names of a domain's hosts are not in it by the domain's own name. */
  hasName(host: string): boolean
  /** Whether an address is in the set by itself or by a range. */
  hasAddress(address: string): boolean
}

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/
/** Such as 10.0.0 or 1.2.3.4.5: meant as an address. */
const NUMBERS = /^[\d.]+$/

/** Undefined when a part of the text is neither. */
export function parseHosts(text: string): HostSet | undefined {
  const parts = text.split(',').flatMap((part) => part.trim().toLowerCase() || [])
  const names = new Set(parts.filter((part) => HOST_NAME.test(part) && !NUMBERS.test(part)))
  const ranges: AddressSet | undefined = parseAddressRanges(parts.filter((part) => !names.has(part)).join(','))
  return ranges && { hasName: (host) => names.has(host), hasAddress: (address) => ranges.has(address) }
}
