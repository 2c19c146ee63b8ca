// The listening socket: time-outs, and a graceful stop that fails no request in flight. Not here: the number of connections
// (connections.ts), reading bodies (read-body.ts) and answering requests (doors.ts).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { boundConnections, type ConnectionBounds } from './connections.ts'
import { limits } from './limits.ts'
import { type TlsOptions, tlsInFrontOf } from './tls.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface Listener {
  readonly port: number
  /** Starts to pass requests to `handler`. */
  serve(handler: Handler): void
  /** Takes no new connections, finishes every request, then closes. */
  stop(): Promise<void>
}

// How long idle connections stay open after the stop began, as a client may already have sent a request on one. Longer
// than a round trip around the world.
const IDLE_GRACE_MS = 500
// The backlog of the listening socket, Node.js's default for listen(): at most so many connections wait to be accepted.
const BACKLOG = 511
const TAKE_LIMIT_MS = 2_000

/** Limits on what clients may occupy (docs/reference/threats.md 50). Times in milliseconds. */
export interface Bounds extends ConnectionBounds {
  /** Time-out from the beginning of a connection or request to the end of its headers. */
  readonly headersMs?: number
  /** Time-out to the end of the request's body. */
  readonly requestMs?: number
  /** Time-out of a connection on which nothing moves while an answer waits to be taken. */
  readonly stallMs?: number
}

/** Listens, with TLS where there is a certificate; rejects with the system's error (EADDRINUSE, EACCES) when it cannot. */
export async function listen(host: string, port: number, bounds: Bounds, tls?: TlsOptions): Promise<Listener> {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: bounds.headersMs ?? 20_000,
    requestTimeout: bounds.requestMs ?? 60_000,
    connectionsCheckingInterval: bounds.checkMs ?? 1_000,
    maxHeaderSize: 16 * 1024,
    noDelay: true,
  })
  server.timeout = bounds.stallMs ?? 120_000
  const sockets = boundConnections(server, bounds)
  const responses = unfinishedResponses(server)
  // The one that listens: connections reach `server` through TLS, or at once.
  const front: NetServer = tls ? tlsInFrontOf(server, tls) : server
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject)
    front.listen(port, host, () => resolve())
  })
  const address = front.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    serve: (handler) => void server.on('request', handler),
    stop: () => stop(server, front, sockets, responses),
  }
}

function unfinishedResponses(server: Server): ReadonlySet<ServerResponse> {
  const unfinished = new Set<ServerResponse>()
  server.on('request', (_request, response: ServerResponse) => {
    unfinished.add(response)
    response.once('close', () => unfinished.delete(response))
  })
  return unfinished
}

async function stop(
  server: Server,
  front: NetServer,
  sockets: ReadonlyMap<Socket, unknown>,
  responses: ReadonlySet<ServerResponse>,
): Promise<void> {
  await takeWaitingConnections(front)
  // Every answer from now on closes its connection, so that no client sends another request on it.
  for (const response of responses) response.shouldKeepAlive = false
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false
  })
  // net's close only stops listening; http's would also cut idle connections, on which a request may be in flight.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(front, () => resolve()))
  const closeIdle = (): void => {
    server.closeIdleConnections()
    // Browsers preconnect, and Node.js does not count a connection as idle before its first request.
    for (const socket of sockets.keys()) if (socket.bytesRead === 0) socket.destroy()
  }
  // setImmediate: let the event loop read its sockets first, as requests may be waiting there when it was busy.
  const idle = setInterval(() => setImmediate(closeIdle), IDLE_GRACE_MS)
  const force = setTimeout(() => server.closeAllConnections(), limits.requestGrace.max)
  await closed
  clearInterval(idle)
  clearTimeout(force)
}

/** Accepts the connections that wait in the backlog: closing the listening socket would reset them. */
async function takeWaitingConnections(server: NetServer): Promise<void> {
  const until = performance.now() + TAKE_LIMIT_MS
  let taken = 0
  const count = (): void => void taken++
  server.on('connection', count)
  // Node.js accepts one connection per turn of its event loop: a turn without one means that the backlog is empty.
  for (let before = -1; before < taken && taken < BACKLOG && performance.now() < until; ) {
    before = taken
    // Two immediates: the first ends the current turn, the second comes after a whole turn that polled every socket.
    for (let half = 0; half < 2; half++) await new Promise((resolve) => setImmediate(resolve))
  }
  server.off('connection', count)
}
