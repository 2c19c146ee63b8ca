// A list of addresses and CIDR ranges, of any length: those known to be bad (BAD_ADDRESSES_FILE). `BlockList` of
// Node.js goes through its rules one by one; here a look-up costs one step for each length of prefix that the list has.

import { isIPv4, isIPv6 } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { AddressSet } from '../config/address-ranges.ts'

type Family = 4 | 6
/** For each family and length of prefix the prefixes, as numbers. */
type Prefixes = Readonly<Record<Family, Map<number, Set<bigint>>>>

const BITS: Readonly<Record<Family, number>> = { 4: 32, 6: 128 }
/** Lines between two turns of other work: reading a long list must not hold up requests. */
const LINES_AT_ONCE = 5000

/**
 * The set of a text with one address or range a line; what follows a `#` or `;` is a comment. Rejects with an Error that
 * names the first line that is neither.
 */
export async function readAddressList(text: string): Promise<AddressSet> {
  const prefixes: Prefixes = { 4: new Map(), 6: new Map() }
  const lines = text.split('\n')
  for (const [n, line] of lines.entries()) {
    if (n % LINES_AT_ONCE === LINES_AT_ONCE - 1) await setImmediate()
    const [entry = ''] = line.split(/[#;]/)
    if (entry.trim() !== '' && !add(prefixes, entry.trim()))
      throw new Error(`line ${n + 1} is no address and no range: ${entry.trim().slice(0, 50)}`)
  }
  return { empty: prefixes[4].size + prefixes[6].size === 0, has: (address) => isIn(prefixes, address) }
}

/** False for what is no address or range. */
function add(prefixes: Prefixes, entry: string): boolean {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const found = numberOf(address)
  if (!found) return false
  const bits = BITS[found.family]
  const prefix = length === undefined ? bits : Number(length)
  if (prefix > bits) return false
  const ofLength = prefixes[found.family].get(prefix) ?? new Set()
  prefixes[found.family].set(prefix, ofLength.add(found.number >> BigInt(bits - prefix)))
  return true
}

function isIn(prefixes: Prefixes, address: string): boolean {
  const found = numberOf(address)
  if (!found) return false
  const bits = BITS[found.family]
  for (const [prefix, numbers] of prefixes[found.family])
    if (numbers.has(found.number >> BigInt(bits - prefix))) return true
  return false
}

/** The address as a number; an IPv4 address that is written as an IPv6 one counts as what it is. */
function numberOf(address: string): { family: Family; number: bigint } | undefined {
  if (isIPv4(address)) return { family: 4, number: numberFrom(address.split('.'), 8, 10) }
  if (!isIPv6(address) || address.includes('%')) return undefined
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? []
  if (mapped !== undefined) return numberOf(mapped)
  const [head = '', tail] = address.split('::').map(groupsOf)
  const left = head as string[]
  const right = (tail ?? []) as string[]
  const zeros = Array<string>(8 - left.length - right.length).fill('0')
  return { family: 6, number: numberFrom([...left, ...zeros, ...right], 16, 16) }
}

/** The groups of a part of an IPv6 address; a dotted ending stands for two. */
function groupsOf(part: string): string[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [group]
    const ending = numberFrom(group.split('.'), 8, 10)
    return [(ending >> 16n).toString(16), (ending & 0xffffn).toString(16)]
  })
}

const numberFrom = (parts: readonly string[], bits: number, base: 10 | 16): bigint =>
  parts.reduce((sum, part) => (sum << BigInt(bits)) | BigInt(Number.parseInt(part, base)), 0n)
