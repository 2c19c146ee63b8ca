// Which Host headers /outbox answers. Pure. A web page that rebinds its own name to this machine's address (DNS rebinding)
// would otherwise read the codes of a development server; its name gives it away.

export interface Served {
  /** The address listened on. */
  host: string
  publicUrl: string
}

const WILDCARDS = new Set(['0.0.0.0', '::'])

/** Loopback, the configured host or the public URL's. A server that listens on every address answers by any address too. */
export function isOwnHost(header: string | undefined, { host, publicUrl }: Served): boolean {
  const name = hostNameOf(header)
  if (name === undefined) return false
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  // Browsers take nothing else that ends in a number, or holds a colon, for a host: neither is a name.
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
