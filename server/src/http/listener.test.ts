// The limits on the number of connections and on the time of a request, tested with plain sockets
// (docs/reference/threats.md 50).
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { type Bounds, type Listener, listen } from './listener.ts'

let listener: Listener | undefined
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await listener?.stop()
})

const start = async (bounds: Bounds): Promise<Listener> => {
  listener = await listen('127.0.0.1', 0, bounds)
  listener.serve((request, response) => {
    request.resume().on('end', () => response.end('answered'))
  })
  return listener
}

const open = ({ port }: Listener): Socket => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  sockets.push(socket)
  return socket
}

const REQUEST = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'

/** Sends a request and resolves with whether it was answered; the connection stays. */
const ask = (socket: Socket): Promise<boolean> =>
  new Promise((resolve) => {
    socket.once('data', () => resolve(true)).once('close', () => resolve(false))
    socket.write(REQUEST)
  })

test('idle connections are closed when a new one is refused', async () => {
  const server = await start({ maxConnections: 3 })
  const first = [open(server), open(server), open(server)]
  for (const socket of first) expect(await ask(socket)).toBe(true)
  // The fourth is refused, and the idle ones are closed.
  const closed = Promise.all(first.map((socket) => once(socket, 'close')))
  expect(await ask(open(server))).toBe(false)
  await closed
  expect(await ask(open(server))).toBe(true)
})

test('connections in use are not closed for new ones', async () => {
  const server = await start({ maxConnections: 2 })
  const busy = [open(server), open(server)]
  for (const socket of busy) socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n12345')
  // Wait until both are connected.
  await Promise.all(busy.map((socket) => once(socket, 'connect')))
  expect(await ask(open(server))).toBe(false)
  const answers = busy.map((socket) => once(socket, 'data'))
  for (const socket of busy) socket.write('67890')
  for (const [answer] of await Promise.all(answers)) expect(String(answer)).toMatch(/^HTTP\/1\.1 200 .*answered/s)
})

test.each([
  ['nothing', ''],
  ['half a head', REQUEST.slice(0, 20)],
  ['half a body', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n12345'],
])('a client that sends %s does not keep its connection', async (_, sent) => {
  const server = await start({ maxConnections: 10, headersMs: 100, requestMs: 200, checkMs: 50 })
  const socket = open(server)
  socket.write(sent)
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
})
