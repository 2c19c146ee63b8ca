// The addresses of the gate: one for each kind of proxy, and who may ask.
import { request as httpRequest } from 'node:http'
import type { IAMClient } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Credentials } from '../../test/aws-clients.ts'
import { HOST, useGate } from '../../test/gate.ts'
import { startTestServer, type TestServer } from '../../test/harness.ts'
import { makeIamUser } from '../../test/iam.ts'

const { parts, sign, ask, viaNginx } = useGate()
let server: TestServer
let iam: IAMClient
let reader: Credentials
beforeAll(() => {
  ;({ server, iam, reader } = parts())
})

describe('other kinds of requests', () => {
  it('Traefik and Envoy', async () => {
    const traefik = await ask('/authorize/traefik?route=orders', [
      ...sign(reader),
      ['x-forwarded-method', 'GET'],
      ['x-forwarded-uri', '/orders/1'],
      ['x-forwarded-host', HOST],
      ['x-forwarded-proto', 'https'],
    ])
    expect(traefik.status).toBe(200)
    const envoy = await ask('/authorize/envoy/orders/orders/1', sign(reader))
    expect(envoy.status).toBe(200)
    expect((await ask('/authorize/envoy/orders/orders/2', sign(reader))).status).toBe(401)
  })

  it('the path that Envoy appends cannot select another route', async () => {
    for (const path of [
      '/../../../health/live',
      '/%2e%2e/%2E%2E/.%2e/health/live',
      '/admin/../../../../health/live',
      '/orders/..',
      '/orders/./1',
      '/..\\..\\..\\health\\live',
    ])
      expect([path, (await ask(`/authorize/envoy/orders${path}`, [['host', HOST]])).status]).toEqual([path, 403])
    const description = JSON.stringify({ action: 'a:b', resource: '*', method: 'GET', url: 'http://h/', headers: {} })
    const length: [string, string] = ['content-length', String(description.length)]
    const posted = await ask('/authorize/envoy/orders/../../../authorize', [length], 'POST', description)
    expect(posted.status).toBe(403)
  })

  it('a wrongly configured proxy gets refusals', async () => {
    expect((await viaNginx(sign(reader), { address: '/authorize/nginx?route=unknown' })).status).toBe(403)
    expect((await viaNginx(sign(reader), { address: '/authorize/nginx' })).status).toBe(403)
    expect((await ask('/authorize/nginx?route=orders', sign(reader))).status).toBe(403)
    expect((await ask('/authorize/apache?route=orders', sign(reader))).status).toBe(404)
  })

  const describeRequest = async (description: unknown) => {
    const ready = typeof description === 'string' || description instanceof Uint8Array
    const body = ready ? (description as BodyInit) : JSON.stringify(description)
    const response = await fetch(`${server.url}/authorize`, { method: 'POST', body })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }

  it('a description, answered as JSON', async () => {
    const url = `https://${HOST}/orders/1`
    const allowed = await describeRequest({
      route: 'orders',
      method: 'GET',
      url,
      headers: Object.fromEntries(sign(reader)),
    })
    expect(allowed).toEqual({
      status: 200,
      json: { allowed: true, identity: expect.objectContaining({ arn: expect.stringMatching(/user\/reader$/) }) },
    })
    const denied = await describeRequest({
      action: 'orders:Delete',
      resource: '*',
      method: 'GET',
      url,
      headers: sign(reader),
    })
    expect(denied.json).toMatchObject({ allowed: false, status: 403, error: 'AccessDenied' })
  })

  it('the address of the client is sourceIp of a description, or unknown', async () => {
    const local = await makeIamUser(iam, 'local', {
      Action: 'execute-api:Invoke',
      Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
    })
    const request = { route: 'orders', method: 'GET', url: `https://${HOST}/orders/1`, headers: sign(local) }
    expect((await describeRequest({ ...request, sourceIp: '127.0.0.1' })).json).toMatchObject({ allowed: true })
    for (const sourceIp of [undefined, '203.0.113.7', ''])
      expect((await describeRequest({ ...request, sourceIp })).json).toMatchObject({ allowed: false, status: 403 })
  })

  it('a description that is too large is refused', async () => {
    const chunk = 'x'.repeat(64 * 1024)
    let chunks = 0
    const endless = new ReadableStream({
      pull(controller) {
        if (chunks++ < 1000) controller.enqueue(new TextEncoder().encode(chunk))
        else controller.close()
      },
    })
    const response = await fetch(`${server.url}/authorize`, {
      method: 'POST',
      body: endless,
      duplex: 'half',
    } as RequestInit).catch(() => undefined)
    // The answer, or a connection that ends while the rest is on its way.
    expect(response?.status ?? 413).toBe(413)
    expect(chunks).toBeLessThan(200)
    const known = await fetch(`${server.url}/authorize`, { method: 'POST', body: 'x'.repeat(256 * 1024 + 1) })
    expect([known.status, await known.json()]).toEqual([413, { message: 'The description is too large.' }])
  })

  it.each([
    ['no JSON', '{', 'The body must be JSON.'],
    ['null', 'null', 'The body must be an object.'],
    ['no route', { method: 'GET' }, 'action must be service:Action.'],
    ['an unknown route', { route: 'x' }, 'There is no route x.'],
    ['a route that is no text', { route: { toString: 1 } }, 'route must be the name of a route.'],
    [
      'a relative URL',
      { route: 'orders', method: 'GET', url: '/a', headers: {} },
      'method must be upper case, url absolute, with http or https, and host no more than one header.',
    ],
    [
      'headers of numbers',
      { route: 'orders', method: 'GET', url: 'http://h/', headers: { a: 1 } },
      'method, url and headers describe the request: two texts, and names with values.',
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from('{"route":"orders","method":"GET","url":"http://h/\xff","headers":{}}', 'latin1'),
      'The body must be UTF-8.',
    ],
    [
      'half a hash',
      { route: 'orders', method: 'GET', url: 'http://h/', headers: {}, bodySha256: 'ab' },
      'bodySha256 must be 64 hexadecimal digits.',
    ],
    [
      'a hash that is no text',
      { route: 'orders', method: 'GET', url: 'http://h/', headers: {}, bodySha256: { toString: 1 } },
      'bodySha256 must be 64 hexadecimal digits.',
    ],
  ])('a description with %s', async (_, description, message) => {
    expect(await describeRequest(description)).toEqual({ status: 400, json: { message } })
  })
})

describe('who may ask', () => {
  it('is loopback unless configured, and nobody whom a proxy passed on', async () => {
    const description = JSON.stringify({
      route: 'orders',
      method: 'GET',
      url: `https://${HOST}/orders/1`,
      headers: sign(reader),
    })
    const statusOf = async (headers: Record<string, string>) =>
      (await fetch(`${server.url}/authorize`, { method: 'POST', headers, body: description })).status
    expect(await statusOf({})).toBe(200)
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host'])
      expect([name, await statusOf({ [name]: '127.0.0.1' })]).toEqual([name, 403])
  })

  it('is refused at every address of the gate, whatever it says of itself', async () => {
    const closed = await startTestServer({ env: { GATE_CALLERS: '192.0.2.7', TRUSTED_PROXIES: '127.0.0.1' } })
    const { port } = new URL(closed.url)
    const answerAt = (path: string, method = 'GET') =>
      new Promise<string>((resolve, reject) => {
        const headers = { 'x-forwarded-for': '192.0.2.7' }
        httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
          let text = `${response.statusCode} `
          response.on('data', (chunk) => {
            text += chunk
          })
          response.on('end', () => resolve(text))
        })
          .on('error', reject)
          .end()
      })
    const asked = [await answerAt('/authorize', 'POST')]
    for (const path of ['nginx?action=a:b&resource=*', 'traefik', 'envoy/orders/1', 'apache'])
      asked.push(await answerAt(`/authorize/${path}`))
    asked.push(await answerAt('/%61uthorize/nginx'))
    await closed.stop()
    const refused = '403 {"message":"The gate does not answer 127.0.0.1: GATE_CALLERS names who may ask."}'
    expect(asked).toEqual(Array.from({ length: 6 }, () => refused))
  })
})
