// IP addresses in ranges: CIDR notation of both families; an address alone is a range of one.
import { isIPv4, isIPv6 } from 'node:net'
import { both, never } from './operator.ts'

interface Address {
  /** 32 or 128. */
  bits: number
  value: bigint
}

/** `::ffff:0:0/96`, the IPv6 form of IPv4 addresses: sockets that listen for both families report it. */
const MAPPED = 0xffffn

/** An address of either family; one mapped into IPv6 is the IPv4 address. A zone (`%eth0`) is dropped. */
export function parseAddress(text: string): Address | undefined {
  const address = readAddress(text.replace(/%.*$/s, ''))
  if (address?.bits === 128 && address.value >> 32n === MAPPED) return { bits: 32, value: address.value & 0xffffffffn }
  return address
}

function readAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, value: BigInt(v4Number(text)) }
  if (!isIPv6(text) || text.includes('%')) return undefined
  const [head = '', tail] = text.split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = tail === undefined ? [] : Array<number>(8 - left.length - right.length).fill(0)
  let value = 0n
  for (const group of [...left, ...middle, ...right]) value = (value << 16n) | BigInt(group)
  return { bits: 128, value }
}

const v4Number = (text: string) => text.split('.').reduce((value, part) => value * 256 + Number(part), 0)

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const value = v4Number(part)
    return [Math.floor(value / 65536), value % 65536]
  })
}

/** A range in CIDR notation; bits beyond the prefix are ignored. */
function parseRange(text: string): { address: Address; prefix: number } | undefined {
  const [before = '', after, ...more] = text.split('/')
  const address = readAddress(before)
  if (!address || more.length > 0 || (after !== undefined && !/^\d{1,3}$/.test(after))) return undefined
  const prefix = after === undefined ? address.bits : Number(after)
  if (prefix > address.bits) return undefined
  if (address.bits === 128 && prefix >= 96 && address.value >> 32n === MAPPED) {
    return { address: { bits: 32, value: address.value & 0xffffffffn }, prefix: prefix - 96 }
  }
  return { address, prefix }
}

export const [ipAddress, notIpAddress] = both((value) => {
  const range = parseRange(value)
  if (!range) return never
  const { bits, value: first } = range.address
  const shift = BigInt(bits - range.prefix)
  return {
    matches(text) {
      const address = parseAddress(text)
      return address?.bits === bits && address.value >> shift === first >> shift
    },
  }
})
