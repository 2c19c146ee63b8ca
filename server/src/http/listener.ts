// The socket's side of the server: reading bodies within bounds, and stopping without failing a request in flight.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'

export type Handler = (request: IncomingMessage, response: ServerResponse) => void

export interface Listener {
  readonly port: number
  /** From now on requests go to `handler`. */
  serve(handler: Handler): void
  /** Takes no new connections, finishes every request, then closes. */
  stop(): Promise<void>
}

// How long an idle connection may still bring a request after the stop began: the client may have sent it already.
const IDLE_GRACE_MS = 250
const REQUEST_GRACE_MS = 30_000

/** Listens; rejects with the system's error (EADDRINUSE, EACCES) when it cannot. */
export async function listen(host: string, port: number): Promise<Listener> {
  const server = createServer({
    keepAliveTimeout: 65_000,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    maxHeaderSize: 16 * 1024,
    noDelay: true,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    serve: (handler) => void server.on('request', handler),
    stop: () => stop(server),
  }
}

async function stop(server: Server): Promise<void> {
  // Every answer from now on closes its connection.
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false
  })
  // net's close stops listening and leaves connections alone; http's would cut idle ones, on which a request may be under way.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_GRACE_MS)
  const force = setTimeout(() => server.closeAllConnections(), REQUEST_GRACE_MS)
  await closed
  clearInterval(idle)
  clearTimeout(force)
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
