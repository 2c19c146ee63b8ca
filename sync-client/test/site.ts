// A web site with the client and the service in memory behind it, and a real browser that visits it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { type FakeService, fakeService } from './fake-service.ts'

export interface Site {
  readonly url: string
  readonly service: FakeService
  /** Requests to the service end without an answer. */
  away: boolean
  close(): Promise<void>
}

/** An entry of the client as one script; its exports are members of `cognomen`. */
export async function bundleOf(entry: string): Promise<string> {
  const bundled = await rolldown({
    input: fileURLToPath(new URL(`../src/${entry}.ts`, import.meta.url)),
    platform: 'browser',
    // React's checks, such as StrictMode's, are in its development build alone.
    transform: { define: { 'process.env.NODE_ENV': '"development"' } },
  })
  const { output } = await bundled.generate({ format: 'iife', name: 'cognomen' })
  await bundled.close()
  return output[0].code
}

const page = '<!doctype html><meta charset="utf-8"><title>App</title><script src="/client.js"></script>'

export async function openSite(): Promise<Site> {
  const client = await bundleOf('whole')
  let strictPage: Promise<string> | undefined
  const service = fakeService()
  service.now = Date.now()
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    if (path === '/strict.js') strictPage ??= bundleOf('../test/strict-page')
    const text = {
      '/': page,
      '/client.js': client,
      '/strict.js': await strictPage,
      '/worker.js': `${client}\n;globalThis.cognomen = cognomen`,
    }[path]
    if (text !== undefined) {
      response.setHeader('content-type', path === '/' ? 'text/html' : 'text/javascript').end(text)
      return
    }
    if (site.away) {
      request.socket.destroy()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    service.now = Date.now()
    const answer = await service.fetch(`http://service.test${path.replace(/^\/api/, '')}`, {
      method: request.method ?? 'GET',
      headers: request.headers as Record<string, string>,
      ...(body && { body }),
    })
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    if (!answer.body) {
      response.end()
      return
    }
    const reader = answer.body.getReader()
    response.on('close', () => void reader.cancel().catch(() => {}))
    for (;;) {
      const { value, done } = await reader.read()
      if (done) break
      response.write(value)
    }
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const site: Site = {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    service,
    away: false,
    async close() {
      service.cutStreams()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return site
}
