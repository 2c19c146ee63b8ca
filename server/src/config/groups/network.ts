// The address that the server listens on, its public URL, proxies, and rate limits of clients.
import type { AddressSet } from '../address-ranges.ts'
import { tlsProblem } from '../read-tls-files.ts'
import type { SettingsReader } from '../settings-reader.ts'

/** Paths of PEM files. */
export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface NetworkConfig {
  readonly host: string
  readonly port: number
  /** Without a trailing slash; undefined means "the address that is listened on". */
  readonly publicUrl: string | undefined
  /** Where the certificate and the key of TLS are; undefined for a server that speaks plain HTTP. */
  readonly tls: TlsFiles | 'local' | undefined
  readonly domainSuffix: string
  readonly maxConnections: number
  /** Of one address that is not a trusted proxy's. */
  readonly maxConnectionsPerAddress: number
  /** Event streams, which are no part of `maxConnections`. */
  readonly maxStreams: number
  /** The proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: AddressSet
  /** For one address, of calls without valid credentials; 0 for no limit. */
  readonly publicCallsPerMinute: number
  /** Reads of one user with access tokens, and as many writes; 0 for no limit. */
  readonly userCallsPerSecond: number
  /** Addresses without the limit of public calls, loopback among them. */
  readonly unlimitedAddresses: AddressSet
}

/** Loopback addresses have no rate limit: tests, and tools of the operator. */
const LOOPBACK = '127.0.0.0/8, ::1'

export function readNetwork(read: SettingsReader): NetworkConfig {
  return {
    host: read.checked('HOST', () => true, 'an address'),
    port: read.wholeNumber('PORT', 0, 65_535),
    publicUrl: read.url('PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, ''),
    tls: readTls(read),
    domainSuffix: read.checked('DOMAIN_SUFFIX', (value) => /^[a-z0-9.-]+$/.test(value), 'a host name'),
    maxConnections: read.wholeNumber('MAX_CONNECTIONS', 1, 1_000_000),
    maxConnectionsPerAddress: read.wholeNumber('MAX_CONNECTIONS_PER_ADDRESS', 1, 1_000_000),
    maxStreams: read.wholeNumber('MAX_STREAMS', 0, 1_000_000),
    trustedProxies: read.addresses('TRUSTED_PROXIES'),
    publicCallsPerMinute: read.wholeNumber('PUBLIC_CALLS_PER_MINUTE', 0, 100_000_000),
    userCallsPerSecond: read.wholeNumber('USER_CALLS_PER_SECOND', 0, 1_000_000),
    unlimitedAddresses: read.addresses('UNLIMITED_ADDRESSES', LOOPBACK),
  }
}

function readTls(read: SettingsReader): NetworkConfig['tls'] {
  const local = read.text('TLS_LOCAL')
  if (local !== undefined && local !== '1') read.report('TLS_LOCAL must be 1, or not set.')
  const files = read.together('TLS_CERT_FILE', 'TLS_KEY_FILE')
  if (files && local) read.report('TLS_LOCAL and TLS_CERT_FILE cannot both be set.')
  if (!files) return local === undefined ? undefined : 'local'
  const [cert, key] = files
  const problem = tlsProblem({ cert, key })
  if (problem !== undefined) read.report(problem)
  return { cert, key }
}
