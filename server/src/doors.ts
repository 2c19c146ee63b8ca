// Passes each request to a door by its path: the AWS API, which reads raw bytes, or the pages, which use Hono. Also
// answers requests whose body is refused. Not here: the socket and its limits (http/listener.ts).
import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { asksForStream, openEventStream } from './api/event-stream.ts'
import { limits } from './api/limits.ts'
import { type ApiParts, handleApi, rateExceededError, refuseUnread } from './api/pipeline.ts'
import { DatabaseAway } from './database/database.ts'
import { ApiError } from './errors.ts'
import { gatePages } from './gate/authorize-pages.ts'
import { addressOfRequest } from './http/client-address.ts'
import { healthPages } from './http/health.ts'
import type { Handler } from './http/listener.ts'
import { BodyTooLarge, createBodyReader, type ReadBody, TooManyBodies } from './http/read-body.ts'
import { type ApiRequest, type ApiResponse, headerPairs, splitTarget } from './http/request.ts'
import { requestRegion } from './http/request-region-rules.ts'
import { readRequestTarget } from './http/request-target-rules.ts'
import { textOf } from './http/text-response.ts'
import { loginPages } from './login-pages/endpoints.ts'
import { noDiscoveryPages } from './oauth/discovery.ts'
import { oauthEndpoints } from './oauth/endpoints.ts'
import { identityPoolKeyPages } from './oauth/identity-pool-keys.ts'
import { type AnswerPool, PageProblem, poolRequests } from './oauth/pool-requests.ts'
import { feedbackPages } from './pages/feedback-page.tsx'
import { homePages } from './pages/home-page.tsx'
import { imagePages } from './pages/image-pages.ts'
import { importUploads } from './pages/import-uploads.ts'
import { metricsPage } from './pages/metrics-page.ts'
import { outboxPage } from './pages/outbox-page.tsx'
import { sendMessage, sendNotFound, wantsPage } from './pages/page.tsx'

/** The handler of every request. */
export function openDoors(apiParts: ApiParts): Handler {
  const parts = { ...apiParts, readBody: createBodyReader() }
  const failures: Failures = new WeakMap()
  // The host name is for HTTP/1.0 without a Host header, such as health checks of load balancers.
  const pages = getRequestListener(webPages(parts, failures).fetch as never, {
    overrideGlobalObjects: false,
    hostname: 'localhost',
  })
  const { regions } = apiParts.context.config
  const answerPool = poolRequests(parts, { ...oauthEndpoints, ...loginPages })
  return (request, response) => {
    const read = readRequestTarget(request)
    if ('problem' in read) return refuse(response, 400, read.problem)
    request.url = read.target
    const { rawPath: signedPath, rawQuery } = splitTarget(read.target)
    const { region, path: rawPath } = requestRegion(regions, request.headers.host, signedPath)
    if (hasDotSegments(signedPath)) refuse(response, 403, 'The path can be read in more than one way.')
    else if (parts.routes.ownsPath(rawPath) && !isForStartPage(request, rawPath))
      void serveApi(parts, request, response, { rawPath, signedPath, region, rawQuery })
    else
      void servePool(answerPool, request, response, failures).then((served) => {
        if (served) return
        // The start page is the same at the address of a region.
        if (rawPath === '/' && (region === undefined || regions.includes(region))) request.url = '/'
        void pages(request, response)
      })
  }
}

/** Why requests to the endpoints of user pools failed, of which the pages for people tell. */
type Failures = WeakMap<IncomingMessage, unknown>

/**
 * Serves a request to an endpoint of a user pool. These do not take the way of the other pages, whose web streams cost as much
 * as the rest of a small answer. False for any other request, and for one that failed.
 */
async function servePool(
  answerPool: AnswerPool,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  failures: Failures,
): Promise<boolean> {
  try {
    const response = await answerPool(incoming)
    if (!response) return false
    const text = await textOf(response)
    const headers: Record<string, string | string[]> = Object.fromEntries(response.headers)
    const cookies = response.headers.getSetCookie()
    if (cookies.length > 0) headers['set-cookie'] = cookies
    headers['content-length'] = String(Buffer.byteLength(text))
    outgoing.writeHead(response.status, headers)
    outgoing.end(incoming.method === 'HEAD' ? undefined : text)
    return true
  } catch (error) {
    failures.set(incoming, error)
    return false
  }
}

/** Whether a browser asks for the address of the server itself, or of a region of it; programs that do reach the API. */
const isForStartPage = ({ method = '', url, headers }: IncomingMessage, rawPath: string): boolean =>
  /^(GET|HEAD)$/.test(method) &&
  rawPath === '/' &&
  !url?.includes('?') &&
  headers['x-amz-target'] === undefined &&
  wantsPage(headers.accept)

/**
 * Whether a path has dot segments (or backslashes), which the router of pages would resolve to another path (path
 * traversal). Envoy appends the client's path to the gate's path: it must not lead out of the gate, to a page that
 * answers 200 without a check.
 */
const hasDotSegments = (rawPath: string): boolean => /\/(?:\.|%2e){1,2}(?:\/|$)|\\/i.test(rawPath)

/** Answers a request that is not passed to any door; whatever else comes on its connection is not read. */
function refuse(response: ServerResponse, status: number, message: string): void {
  const body = JSON.stringify({ message })
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  })
  response.end(body)
}

function webPages(parts: ApiParts & { readBody: ReadBody }, failures: Failures): Hono<{ Bindings: HttpBindings }> {
  const { context } = parts
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use((call, next) => {
    if (failures.has(call.env.incoming)) throw failures.get(call.env.incoming)
    return next()
  })
  app.route('/', healthPages(context))
  app.route('/', metricsPage(context) as never)
  app.route('/', homePages(context))
  app.route('/', feedbackPages(context))
  if (!context.config.production) app.route('/', outboxPage(context) as never)
  app.route('/', identityPoolKeyPages(context))
  app.route('/', noDiscoveryPages())
  app.route('/', imagePages(context))
  app.route('/', importUploads(context))
  app.route('/', gatePages(context) as never)
  app.onError((err, call) => {
    if (err instanceof PageProblem)
      return sendMessage(call, err.problem.status, 'This did not work', err.problem.message)
    if (err instanceof DatabaseAway)
      return sendMessage(call, 503, 'Not available', 'The service is not available for the moment; try again later.')
    context.log.error({ err, path: call.req.path.slice(0, 256) }, 'a page failed')
    return sendMessage(call, 500, 'This did not work', 'An internal error occurred.')
  })
  app.notFound(sendNotFound)
  return app
}

async function serveApi(
  parts: ApiParts & { readBody: ReadBody },
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: Pick<ApiRequest, 'rawPath' | 'signedPath' | 'region' | 'rawQuery'>,
): Promise<void> {
  const head = {
    method: incoming.method ?? '',
    ...target,
    headers: headerPairs(incoming.rawHeaders),
    remoteAddress: addressOfRequest(incoming, parts.context.config.trustedProxies),
  }
  if (asksForStream(head)) {
    const refused = await openEventStream(parts, head, outgoing)
    if (refused) send(outgoing, refused)
    return
  }
  const max = maxBodyOf(parts.routes, head)
  try {
    const body = await parts.readBody(incoming, max)
    send(outgoing, await handleApi(parts, Object.assign(head, { body })))
  } catch (error) {
    const refusal = unreadError(error, max)
    if (refusal) sendUnread(outgoing, refuseUnread(parts, head, refusal))
    else outgoing.destroy()
  }
}

/** The operation is known before the body only by its header or path. */
function maxBodyOf(routes: ApiParts['routes'], head: Omit<ApiRequest, 'body'>): number {
  if (head.method !== 'POST') return limits.body.max
  const route = routes.find({ ...head, body: new Uint8Array() })
  return route?.service.isLarge?.(route.name) ? limits.largeBody.max : limits.body.max
}

function unreadError(error: unknown, max: number): ApiError | undefined {
  if (error instanceof BodyTooLarge)
    return new ApiError('InvalidParameterException', `The request body is larger than ${max} bytes.`, {
      status: 413,
    })
  return error instanceof TooManyBodies ? rateExceededError(error) : undefined
}

// How long the connection stays open after a body was refused. Closed at once, with unread bytes in its buffer, it
// would be reset, and the client would lose the answer.
const UNREAD_LINGER_MS = 1000

/** Answers a request whose body is not read to its end. */
function sendUnread(outgoing: ServerResponse, { status, headers, body }: ApiResponse): void {
  outgoing.shouldKeepAlive = false
  outgoing.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
  outgoing.write(body)
  const end = setTimeout(() => outgoing.end(), UNREAD_LINGER_MS)
  outgoing.once('close', () => clearTimeout(end))
}

function send(outgoing: ServerResponse, { status, headers, body }: ApiResponse): void {
  // Of a 304 it would be the length of the answer that is left out.
  if (status !== 304) headers['content-length'] = String(Buffer.byteLength(body))
  outgoing.writeHead(status, headers)
  outgoing.end(body)
}
