// Who may read the outbox: it has every code. By default programs on this machine alone, as long as no proxy passed their
// request on, since that would be everybody's. Also a guard against DNS rebinding: a web page that binds its own name to
// this machine's address could otherwise read the outbox, but its Host header has its own name.
import type { AddressSet } from '../config/address-ranges.ts'

/** What is known of whoever asks. */
export interface OutboxRequest {
  /** The socket's address. */
  readonly peer: string | undefined
  /** The client's address: that of the peer, or what trusted proxies say (http/client-address.ts). */
  readonly client: string | undefined
  /** Whether a header of proxies is there. */
  readonly forwarded: boolean
  readonly httpVersion: string
  readonly hostHeader: string | undefined
}

export interface OutboxSettings {
  /** Undefined: this machine alone. */
  readonly outboxCallers: AddressSet | undefined
  readonly trustedProxies: AddressSet
  /** The address listened on. */
  readonly host: string
  readonly publicUrl: string
}

const WILDCARDS = new Set(['0.0.0.0', '::'])

/** Why a request may not read the outbox, with the setting that would let it; undefined when it may. */
export function outboxProblem(request: OutboxRequest, settings: OutboxSettings): string | undefined {
  const { peer, forwarded, hostHeader } = request
  const { outboxCallers, trustedProxies } = settings
  if (outboxCallers === undefined) {
    if (!isDirectFromHere(request))
      return 'The outbox answers this machine alone, and no request that a proxy passed on: OUTBOX_CALLERS names others that may read it.'
    if (!isLoopbackHost(hostHeader)) return 'The outbox answers this machine under the name localhost.'
    return undefined
  }
  const client = forwarded && !(peer !== undefined && trustedProxies.has(peer)) ? undefined : request.client
  if (client === undefined || !outboxCallers.has(client))
    return 'The outbox does not answer this address: OUTBOX_CALLERS names those that may read it, TRUSTED_PROXIES the proxies between.'
  return isLoopbackHost(hostHeader) || isOwnHost(hostHeader, settings)
    ? undefined
    : "The outbox answers under this server's own name only: use localhost, or set HOST or PUBLIC_URL."
}

/** Whether a program on this machine asks, by this machine's name, and no proxy passed its request on. */
export const isOfThisMachine = (request: Omit<OutboxRequest, 'client'>): boolean =>
  isDirectFromHere(request) && isLoopbackHost(request.hostHeader)

// HTTP/1.0 is what nginx speaks unless told otherwise; clients have not for decades.
const isDirectFromHere = ({
  peer,
  forwarded,
  httpVersion,
}: Pick<OutboxRequest, 'peer' | 'forwarded' | 'httpVersion'>): boolean =>
  isLoopbackAddress(peer) && !forwarded && httpVersion !== '1.0'

/** Whether the address is this machine's; from `plainAddress`. */
export const isLoopbackAddress = (address: string | undefined): boolean =>
  address === '::1' || (address?.startsWith('127.') ?? false)

/** Whether a Host header names this machine. */
export function isLoopbackHost(header: string | undefined): boolean {
  const name = hostNameOf(header)
  if (name === undefined) return false
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '::1' ||
    (isAddress(name) && name.startsWith('127.'))
  )
}

/**
 * Whether a Host header names this server: the configured HOST, or the host of PUBLIC_URL; any IP address when the server
 * listens on all addresses.
 */
function isOwnHost(header: string | undefined, { host, publicUrl }: OutboxSettings): boolean {
  const name = hostNameOf(header)
  if (name === undefined) return false
  return (
    name === host.toLowerCase() ||
    name === hostNameOf(new URL(publicUrl).host) ||
    (isAddress(name) && WILDCARDS.has(host))
  )
}

/** Browsers accept a host that ends in a number or has a colon only as an IP address, so no DNS name looks like one. */
const isAddress = (name: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(':')

/** The name or address in a Host header: lower case, without port and brackets. */
function hostNameOf(header: string | undefined): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? []
  return (bracketed ?? plain)?.toLowerCase()
}
