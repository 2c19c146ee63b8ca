// Which connections stay open when there are too many, and which bodies are given up: nobody can hold the connections of
// everybody else by being slow (docs/reference/threats.md 50). Not here: the time-outs that node:http has itself.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { AddressSet } from '../config/address-ranges.ts'
import { clientNetwork, plainAddress } from './client-address.ts'
import type { DropReason } from './dropped-connections.ts'

const BODY_GRACE_MS = 10_000
/** A slow mobile connection has some thousand bytes a second. */
const BODY_BYTES_PER_SECOND = 1024

export interface ConnectionBounds {
  /** Concurrent connections. */
  readonly maxConnections: number
  /** Concurrent connections of one address (IPv6: of one /64). No bound of its own when absent. */
  readonly maxPerAddress?: number
  /** Addresses that no such bound applies to: of proxies, whose connections are those of many clients. */
  readonly proxies?: AddressSet
  /** The time that a body has before it must have come at `bodyBytesPerSecond`. */
  readonly bodyGraceMs?: number
  readonly bodyBytesPerSecond?: number
  /** How often the rate of bodies is checked. */
  readonly checkMs?: number
  /** Hears of each connection that is closed by these bounds. */
  readonly onDropped?: (reason: DropReason) => void
}

/** The connections of one address. */
interface Group {
  open: number
  /** Those without a request in service; the one that has waited the longest first. */
  readonly waiting: Set<Socket>
}

interface Connection {
  readonly network: string
  readonly group: Group
  /** The request whose body is on its way. */
  body?: { readonly since: number; readonly bytesBefore: number; readonly response: ServerResponse } | undefined
}

const KEPT_OPEN = 'cognomen:kept open'

/**
 * Says that an answer goes on for as long as its client likes, as an event stream does. Its connection counts no more and
 * is never closed for another one: whoever calls this has bounds of their own.
 */
export const keepOpen = (response: ServerResponse): void => void response.emit(KEPT_OPEN)

/**
 * Keeps the server within the bounds; returns the connections that are open. For one too many, the connection is closed
 * that has waited the longest for a whole request, since it was opened or last answered; of its own address when that has
 * too many. Where all connections have a request in service, the new one is closed.
 */
export function boundConnections(server: Server, bounds: ConnectionBounds): ReadonlyMap<Socket, unknown> {
  const { maxConnections, maxPerAddress = Number.POSITIVE_INFINITY, proxies } = bounds
  const open = new Map<Socket, Connection>()
  const groups = new Map<string, Group>()
  const waiting = new Set<Socket>()

  const forget = (socket: Socket): void => {
    const connection = open.get(socket)
    if (connection === undefined) return
    open.delete(socket)
    serve(socket, connection)
    if (--connection.group.open === 0) groups.delete(connection.network)
  }
  const serve = (socket: Socket, { group }: Connection): void => {
    waiting.delete(socket)
    group.waiting.delete(socket)
  }
  const wait = (socket: Socket, { group }: Connection): void => {
    waiting.add(socket)
    group.waiting.add(socket)
  }

  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '') ?? ''
    const network = clientNetwork(address)
    const group = groups.get(network) ?? { open: 0, waiting: new Set<Socket>() }
    const tooManyOfAddress = group.open >= maxPerAddress && !proxies?.has(address)
    if (tooManyOfAddress || open.size >= maxConnections) {
      bounds.onDropped?.(tooManyOfAddress ? 'tooManyOfAddress' : 'tooMany')
      const [longest] = tooManyOfAddress ? group.waiting : waiting
      if (longest === undefined) return void socket.destroy()
      // At once, not when the socket has closed: the next connection must not find it again.
      forget(longest)
      longest.destroy()
    }
    const connection: Connection = { network, group }
    groups.set(network, group)
    group.open++
    open.set(socket, connection)
    wait(socket, connection)
    socket.once('close', () => forget(socket))
  })

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const connection = open.get(socket)
    if (connection === undefined) return
    const whole = (): void => {
      connection.body = undefined
      serve(socket, connection)
    }
    if (hasBody(request)) {
      connection.body = { since: performance.now(), bytesBefore: socket.bytesRead, response }
      request.once('end', whole)
    } else whole()
    response.once(KEPT_OPEN, () => forget(socket))
    response.once('close', () => {
      connection.body = undefined
      serve(socket, connection)
      if (open.has(socket)) wait(socket, connection)
    })
  })

  // setImmediate: what has arrived while the event loop was busy is read first.
  const checks = setInterval(() => setImmediate(() => dropSlowBodies(open, bounds)), bounds.checkMs ?? 1_000)
  checks.unref()
  server.once('close', () => clearInterval(checks))
  return open
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** Answers 408 and closes the connection where a body comes too slowly. */
function dropSlowBodies(open: ReadonlyMap<Socket, Connection>, bounds: ConnectionBounds): void {
  const graceMs = bounds.bodyGraceMs ?? BODY_GRACE_MS
  const perSecond = bounds.bodyBytesPerSecond ?? BODY_BYTES_PER_SECOND
  const now = performance.now()
  for (const [socket, { body }] of open) {
    if (body === undefined) continue
    const seconds = (now - body.since - graceMs) / 1000
    if (socket.bytesRead - body.bytesBefore >= seconds * perSecond) continue
    bounds.onDropped?.('slowBody')
    if (!body.response.headersSent) socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    socket.destroy()
  }
}
