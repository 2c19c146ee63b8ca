// A body that is not read is refused like any other request: in the words of its protocol, with a request id, readable in
// a browser, and in the log.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness.ts'
import { apiHeaders, sendRaw } from './raw-request.ts'

const LIMIT = 1024 * 1024
const lines: string[] = []
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    env: { LOG_LEVEL: 'info', TRUSTED_PROXIES: '127.0.0.1' },
    logTo: { write: (line) => void lines.push(line) },
  })
})
beforeEach(() => void lines.splice(0))
afterAll(() => server?.stop())

const log = (): unknown[] => lines.map((line) => JSON.parse(line))

test('a body that is too long', async () => {
  const headers = [...apiHeaders(server, 'SignUp'), ['x-forwarded-for', '192.0.2.1'] as const]
  const answer = await sendRaw(server, { headers, body: 'x'.repeat(LIMIT + 1) })
  expect(answer.status).toBe(413)
  expect(answer.json).toEqual({
    __type: 'InvalidParameterException',
    message: `The request body is larger than ${LIMIT} bytes.`,
  })
  expect(answer.headers).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': expect.stringMatching(/^[\da-f-]{36}$/),
    'x-amzn-errortype': expect.stringMatching(/^InvalidParameterException/),
    'access-control-allow-origin': '*',
    'access-control-expose-headers': expect.stringMatching(/x-amzn-RequestId/i),
    date: expect.stringMatching(/ GMT$/),
    connection: 'close',
  })
  expect(log()).toEqual([
    expect.objectContaining({
      requestId: answer.headers['x-amzn-requestid'],
      operation: 'SignUp',
      outcome: 'InvalidParameterException',
      address: '192.0.2.1',
    }),
  ])
})

test('a body that is too long for a path of the REST protocol, or for nothing that is known', async () => {
  const ask = async (path: string): Promise<unknown> => {
    const headers = [['host', new URL(server.url).host] as const]
    const { status, headers: answered } = await sendRaw(server, { path, headers, body: 'x'.repeat(LIMIT + 1) })
    return { status, type: answered['content-type'] }
  }
  expect(await ask('/identitypools/us-east-1:0/configuration')).toEqual({ status: 413, type: 'application/json' })
  expect(await ask('/')).toEqual({ status: 413, type: 'application/x-amz-json-1.1' })
  expect(log()).toEqual([
    expect.objectContaining({ operation: expect.any(String) }),
    expect.not.objectContaining({ operation: expect.anything() }),
  ])
})
