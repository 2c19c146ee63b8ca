// Which Host headers /outbox accepts. Pure. Protects against DNS rebinding: a web page that binds its own name to this
// machine's address could otherwise read the codes of a development server, but its Host header has its own name.

export interface Served {
  /** The address listened on. */
  host: string
  publicUrl: string
}

const WILDCARDS = new Set(['0.0.0.0', '::'])

/**
 * Whether a Host header names this server: loopback, the configured HOST, or the host of PUBLIC_URL; any IP address
 * when the server listens on all addresses.
 */
export function isOwnHost(header: string | undefined, { host, publicUrl }: Served): boolean {
  const name = hostNameOf(header)
  if (name === undefined) return false
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  // Browsers accept a host that ends in a number or has a colon only as an IP address, so no DNS name looks like one.
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(':')
  if (isAddress && name.startsWith('127.')) return true
  return (
    name === host.toLowerCase() || name === hostNameOf(new URL(publicUrl).host) || (isAddress && WILDCARDS.has(host))
  )
}

/** The name or address in a Host header: lower case, without port and brackets. */
function hostNameOf(header: string | undefined): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? []
  return (bracketed ?? plain)?.toLowerCase()
}
