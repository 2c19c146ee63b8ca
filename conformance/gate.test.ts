// Services of one's own behind the gate: the programs of examples/, opened with what the AWS SDK's own signer makes.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Sha256 } from '@aws-crypto/sha256-js'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'

const folder = fileURLToPath(new URL('../examples/', import.meta.url))

interface Key {
  accessKeyId: string
  secretAccessKey: string
}

let server: StartedServer
let reader: Key

beforeAll(async () => {
  server = await startServer()
  const { url: endpoint, region, credentials } = server
  const iam = new IAMClient({ endpoint, region, credentials })
  const UserName = 'reader'
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(
    new PutUserPolicyCommand({
      UserName,
      PolicyName: 'orders',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'orders:GET', Resource: 'arn:aws:orders:us-east-1:000000000000:orders/*' },
          { Effect: 'Allow', Action: 'orders:POST', Resource: 'arn:aws:orders:us-east-1:000000000000:orders/1' },
        ],
      }),
    }),
  )
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  reader = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  iam.destroy()
})
afterAll(() => server?.stop())

describe.each(['hono', 'express', 'fastify'])('%s', (framework) => {
  let example: ChildProcess
  let address: string
  beforeAll(async () => {
    example = spawn(process.execPath, [`${folder}gate-${framework}.mjs`], {
      env: { PATH: process.env['PATH'], PORT: '0', AWS_ENDPOINT_URL: server.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    address = await new Promise((resolve) =>
      example.stdout?.on('data', (text) => {
        const origin = /http:\/\/[\d.:]+/.exec(String(text))?.[0]
        if (origin) resolve(origin)
      }),
    )
  })
  afterAll(() => example?.kill())

  const call = async (
    path: string,
    {
      method = 'GET',
      body,
      key = reader,
      sent = body,
    }: { method?: string; body?: string; key?: Key; sent?: string } = {},
  ) => {
    const url = new URL(path, address)
    const signer = new SignatureV4({ service: 'execute-api', region: server.region, credentials: key, sha256: Sha256 })
    const { headers } = await signer.sign({
      method,
      protocol: 'http:',
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body }),
    })
    const response = await fetch(url, { method, headers, ...(sent !== undefined && { body: sent }) })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }

  test('a signed request that policies allow reaches the service, with the caller', async () => {
    expect(await call('/orders/7?page=2&sort=a%20b')).toEqual({
      status: 200,
      json: { order: '7', caller: expect.objectContaining({ arn: 'arn:aws:iam::000000000000:user/reader' }) },
    })
    expect(await call('/orders/1', { method: 'POST', body: '{"count":2}' })).toMatchObject({
      status: 200,
      json: { content: { count: 2 } },
    })
  })

  test('one that they do not is refused with the reason', async () => {
    expect(await call('/orders/2', { method: 'POST', body: '{}' })).toMatchObject({
      status: 403,
      json: {
        error: 'AccessDenied',
        message: expect.stringContaining('not authorized to perform: orders:POST on resource'),
      },
    })
  })

  test('one with another body, another key or none at all is nobody', async () => {
    const changed = { method: 'POST', body: '{"count":2}', sent: '{"count":3}' }
    expect((await call('/orders/1', changed)).status).toBe(401)
    expect((await call('/orders/7', { key: { ...reader, secretAccessKey: 'another' } })).status).toBe(401)
    const unsigned = await fetch(new URL('/orders/7', address))
    expect([unsigned.status, unsigned.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await fetch(new URL('/orders/7', address), { headers: { authorization: 'Bearer x' } })).status).toBe(401)
  })
})

test('nobody is let through when the server cannot be reached', async () => {
  // By a name that the compiler does not follow: types are checked before the package is built.
  const name: string = 'cognomen/authorizer'
  const { createAuthorizer } = await import(name)
  const ask = createAuthorizer({ url: 'http://127.0.0.1:1', action: 'a:b', resource: '*' })
  const decision = await ask({ method: 'GET', url: 'http://h/', headers: [], body: new Uint8Array() })
  expect(decision).toMatchObject({ allowed: false, status: 503, error: 'AuthorizerUnavailable' })
})
