// A server with a route at the gate, and requests to the gate as proxies send them.
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll } from 'vitest'
import { signRequest } from '../src/sigv4/sign.ts'
import { type Credentials, iamClient } from './aws-clients.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { makeIamUser } from './iam.ts'

export const RESOURCE = 'arn:aws:execute-api:us-east-1:000000000000:shop/live/{method}/{path}'
export const HOST = 'shop.example.com'

type Headers = readonly (readonly [string, string])[]

interface Signed {
  method?: string
  path?: string
  query?: string
  body?: string
  headers?: [string, string][]
  service?: string
}

/** Starts the server for a test file; `reader` may send GET requests to everything. Its parts are there in tests and hooks. */
export function useGate() {
  let parts: { server: TestServer; iam: IAMClient; folder: string; reader: Credentials }

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gate-'))
    const routes = { orders: { action: 'execute-api:Invoke', resource: RESOURCE, role: 'groups', scopes: [] } }
    writeFileSync(join(folder, 'routes.json'), JSON.stringify(routes))
    const server = await startTestServer({ env: { GATE_ROUTES: join(folder, 'routes.json') } })
    const iam = iamClient(server)
    const reader = await makeIamUser(iam, 'reader', {
      Action: 'execute-api:Invoke',
      Resource: 'arn:aws:execute-api:us-east-1:000000000000:shop/live/GET/*',
    })
    parts = { server, iam, folder, reader }
  })
  afterAll(async () => {
    await parts?.server.stop()
    if (parts) await rm(parts.folder, { recursive: true, force: true })
  })

  const sign = (
    key: Credentials,
    { method = 'GET', path = '/orders/1', query = '', body = '', headers = [], service = 'execute-api' }: Signed = {},
  ) =>
    signRequest(
      { method, rawPath: path, rawQuery: query, headers: [['host', HOST], ...headers], body },
      key,
      { region: parts.server.region, service },
      parts.server.clock.now(),
    )

  /** What nginx sends, by node:http: fetch would set its own Host. */
  const ask = (address: string, headers: Headers, method = 'GET', sent = '') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const url = new URL(parts.server.url)
      const outgoing = httpRequest(
        { host: url.hostname, port: url.port, method, path: address, headers: Object.fromEntries(headers) },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk) => chunks.push(chunk))
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          )
        },
      )
      outgoing.on('error', reject).end(sent)
    })

  const viaNginx = (
    headers: Headers,
    { method = 'GET', uri = '/orders/1', address = '/authorize/nginx?route=orders', framing = 'HTTP/1.1;;' } = {},
  ) =>
    ask(address, [
      ...headers,
      ['x-original-method', method],
      ['x-original-uri', uri],
      ['x-original-host', HOST],
      ['x-original-server', HOST],
      ['x-original-framing', framing],
    ])

  return { parts: () => parts, sign, ask, viaNginx }
}
