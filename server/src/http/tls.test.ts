import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { ConfigError, type RunningServer, start } from '../server.ts'
import { listen } from './listener.ts'

let folder: string
let server: RunningServer | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cognomen-tls-'))
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await rm(folder, { recursive: true })
})

const statusOf = (url: string, ca: string): Promise<number | string> =>
  new Promise((resolve) => {
    get(url, { ca, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    }).on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message))
  })

describe('TLS_LOCAL', () => {
  it('makes an authority that is kept, and a certificate for the names of the server', async () => {
    const env = { TLS_LOCAL: '1', DATA_DIR: folder, PUBLIC_URL: 'https://id.test:9229' }
    server = await start({ env })
    const { url } = server
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const authority = await readFile(join(folder, 'tls', 'authority.pem'), 'utf8')
    const { port } = new URL(url)
    for (const host of ['127.0.0.1', 'localhost'])
      expect([host, await statusOf(`https://${host}:${port}/health/live`, authority)]).toEqual([host, 200])
    expect(await statusOf(`${url}/health/live`, makeCertificate().pem)).toMatch(/^[A-Z_]*(ISSUER|VERIFY|SIGNED)/)
    const names = await new Promise<string>((resolve) => {
      const socket = connect({ port: Number(port), host: '127.0.0.1', ca: authority, servername: 'id.test' }, () => {
        resolve(socket.getPeerCertificate().subjectaltname ?? '')
        socket.destroy()
      })
    })
    for (const name of ['DNS:id.test', 'DNS:*.auth.localhost', 'DNS:localhost', 'IP Address:127.0.0.1'])
      expect(names).toContain(name)
    await server.stop()
    server = await start({ env: { ...env, PUBLIC_URL: 'https://other.test' } })
    expect(await readFile(join(folder, 'tls', 'authority.pem'), 'utf8')).toBe(authority)
    expect(await statusOf(`${server.url}/health/live`, authority)).toBe(200)
  })
})

describe('TLS_CERT_FILE and TLS_KEY_FILE', () => {
  const write = async (name: string) => {
    const made = makeCertificate('rsa', [name])
    await writeFile(join(folder, 'key.pem'), made.privatePem)
    await writeFile(join(folder, 'cert.pem'), made.pem)
    return made.pem
  }
  const files = () => ({ cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') })

  it('are refused at the start where they do not fit, by name', async () => {
    await write('localhost')
    const env = { TLS_CERT_FILE: files().cert, TLS_KEY_FILE: files().key }
    await writeFile(files().key, makeCertificate().privatePem)
    for (const broken of [env, { ...env, TLS_KEY_FILE: join(folder, 'none.pem') }, { TLS_CERT_FILE: files().cert }]) {
      const refusal = await start({ env: broken }).catch((error) => error)
      expect(refusal).toBeInstanceOf(ConfigError)
      expect(refusal.message).toMatch(/TLS_(CERT|KEY)_FILE/)
    }
  })

  it('are read again when they change, and the old ones stay where the new ones are broken', async () => {
    const first = await write('localhost')
    const outcomes: (Error | undefined)[] = []
    const bounds = { maxConnections: 10 }
    const onChange = (problem: Error | undefined) => outcomes.push(problem)
    const listener = await listen('127.0.0.1', 0, bounds, { files: files(), onChange, watchMs: 20 })
    listener.serve((_, response) => void response.end('ok'))
    try {
      const url = `https://127.0.0.1:${listener.port}/`
      expect(await statusOf(url, first)).toBe(200)
      await writeFile(files().cert, 'no certificate')
      await vi.waitFor(() => expect(outcomes.at(-1)).toBeInstanceOf(Error), { timeout: 20_000 })
      expect(await statusOf(url, first)).toBe(200)
      const second = await write('localhost')
      // The key is read with the old certificate where it is seen first: that one fails, too.
      await vi.waitFor(() => expect(outcomes.at(-1)).toBeUndefined(), { timeout: 20_000 })
      expect(await statusOf(url, second)).toBe(200)
      expect(await statusOf(url, first)).not.toBe(200)
    } finally {
      await listener.stop()
    }
  })
})
