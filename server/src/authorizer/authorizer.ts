// `cognomen/authorizer`: the gate as middleware of a Node.js server. It asks a Cognomen server whether a request with a
// signature or a user's token is allowed the action of a route (docs/gate.md). It has no dependencies.
//
//   import { honoAuthorizer } from 'cognomen/authorizer'
//   app.use('/orders/*', honoAuthorizer({ url: 'http://127.0.0.1:9229', action: 'orders:{method}', resource: '*' }))
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The server and the route of the requests: the name of a route in its GATE_ROUTES, or a route given here. */
export interface AuthorizerOptions {
  /** The address of the Cognomen server. */
  url: string
  /** The name of a route in the server's GATE_ROUTES. */
  route?: string
  /** Such as `orders:Read`; placeholders {method}, {path} and {host}. */
  action?: string
  /** An ARN or `*`; the same placeholders. */
  resource?: string
  /** The service that clients sign for; `execute-api` unless given. */
  service?: string
  /** The ARN of a role for users with a token, or `groups` for the role of their groups. */
  role?: string
  /** Scopes that an access token needs, one of them at least. */
  scopes?: readonly string[]
  userPools?: readonly string[]
  clients?: readonly string[]
  /** Audiences, of which a token must have one. */
  audiences?: readonly string[]
  /** Milliseconds to wait for an answer; 5,000 unless given. */
  timeoutMs?: number
}

/** The identity of an allowed caller. Absent members are unknown, or do not apply to this kind of caller. */
export interface AuthorizedCaller {
  arn: string
  account: string
  userId: string
  identityId?: string
  identityPoolId?: string
  sub?: string
  username?: string
  clientId?: string
  issuer?: string
  groups?: readonly string[]
  scopes?: readonly string[]
  /** Who acts for the user, by a token that was exchanged. */
  actor?: string
}

export type AuthorizerDecision =
  | { allowed: true; identity: AuthorizedCaller }
  | { allowed: false; status: 401 | 403 | 503; error: string; message: string }

/** A request as received: the parts that a signature covers. */
export interface AuthorizerRequest {
  method: string
  /** Absolute, with path and query as they were sent. */
  url: string
  /** Pairs, in the order of arrival. */
  headers: readonly (readonly [name: string, value: string])[]
  /** The bytes of the body; empty for none. Undefined when unavailable: a signed request is refused then. */
  body: Uint8Array | undefined
  /** The address of the client, for conditions such as aws:SourceIp. */
  sourceIp?: string | undefined
}

/** Asks the server for the decision on a request. Fails closed: refuses with 503 when unreachable. Never rejects. */
export function createAuthorizer(
  options: AuthorizerOptions,
): (request: AuthorizerRequest) => Promise<AuthorizerDecision> {
  const { url, timeoutMs = 5000, ...route } = options
  const address = new URL('authorize', url.endsWith('/') ? url : `${url}/`)
  return async ({ method, url: requested, headers, body, sourceIp }) => {
    const isToken = headers.some(
      ([name, value]) => name.toLowerCase() === 'authorization' && /^(?:bearer|dpop) /i.test(value),
    )
    if (body === undefined && !isToken)
      return refused(401, 'BodyUnknown', 'A signature covers the body: give the middleware its bytes (docs/gate.md).')
    const description = {
      ...route,
      method,
      url: requested,
      headers,
      ...(body && { bodySha256: createHash('sha256').update(body).digest('hex') }),
      ...(sourceIp !== undefined && { sourceIp }),
    }
    try {
      const response = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(description),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      const answer = (await response.json()) as AuthorizerDecision & { message?: string }
      if (response.status === 200) return answer
      return refused(503, 'AuthorizerMisconfigured', answer.message ?? `The server answered ${response.status}.`)
    } catch (error) {
      return refused(503, 'AuthorizerUnavailable', `The server did not answer: ${(error as Error).message}`)
    }
  }
}

const refused = (status: 401 | 403 | 503, error: string, message: string): AuthorizerDecision => ({
  allowed: false,
  status,
  error,
  message,
})

/** What a refused caller may try: the scheme of a token that is bound to a key (RFC 9449 7.1), where one was shown. */
const challengeTo = (authorization: string | null | undefined): string =>
  /^dpop /i.test(authorization ?? '') ? 'DPoP error="invalid_token"' : 'Bearer'

type NodeRequest = IncomingMessage & {
  originalUrl?: string
  rawBody?: Uint8Array | string
  body?: unknown
  ip?: string | undefined
  protocol?: string
}

/**
 * A request of node:http, Express or Fastify (`request.raw`). `body` is `rawBody` if that is bytes, or empty for none.
 */
function fromNode(request: NodeRequest, rawBody: unknown): AuthorizerRequest {
  const headers: [string, string][] = []
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    headers.push([request.rawHeaders[i] as string, request.rawHeaders[i + 1] as string])
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  const empty = length === '0' && encoding === undefined
  const body = typeof rawBody === 'string' ? Buffer.from(rawBody) : rawBody instanceof Uint8Array ? rawBody : undefined
  return {
    method: request.method ?? '',
    url: `http://${request.headers.host ?? ''}${request.originalUrl ?? request.url ?? '/'}`,
    headers,
    body: body ?? (empty ? new Uint8Array() : undefined),
    sourceIp: request.ip ?? request.socket.remoteAddress,
  }
}

/** Where handlers find the caller. */
interface Authorized {
  caller?: AuthorizedCaller
}

/**
 * Middleware of Express (and Connect). The caller is in `request.caller`. Signed bodies: `express.raw()` before it, or
 * `express.json({ verify: (request, response, bytes) => { request.rawBody = bytes } })`.
 */
export function expressAuthorizer(
  options: AuthorizerOptions,
): (request: IncomingMessage & Authorized, response: ServerResponse, next: (error?: unknown) => void) => void {
  const ask = createAuthorizer(options)
  return (request, response, next) => {
    const known = request as NodeRequest
    const decided = ask(fromNode(known, known.rawBody ?? known.body))
    void decided.then((decision) => {
      if (!decision.allowed) {
        response.statusCode = decision.status
        response.setHeader('content-type', 'application/json')
        if (decision.status === 401) response.setHeader('www-authenticate', challengeTo(request.headers.authorization))
        response.end(JSON.stringify({ error: decision.error, message: decision.message }))
        return
      }
      request.caller = decision.identity
      next()
    }, next)
  }
}

interface FastifyReply {
  code(status: number): FastifyReply
  header(name: string, value: string): FastifyReply
  send(body: unknown): FastifyReply
}

/**
 * A `preHandler` hook of Fastify. The caller is in `request.caller`. Signed bodies: a content type parser that leaves
 * the bytes (`parseAs: 'buffer'`) in `request.rawBody` or `request.body`.
 */
export function fastifyAuthorizer(
  options: AuthorizerOptions,
): (
  request: { raw: IncomingMessage; body?: unknown; rawBody?: unknown; ip?: string } & Authorized,
  reply: FastifyReply,
) => Promise<unknown> {
  const ask = createAuthorizer(options)
  return async (request, reply) => {
    const decision = await ask({ ...fromNode(request.raw, request.rawBody ?? request.body), sourceIp: request.ip })
    if (decision.allowed) {
      request.caller = decision.identity
      return undefined
    }
    if (decision.status === 401) reply.header('www-authenticate', challengeTo(request.raw.headers.authorization))
    return reply.code(decision.status).send({ error: decision.error, message: decision.message })
  }
}

interface HonoCall {
  req: { raw: Request; arrayBuffer(): Promise<ArrayBuffer> }
  env?: unknown
  set(key: 'caller', value: AuthorizedCaller): void
  json(body: unknown, status: 401 | 403 | 503, headers?: Record<string, string>): Response
}

/** Middleware of Hono. The caller is in `c.get('caller')`; the body can still be read by handlers. */
export function honoAuthorizer(
  options: AuthorizerOptions,
): (call: HonoCall, next: () => Promise<void>) => Promise<Response | undefined> {
  const ask = createAuthorizer(options)
  return async (call, next) => {
    const { method, url, headers } = call.req.raw
    // On Node.js the original request is used: a web Request has a normalised URL and joined headers.
    const incoming = (call.env as { incoming?: IncomingMessage } | undefined)?.incoming
    const body = new Uint8Array(await call.req.arrayBuffer())
    const decision = await ask(
      incoming ? { ...fromNode(incoming, body), body } : { method, url, headers: [...headers], body },
    )
    if (decision.allowed) {
      call.set('caller', decision.identity)
      await next()
      return undefined
    }
    return call.json(
      { error: decision.error, message: decision.message },
      decision.status,
      decision.status === 401 ? { 'www-authenticate': challengeTo(headers.get('authorization')) } : {},
    )
  }
}
