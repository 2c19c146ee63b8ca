// Which addresses are public, by the registries of special-purpose addresses (RFC 6890, IANA). When in doubt an address
// is not public: in IPv6 everything outside 2000::/3 (with it IPv4-mapped and translated addresses), and the ranges
// inside it that embed or stand for other addresses.
import { isIPv4 } from 'node:net'
import { type AddressSet, parseAddressRanges } from '../config/address-ranges.ts'

const ranges = (...texts: string[]): AddressSet => parseAddressRanges(texts.join(',')) as AddressSet

const loopback = ranges('127.0.0.0/8', '::1')

/** Private networks. Without link-local addresses: cloud providers serve instance credentials there. */
const privateUse = ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7')

const notPublic = ranges(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Within 2000::/3: protocol assignments with Teredo, documentation, 6to4.
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
)
const globalUnicast = ranges('2000::/3')

/** Whether an address is reachable on the public internet. */
export const isPublic = (address: string): boolean =>
  !notPublic.has(address) && (isIPv4(address) || globalUnicast.has(address))

export const isLoopback = (address: string): boolean => loopback.has(address)

/** Whether an address is in a private network or on this machine (loopback). */
export const isPrivate = (address: string): boolean => privateUse.has(address) || loopback.has(address)

/** A name that can only mean this machine: `localhost` (RFC 6761 6.3), or a loopback address. Brackets are left out. */
export const isLoopbackName = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || isLoopback(host)
