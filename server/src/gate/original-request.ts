// Reads the original request from the request of a proxy to the gate. The kind of proxy is in the address that the
// proxy is configured with, and only the headers of that kind are read: others may come from the client. Pure.

import { splitTarget } from '../http/request.ts'
import type { HeaderList } from '../sigv4/canonical.ts'

export interface OriginalRequest {
  method: string
  /** As sent, undecoded. */
  rawPath: string
  /** Without the question mark. */
  rawQuery: string
  host: string
  headers: HeaderList
  /** Absent when the hash of the body is unknown. */
  bodySha256Hex?: string
  /** Whether there is a body, as far as the one who asks was told; undefined when nothing says so. */
  hasBody: boolean | undefined
}

export interface ProxyRequest {
  method: string
  /** The path after `/authorize/<kind>/<route>`, with its leading slash: Envoy appends the original path there. */
  rest: string
  rawQuery: string
  headers: HeaderList
}

type Reader = (request: ProxyRequest, header: (name: string) => string | undefined) => OriginalRequest | undefined

/** By kind of proxy. Undefined when a required header is missing. */
const readers: Readonly<Record<string, Reader>> = {
  /** auth_request, configured as in docs/gate.md. */
  nginx({ headers }, header) {
    const method = header('x-original-method')
    const uri = header('x-original-uri')
    if (method === undefined || uri === undefined) return undefined
    // "protocol;content-length;transfer-encoding", where empty ones are known to be absent.
    const framing = /^(HTTP\/[\d.]+);(\d*);([^;]*)$/.exec(header('x-original-framing') ?? '')
    const host = header('x-original-host')
    if (!framing || host === undefined || !isSameHost(host, header('x-original-server'))) return undefined
    const [, protocol = '', length = '', coding = ''] = framing
    const others = headers.filter(([name]) => !/^(?:content-length|transfer-encoding)$/i.test(name))
    return parseOriginal(method, uri, host, {
      headers: [...others, ...(length === '' ? [] : [['content-length', length] as const])],
      // Later versions of HTTP announce no body.
      hasBody: coding !== '' || (length === '' ? (protocol.startsWith('HTTP/1.') ? false : undefined) : length !== '0'),
    })
  },
  /** forwardAuth, and Caddy's forward_auth. A length of 0 is that of the question itself, as with Envoy. */
  traefik({ headers }, header) {
    const method = header('x-forwarded-method')
    const uri = header('x-forwarded-uri')
    if (method === undefined || uri === undefined) return undefined
    return parseOriginal(method, uri, header('x-forwarded-host'), {
      headers,
      hasBody: announcedBody(headers) || undefined,
    })
  },
  /** ext_authz over HTTP with a path_prefix: method, path and host are the original ones. */
  envoy({ method, rest, rawQuery, headers }, header) {
    const uri = rawQuery === '' ? rest : `${rest}?${rawQuery}`
    return parseOriginal(method, uri, header('host'), { headers, hasBody: announcedBody(headers) || undefined })
  },
}

export const isProxyKind = (kind: string): boolean => Object.hasOwn(readers, kind)

/** The original request; undefined when a required header is missing, repeated or malformed. */
export function originalRequest(kind: string, request: ProxyRequest): OriginalRequest | undefined {
  const header = (name: string): string | undefined => {
    const found = request.headers.filter(([key]) => key.toLowerCase() === name)
    // A repeated header is ambiguous.
    return found.length === 1 ? found[0]?.[1] : undefined
  }
  return Object.hasOwn(readers, kind) ? readers[kind]?.(request, header) : undefined
}

/** Whether headers announce a body; undefined when none of them says anything. */
function announcedBody(headers: HeaderList): boolean | undefined {
  const values = (wanted: string) => headers.flatMap(([name, value]) => (name.toLowerCase() === wanted ? [value] : []))
  if (values('transfer-encoding').length > 0) return true
  const lengths = values('content-length')
  return lengths.length === 0 ? undefined : lengths.some((length) => length.trim() !== '0')
}

/**
 * Whether a Host header names the host that nginx chose the server by, which has no port and is in lower case. In a
 * request with an absolute target they may differ.
 */
const isSameHost = (host: string, chosen: string | undefined): boolean =>
  chosen !== undefined && host.toLowerCase().replace(/:\d*$/, '') === chosen.toLowerCase().replace(/:\d*$/, '')

function parseOriginal(
  method: string,
  uri: string,
  host: string | undefined,
  { headers, hasBody }: Pick<OriginalRequest, 'headers' | 'hasBody'>,
): OriginalRequest | undefined {
  if (host === undefined || !/^[A-Z]{1,16}$/.test(method) || !uri.startsWith('/')) return undefined
  return {
    method,
    ...splitTarget(uri),
    host,
    headers: [...headers.filter(([name]) => name.toLowerCase() !== 'host'), ['host', host]],
    hasBody,
  }
}

const ABSOLUTE = /^https?:\/\/([^/?#@]{1,255})([^?#]*)(?:\?([^#]*))?(?:#.*)?$/i

/** The original request in a description for `POST /authorize`. `url` is absolute, and as sent by the client. */
export function describedRequest(
  method: string,
  url: string,
  headers: HeaderList,
  bodySha256Hex: string | undefined,
): OriginalRequest | undefined {
  const [, urlHost, path, query = ''] = ABSOLUTE.exec(url) ?? []
  if (urlHost === undefined) return undefined
  const [host = urlHost, ...more] = headers.flatMap(([name, value]) => (name.toLowerCase() === 'host' ? [value] : []))
  // With two the server behind the gate might use another one than the gate.
  if (more.length > 0) return undefined
  const uri = `${path || '/'}${query === '' ? '' : `?${query}`}`
  const original = parseOriginal(method, uri, host, { headers, hasBody: announcedBody(headers) })
  return original && { ...original, ...(bodySha256Hex !== undefined && { bodySha256Hex }) }
}
