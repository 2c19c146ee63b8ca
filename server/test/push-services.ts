// Push services for tests, on this machine: they take requests in the real wire form and answer what a test says.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { createServer as createHttp2Server, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll } from 'vitest'

export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

export interface StandIn {
  /** Known inside of tests and hooks. */
  readonly url: string
  readonly received: Received[]
  /** What it answers, until the end of the test; 200 without a body by default. */
  answer: (request: Received) => Answer | Promise<Answer>
}

export interface Answer {
  status: number
  body?: string
  headers?: Record<string, string>
}

/** For all tests of a file or `describe`. `http2`: it speaks HTTP/2 without TLS and nothing else. */
export function useStandIn(protocol: 'http1' | 'http2' = 'http1'): StandIn {
  const standard: StandIn['answer'] = () => ({ status: 200 })
  let server: Server | Http2Server | undefined
  const portOf = (): number => (server?.address() as AddressInfo | null)?.port ?? 0
  const standIn: StandIn = {
    get url() {
      return `http://127.0.0.1:${portOf()}`
    },
    received: [],
    answer: standard,
  }
  const answerTo = (request: Received) => {
    standIn.received.push(request)
    return standIn.answer(request)
  }
  beforeAll(async () => {
    if (protocol === 'http2') {
      const speaking = createHttp2Server()
      speaking.on('stream', (stream, headers) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', async () => {
          const { ':method': method = '', ':path': path = '', ...others } = headers
          const { status, body = '' } = await answerTo({ method, path, headers: others, body: Buffer.concat(chunks) })
          stream.respond({ ':status': status })
          stream.end(body)
        })
      })
      server = speaking
    } else
      server = createServer(async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        const { method = '', url: path = '', headers } = request
        const {
          status,
          body = '',
          headers: more = {},
        } = await answerTo({ method, path, headers, body: Buffer.concat(chunks) })
        response.writeHead(status, more).end(body)
      })
    await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    standIn.received.length = 0
    standIn.answer = standard
  })
  afterAll(() => {
    if (server && 'closeAllConnections' in server) server.closeAllConnections()
    server?.close()
  })
  return standIn
}
