// An HTTP client for URLs from outside, guarded against server-side request forgery (docs/reference/threats.md 34, 35):
// an administrator names an issuer, the issuer's documents name further URLs, and any of them may point into the
// internal network.
//
// A host is resolved once, its addresses are checked, and the connection goes to a checked address, so that DNS
// rebinding between check and connection is impossible. Redirects are checked again. Nothing is kept between requests:
// no cookies, no connections, no proxy from the environment. docs/decisions/outgoing-requests.md.
import { lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { HostSet } from '../config/allowed-hosts.ts'
import { isLoopback, isLoopbackName, isPrivate, isPublic } from './address-kinds.ts'
import type { WebAnswer, WebClient, WebFailure, WebRequest } from './effects.ts'
import { limits } from './limits.ts'

export interface WebClientOptions {
  /** Private hosts that requests may go to. */
  allowed: HostSet
  /** Whether requests may go to this machine under a loopback name, such as localhost. */
  loopback: boolean
  /** Time-out from the first look-up to the last byte, redirects included. */
  timeoutMs?: number
  /** Certificate authorities (PEM) to trust instead of Node.js's own. */
  authorities?: string
  /** Resolves a name to addresses; the system's resolver by default. */
  lookup?: (host: string) => Promise<readonly string[]>
}

const failure = (failed: WebFailure['failed'], detail: string): WebFailure => ({ failed, detail })

/** `close` aborts the requests in flight. */
export function createWebClient(options: WebClientOptions): WebClient & { close(): void } {
  let closed = false
  const endings = new Set<AbortController>()
  const underWay = new Map<string, number>()
  let all = 0
  return {
    close() {
      closed = true
      for (const ending of endings) ending.abort()
    },
    async send(request) {
      const url = parseUrl(request.url)
      if ('failed' in url) return url
      const ofHost = underWay.get(url.host) ?? 0
      if (all >= limits.webAtOnce.max || ofHost >= limits.webPerHost.max)
        return failure('busy', `too many requests are under way to ${url.host}`)
      all++
      underWay.set(url.host, ofHost + 1)
      const ending = new AbortController()
      const limit = setTimeout(() => ending.abort(), options.timeoutMs ?? limits.webTime.max)
      endings.add(ending)
      if (closed) ending.abort()
      try {
        return await follow(options, url, request, ending.signal)
      } catch {
        // Node.js throws on invalid headers.
        return failure('bad-url', 'the request cannot be written')
      } finally {
        clearTimeout(limit)
        endings.delete(ending)
        all--
        const left = (underWay.get(url.host) ?? 1) - 1
        if (left > 0) underWay.set(url.host, left)
        else underWay.delete(url.host)
      }
    },
  }
}

/** The answer, after the redirects that may be followed. */
async function follow(
  options: WebClientOptions,
  first: URL,
  request: WebRequest,
  signal: AbortSignal,
): Promise<WebAnswer | WebFailure> {
  const follows = (request.method ?? 'GET') === 'GET' && !hasAuthorization(request)
  let url = first
  let headers = request.headers ?? {}
  for (let redirects = 0; ; redirects++) {
    // The target of a redirect counts as named by the first URL: a foreign host must not redirect to this machine.
    const named = redirects === 0 ? request.namedBy : first.href
    const permits = permission(options, url, named)
    if ('failed' in permits) return permits
    const answer = await exchange(options, url, { ...request, headers }, permits.address, signal)
    if ('failed' in answer) return answer
    if (answer.location === undefined || !follows) return answer
    if (redirects === limits.webRedirects.max) return failure('bad-redirect', `${first.host} redirects too often`)
    const next = parseUrl(answer.location, url)
    if ('failed' in next) return failure('bad-redirect', `${url.host} redirects to no address: ${next.detail}`)
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      return failure('bad-redirect', `${url.host} redirects from https to http`)
    if (next.origin !== url.origin) headers = {}
    url = next
  }
}

const hasAuthorization = ({ headers = {} }: WebRequest): boolean =>
  Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')

function parseUrl(text: string, base?: URL): URL | WebFailure {
  if (text.length > 4096 || !URL.canParse(text, base?.href)) return failure('bad-url', 'it is not a URL')
  const url = new URL(text, base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return failure('bad-url', 'it is not an https URL')
  if (url.username !== '' || url.password !== '') return failure('bad-url', 'it holds a user name or password')
  if (url.protocol === 'http:' && !isLoopbackName(hostOf(url))) return failure('bad-url', 'it is not an https URL')
  url.hash = ''
  return url
}

/** The host without brackets or the final dot that DNS knows. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')

type Permits = (address: string) => boolean

/** A predicate for the addresses that a request to `url` may connect to. */
function permission(
  { allowed, loopback }: WebClientOptions,
  url: URL,
  namedBy: string | undefined,
): { address: Permits } | WebFailure {
  const host = hostOf(url)
  const namesThisMachine = isLoopbackName(host)
  const fromThisMachine = namedBy === undefined || (URL.canParse(namedBy) && isLoopbackName(hostOf(new URL(namedBy))))
  const address: Permits = (address) => {
    if (url.protocol === 'http:' && !isLoopback(address)) return false
    if (isPublic(address) || allowed.hasAddress(address)) return true
    if (isLoopback(address) && namesThisMachine && loopback && fromThisMachine) return true
    return allowed.hasName(host) && isPrivate(address)
  }
  // A host that is an address is never looked up.
  return isIP(host) === 0 || address(host) ? { address } : forbidden(host)
}

const forbidden = (host: string): WebFailure =>
  failure('forbidden-address', `${host} has no public address (ALLOWED_PRIVATE_HOSTS can allow it)`)

function exchange(
  options: WebClientOptions,
  url: URL,
  request: WebRequest,
  permits: Permits,
  signal: AbortSignal,
): Promise<(WebAnswer & { location?: string }) | WebFailure> {
  const largest = request.maxAnswer ?? limits.webAnswer.max
  const late = failure('timeout', `${url.host} did not answer in time`)
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(late)
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const outgoing = send(url, {
      method: request.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...request.headers,
        'user-agent': 'cognomen',
        'accept-encoding': 'identity',
        ...(request.body !== undefined && { 'content-length': Buffer.byteLength(request.body) }),
      },
      // A new connection for each request, neither kept nor shared.
      agent: false,
      lookup: checkedLookup(options.lookup ?? addressesOf, permits),
      maxHeaderSize: 16 * 1024,
      signal,
      // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn verification off.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...(options.authorities !== undefined && { ca: options.authorities }),
    })
    const finish = (result: (WebAnswer & { location?: string }) | WebFailure): void => {
      resolve(result)
      outgoing.destroy()
    }
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error instanceof Forbidden) finish(forbidden(url.host))
      else if (signal.aborted) finish(late)
      else finish(failure('no-answer', `${url.host}: ${error.code ?? error.name}`))
    })
    outgoing.on('close', () =>
      finish(signal.aborted ? late : failure('no-answer', `${url.host}: the connection was closed`)),
    )
    outgoing.on('response', (incoming) => {
      const { statusCode: status = 0, headers } = incoming
      if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
        return finish(failure('no-answer', `${url.host} answers compressed although it may not`))
      if ([301, 302, 303, 307, 308].includes(status) && headers.location !== undefined)
        return finish({ status, contentType: '', body: Buffer.alloc(0), location: headers.location })
      readBody(incoming, largest, (body) => {
        if (body === 'too-large') finish(failure('too-large', `${url.host} answers with more than ${largest} bytes`))
        else finish({ status, contentType: headers['content-type'] ?? '', body })
      })
    })
    outgoing.end(request.body)
  })
}

/**
 * Calls `done` at the end of the body. A body that is cut off ends in the request's `error` or `close` event instead.
 */
function readBody(incoming: IncomingMessage, largest: number, done: (body: Buffer | 'too-large') => void): void {
  const chunks: Buffer[] = []
  let size = 0
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > largest) done('too-large')
    else chunks.push(chunk)
  })
  incoming.on('error', () => undefined)
  incoming.on('end', () => done(Buffer.concat(chunks)))
}

class Forbidden extends Error {}

/** A `lookup` for `net.connect` that returns only permitted addresses, or fails with Forbidden. */
function checkedLookup(lookup: (host: string) => Promise<readonly string[]>, permits: Permits): LookupFunction {
  return (host, { all }, callback) => {
    lookup(host).then(
      (addresses) => {
        const permitted = addresses.filter(permits).map((address) => ({ address, family: isIP(address) }))
        const [first] = permitted
        if (!first) return callback(new Forbidden(), '')
        if (all) callback(null, permitted)
        else callback(null, first.address, first.family)
      },
      (error) => callback(error, ''),
    )
  }
}

const addressesOf = async (host: string): Promise<string[]> =>
  (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address)
