// The client's address of a request. The socket has the peer's address; behind a proxy the client's is in
// X-Forwarded-For, which anybody can write: only entries that a trusted proxy added count
// (docs/reference/threats.md 66).
import type { IncomingMessage } from 'node:http'
import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import type { AddressSet } from '../config/address-ranges.ts'

/**
 * The client's address: the peer's, or, when a trusted proxy is the peer, the last address in X-Forwarded-For that is
 * not a trusted proxy's. Each proxy appends the address that it saw; entries before that one may be forged.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: readonly string[],
  trusted: AddressSet,
): string | undefined {
  let client = peer === undefined ? undefined : plainAddress(peer)
  if (forwardedFor.length === 0) return client
  const hops = forwardedFor.join(',').split(',')
  while (client !== undefined && hops.length > 0 && trusted.has(client)) {
    const before = plainAddress(hops.pop() ?? '')
    if (before === undefined) break
    client = before
  }
  return client
}

/** The client's address of a request as it arrived. */
export const addressOfRequest = (
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trusted: AddressSet,
  // node:http joins several of these headers by commas, as clientAddress does.
): string | undefined => clientAddress(socket.remoteAddress, forwardedFor(headers), trusted)

const forwardedFor = ({ 'x-forwarded-for': hops = [] }: IncomingMessage['headers']): string[] =>
  typeof hops === 'string' ? [hops] : hops

/** An address in its canonical form: IPv4-mapped IPv6 as IPv4, without port and zone. Undefined for other text. */
export function plainAddress(text: string): string | undefined {
  const trimmed = text.trim()
  if (isIPv4(trimmed)) return trimmed
  const [, bracketed] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(trimmed) ?? []
  const [, beforePort] = /^([\d.]+):\d{1,5}$/.exec(trimmed) ?? []
  const address = (bracketed ?? beforePort ?? trimmed).replace(/%.*$/, '')
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return undefined
  const usual = new SocketAddress({ address, family: 'ipv6' }).address
  const [, mapped] = /^::ffff:([\d.]+)$/.exec(usual) ?? []
  return mapped ?? usual
}

/**
 * The network that counts as one client: an IPv4 address itself, or the /64 of an IPv6 address, since one host usually
 * has a whole /64. `address` is one from `plainAddress`.
 */
export const clientNetwork = (address: string): string => (address.includes(':') ? ipv6Network(address, 64) : address)

/** The /48 of an IPv6 address, which is what one site usually has; undefined for an IPv4 address. */
export const siteNetwork = (address: string): string | undefined =>
  address.includes(':') ? ipv6Network(address, 48) : undefined

/** The /24 of an IPv4 address or the /48 of an IPv6 address: what one network has, and what is cheaply rented whole. */
export const wideNetwork = (address: string): string =>
  siteNetwork(address) ?? `${address.slice(0, address.lastIndexOf('.'))}.0/24`

function ipv6Network(address: string, bits: 48 | 64): string {
  const [before = '', after] = address.split('::')
  const left = groupsOf(before)
  const right = groupsOf(after ?? '')
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return `${[...left, ...zeros, ...right].slice(0, bits / 16).join(':')}::/${bits}`
}

// A dotted IPv4 ending stands for two groups; their values do not matter, as at most the first four groups are used.
const groupsOf = (text: string): string[] =>
  text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]))

/**
 * Whether a request has a header that proxies add: it may come from anybody, whatever the peer's address is. A proxy that
 * adds none of them is not noticed.
 */
export const wasForwarded = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  Object.keys(headers).some((name) => name.startsWith('x-forwarded-') || FORWARDED.has(name))

const FORWARDED = new Set(['forwarded', 'via', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip'])
