// Reads the original request from the request of a proxy to the gate. The kind of proxy is in the address that the
// proxy is configured with, and only the headers of that kind are read: others may come from the client. Pure.

import { splitTarget } from '../http/request.ts'
import { type HeaderList, normalizePath } from '../sigv4/canonical.ts'

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
    const length = header('x-original-content-length')
    return parseOriginal(method, uri, header('x-original-host') ?? header('host'), [
      ...headers.filter(([name]) => name.toLowerCase() !== 'content-length'),
      ...(length ? [['content-length', length] as const] : []),
    ])
  },
  /** forwardAuth, and Caddy's forward_auth. */
  traefik({ headers }, header) {
    const method = header('x-forwarded-method')
    const uri = header('x-forwarded-uri')
    if (method === undefined || uri === undefined) return undefined
    return parseOriginal(method, uri, header('x-forwarded-host'), headers)
  },
  /** ext_authz over HTTP with a path_prefix: method, path and host are the original ones. */
  envoy({ method, rest, rawQuery, headers }, header) {
    return parseOriginal(method, rawQuery === '' ? rest : `${rest}?${rawQuery}`, header('host'), headers)
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

function parseOriginal(
  method: string,
  uri: string,
  host: string | undefined,
  headers: HeaderList,
): OriginalRequest | undefined {
  if (host === undefined || !/^[A-Z]{1,16}$/.test(method) || !uri.startsWith('/')) return undefined
  return {
    method,
    ...splitTarget(uri),
    host,
    headers: [...headers.filter(([name]) => name.toLowerCase() !== 'host'), ['host', host]],
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
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? urlHost
  const original = parseOriginal(method, `${path || '/'}${query === '' ? '' : `?${query}`}`, host, headers)
  return original && { ...original, ...(bodySha256Hex !== undefined && { bodySha256Hex }) }
}

/**
 * Percent-encoded unreserved characters (RFC 3986 2.3: `%61` is `a`, `%2e` a dot), encoded separators and NUL; then raw
 * characters that some parsers take for the end of a path or a separator.
 */
const AMBIGUOUS = /%(?:2[def]|3\d|[46][1-9a-f]|[57][0-9a]|5[cf]|7e|00)|[\\#]/i

/**
 * Whether every parser reads a path the same way. Dot segments, repeated slashes, encoded separators and needlessly
 * encoded characters may be read one way by the policy and another way by the server behind the gate.
 */
export function isPlainPath(rawPath: string): boolean {
  return normalizePath(rawPath) === rawPath && !AMBIGUOUS.test(rawPath)
}

/** Whether a Host header is a name or address with an optional port: it replaces `{host}` in resources. */
export const isPlainHost = (host: string): boolean => /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)
