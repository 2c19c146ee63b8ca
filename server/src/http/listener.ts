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
// While clients open a connection for each request there is no end to them.
const ACCEPT_TURNS = 10

/** Listens; rejects with the system's error (EADDRINUSE, EACCES) when it cannot. */
export async function listen(host: string, port: number): Promise<Listener> {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    maxHeaderSize: 16 * 1024,
    noDelay: true,
  })
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
  let taken = 0
  const count = (): void => void taken++
  server.on('connection', count)
  for (let before = -1, turn = 0; before < taken && turn < ACCEPT_TURNS; turn++) {
    before = taken
    // Two: the first ends the turn that is running, the second has looked at every socket.
    for (let half = 0; half < 2; half++) await new Promise((resolve) => setImmediate(resolve))
  }
  server.off('connection', count)
}

/** Thrown by readBody. */
export class BodyTooLarge extends Error {}

/** The whole body, at most `limit` bytes. Rejects with BodyTooLarge without reading on. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLarge()
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) {
        request.removeAllListeners('data')
        request.pause()
        reject(new BodyTooLarge())
      } else chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('aborted', () => reject(new Error('the client went away')))
  })
}
