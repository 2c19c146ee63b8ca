// What reaches which door, and what reaches none: one host, one way to read the target, and answers for people and programs.
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { DescribeUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, test } from 'vitest'
import { makePool, startTestServer, useTestServer } from '../test/harness.ts'
import { apiHeaders, sendRaw, signed } from '../test/refusals/raw-request.ts'
import type { Environment } from './config/env.ts'

const server = useTestServer()

/** The status line, the headers and the body that come back for exactly this text. */
async function exchange(sent: string): Promise<{ status: number; head: string; body: string }> {
  const { hostname, port } = new URL(server.url)
  const received = await text(connect(Number(port), hostname).end(sent))
  const [head = '', body = ''] = received.split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body }
}
const lines = (...given: string[]): string => [...given, 'connection: close', '', ''].join('\r\n')
const hostOf = (url: string): string => new URL(url).host

describe('a request has one host', () => {
  const target = 'x-amz-target: AWSCognitoIdentityProviderService.GetUser'

  test.each([
    ['the API', `POST / HTTP/1.1`, target],
    ['a page', 'GET /outbox HTTP/1.1', 'accept: text/html'],
    ['the gate', 'GET /authorize/nginx HTTP/1.1', 'x-original-uri: /'],
    ['health', 'GET /health/live HTTP/1.1', 'accept: */*'],
  ])('two are refused at %s, equal ones too', async (_, request, header) => {
    for (const second of ['localhost', 'evil.example']) {
      const answer = await exchange(lines(request, 'host: localhost', header, `Host: ${second}`))
      expect(answer).toMatchObject({ status: 400, body: '{"message":"A request must have one Host header."}' })
      expect(answer.head).toMatch(/connection: close/i)
    }
  })

  test('none is refused, but in HTTP/1.0, as load balancers ask for health', async () => {
    expect((await exchange(lines('GET /health/live HTTP/1.1'))).status).toBe(400)
    expect(await exchange('GET /health/live HTTP/1.0\r\n\r\n')).toMatchObject({ status: 200, body: '{"status":"ok"}' })
  })

  test.each(['user@localhost', 'localhost, evil.example', 'localhost/x', ''])('%j is refused', async (host) => {
    expect(await exchange(lines('GET /health/live HTTP/1.1', `host: ${host}`))).toMatchObject({
      status: 400,
      body: '{"message":"The Host header must be a name or an address."}',
    })
  })
})

describe('a target in absolute-form', () => {
  test('reaches the API, under the signature of its path', async () => {
    const { Id } = await makePool(server)
    const body = JSON.stringify({ UserPoolId: Id })
    const request = { headers: apiHeaders(server, 'DescribeUserPool'), body }
    const headers = signed(server, request)
    for (const path of [`${server.url}/`, server.url]) {
      const answer = await sendRaw(server, { headers, body, path })
      expect([answer.status, answer.json['UserPool']]).toEqual([200, expect.objectContaining({ Id })])
    }
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId: Id }))
    expect(UserPool?.Id).toBe(Id)
  })

  test('reaches pages', async () => {
    const host = hostOf(server.url)
    expect(await exchange(lines(`GET http://${host}/health/live HTTP/1.1`, `host: ${host}`))).toMatchObject({
      status: 200,
      body: '{"status":"ok"}',
    })
  })

  test('that names another host than the Host header is refused, as are targets that are no path', async () => {
    expect((await exchange(lines('GET http://evil.example/health/live HTTP/1.1', 'host: localhost'))).status).toBe(400)
    expect((await exchange(lines('POST * HTTP/1.1', 'host: localhost', 'content-length: 0'))).status).toBe(400)
  })

  test('does not hide dot segments', async () => {
    const host = hostOf(server.url)
    const request = `GET http://${host}/authorize/envoy/../../health/live HTTP/1.1`
    expect((await exchange(lines(request, `host: ${host}`))).status).toBe(403)
  })

  test('OPTIONS * is a preflight', async () => {
    expect((await exchange(lines('OPTIONS * HTTP/1.1', 'host: localhost'))).status).toBe(200)
  })
})

describe('connections of one address', () => {
  /** Whether of two connections that have sent nothing yet the older one still answers. */
  async function olderAnswers(env: Environment): Promise<boolean> {
    const bounded = await startTestServer({ env: { MAX_CONNECTIONS_PER_ADDRESS: '1', ...env } })
    const { hostname, port } = new URL(bounded.url)
    const dial = () => connect(Number(port), hostname).on('error', () => undefined)
    const request = lines('GET /health/live HTTP/1.1', 'host: localhost')
    try {
      const [older, newer] = [dial(), dial()]
      expect(await text(newer.end(request))).toMatch(/^HTTP\/1\.1 200 /)
      return (await text(older.end(request)).catch(() => '')) !== ''
    } finally {
      await bounded.stop()
    }
  }

  test('are bounded, but not those of a proxy', async () => {
    expect(await olderAnswers({})).toBe(false)
    expect(await olderAnswers({ TRUSTED_PROXIES: '127.0.0.1' })).toBe(true)
  })
})

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const ask = (path: string, accept: string, method = 'GET'): Promise<Response> =>
  fetch(server.url + path, { method, headers: { accept } })

describe('the address of the server', () => {
  test('is a page for browsers', async () => {
    const response = await ask('/', BROWSER)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(await response.text()).toContain('<h1>Cognomen</h1>')
    expect((await ask('/', BROWSER, 'HEAD')).status).toBe(200)
  })

  test('is that page below a region, too, and leads from one to the others', async () => {
    const regions = await startTestServer({ env: { FURTHER_REGIONS: 'eu-west-1' } })
    try {
      const paged = (path: string, accept = BROWSER) => fetch(regions.url + path, { headers: { accept } })
      for (const path of ['/', '/regions/eu-west-1', '/regions/eu-west-1/', '/regions/us-east-1/'])
        expect(await (await paged(path)).text()).toContain(`eu-west-1 at <code>${regions.publicUrl}/regions/eu-west-1<`)
      const unknown = await paged('/regions/ap-south-1/')
      expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, expect.stringMatching(/^text\/html/)])
      expect(await (await paged('/regions/eu-west-1/', '*/*')).json()).toMatchObject({
        __type: 'UnknownOperationException',
      })
    } finally {
      await regions.stop()
    }
  })

  test('is the API for programs, and for forms in the query string', async () => {
    for (const accept of ['*/*', 'application/json', ''])
      expect(await (await ask('/', accept)).json()).toMatchObject({ __type: 'UnknownOperationException' })
    const query = await ask('/?Action=GetCallerIdentity&Version=2011-06-15', BROWSER)
    expect([query.status, query.headers.get('content-type')]).toEqual([403, 'text/xml'])
    expect((await ask('/', BROWSER, 'POST')).headers.get('content-type')).toBe('application/x-amz-json-1.1')
  })

  test('in production tells neither the version nor of pages that are not there', async () => {
    const production = await startTestServer({ env: { NODE_ENV: 'production' } })
    try {
      const page = await (await fetch(production.url, { headers: { accept: BROWSER } })).text()
      expect(page).toContain('<h1>Cognomen</h1>')
      expect(page).not.toMatch(/Version|href="\/(outbox|documentation)/)
      for (const path of ['/documentation', '/outbox'])
        expect((await fetch(production.url + path, { headers: { accept: BROWSER } })).status).toBe(404)
    } finally {
      await production.stop()
    }
  })
})

describe('an unknown address', () => {
  test.each(['/nothing', '/outbox/x/y', '/us-east-1_x/oauth2/authorize'])(
    '%s is a page for browsers and JSON for programs',
    async (path) => {
      const page = await ask(path, BROWSER)
      expect([page.status, page.headers.get('content-type')]).toEqual([404, expect.stringMatching(/^text\/html/)])
      expect(await page.text()).toContain(`There is nothing at GET ${path}.`)
      for (const [accept, method] of [
        ['*/*', 'GET'],
        ['application/json', 'POST'],
      ] as const) {
        const answer = await ask(path, accept, method)
        expect([answer.status, await answer.json()]).toEqual([
          404,
          { message: `There is nothing at ${method} ${path}.` },
        ])
      }
    },
  )

  test('is shown as text', async () => {
    const page = await (await ask('/<script>alert(1)</script>', BROWSER)).text()
    expect(page).not.toContain('<script')
    expect((await (await ask(`/${'x'.repeat(5000)}`, BROWSER)).text()).length).toBeLessThan(20_000)
  })
})

test.each(['/favicon.svg', '/favicon.ico'])('%s is the icon', async (path) => {
  const response = await ask(path, 'image/avif,image/webp,*/*')
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
  expect(await response.text()).toMatch(/^<svg /)
})
