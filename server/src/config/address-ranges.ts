// Sets of addresses as settings name them: addresses and CIDR ranges, separated by commas.
import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** A set of IPv4 and IPv6 addresses. */
export interface AddressSet {
  readonly empty: boolean
  /** Whether an address in its usual form (`plainAddress`) is in the set. */
  has(address: string): boolean
}

/** Answers that a set remembers; then it begins anew. */
const ANSWERS_KEPT = 4096

/** The set that a text such as `10.0.0.0/8, 2001:db8::1` names; undefined when a part of it is no address or range. */
export function parseAddressRanges(text: string): AddressSet | undefined {
  const list = new BlockList()
  for (const part of text.split(',').map((part) => part.trim())) {
    if (part === '') continue
    const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(part) ?? []
    const family = familyOf(address)
    if (family === undefined) return undefined
    const max = family === 'ipv4' ? 32 : 128
    const prefix = bits === undefined ? max : Number(bits)
    if (prefix > max) return undefined
    list.addSubnet(address, prefix, family)
  }
  const empty = list.rules.length === 0
  const check = (address: string): boolean => {
    const family = familyOf(address)
    return family !== undefined && list.check(address, family)
  }
  // A look-up makes an object of Node.js's own for the address, which costs ten times what the rest of it does.
  const known = new Map<string, boolean>()
  return {
    empty,
    has: (address) => {
      if (empty) return false
      let isInside = known.get(address)
      if (isInside === undefined) {
        if (known.size >= ANSWERS_KEPT) known.clear()
        isInside = check(address)
        known.set(address, isInside)
      }
      return isInside
    },
  }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined =>
  isIPv4(address) ? 'ipv4' : isIPv6(address) && !address.includes('%') ? 'ipv6' : undefined
