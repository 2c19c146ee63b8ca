// The gate behind the proxies themselves, run with the configuration that docs/gate.md shows: what is signed passes,
// with who it is; what two readers could read differently, and a body that nobody signed, never reaches the service.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { type AddressInfo, connect, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Sha256 } from '@aws-crypto/sha256-js'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'

const page = readFileSync(fileURLToPath(new URL('../docs/gate.md', import.meta.url)), 'utf8')
const HOST = 'shop.example.com'
const EMPTY = createHash('sha256').digest('hex')

interface Proxy {
  name: string
  /** What the page calls its block of configuration. */
  block: RegExp
  /** The words of its output that say it is ready. */
  ready: string
  /** Its command, after the files that it needs are written. */
  command: (block: string, at: Places) => string[]
}

interface Places {
  folder: string
  port: number
  /** Where it speaks HTTP/2 in clear text; nginx only. */
  http2Port: number
  gate: string
  service: string
}

const proxies: readonly Proxy[] = [
  {
    name: 'nginx',
    block: /```nginx\n(.*?)```/s,
    ready: 'start worker process',
    command(block, { folder, port, http2Port, gate, service }) {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (kind) => `${kind}_temp_path ${folder}/${kind};`,
      )
      const own = block.replaceAll('http://127.0.0.1:9229', gate)
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; pid ${folder}/pid; error_log stderr notice; worker_processes 1;
        ${process.getuid?.() === 0 ? 'user root;' : ''}
        events {}
        http {
          access_log off; ${temporary.join(' ')}
          upstream orders { server ${service}; }
          server { listen 127.0.0.1:${port}; listen 127.0.0.1:${http2Port} http2; server_name ${HOST}; ${own} }
          server { listen 127.0.0.1:${port}; server_name admin.example.com; ${own.replaceAll('/orders/', '/')} }
        }`,
      )
      return ['nginx', '-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')]
    },
  },
  {
    name: 'caddy',
    block: /```\n(route \{.*?)```/s,
    ready: 'serving initial configuration',
    command(block, { folder, port, gate, service }) {
      const own = block.replaceAll('127.0.0.1:9229', new URL(gate).host).replaceAll('orders:8080', service)
      writeFileSync(
        join(folder, 'Caddyfile'),
        `{\n admin off\n auto_https off\n}\n:${port} {\n bind 127.0.0.1\n${own}}\n`,
      )
      return ['caddy', 'run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile']
    },
  },
]

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
const isInstalled = (program: string): boolean => folders.some((folder) => existsSync(join(folder, program)))

interface Key {
  accessKeyId: string
  secretAccessKey: string
}

let server: StartedServer
let service: Server
let reached: string[] = []
let folder: string
let key: Key

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cognomen-proxies-'))
  const resource = 'arn:aws:execute-api:us-east-1:000000000000:shop/live/{method}/{path}'
  writeFileSync(join(folder, 'routes.json'), JSON.stringify({ orders: { action: 'execute-api:Invoke', resource } }))
  server = await startServer({ env: { GATE_ROUTES: join(folder, 'routes.json') } })
  key = await makeKey({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' })
  service = createServer((request, response) => {
    reached.push(request.url ?? '')
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url, headers } = request
      response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => service.once('listening', resolve))
})
afterAll(async () => {
  service?.close()
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function makeKey(statement: Record<string, string>): Promise<Key> {
  const { url: endpoint, region, credentials } = server
  const iam = new IAMClient({ endpoint, region, credentials })
  await iam.send(new CreateUserCommand({ UserName: 'caller' }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  await iam.send(new PutUserPolicyCommand({ UserName: 'caller', PolicyName: 'orders', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'caller' }))
  iam.destroy()
  return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
}

interface Signing {
  method?: string
  host?: string
  /** What is signed as the body. */
  body?: string
  /** Whether its hash is in a header, as the JavaScript SDK has it; else the signature alone covers it. */
  hashed?: boolean
  /** Signed as well. */
  headers?: Record<string, string>
}

async function sign(path: string, { method = 'GET', host = HOST, body, hashed = true, headers = {} }: Signing = {}) {
  const signer = new SignatureV4({
    service: 'execute-api',
    region: server.region,
    credentials: key,
    sha256: Sha256,
    applyChecksum: hashed,
  })
  const request = { method, protocol: 'http:', hostname: host, path, headers: { host, ...headers } }
  return (await signer.sign({ ...request, ...(body !== undefined && { body }) })).headers
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createSocketServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })

describe.each(proxies)('$name', ({ name, block, ready, command }) => {
  const isHere = isInstalled(name)
  if (!isHere) {
    const advice = `needs ${name}: apt-get install -y --no-install-recommends ${name === 'nginx' ? 'nginx-light' : name}`
    process.stderr.write(`conformance/gate-proxies.test.ts ${advice}\n`)
    test.skip(advice, () => undefined)
    return
  }
  let proxy: ChildProcess
  let port: number
  let http2Port: number

  beforeAll(async () => {
    port = await freePort()
    http2Port = await freePort()
    const own = block.exec(page)?.[1] as string
    const { port: servicePort } = service.address() as AddressInfo
    const places = { folder, port, http2Port, gate: server.url, service: `127.0.0.1:${servicePort}` }
    const [program = '', ...args] = command(own, places)
    const env = { PATH: folders.join(delimiter), HOME: folder }
    proxy = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    await new Promise<void>((resolve, reject) => {
      let said = ''
      proxy.stderr?.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (said.includes(ready)) resolve()
      })
      proxy.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${said}`)))
    })
  })
  afterAll(async () => {
    const ended = new Promise((resolve) => proxy?.once('exit', resolve))
    proxy?.kill('SIGTERM')
    if (proxy) await ended
  })

  /** Sends bytes and reads the answer to its end. Undefined for no answer. */
  const raw = (text: string) =>
    new Promise<{ status: number; json: Record<string, never> | undefined; reached: boolean }>((resolve, reject) => {
      reached = []
      let answer = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
      socket.setEncoding('latin1').on('data', (chunk) => {
        answer += chunk
      })
      socket.on('error', reject).on('close', () => {
        const [head = '', ...rest] = answer.split('\r\n\r\n')
        const json = /\{.*\}/s.exec(rest.join('\r\n\r\n'))?.[0]
        resolve({
          status: Number(head.split(' ')[1]),
          json: json?.startsWith('{"method"') ? JSON.parse(json) : undefined,
          reached: reached.length > 0,
        })
      })
    })

  const write = (method: string, target: string, headers: Record<string, string>, body = '') =>
    `${method} ${target} HTTP/1.1\r\n${Object.entries({ ...headers, connection: 'close' })
      .map(([header, value]) => `${header}: ${value}\r\n`)
      .join('')}\r\n${body}`

  const refused = { status: expect.toSatisfy((status: number) => status >= 400 && status < 500), reached: false }

  test('what is signed and allowed reaches the service, with who it is and nothing that the client claims', async () => {
    const claimed = { 'x-cognomen-arn': 'arn:forged', 'x-cognomen-sub': 'forged', 'x-cognomen-groups': 'admins' }
    const path = '/orders/a%20b/us-east-1%3A1'
    const answer = await raw(write('GET', `${path}?page=2`, { ...(await sign(path, {})), ...claimed }))
    // The query was not signed.
    expect(answer).toMatchObject(refused)
    const { status, json } = await raw(write('GET', path, { ...(await sign(path)), ...claimed }))
    expect([status, json?.['url']]).toEqual([200, path])
    expect(json?.['headers']).toMatchObject({
      'x-cognomen-arn': 'arn:aws:iam::000000000000:user/caller',
      'x-cognomen-body-sha256': EMPTY,
    })
    expect(JSON.stringify(json?.['headers'])).not.toMatch(/forged|admins/)
  })

  test('what is not signed does not', async () => {
    expect(await raw(write('GET', '/orders/1', { host: HOST }))).toMatchObject({ status: 401, reached: false })
    const forged = { host: HOST, 'x-original-uri': '/orders/2', 'x-forwarded-uri': '/orders/2' }
    const signed = await sign('/orders/2')
    expect(await raw(write('GET', '/orders/1', { ...signed, ...forged }))).toMatchObject(refused)
  })

  test.each([
    ...['/orders/../admin', '/orders/..;/admin', '/orders/..%3b/admin', '/orders/..%3B/x/../admin', '/orders/a;b'],
    ...['/orders/%252e%252e/admin', '/orders/%c0%ae%c0%ae/admin', '/orders/..%20/admin', '/orders/%2e%2e/admin'],
    ...[
      '/orders/..%2fadmin',
      '/orders//admin',
      '/orders/.%2e/orders/1',
      '/orders/a%00',
      '/orders/a%23b',
      '/orders/%31',
    ],
    ...['/orders/..\\admin', '/orders/a#/admin', '/orders/%ef%bc%8e%ef%bc%8e/admin', '/orders/\xe4', '/orders/a%3fb'],
  ])('%s does not reach the service', async (path) => {
    expect(await raw(write('GET', path, await sign(path)))).toMatchObject(refused)
  })

  test('a header that overrides the method or the path does not', async () => {
    const signed = await sign('/orders/1')
    for (const [name, value] of [
      ['x-http-method-override', 'DELETE'],
      ['x-original-url', '/admin'],
    ] as const)
      expect(await raw(write('GET', '/orders/1', { ...signed, [name]: value }))).toMatchObject(refused)
  })

  test('another host, or two, does not', async () => {
    const signed = await sign('/orders/1')
    const { host: _, ...others } = signed
    const absolute = write('GET', 'http://admin.example.com/orders/1', signed)
    if (name === 'nginx') expect(await raw(absolute)).toMatchObject(refused)
    expect(await raw(write('GET', '/orders/1', { ...others, host: 'admin.example.com' }))).toMatchObject(refused)
    const two = write('GET', '/orders/1', signed).replace('\r\n', '\r\nhost: admin.example.com\r\n')
    expect(await raw(two)).toMatchObject(refused)
  })

  test('a body reaches the service with the hash that was signed, or not at all', async () => {
    const body = '{"count":2}'
    const hash = createHash('sha256').update(body).digest('hex')
    const length = { 'content-length': String(body.length) }
    const chunked = { 'transfer-encoding': 'chunked' }
    const chunks = `b\r\n${body}\r\n0\r\n\r\n`
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const covered = await sign('/orders/1', { method, body })
      for (const request of [
        write(method, '/orders/1', { ...covered, ...length }, body),
        write(method, '/orders/1', { ...covered, ...chunked }, chunks),
      ]) {
        const { status, json } = await raw(request)
        expect([method, status, json?.['body']]).toEqual([method, 200, body])
        expect(json?.['headers']).toMatchObject({ 'x-cognomen-body-sha256': hash })
      }
    }
    for (const method of ['POST', 'PUT', 'PATCH']) {
      // Signed as empty, or over a body whose hash only the signature has.
      for (const signed of [
        await sign('/orders/1', { method, hashed: false }),
        await sign('/orders/1', { method, hashed: false, body }),
      ]) {
        expect(await raw(write(method, '/orders/1', { ...signed, ...length }, body))).toMatchObject(refused)
        expect(await raw(write(method, '/orders/1', { ...signed, ...chunked }, chunks))).toMatchObject(refused)
      }
    }
  })

  if (name !== 'nginx') return

  test('nginx knows of a body by its head: without one a POST passes, with one not even a GET', async () => {
    const body = '{"count":2}'
    const post = await sign('/orders/1', { method: 'POST', hashed: false })
    expect((await raw(write('POST', '/orders/1', post))).status).toBe(200)
    expect((await raw(write('POST', '/orders/1', { ...post, 'content-length': '0' }))).status).toBe(200)
    const get = await sign('/orders/1', { hashed: false })
    const withLength = { ...get, 'content-length': String(body.length) }
    expect(await raw(write('GET', '/orders/1', withLength, body))).toMatchObject(refused)
    const chunked = write('GET', '/orders/1', { ...get, 'transfer-encoding': 'chunked' }, `b\r\n${body}\r\n0\r\n\r\n`)
    expect(await raw(chunked)).toMatchObject(refused)
    // A length that the client signed, as the JavaScript SDK does.
    const signedLength = { method: 'POST', body, headers: { 'content-length': String(body.length) } }
    expect((await raw(write('POST', '/orders/1', await sign('/orders/1', signedLength), body))).status).toBe(200)
  })

  test('nginx over HTTP/2, which announces no body', async () => {
    const session = connectHttp2(`http://127.0.0.1:${http2Port}`)
    const ask = (method: string, { host: authority = '', ...headers }: Record<string, string>, body?: string) =>
      new Promise<number>((resolve, reject) => {
        const stream = session.request(
          { ':method': method, ':path': '/orders/1', ':authority': authority, ...headers },
          { endStream: body === undefined },
        )
        stream.on('response', (answer) => resolve(Number(answer[':status']))).on('error', reject)
        stream.resume()
        if (body !== undefined) stream.end(body)
      })
    const statuses = {
      get: await ask('GET', await sign('/orders/1', { hashed: false })),
      post: await ask('POST', await sign('/orders/1', { method: 'POST', hashed: false }), '{"count":2}'),
      hashed: await ask('POST', await sign('/orders/1', { method: 'POST', body: '{}' }), '{}'),
      empty: await ask('POST', await sign('/orders/1', { method: 'POST', hashed: false })),
    }
    session.close()
    expect(statuses).toEqual({ get: 200, post: 401, hashed: 200, empty: 401 })
  })
})
