// Clients that take their time, or never end: they hold up nobody else and fill no memory
// (docs/reference/threats.md 47, 50).
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { type Answer, call } from '../refusals/raw-request.ts'
import { makePool, makeUsers, type Pool, residentMegabytes, signIn } from './load.ts'

const SLOW_CLIENTS = 300
const LIMIT = 1024 * 1024

let server: StartedServer
let pool: Pool
let AccessToken: string
const sockets: Socket[] = []
beforeAll(async () => {
  server = await startServer()
  pool = await makePool(server)
  await makeUsers(server, pool, 1)
  const { AuthenticationResult } = (await signIn(server, pool, 0)).json
  AccessToken = (AuthenticationResult as { AccessToken: string }).AccessToken
}, 60_000)
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})
afterAll(() => server?.stop())

const getUser = (): Promise<Answer> => call(server, 'GetUser', { AccessToken })

/** A connection that has sent this much; what comes back is collected. */
async function open(text: string): Promise<{ socket: Socket; received: () => string }> {
  const { hostname, port } = new URL(server.url)
  const socket = connect({ host: hostname, port: Number(port) })
  sockets.push(socket)
  let received = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk
  })
  socket.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  if (text !== '') await new Promise((resolve) => socket.write(text, resolve))
  return { socket, received: () => received }
}

const head = (length: number | 'chunked'): string =>
  [
    'POST / HTTP/1.1',
    'host: localhost',
    'content-type: application/x-amz-json-1.1',
    'x-amz-target: AWSCognitoIdentityProviderService.GetUser',
    length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`,
    '',
    '',
  ].join('\r\n')

async function until(condition: () => boolean, milliseconds = 15_000): Promise<void> {
  for (const end = performance.now() + milliseconds; !condition() && performance.now() < end; ) await sleep(20)
  expect(condition()).toBe(true)
}

const body = (): string => JSON.stringify({ AccessToken })

test.each([
  ['half a body', () => head(body().length) + body().slice(0, 100)],
  ['half a head', () => head(100).slice(0, 80)],
  ['nothing', () => ''],
])(`${SLOW_CLIENTS} clients that send %s hold up nobody`, async (_, text) => {
  const slow = await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => open(text())))
  for (let calls = 0; calls < 50; calls++) expect((await getUser()).status).toBe(200)
  expect((await signIn(server, pool, 0)).status).toBe(200)
  // All of them were still there.
  for (const { socket, received } of slow) expect([received(), socket.closed]).toEqual(['', false])
})

test('a body that comes byte by byte is answered like any other', async () => {
  const text = body()
  const { socket, received } = await open(head(text.length) + text.slice(0, -20))
  for (const byte of text.slice(-20)) {
    socket.write(byte)
    await sleep(5)
  }
  await until(() => received().includes('"Username":"u0"'))
  expect(received()).toMatch(/^HTTP\/1\.1 200 /)
})

test('a client that goes away in the middle of its body leaves nothing behind', async () => {
  for (let i = 0; i < 50; i++) (await open(head(1000) + body().slice(0, 100))).socket.destroy()
  expect((await getUser()).status).toBe(200)
  expect(server.output()).not.toContain('"level":50')
})

test('bodies without end are refused when they are too long, and read no further', async () => {
  const before = residentMegabytes(server.pid)
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const sent: number[] = await Promise.all(
    Array.from({ length: 30 }, async () => {
      const { socket, received } = await open(head('chunked'))
      let bytes = 0
      while (received() === '' && !socket.destroyed && bytes < 64 * LIMIT) {
        bytes += chunk.length
        if (!socket.write(chunk))
          await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), sleep(100)])
      }
      await until(() => received().includes('InvalidParameterException'))
      expect(received()).toMatch(/^HTTP\/1\.1 413 /)
      return bytes
    }),
  )
  // Some are on their way in the buffers of both ends.
  expect(Math.max(...sent)).toBeLessThan(16 * LIMIT)
  expect(residentMegabytes(server.pid) - before).toBeLessThan(100)
  expect((await getUser()).status).toBe(200)
})

test('a length that is too much is refused before the body comes', async () => {
  const { received } = await open(head(LIMIT + 1))
  await until(() => received().includes('InvalidParameterException'))
  expect(received()).toMatch(/^HTTP\/1\.1 413 /)
})

test('many large bodies that do not end take little memory, and usual ones are answered', async () => {
  const before = residentMegabytes(server.pid)
  const almost = 'x'.repeat(LIMIT - 1)
  await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => Promise.race([open(head(LIMIT) + almost), sleep(5000)])))
  expect((await getUser()).status).toBe(200)
  expect(residentMegabytes(server.pid) - before).toBeLessThan(150)

  // Another large one is refused in a way that SDKs try again, and is taken as soon as there is room.
  const large = (): Promise<Answer> => call(server, 'GetUser', { AccessToken, Extra: 'x'.repeat(500_000) })
  const { status, json, headers } = await large()
  expect({ status, ...json }).toEqual({ status: 400, __type: 'TooManyRequestsException', message: 'Rate exceeded' })
  expect(headers).toMatchObject({
    'x-amzn-requestid': expect.stringMatching(/^[\da-f-]{36}$/),
    'access-control-allow-origin': '*',
  })
  for (const socket of sockets.splice(0)) socket.destroy()
  let answer = await large()
  for (let tries = 0; tries < 50 && answer.status !== 200; tries++) {
    await sleep(100)
    answer = await large()
  }
  expect(answer.status).toBe(200)
})

test('a body in chunks of one byte takes no more memory than it has bytes', async () => {
  const before = residentMegabytes(server.pid)
  const bytes = 150_000
  const clients = await Promise.all(Array.from({ length: 8 }, () => open(head('chunked') + '1\r\nx\r\n'.repeat(bytes))))
  // Everything before this was read when the last of them is answered.
  for (const { socket } of clients) socket.write('0\r\n\r\n')
  let most = 0
  await until(() => {
    most = Math.max(most, residentMegabytes(server.pid))
    return clients.every(({ received }) => received().includes('SerializationException'))
  })
  expect(most - before).toBeLessThan(100)
})
