// The socket's side of the server: reading bodies within bounds, and stopping without failing a request in flight.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'

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
// What runs ten seconds after the signal is killed by most that send it; a body that never ends must not bring that about.
const REQUEST_GRACE_MS = 7_000
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
  const force = setTimeout(() => server.closeAllConnections(), REQUEST_GRACE_MS)
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

/** Thrown by readBody: more bytes than the limit. */
export class BodyTooLarge extends Error {}

/** Thrown by readBody: so many large bodies are on their way that there is no memory for another. */
export class TooManyBodies extends Error {}

/** Every body may be this long, whatever else is on its way: no flood of large ones keeps out what is usual. */
const OWN_BYTES = 64 * 1024
/** For what is beyond that, of all bodies of this process together. Many slow clients must not fill the memory. */
const SHARED_BYTES = 32 * 1024 * 1024

let sharedBytes = 0

/** The whole body, at most `limit` bytes. Rejects with BodyTooLarge or TooManyBodies without reading on. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > limit) throw new BodyTooLarge()
  return new Promise((resolve, reject) => {
    // One buffer that grows: a body in chunks of one byte would otherwise take a hundred times its size.
    let bytes = Buffer.allocUnsafe(Math.min(announced || 4096, OWN_BYTES))
    let size = 0
    let borrowed = 0
    const giveBack = (): void => {
      sharedBytes -= borrowed
      borrowed = 0
    }
    const refuse = (error: Error): void => {
      request.removeAllListeners('data')
      request.pause()
      giveBack()
      reject(error)
    }
    const grow = (needed: number): boolean => {
      const capacity = Math.min(limit, Math.max(needed, 2 * bytes.length))
      const more = Math.max(0, capacity - OWN_BYTES) - borrowed
      if (sharedBytes + more > SHARED_BYTES) return false
      sharedBytes += more
      borrowed += more
      const larger = Buffer.allocUnsafe(capacity)
      bytes.copy(larger, 0, 0, size)
      bytes = larger
      return true
    }
    request.on('data', (chunk: Buffer) => {
      const needed = size + chunk.length
      if (needed > limit) return refuse(new BodyTooLarge())
      if (needed > bytes.length && !grow(needed)) return refuse(new TooManyBodies())
      chunk.copy(bytes, size)
      size = needed
    })
    request.on('end', () => {
      giveBack()
      resolve(bytes.subarray(0, size))
    })
    request.on('error', (error) => refuse(error))
    request.on('aborted', () => refuse(new Error('the client went away')))
  })
}
