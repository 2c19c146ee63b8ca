import type { IncomingMessage, RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { useLoopbackServer } from '../../test/loopback-server.ts'
import { type HostSet, parseHosts } from '../config/allowed-hosts.ts'
import type { WebAnswer, WebFailure } from './effects.ts'
import { createWebClient, type WebClientOptions } from './web-client.ts'

const certificate = makeCertificate('rsa', ['localhost', 'idp.example.com', 'other.example.com'])
const none = parseHosts('') as HostSet
const own = parseHosts('idp.example.com, other.example.com') as HostSet

/** A fake resolver; records every name that is looked up. */
const names: Record<string, string[]> = {}
let looked: string[] = []
const lookup = async (host: string): Promise<string[]> => {
  looked.push(host)
  const found = names[host]
  if (!found) throw Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })
  return found
}

const client = (options: Partial<WebClientOptions> = {}) =>
  createWebClient({ allowed: none, loopback: true, authorities: certificate.pem, lookup, timeoutMs: 2000, ...options })

let answer: RequestListener = (_request, response) => void response.end('hello')
let seen: IncomingMessage[] = []
const listener: RequestListener = (request, response) => {
  seen.push(request)
  answer(request, response)
}
const plain = useLoopbackServer(listener)
const tls = useLoopbackServer(listener, certificate)
let connections = 0
/** A server that no request may reach; counts connections. */
const canary = createTcpServer((socket) => {
  connections++
  socket.destroy()
})
const portOf = (server: Server): number => (server.address() as AddressInfo).port
const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
beforeAll(() => listen(canary))
afterAll(() => void canary.close())
afterEach(() => {
  answer = (_request, response) => void response.end('hello')
  seen = []
  looked = []
  for (const name of Object.keys(names)) delete names[name]
})

const here = (path = '/'): string => `http://127.0.0.1:${plain.port}${path}`
const secure = (host = 'localhost', path = '/'): string => `https://${host}:${tls.port}${path}`
const failed = (result: WebAnswer | WebFailure): string | undefined => ('failed' in result ? result.failed : undefined)
const textOf = (result: WebAnswer | WebFailure): string =>
  'failed' in result ? `failed: ${result.failed}` : String(result.body)

describe('addresses', () => {
  test('http and https to this machine are allowed by a loopback name', async () => {
    names.localhost = ['127.0.0.1']
    expect(await client().send({ url: here() })).toEqual({ status: 200, contentType: '', body: Buffer.from('hello') })
    expect(textOf(await client().send({ url: `http://localhost:${plain.port}/` }))).toBe('hello')
    expect(textOf(await client().send({ url: secure() }))).toBe('hello')
    expect(textOf(await client().send({ url: secure('127.0.0.1') }))).toBe('hello')
  })

  test('this machine is forbidden in production, unless it is listed', async () => {
    names.localhost = ['127.0.0.1']
    const production = { loopback: false }
    for (const url of [here(), secure(), secure('127.0.0.1')])
      expect(failed(await client(production).send({ url }))).toBe('forbidden-address')
    for (const listed of ['localhost, 127.0.0.1', '127.0.0.0/8'])
      for (const url of [here(), secure(), secure('127.0.0.1')])
        expect(textOf(await client({ ...production, allowed: parseHosts(listed) as HostSet }).send({ url }))).toBe(
          'hello',
        )
  })

  test('a loopback name that resolves to another machine is forbidden', async () => {
    names['x.localhost'] = ['10.0.0.1']
    expect(failed(await client().send({ url: `http://x.localhost:${portOf(canary)}/` }))).toBe('forbidden-address')
    names['x.localhost'] = ['8.8.8.8']
    expect(failed(await client().send({ url: `http://x.localhost:${portOf(canary)}/` }))).toBe('forbidden-address')
  })

  test('of several addresses only the allowed ones are connected to', async () => {
    names['idp.example.com'] = ['169.254.169.254', 'fe80::1', '127.0.0.1', '::ffff:169.254.169.254']
    expect(textOf(await client({ allowed: own }).send({ url: secure('idp.example.com') }))).toBe('hello')
    names['idp.example.com'] = ['169.254.169.254', 'fe80::1']
    expect(failed(await client({ allowed: own }).send({ url: secure('idp.example.com') }))).toBe('forbidden-address')
  })

  test('a name is resolved once, so DNS rebinding has no effect', async () => {
    let times = 0
    const rebinding = async (): Promise<string[]> => (times++ === 0 ? ['127.0.0.1'] : ['10.0.0.1'])
    expect(textOf(await client({ allowed: own, lookup: rebinding }).send({ url: secure('idp.example.com') }))).toBe(
      'hello',
    )
    expect(times).toBe(1)
  })

  test('listed ranges are allowed under any name', async () => {
    names['idp.example.com'] = ['127.0.0.1']
    const url = secure('idp.example.com')
    expect(failed(await client().send({ url }))).toBe('forbidden-address')
    expect(textOf(await client({ allowed: parseHosts('127.0.0.0/24') as HostSet }).send({ url }))).toBe('hello')
    expect(failed(await client({ allowed: parseHosts('127.0.1.0/24, ::1') as HostSet }).send({ url }))).toBe(
      'forbidden-address',
    )
  })

  test('a document from another host cannot refer to this machine', async () => {
    names.localhost = ['127.0.0.1']
    for (const url of [here(), secure()]) {
      expect(failed(await client().send({ url, namedBy: 'https://idp.example.com/' }))).toBe('forbidden-address')
      expect(textOf(await client().send({ url, namedBy: 'http://localhost:1/' }))).toBe('hello')
    }
    expect(seen).toHaveLength(2)
  })

  test('no request of these tests reached the forbidden server', () => expect(connections).toBe(0))
})

describe('redirects', () => {
  const redirect = (to: string, status = 302): void => {
    answer = (request, response) =>
      request.url === '/'
        ? void response.writeHead(status, { location: to }).end('moved')
        : void response.end('arrived')
  }

  test.each([301, 302, 303, 307, 308])('%i is followed', async (status) => {
    redirect('/there', status)
    expect(textOf(await client().send({ url: here(), headers: { 'x-mine': '1' } }))).toBe('arrived')
    expect(seen.map(({ headers }) => headers['x-mine'])).toEqual(['1', '1'])
  })

  test('at most three are followed', async () => {
    answer = (request, response) => void response.writeHead(302, { location: `${request.url}x` }).end()
    expect(failed(await client().send({ url: here() }))).toBe('bad-redirect')
    expect(seen).toHaveLength(4)
  })

  test('to another host drop the headers of the request', async () => {
    names['idp.example.com'] = ['127.0.0.1']
    names['other.example.com'] = ['127.0.0.1']
    redirect(secure('other.example.com', '/there'))
    const request = { url: secure('idp.example.com'), headers: { 'x-mine': '1' } }
    expect(textOf(await client({ allowed: own }).send(request))).toBe('arrived')
    expect(seen.map(({ headers }) => headers['x-mine'])).toEqual(['1', undefined])
  })

  test.each([
    ['https://169.254.169.254/latest/meta-data/', 'forbidden-address'],
    ['https://10.0.0.1/', 'forbidden-address'],
    ['https://[fd00:ec2::254]/', 'forbidden-address'],
    ['https://private.example/', 'forbidden-address'],
    ['https://localhost/', 'forbidden-address'],
    ['https://127.0.0.1/', 'forbidden-address'],
    ['http://localhost/', 'bad-redirect'],
    ['http://idp.example.com/', 'bad-redirect'],
    ['file:///etc/passwd', 'bad-redirect'],
    ['https://user:password@idp.example.com/', 'bad-redirect'],
    ['https://[', 'bad-redirect'],
  ])('to %s are refused', async (to, reason) => {
    names['idp.example.com'] = ['127.0.0.1']
    names['private.example'] = ['192.168.0.1']
    names.localhost = ['127.0.0.1']
    redirect(to)
    expect(failed(await client({ allowed: own }).send({ url: secure('idp.example.com') }))).toBe(reason)
    expect(seen).toHaveLength(1)
  })

  test('from http to https are followed', async () => {
    names.localhost = ['127.0.0.1']
    redirect(secure('localhost', '/there'))
    expect(textOf(await client().send({ url: here() }))).toBe('arrived')
  })

  test('are not followed with an Authorization header, nor for POST', async () => {
    redirect('/there')
    for (const request of [{ headers: { Authorization: 'Bearer x' } }, { method: 'POST', body: 'x' } as const]) {
      expect(await client().send({ url: here(), ...request })).toMatchObject({ status: 302 })
      expect(seen.splice(0)).toHaveLength(1)
    }
  })
})

describe('requests', () => {
  test('carry a User-Agent and no other headers of our own', async () => {
    answer = (request, response) =>
      void request.pipe(response.setHeader('set-cookie', 'a=b').setHeader('content-type', 'text/x'))
    const web = client()
    const request = {
      url: here('/path?q=1#fragment'),
      method: 'POST',
      body: 'ünï',
      headers: { 'content-type': 'text/plain', 'user-agent': 'x' },
    } as const
    expect(await web.send(request)).toEqual({ status: 200, contentType: 'text/x', body: Buffer.from('ünï') })
    await web.send(request)
    for (const { headers, url, method } of seen) {
      expect([method, url]).toEqual(['POST', '/path?q=1'])
      expect(headers).toEqual({
        accept: 'application/json',
        'accept-encoding': 'identity',
        connection: 'close',
        'content-length': '5',
        'content-type': 'text/plain',
        host: `127.0.0.1:${plain.port}`,
        'user-agent': 'cognomen',
      })
    }
  })

  test('with invalid headers are a failure, not an exception', async () => {
    expect(failed(await client().send({ url: here(), headers: { 'x-mine': 'a\r\nb: c' } }))).toBe('bad-url')
    expect(failed(await client().send({ url: here(), headers: { 'x mine': 'a' } }))).toBe('bad-url')
  })

  test('go through no proxy of the environment', async () => {
    const before = { ...process.env }
    Object.assign(process.env, {
      HTTP_PROXY: `http://127.0.0.1:${portOf(canary)}`,
      HTTPS_PROXY: `http://127.0.0.1:${portOf(canary)}`,
      NODE_USE_ENV_PROXY: '1',
    })
    try {
      expect(textOf(await client().send({ url: here() }))).toBe('hello')
    } finally {
      process.env = before
    }
    expect(connections).toBe(0)
  })

  test('trust no certificate of an unknown authority, nor one for another host', async () => {
    names['idp.example.com'] = ['127.0.0.1']
    names['third.example.com'] = ['127.0.0.1']
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      const stranger = makeCertificate('rsa').pem
      const unknown = await client({ allowed: own, authorities: stranger }).send({ url: secure('idp.example.com') })
      expect(unknown).toMatchObject({ failed: 'no-answer', detail: expect.stringMatching(/SELF_SIGNED|UNABLE/) })
      const allowed = parseHosts('third.example.com') as HostSet
      expect(await client({ allowed }).send({ url: secure('third.example.com') })).toMatchObject({
        failed: 'no-answer',
        detail: expect.stringContaining('ALTNAME'),
      })
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    }
    expect(seen).toEqual([])
  })
})

describe('answers', () => {
  test('that are too large are cut off, with Content-Length or without', async () => {
    answer = (_request, response) => void response.end('x'.repeat(101))
    expect(failed(await client().send({ url: here(), maxAnswer: 100 }))).toBe('too-large')
    answer = (_request, response) => void response.end('x'.repeat(100))
    expect(textOf(await client().send({ url: here(), maxAnswer: 100 }))).toHaveLength(100)
    let written = 0
    answer = (_request, response) => {
      const chunk = Buffer.alloc(64 * 1024)
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length
      }
      response.on('drain', more)
      more()
    }
    expect(failed(await client().send({ url: here() }))).toBe('too-large')
    // 256 KiB and what was in buffers.
    expect(written).toBeLessThan(16 * 1024 * 1024)
  })

  test('that never begin, or never end, time out', async () => {
    const patient = client({ timeoutMs: 300 })
    answer = () => undefined
    expect(failed(await patient.send({ url: here() }))).toBe('timeout')
    answer = (_request, response) => {
      response.flushHeaders()
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    }
    expect(failed(await patient.send({ url: here() }))).toBe('timeout')
    // The time-out is for all redirects together.
    answer = (request, response) =>
      void setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 120)
    expect(failed(await patient.send({ url: here() }))).toBe('timeout')
    const never = createWebClient({
      allowed: own,
      loopback: true,
      timeoutMs: 200,
      lookup: () => new Promise(() => undefined),
    })
    expect(failed(await never.send({ url: secure('idp.example.com') }))).toBe('timeout')
  })

  test.each<[string, RequestListener]>([
    ['compressed', (_request, response) => void response.setHeader('content-encoding', 'gzip').end(gzipSync('hello'))],
    [
      'cut short',
      (_request, response) => void response.setHeader('content-length', '9').write('x', () => response.destroy()),
    ],
    ['closed', (request) => void request.socket.destroy()],
    ['another protocol', (request) => void request.socket.end('SSH-2.0-x\r\n')],
    [
      'headers without end',
      (request) => void request.socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`),
    ],
    [
      'two lengths',
      (request) => void request.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxy'),
    ],
    [
      'a switch of protocols',
      (request) => void request.socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
  ])('%s is no answer', async (_case, how) => {
    answer = how
    expect(failed(await client().send({ url: here() }))).toBe('no-answer')
  })

  test('of an unknown host or a closed port are a failure', async () => {
    const closed = createTcpServer()
    await listen(closed)
    const port = portOf(closed)
    await new Promise((resolve) => closed.close(resolve))
    expect(await client().send({ url: `http://127.0.0.1:${port}/` })).toEqual({
      failed: 'no-answer',
      detail: `127.0.0.1:${port}: ECONNREFUSED`,
    })
    expect(failed(await client().send({ url: 'https://nowhere.example/' }))).toBe('no-answer')
  })

  test('of a slow host use up only the limit of that host', async () => {
    const waiting: (() => void)[] = []
    answer = (_request, response) => void waiting.push(() => response.end('late'))
    const web = client()
    const slow = Array.from({ length: 20 }, () => web.send({ url: here() }))
    await expect.poll(() => waiting.length).toBe(16)
    names.localhost = ['127.0.0.1']
    const other = web.send({ url: `http://localhost:${plain.port}/` })
    await expect.poll(() => waiting.length).toBe(17)
    for (const finish of waiting) finish()
    const outcomes = (await Promise.all(slow)).map(textOf)
    expect(outcomes.filter((text) => text === 'late')).toHaveLength(16)
    expect(outcomes.filter((text) => text === 'failed: busy')).toHaveLength(4)
    expect(textOf(await other)).toBe('late')
    answer = (_request, response) => void response.end('again')
    expect(textOf(await web.send({ url: here() }))).toBe('again')
  })

  test('are aborted when the server stops', async () => {
    answer = () => undefined
    const web = client({ timeoutMs: 60_000 })
    const waiting = web.send({ url: here() })
    await expect.poll(() => seen.length).toBe(1)
    web.close()
    expect(failed(await waiting)).toBe('timeout')
    expect(failed(await web.send({ url: here() }))).toBe('timeout')
  })
})
