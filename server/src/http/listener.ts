// The socket's side of the server: its bounds, and stopping without failing a request in flight.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { limits } from './limits.ts'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface Listener {
  readonly port: number
  /** From now on requests go to `handler`. */
  serve(handler: Handler): void
  /** Takes no new connections, finishes every request, then closes. */
  stop(): Promise<void>
}

// How long an idle connection may still bring a request after the stop began: the client may have sent it already.
// Longer than a round trip around the world.
const IDLE_GRACE_MS = 500
// Connections that the system holds ready: Node.js's default for listen(). What waits at the stop is never more.
const BACKLOG = 511
const TAKE_LIMIT_MS = 2_000

/** What clients may take up (docs/reference/threats.md 50). */
export interface Bounds {
  /** Connections at once. */
  readonly maxConnections: number
  /** From the beginning of a connection or request to the end of its headers. */
  readonly headersMs?: number
  /** To the end of its body. */
  readonly requestMs?: number
  /** How often both are looked at. */
  readonly checkMs?: number
}

/** Listens; rejects with the system's error (EADDRINUSE, EACCES) when it cannot. */
export async function listen(host: string, port: number, bounds: Bounds): Promise<Listener> {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: bounds.headersMs ?? 20_000,
    requestTimeout: bounds.requestMs ?? 60_000,
    connectionsCheckingInterval: bounds.checkMs ?? 5_000,
    maxHeaderSize: 16 * 1024,
    noDelay: true,
  })
  server.maxConnections = bounds.maxConnections
  // One too many was turned away: those that wait for nothing make room, so that who comes next is let in.
  server.on('drop', () => server.closeIdleConnections())
  const sockets = track<Socket>(server, 'connection')
  const responses = track<ServerResponse>(server, 'request')
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    serve: (handler) => void server.on('request', handler),
    stop: () => stop(server, sockets, responses),
  }
}

/** The connections that are open, or the responses that are not finished. */
function track<T extends Socket | ServerResponse>(server: Server, event: 'connection' | 'request'): ReadonlySet<T> {
  const open = new Set<T>()
  server.on(event, (...parts: unknown[]) => {
    const part = parts.at(-1) as T
    open.add(part)
    part.once('close', () => open.delete(part))
  })
  return open
}

async function stop(
  server: Server,
  sockets: ReadonlySet<Socket>,
  responses: ReadonlySet<ServerResponse>,
): Promise<void> {
  await takeWaitingConnections(server)
  // Every answer from now on closes its connection, so that no client sends another request on one that is about to go.
  for (const response of responses) response.shouldKeepAlive = false
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false
  })
  // net's close stops listening and leaves connections alone; http's would cut idle ones, on which a request may be under way.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  const closeIdle = (): void => {
    server.closeIdleConnections()
    // A browser opens connections ahead of need. Node.js counts one as busy until its first request.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }
  // After the next reading of sockets: a process that was short of time finds requests waiting there.
  const idle = setInterval(() => setImmediate(closeIdle), IDLE_GRACE_MS)
  const force = setTimeout(() => server.closeAllConnections(), limits.requestGrace.max)
  await closed
  clearInterval(idle)
  clearTimeout(force)
}

/** Connections that the system made and this process has not looked at yet would be reset by the close. */
async function takeWaitingConnections(server: Server): Promise<void> {
  const until = performance.now() + TAKE_LIMIT_MS
  let taken = 0
  const count = (): void => void taken++
  server.on('connection', count)
  // Node.js takes one in each turn of its event loop: none in a turn means that none waits.
  for (let before = -1; before < taken && taken < BACKLOG && performance.now() < until; ) {
    before = taken
    // Two: the first ends the turn that is running, the second has looked at every socket.
    for (let half = 0; half < 2; half++) await new Promise((resolve) => setImmediate(resolve))
  }
  server.off('connection', count)
}
