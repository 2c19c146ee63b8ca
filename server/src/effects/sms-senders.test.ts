import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../config/config.ts'
import { ConfigError } from '../config/config-error.ts'
import type { SmsConfig } from '../config/groups/messages.ts'
import { parseSignedRequest, verifySignature } from '../sigv4/verify.ts'
import { DeliveryFailed, type Sms } from './effects.ts'
import { smsSender } from './sms-senders.ts'

interface Received {
  method: string | undefined
  url: string | undefined
  headers: IncomingMessage['headers']
  rawHeaders: [string, string][]
  body: string
}

let gateway: Server
let url: string
let received: Received[]
let answer: (response: ServerResponse, path: string) => void
beforeEach(async () => {
  received = []
  answer = (response) => response.writeHead(202).end('{}')
  gateway = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      received.push({
        method: request.method,
        url: request.url,
        headers: request.headers,
        rawHeaders: pairs(request.rawHeaders),
        body,
      })
      answer(response, request.url ?? '')
    })
  })
  await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
})
afterEach(() => {
  gateway.closeAllConnections()
  return new Promise((done) => gateway.close(done))
})

const pairs = (raw: string[]) =>
  raw.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []))

const sms: Sms = {
  id: 'message-id',
  to: '+491701234567',
  text: 'Ihr Code: 123456 ✅ & +%',
  userPoolId: 'us-east-1_Messages1',
}
const http = (changes: Partial<Extract<SmsConfig, { kind: 'http' }>> = {}) =>
  smsSender({ kind: 'http', url: `${url}/sms/?key=1`, authorization: 'Bearer secret', ...changes })
const sns = () =>
  smsSender({ kind: 'sns', endpoint: url, region: 'eu-west-1', accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' })
const failureOf = (sending: Promise<void>) =>
  sending.then(
    () => 'sent',
    (error: DeliveryFailed) => [error instanceof DeliveryFailed, error.reason, error.permanent],
  )

describe('an HTTP endpoint', () => {
  test('gets the message as JSON', async () => {
    await http()(sms)
    expect(received).toHaveLength(1)
    expect(received[0]).toMatchObject({ method: 'POST', url: '/sms/?key=1' })
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer secret',
      'idempotency-key': 'message-id',
    })
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ to: sms.to, text: sms.text, userPoolId: sms.userPoolId })
  })

  test('gets no Authorization header when none is set', async () => {
    await http({ authorization: undefined })(sms)
    expect(received[0]?.headers.authorization).toBeUndefined()
  })

  test.each([
    [200, 'sent'],
    [204, 'sent'],
    [400, [true, 'HTTP 400', true]],
    [422, [true, 'HTTP 422', true]],
    [401, [true, 'HTTP 401', false]],
    [404, [true, 'HTTP 404', false]],
    [429, [true, 'HTTP 429', false]],
    [500, [true, 'HTTP 500', false]],
    [503, [true, 'HTTP 503', false]],
  ])('%d: %j', async (status, outcome) => {
    answer = (response) => response.writeHead(status).end()
    expect(await failureOf(http()(sms))).toEqual(outcome)
  })

  test.each([301, 302, 307, 308])('a redirect (%d) is a failure and is not followed', async (status) => {
    answer = (response) => response.writeHead(status, { location: `${url}/elsewhere` }).end()
    expect(await failureOf(http()(sms))).toEqual([true, `HTTP ${status}`, false])
    expect(received).toHaveLength(1)
  })

  test('an endless answer is cut off', async () => {
    let written = 0
    answer = (response) => {
      response.writeHead(200)
      // Node.js 22 and later tell the loss of the connection to the callback alone, again and again.
      const more = (lost?: Error | null) => {
        if (lost || response.destroyed) return
        written += 65_536
        response.write(Buffer.alloc(65_536), more)
      }
      more()
    }
    expect(await failureOf(http()(sms))).toBe('sent')
    expect(written).toBeLessThan(64 * 1024 * 1024)
  })

  test('an unreachable server fails with the connection error', async () => {
    expect(await failureOf(http({ url: 'http://127.0.0.1:1/' })(sms))).toEqual([
      true,
      expect.stringMatching(/^HTTP (ECONNREFUSED|TypeError)$/),
      false,
    ])
  })

  test('a server that does not answer times out after ten seconds', async () => {
    answer = () => {}
    expect(await failureOf(http()(sms))).toEqual([true, 'HTTP TimeoutError', false])
  }, 15_000)
})

describe('the SNS API', () => {
  const refused = (status: number, code: string) => {
    answer = (response) =>
      response
        .writeHead(status)
        .end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>Invalid parameter: +491701234567</Message></Error></ErrorResponse>`,
        )
  }

  test('gets a signed Publish to the number', async () => {
    await sns()(sms)
    const [request] = received
    expect(request).toMatchObject({ method: 'POST', url: '/' })
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      Action: 'Publish',
      Version: '2010-03-31',
      PhoneNumber: sms.to,
      Message: sms.text,
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    })
    expect(request?.headers.host).toBe(new URL(url).host)
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded; charset=utf-8')
    const signed = {
      method: 'POST',
      rawPath: '/',
      rawQuery: '',
      headers: request?.rawHeaders ?? [],
      bodySha256Hex: createHash('sha256')
        .update(request?.body ?? '')
        .digest('hex'),
    }
    const parsed = parseSignedRequest(signed)
    if (!('accessKeyId' in parsed)) throw new Error('It is not signed.')
    expect(parsed).toMatchObject({ accessKeyId: 'AKIAEXAMPLE', scope: { region: 'eu-west-1', service: 'sns' } })
    const verification = {
      request: signed,
      parsed,
      expectedService: 'sns',
      expectedRegions: ['eu-west-1'],
      skewSeconds: 300,
    }
    expect(verifySignature({ ...verification, secretAccessKey: 'secret', now: Date.now() })).toBeUndefined()
    expect(verifySignature({ ...verification, secretAccessKey: 'another', now: Date.now() })).toBeDefined()
  })

  test.each([
    [400, 'InvalidParameter', true],
    [400, 'InvalidParameterValue', true],
    [400, 'OptedOut', true],
    [400, 'Throttling', false],
    [403, 'SignatureDoesNotMatch', false],
    [403, 'AuthorizationError', false],
    [500, 'InternalError', false],
  ])('%d %s fails permanently: %s', async (status, code, permanent) => {
    refused(status, code)
    expect(await failureOf(sns()(sms))).toEqual([true, `SNS ${status} ${code}`, permanent])
  })

  test('an answer without an error code', async () => {
    answer = (response) => response.writeHead(502).end('Bad gateway')
    expect(await failureOf(sns()(sms))).toEqual([true, 'SNS 502', false])
  })
})

test('SMS_URL keeps its path and holds no password', () => {
  expect(readConfig({ SMS_URL: 'https://example.com/sms/' }).sms).toMatchObject({ url: 'https://example.com/sms/' })
  expect(() => readConfig({ SMS_URL: 'https://user:password@example.com/' })).toThrow(ConfigError)
})

test('closing the senders aborts the requests in flight', async () => {
  answer = () => {}
  const closing = new AbortController()
  const sending = smsSender({ kind: 'http', url, authorization: undefined }, closing.signal)(sms)
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  closing.abort()
  await expect(sending).rejects.toMatchObject({ reason: 'HTTP AbortError' })
})
