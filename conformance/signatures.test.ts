// Requests signed as SDKs of other languages sign them, which choose other headers than the JavaScript SDK does. The
// signature is made here from the published algorithm (Signature Version 4), by none of the server's code.
import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedServer, startServer } from './start-server.ts'

/** The headers that each signs besides host and x-amz-date, and what it sends unsigned. */
const clients: readonly { name: string; signed: Record<string, string>; unsigned: Record<string, string> }[] = [
  {
    name: 'botocore, and so the AWS CLI',
    signed: { 'content-type': 'application/x-amz-json-1.1' },
    unsigned: { 'user-agent': 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1', 'accept-encoding': 'identity' },
  },
  {
    name: 'the SDK for Go, and so Terraform',
    signed: {
      'amz-sdk-invocation-id': 'b9e2f8e2-7a3c-4f52-8e4b-0a4f9f3d2c11',
      'content-length': '',
      'content-type': 'application/x-amz-json-1.1',
    },
    unsigned: {
      'user-agent': 'aws-sdk-go-v2/1.39.0',
      'amz-sdk-request': 'attempt=1; max=3',
      'accept-encoding': 'gzip',
    },
  },
  {
    name: 'the SDK for Java',
    signed: {
      'amz-sdk-invocation-id': 'b9e2f8e2-7a3c-4f52-8e4b-0a4f9f3d2c11',
      'amz-sdk-request': 'attempt=1; max=4',
      'content-length': '',
      'content-type': 'application/x-amz-json-1.1',
    },
    unsigned: { 'user-agent': 'aws-sdk-java/2.33.0 md/io#sync' },
  },
  {
    name: 'the SDK for .NET',
    signed: {
      'content-type': 'application/x-amz-json-1.1',
      'user-agent': 'aws-sdk-dotnet-coreclr/4.0.0 ua/2.1 os/linux',
      'x-amz-content-sha256': '',
    },
    unsigned: { 'amz-sdk-invocation-id': 'b9e2f8e2-7a3c-4f52-8e4b-0a4f9f3d2c11' },
  },
  {
    name: 'the SDK for JavaScript v2, the SDK for PHP, AsyncAws and aws4fetch',
    signed: { 'x-amz-content-sha256': '' },
    unsigned: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-user-agent': 'aws-sdk-js/2.1692.0 promise' },
  },
]

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

let server: StartedServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server?.stop())

interface Signing {
  signed: Record<string, string>
  unsigned: Record<string, string>
  body: string
  /** What is sent instead of the body that was signed. */
  sent?: string
}

async function send({ signed, unsigned, body, sent = body }: Signing): Promise<{ status: number; json: unknown }> {
  const { url, region, credentials } = server
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '')
  const derived: Record<string, string> = {
    'content-length': String(Buffer.byteLength(body)),
    'x-amz-content-sha256': sha256(body),
  }
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, value || (derived[name] as string)])),
    host: new URL(url).host,
    'x-amz-date': date,
    'x-amz-target': 'AWSCognitoIdentityProviderService.CreateUserPool',
  }
  const names = Object.keys(headers).sort()
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(body),
  ].join('\n')
  const scope = `${date.slice(0, 8)}/${region}/cognito-idp/aws4_request`
  const key = scope
    .split('/')
    .reduce((key, part) => hmac(key, part), `AWS4${credentials.secretAccessKey}` as string | Buffer)
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  const { host: _, 'content-length': __, ...rest } = headers
  const response = await fetch(url, { method: 'POST', headers: { ...rest, ...unsigned, authorization }, body: sent })
  return { status: response.status, json: await response.json() }
}

describe.each(clients)('$name', ({ signed, unsigned }) => {
  test('is answered', async () => {
    expect(await send({ signed, unsigned, body: '{"PoolName": "from elsewhere"}' })).toMatchObject({
      status: 200,
      json: { UserPool: { Name: 'from elsewhere', CreationDate: expect.any(Number) } },
    })
  })

  test('is refused when its body was changed on the way', async () => {
    const changed = { body: '{"PoolName": "from elsewhere"}', sent: '{"PoolName": "from elsewhen_"}' }
    expect(await send({ signed, unsigned, ...changed })).toMatchObject({
      json: { __type: 'InvalidSignatureException' },
    })
  })
})
