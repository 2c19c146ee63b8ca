// Which addresses are public, by the registries of special-purpose addresses (RFC 6890, IANA). What is not surely public
// is not: in IPv6 that is all outside of 2000::/3 (mapped and translated IPv4 addresses among it), and what in it carries
// or stands for other addresses.
import { isIPv4 } from 'node:net'
import { type AddressSet, parseAddressRanges } from '../config/address-ranges.ts'

const ranges = (...texts: string[]): AddressSet => parseAddressRanges(texts.join(',')) as AddressSet

const loopback = ranges('127.0.0.0/8', '::1')

/** For networks of one's own. Link-local addresses are not among them: cloud machines keep their secrets there. */
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

/** An address that anybody on the internet may be at. */
export const isPublic = (address: string): boolean =>
  !notPublic.has(address) && (isIPv4(address) || globalUnicast.has(address))

export const isLoopback = (address: string): boolean => loopback.has(address)

/** An address of a network of one's own, this machine's included. */
export const isPrivate = (address: string): boolean => privateUse.has(address) || loopback.has(address)

/** A name that can only mean this machine: `localhost` (RFC 6761 6.3), or a loopback address. Brackets are left out. */
export const isLoopbackName = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || isLoopback(host)
