// The gate: a door that decides whether a request to another service is allowed (docs/gate.md). It reads and answers
// requests; the decision is decide.ts.
//
//   POST /authorize                      a description of the request as JSON
//   ANY  /authorize/nginx?…              auth_request of nginx: X-Original-* headers
//   ANY  /authorize/traefik?…            forwardAuth of Traefik, forward_auth of Caddy: X-Forwarded-* headers
//   ANY  /authorize/envoy/<route>/<path> ext_authz of Envoy: the original path behind the prefix

import type { HttpBindings } from '@hono/node-server'
import { type Context as Call, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type GateRoute, readRoute } from '../config/gate-routes.ts'
import type { Context } from '../context.ts'
import { decodeUtf8 } from '../encodings.ts'
import { addressOfRequest, plainAddress, wasForwarded } from '../http/client-address.ts'
import { headerOf, headerPairs, splitTarget } from '../http/request.ts'
import { PROOF_ALGORITHMS } from '../oauth/dpop/read-proof.ts'
import { decideAtGate, type GateDecision } from './decide.ts'
import { identityHeaders } from './identity.ts'
import { limits } from './limits.ts'
import { describedRequest, isProxyKind, type OriginalRequest, originalRequest } from './original-request.ts'

type Bindings = { Bindings: HttpBindings }
type Headers = [name: string, value: string][]

export function gatePages(context: Context): Hono<Bindings> {
  const app = new Hono<Bindings>()
  const { gateCallers, trustedProxies, gateRoutes } = context.config

  app.use('/authorize/*', async (call, next) => {
    const startedAt = performance.now()
    await next()
    const outcome = call.res.ok ? 'ok' : String(call.res.status)
    const seconds = (performance.now() - startedAt) / 1000
    context.metrics.request({ pool: undefined, service: 'gate', operation: 'authorize', outcome }, seconds)
  })

  // The route may stand in the question, with any role, and the answer says what a credential may do.
  app.use('/authorize/*', async (call, next) => {
    const peer = plainAddress(call.env.incoming.socket.remoteAddress ?? '')
    if (peer !== undefined && gateCallers.has(peer)) return next()
    return call.json({ message: `The gate does not answer ${peer}: GATE_CALLERS names who may ask.` }, 403)
  })

  const limit = bodyLimit({
    maxSize: limits.description.max,
    // The rest of the body is not read, so the connection cannot be used for another request.
    onError: (call) => call.json({ message: 'The description is too large.' }, 413, { connection: 'close' }),
  })

  app.post('/authorize', limit, async (call) => {
    // Servers ask directly. What a proxy passes on comes from its clients, whatever the peer's address is.
    if (wasForwarded(call.env.incoming))
      return call.json({ message: 'The gate does not answer requests that a proxy passed on.' }, 403)
    const text = decodeUtf8(new Uint8Array(await call.req.arrayBuffer()))
    const description = text === undefined ? { problem: 'The body must be UTF-8.' } : readDescription(context, text)
    if ('problem' in description) return call.json({ message: description.problem }, 400)
    // The peer is the service, not its client: without sourceIp the address of the client is unknown.
    const decision = await decideAtGate(context, description.route, description.original, description.remoteAddress)
    return call.json(decision.allowed ? { allowed: true, identity: decision.identity } : decision)
  })

  app.all('/authorize/:kind/*', (call) => viaProxy(call))
  app.all('/authorize/:kind', (call) => viaProxy(call))

  async function viaProxy(call: Call<Bindings>): Promise<Response> {
    const { incoming } = call.env
    const { rawPath, rawQuery } = splitTarget(incoming.url ?? '')
    const [, , kind = '', ...rest] = rawPath.split('/')
    if (!isProxyKind(kind)) return call.json({ message: 'There is /authorize/nginx, traefik and envoy.' }, 404)
    const routeName = kind === 'envoy' ? rest.shift() : call.req.query('route')
    const route = routeName === undefined ? routeOfQuery(call.req.queries()) : gateRoutes.get(routeName)
    // A wrongly configured proxy gets refusals, with the reason for its log.
    if (!route || 'problem' in route)
      return call.json({ message: route ? route.problem : `There is no route ${routeName}.` }, 403)
    const original = originalRequest(kind, {
      method: incoming.method ?? '',
      rest: `/${rest.join('/')}`,
      rawQuery,
      headers: headerPairs(incoming.rawHeaders),
    })
    if (!original) return call.json({ message: `The ${kind} headers of the original request are missing.` }, 403)
    const address = addressOfRequest(incoming, trustedProxies)
    return answer(call, original, await decideAtGate(context, route, original, address))
  }
  return app
}

function answer(call: Call, original: OriginalRequest, decision: GateDecision): Response {
  const { identity, bodySha256 = '' } = decision.allowed ? decision : {}
  for (const [name, value] of Object.entries(identityHeaders(identity))) call.header(name, value)
  call.header('x-cognomen-body-sha256', bodySha256)
  call.header('cache-control', 'no-store')
  if (decision.allowed) return call.body(null, 200)
  if (decision.status === 401) call.header('www-authenticate', challengeOf(original))
  const { allowed, status, ...body } = decision
  return call.json(body, status)
}

/** The scheme by which the client may try again: that of a token which is bound to a key, where it has shown one. */
const challengeOf = (original: OriginalRequest): string =>
  /^dpop /i.test(headerOf(original, 'authorization') ?? '')
    ? `DPoP error="invalid_token", algs="${PROOF_ALGORITHMS.join(' ')}"`
    : 'Bearer'

/** A route in the query string, from the proxy's configuration. Lists are repeated parameters. */
function routeOfQuery(query: Readonly<Record<string, string[]>>): GateRoute | { problem: string } {
  const { scope, userPool, client, audience, ...texts } = query
  return readRoute({
    ...Object.fromEntries(Object.entries(texts).map(([name, [value]]) => [name, value])),
    ...(scope && { scopes: scope }),
    ...(userPool && { userPools: userPool }),
    ...(client && { clients: client }),
    ...(audience && { audiences: audience }),
  })
}

interface Description {
  route: GateRoute
  original: NonNullable<ReturnType<typeof describedRequest>>
  remoteAddress: string | undefined
}

/** Reads `{ method, url, headers, bodySha256?, sourceIp?, route | action + resource … }`. */
function readDescription(context: Context, text: string): Description | { problem: string } {
  let given: Record<string, unknown>
  try {
    given = JSON.parse(text) as Record<string, unknown>
  } catch {
    return { problem: 'The body must be JSON.' }
  }
  if (typeof given !== 'object' || given === null) return { problem: 'The body must be an object.' }
  const { method, url, headers, bodySha256, sourceIp, route: routeName, ...members } = given
  if (routeName !== undefined && typeof routeName !== 'string') return { problem: 'route must be the name of a route.' }
  const route = routeName === undefined ? readRoute(members) : context.config.gateRoutes.get(routeName)
  if (!route) return { problem: `There is no route ${routeName?.slice(0, 64)}.` }
  if ('problem' in route) return route
  const list = readHeaders(headers)
  if (typeof method !== 'string' || typeof url !== 'string' || !list)
    return { problem: 'method, url and headers describe the request: two texts, and names with values.' }
  if (bodySha256 !== undefined && !(typeof bodySha256 === 'string' && /^[0-9a-f]{64}$/.test(bodySha256)))
    return { problem: 'bodySha256 must be 64 hexadecimal digits.' }
  const original = describedRequest(method, url, list, bodySha256)
  if (!original)
    return { problem: 'method must be upper case, url absolute, with http or https, and host no more than one header.' }
  return { route, original, remoteAddress: typeof sourceIp === 'string' ? sourceIp : undefined }
}

/** Headers as an object, or as pairs, which can repeat a name. */
function readHeaders(given: unknown): Headers | undefined {
  if (typeof given !== 'object' || given === null) return undefined
  const entries = (Array.isArray(given) ? given : Object.entries(given)) as unknown[]
  const isPair = (entry: unknown): entry is [string, string] =>
    Array.isArray(entry) && entry.length === 2 && entry.every((part) => typeof part === 'string')
  return entries.every(isPair) ? (entries as Headers) : undefined
}
