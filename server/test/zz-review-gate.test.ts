import net from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestServer, type TestServer } from './harness.ts'
let server: TestServer
beforeAll(async () => { server = await startTestServer() })
afterAll(async () => { await server?.stop() })
const raw = (text: string) => new Promise<string>((resolve) => {
  const u = new URL(server.url)
  const s = net.connect(Number(u.port), u.hostname, () => s.write(text))
  let out = ''
  s.on('data', (d) => { out += d; if (out.includes('\r\n\r\n')) setTimeout(() => s.destroy(), 50) })
  s.on('close', () => resolve(out)); s.on('error', () => resolve(out))
  setTimeout(() => s.destroy(), 3000)
})
const paths = [
  '/authorize/envoy/orders/../../../health/live',
  '/authorize/envoy/orders/%2e%2e/%2e%2e/%2e%2e/health/live',
  '/authorize/envoy/orders/..\\..\\..\\health\\live',
  '/authorize/envoy/orders/.%2e/.%2E/../health/live',
  '/authorize/envoy/orders/x?y=/../../health/live',
  '/authorize/envoy/orders/x#/../../health/live',
  '/authorize/envoy/orders/x;/../../../../health/live',
  '/authorize/envoy/../../health/live',
  '//health/live',
  '/authorize/envoy/orders/a\tb',
  'http://evil/health/live',
]
it('paths', async () => {
  for (const p of paths) {
    const r = await raw(`GET ${p} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
    console.log(p, '=>', r.split('\r\n')[0], r.split('\r\n\r\n')[1]?.slice(0, 150))
  }
  const r = await raw(`POST /authorize/envoy/orders/../../../authorize HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`)
  console.log(r)
})
it('large', async () => {
  const before = process.memoryUsage().rss
  const res = await fetch(`${server.url}/authorize`, { method: 'POST', body: 'x'.repeat(60_000_000) })
  console.log(res.status, (process.memoryUsage().rss - before) / 1e6)
  const t = performance.now()
  const d = await fetch(`${server.url}/authorize`, { method: 'POST', body: '['.repeat(200_000) })
  console.log(d.status, performance.now() - t)
})
