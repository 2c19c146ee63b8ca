// IP address operators: ranges in CIDR notation, IPv4 and IPv6; an address alone is a range of one.
import { isIPv4, isIPv6 } from 'node:net'
import { both, incomparable } from './operator.ts'

/** Words of 32 bits: one for IPv4, four for IPv6. */
type Address = readonly number[]

/** An address of either family; one mapped into IPv6 is the IPv4 address. A zone (`%eth0`) is dropped. */
export function parseAddress(text: string): Address | undefined {
  const address = readAddress(text.includes('%') ? text.slice(0, text.indexOf('%')) : text)
  return address && isMapped(address) ? address.slice(3) : address
}

/** `::ffff:0:0/96`, the IPv6 form of IPv4 addresses: sockets that listen for both families report it. */
const isMapped = ([a, b, c, d]: Address) => d !== undefined && a === 0 && b === 0 && c === 0xffff

function readAddress(text: string): Address | undefined {
  if (isIPv4(text)) return [v4Number(text)]
  if (!isIPv6(text) || text.includes('%')) return undefined
  const [head = '', tail] = text.split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = tail === undefined ? [] : Array<number>(8 - left.length - right.length).fill(0)
  const all = [...left, ...middle, ...right]
  return [0, 2, 4, 6].map((index) => (((all[index] as number) << 16) | (all[index + 1] as number)) >>> 0)
}

const v4Number = (text: string) => text.split('.').reduce((value, part) => value * 256 + Number(part), 0)

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const value = v4Number(part)
    return [value >>> 16, value & 0xffff]
  })
}

interface Range {
  first: Address
  masks: readonly number[]
}

/** A range in CIDR notation; bits beyond the prefix are ignored. */
function parseRange(text: string): Range | undefined {
  const [before = '', after, ...more] = text.split('/')
  const address = readAddress(before)
  if (!address || more.length > 0 || (after !== undefined && !/^\d{1,3}$/.test(after))) return undefined
  const prefix = after === undefined ? address.length * 32 : Number(after)
  if (prefix > address.length * 32) return undefined
  const mapped = isMapped(address) && prefix >= 96
  const first = mapped ? address.slice(3) : address
  return { first, masks: first.map((_, word) => maskOf((mapped ? prefix - 96 : prefix) - word * 32)) }
}

/**
 * The mask of one word for a prefix of `bits`. A shift by 32 is a shift by 0 in JavaScript, so 32 is a case of its own.
 */
const maskOf = (bits: number) => (bits <= 0 ? 0 : bits >= 32 ? 0xffffffff : ~(0xffffffff >>> bits) >>> 0)

/** A cache of one entry: all conditions of a request parse the same address. */
let latest: { text: string; address: Address | undefined } = { text: '', address: undefined }

function parseCached(text: string): Address | undefined {
  if (latest.text !== text) latest = { text, address: parseAddress(text) }
  return latest.address
}

export const [ipAddress, notIpAddress] = both((value) => {
  const range = parseRange(value)
  if (!range) return incomparable
  const { first, masks } = range
  return {
    matches(text) {
      const address = parseCached(text)
      if (address === undefined) return undefined
      if (address.length !== first.length) return false
      for (let word = 0; word < first.length; word++) {
        // The bits that differ, within the prefix.
        if (((address[word] as number) ^ (first[word] as number)) & (masks[word] as number)) return false
      }
      return true
    },
  }
})
