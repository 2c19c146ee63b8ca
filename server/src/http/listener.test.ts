// The limits on the number of connections and on the time of a request, tested with plain sockets
// (docs/reference/threats.md 50).
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { parseAddressRanges } from '../config/address-ranges.ts'
import { keepOpen } from './connections.ts'
import type { DropReason } from './dropped-connections.ts'
import { type Bounds, type Listener, listen } from './listener.ts'

let listener: Listener | undefined
const sockets: Socket[] = []
const dropped: DropReason[] = []
afterEach(async () => {
  dropped.length = 0
  for (const socket of sockets.splice(0)) socket.destroy()
  await listener?.stop()
})

const start = async (bounds: Bounds): Promise<Listener> => {
  listener = await listen('127.0.0.1', 0, { ...bounds, onDropped: (reason) => void dropped.push(reason) })
  listener.serve((request, response) => {
    request.resume().on('end', () => response.end('answered'))
  })
  return listener
}

/** A connection from an address of this machine. */
const open = ({ port }: Listener, localAddress = '127.0.0.1'): Socket => {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
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

const half = 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n12345'
const closed = (socket: Socket): Promise<unknown> => once(socket.resume(), 'close')

/** Waits until the server has taken all connections made before: it takes them in their order. */
async function taken(...opened: Socket[]): Promise<void> {
  await Promise.all(opened.map((socket) => socket.connecting && once(socket, 'connect')))
}

describe('one connection too many', () => {
  test('closes the one that was idle the longest', async () => {
    const server = await start({ maxConnections: 3 })
    const [first, second, third] = [open(server), open(server), open(server)]
    for (const socket of [first, second, third, first]) expect(await ask(socket)).toBe(true)
    const gone = closed(second)
    const fourth = open(server)
    expect(await ask(fourth)).toBe(true)
    await gone
    for (const socket of [first, third, fourth]) expect(await ask(socket)).toBe(true)
    expect(dropped).toEqual(['tooMany'])
  })

  test.each([
    ['nothing', ''],
    ['half a head', REQUEST.slice(0, 20)],
    ['half a body', half],
  ])('closes the oldest of those that have sent %s', async (_, sent) => {
    const server = await start({ maxConnections: 3 })
    const slow = [open(server), open(server), open(server)]
    for (const socket of slow) if (sent !== '') socket.write(sent)
    await taken(...slow)
    // As many new clients as there are connections are served, one after the other.
    for (const socket of slow) {
      const gone = closed(socket)
      expect(await ask(open(server))).toBe(true)
      await gone
    }
  })

  test('is closed itself when every other has a request in service', async () => {
    listener = await listen('127.0.0.1', 0, { maxConnections: 2 })
    const answers: (() => void)[] = []
    const both = new Promise<void>((resolve) => {
      listener?.serve((_request, response) => {
        answers.push(() => response.end('answered'))
        if (answers.length === 2) resolve()
      })
    })
    const asked = [open(listener), open(listener)].map(ask)
    await both
    expect(await ask(open(listener))).toBe(false)
    for (const answer of answers) answer()
    expect(await Promise.all(asked)).toEqual([true, true])
  })

  test('of an address closes one of that address, however old those of others are', async () => {
    const server = await start({ maxConnections: 10, maxPerAddress: 2 })
    const other = open(server, '127.0.0.2')
    const slow = [open(server), open(server)]
    await taken(other, ...slow)
    const gone = closed(slow[0] as Socket)
    const third = open(server)
    expect(await ask(third)).toBe(true)
    await gone
    expect(await ask(other)).toBe(true)
    expect(await ask(slow[1] as Socket)).toBe(true)
    expect(dropped).toEqual(['tooManyOfAddress'])
  })

  test('is none beside an answer that is kept open, which no other closes', async () => {
    listener = await listen('127.0.0.1', 0, {
      maxConnections: 2,
      maxPerAddress: 2,
      onDropped: (reason) => void dropped.push(reason),
    })
    listener.serve((request, response) => {
      if (request.url !== '/stream') return void response.end('answered')
      keepOpen(response)
      response.write('open')
    })
    const streams = [open(listener), open(listener), open(listener)]
    for (const socket of streams) {
      socket.write(REQUEST.replace('/', '/stream'))
      await once(socket, 'data')
    }
    const others = [open(listener), open(listener)]
    for (const socket of others) expect(await ask(socket)).toBe(true)
    for (const socket of streams) expect(socket.readyState).toBe('open')
    expect(dropped).toEqual([])
    // One that closes was not counted, so that there is no room for one more now.
    streams[0]?.destroy()
    const [oldest] = others
    const gone = closed(oldest as Socket)
    expect(await ask(open(listener))).toBe(true)
    await gone
  })

  test('of a proxy closes none, as they are those of many clients', async () => {
    const proxies = parseAddressRanges('127.0.0.1')
    const server = await start({ maxConnections: 10, maxPerAddress: 1, ...(proxies && { proxies }) })
    const many = [open(server), open(server), open(server)]
    for (const socket of [...many, ...many]) expect(await ask(socket)).toBe(true)
    expect(dropped).toEqual([])
  })
})

describe('a body', () => {
  const checks = { maxConnections: 10, checkMs: 20, bodyGraceMs: 200, bodyBytesPerSecond: 1_000_000_000 }

  test('that comes too slowly is given up', async () => {
    const socket = open(await start(checks))
    socket.write(half)
    expect(await text(socket)).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    expect(dropped).toEqual(['slowBody'])
  })

  test('that comes quickly enough is not', async () => {
    const server = await start({ maxConnections: 10, checkMs: 20, bodyGraceMs: 0, bodyBytesPerSecond: 1000 })
    const [quick, slow] = [open(server), open(server)]
    const answer = once(quick, 'data')
    // The bytes of some minutes, so that there is time for the rest.
    quick.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 400001\r\n\r\n${'x'.repeat(400_000)}`)
    slow.write(half)
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 408 /)
    quick.write('x')
    expect(String(await answer)).toMatch(/^HTTP\/1\.1 200 .*answered/s)
  })

  test('that has come whole has no such limit while its answer takes its time', async () => {
    listener = await listen('127.0.0.1', 0, checks)
    const done = new Promise<ServerResponse>((resolve) => {
      listener?.serve((request, response) => void request.resume().on('end', () => resolve(response)))
    })
    const [whole, slow] = [open(listener), open(listener)]
    const answer = once(whole, 'data')
    whole.write(`${half}67890`)
    const response = await done
    slow.write(half)
    expect(await text(slow)).toMatch(/^HTTP\/1\.1 408 /)
    response.end('answered')
    expect(String(await answer)).toMatch(/^HTTP\/1\.1 200 .*answered/s)
  })
})

test('a client that does not take its answer does not keep its connection', async () => {
  listener = await listen('127.0.0.1', 0, { maxConnections: 10, stallMs: 200 })
  const ended = new Promise<void>((resolve) => {
    listener?.serve((_request, response) => {
      response.once('close', resolve)
      response.end(Buffer.alloc(64 * 1024 * 1024))
    })
  })
  const socket = open(listener).pause()
  socket.write(REQUEST)
  await ended
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
