// The request that a proxy asks about, from what it tells of it. Which proxy it is, its own configuration says, in the
// address that it asks: a header of another proxy's form may come from the client. Pure.

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
  /** Of the body, where it is known. */
  bodySha256Hex?: string
}

export interface ProxyRequest {
  method: string
  /** Behind the address of the proxy's kind, with its leading slash; Envoy appends the original path to it. */
  rest: string
  rawQuery: string
  headers: HeaderList
}

type Reader = (request: ProxyRequest, header: (name: string) => string | undefined) => OriginalRequest | undefined

/** Undefined when the proxy does not tell what it must. */
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

/** The original request, or undefined when the proxy does not tell enough. */
export function originalRequest(kind: string, request: ProxyRequest): OriginalRequest | undefined {
  const header = (name: string): string | undefined => {
    const found = request.headers.filter(([key]) => key.toLowerCase() === name)
    // Two of one would be two answers.
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

/** The original request in a description of it, as `POST /authorize` takes it; the URL is absolute, and as it was sent. */
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

/** Encoded: what nobody has to encode (RFC 3986 2.3: `%61` is `a`, `%2e` a dot), separators, NUL. Then what ends or
 * divides a path for some. */
const AMBIGUOUS = /%(?:2[def]|3\d|[46][1-9a-f]|[57][0-9a]|5[cf]|7e|00)|[\\#]/i

/**
 * Whether a path means the same to everybody who reads it. Dot segments, repeated slashes, encoded separators and letters
 * that are encoded without need are read one way by the policy and another by the server behind.
 */
export function isPlainPath(rawPath: string): boolean {
  return normalizePath(rawPath) === rawPath && !AMBIGUOUS.test(rawPath)
}

/** Whether a host is nothing but that: `{host}` stands for it in resources. */
export const isPlainHost = (host: string): boolean => /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)
