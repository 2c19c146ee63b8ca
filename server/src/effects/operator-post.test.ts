// Posts to what the operator configured; what becomes of each call is tested where it is made (triggers/call.test.ts, senders).
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { NoAnswer, operatorPost } from './operator-post.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A server for one test; `connections`: those that were opened to it. */
async function serverOf(listener: RequestListener): Promise<{ url: string; connections: Socket[] }> {
  const connections: Socket[] = []
  const server = createServer(listener).on('connection', (socket) => void connections.push(socket))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?query`, connections }
}

const post = (url: string, more: Partial<Parameters<typeof operatorPost>[3]> = {}, body = '{}') =>
  operatorPost(url, { 'content-type': 'application/json' }, body, { maxAnswer: 10, closed: undefined, ...more })
const reasonOf = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.catch((thrown) => thrown)
  expect(error).toBeInstanceOf(NoAnswer)
  return (error as NoAnswer).reason
}

test('sends path, headers and body, and gives status, headers and text', async () => {
  const { url } = await serverOf(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, headers } = request
    const body = Buffer.concat(chunks).toString()
    response.writeHead(418, { 'x-seen': JSON.stringify([method, request.url, headers['content-type'], body.length]) })
    response.end('grün')
  })
  const { status, headers, text } = await post(url, {}, 'ü')
  expect({ status, text }).toEqual({ status: 418, text: 'grün' })
  expect(JSON.parse(String(headers['x-seen']))).toEqual(['POST', '/path?query', 'application/json', 1])
})

test('keeps its connection', async () => {
  const { url, connections } = await serverOf((_, response) => void response.end('ok'))
  for (let i = 0; i < 3; i++) expect((await post(url)).text).toBe('ok')
  expect(connections).toHaveLength(1)
})

test('sends a request once, also over a kept connection that the other side closes instead of an answer', async () => {
  let asked = 0
  const { url, connections } = await serverOf((request, response) => {
    if (++asked === 1) response.end('ok')
    else request.socket.destroy()
  })
  expect((await post(url)).text).toBe('ok')
  expect(await reasonOf(post(url))).toBe('ECONNRESET')
  expect([asked, connections.length]).toEqual([2, 1])
})

test('follows no redirect', async () => {
  const paths: (string | undefined)[] = []
  const { url } = await serverOf((request, response) => {
    paths.push(request.url)
    response.writeHead(307, { location: '/elsewhere' }).end()
  })
  expect((await post(url)).status).toBe(307)
  expect(paths).toEqual(['/path?query'])
})

test('reads no more than it may, also of an answer without an end', async () => {
  const { url, connections } = await serverOf((_, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write('x'.repeat(1000), () => setImmediate(more))
    }
    more()
  })
  expect((await post(url)).text).toBe('x'.repeat(10))
  expect(connections).toHaveLength(1)
})

test('gives up after the time, before an answer and within one', async () => {
  const silent = await serverOf(() => undefined)
  const begun = await serverOf((_, response) => void response.writeHead(200).write('a'))
  for (const { url } of [silent, begun]) expect(await reasonOf(post(url, { timeoutMs: 50 }))).toBe('TimeoutError')
})

test('ends when the server stops, also before it began', async () => {
  const closing = new AbortController()
  const { url } = await serverOf(() => closing.abort())
  expect(await reasonOf(post(url, { closed: closing.signal }))).toBe('AbortError')
  expect(await reasonOf(post(url, { closed: closing.signal }))).toBe('AbortError')
})

test('an answer that breaks off is none, and neither is a place where nobody listens', async () => {
  const { url } = await serverOf((request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('a', () => request.socket.destroy())
  })
  expect(await reasonOf(post(url, { maxAnswer: 1000 }))).toBe('ECONNRESET')
  const gone = await serverOf(() => undefined)
  for (const stop of stops.splice(-1)) stop()
  expect(await reasonOf(post(gone.url))).toBe('ECONNREFUSED')
})

test('many posts at once under one signal warn of no leak', async () => {
  const many = 20
  const waiting: ServerResponse[] = []
  const { url } = await serverOf((_, response) => {
    waiting.push(response)
    if (waiting.length === many) for (const each of waiting) each.end('ok')
  })
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  try {
    const { signal } = new AbortController()
    const posts = Array.from({ length: many }, () => post(url, { closed: signal }))
    expect((await Promise.all(posts)).map(({ text }) => text)).toEqual(Array(many).fill('ok'))
    // Node.js tells of a warning in a turn of its own.
    await turn()
    expect(warnings).toEqual([])
  } finally {
    process.off('warning', note)
  }
})
