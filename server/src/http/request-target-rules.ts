// Which host and target a request names, where readers could differ: two Host headers, an absolute-form target (RFC 9112
// 3.2), a target that is no path. Not here: decoding the path.

/** The parts of node:http's IncomingMessage that this reads. */
export interface RequestHead {
  readonly method?: string
  readonly url?: string
  readonly httpVersion: string
  readonly rawHeaders: readonly string[]
}

/** What a Host header may hold: a name or an address, and a port. */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i
const ABSOLUTE = /^(https?:)\/\/([^/?]*)(.*)$/i

/**
 * The target in origin-form: path and query, undecoded. A target in absolute-form, as clients send it to proxies, loses its
 * scheme and authority, which must be those of the Host header. A problem, to be answered with status 400 (RFC 9112 3.2,
 * 3.2.2), when the request does not name exactly one valid host (HTTP/1.0: at most one), or its target is no path.
 */
export function readRequestTarget({
  method,
  url = '',
  httpVersion,
  rawHeaders,
}: RequestHead): { target: string } | { problem: string } {
  const hosts = rawHeaders.filter((_, at) => at % 2 === 1 && isHost(rawHeaders[at - 1] as string))
  const [host] = hosts
  if (hosts.length > 1 || (host === undefined && httpVersion !== '1.0'))
    return { problem: 'A request must have one Host header.' }
  if (host !== undefined && !HOST.test(host)) return { problem: 'The Host header must be a name or an address.' }
  if (url === '*' && method === 'OPTIONS') return { target: '/' }
  if (url.startsWith('/')) return { target: url }
  const [, scheme = '', authority = '', rest = ''] = ABSOLUTE.exec(url) ?? []
  if (!HOST.test(authority)) return { problem: 'The target of a request must be a path or a URL.' }
  if (host !== undefined && withPort(scheme, host) !== withPort(scheme, authority))
    return { problem: 'The target of the request and its Host header name different hosts.' }
  return { target: rest.startsWith('/') ? rest : `/${rest}` }
}

// Every request passes here: only names of four letters are lower-cased.
const isHost = (name: string): boolean => name.length === 4 && name.toLowerCase() === 'host'

const withPort = (scheme: string, host: string): string => {
  const port = scheme.toLowerCase() === 'https:' ? 443 : 80
  return /:\d+$/.test(host) ? host.toLowerCase() : `${host.toLowerCase()}:${port}`
}
