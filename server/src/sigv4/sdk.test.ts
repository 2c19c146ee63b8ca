// Requests as the AWS SDK for JavaScript signs them are accepted, and ours as it would.
import { createHash } from 'node:crypto'
import { Sha256 } from '@aws-crypto/sha256-js'
import { CognitoIdentityProviderClient, ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from './canonical.ts'
import { signRequest } from './sign.ts'
import { parseSignedRequest, type SignedRequest, verifySignature } from './verify.ts'

const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'se/cret+key' }
const withToken = { ...credentials, sessionToken: 'FwoGZXIvYXdzEXAMPLE//token==' }
const [region, now] = ['us-east-1', Date.UTC(2026, 0, 7, 9, 5, 3)]

interface SdkRequest {
  method: string
  path: string
  query?: Record<string, string | string[] | null>
  headers: Record<string, string>
  body?: string
}

/** The request as it comes out of a socket. The SDK writes queries with its own escaping of RFC 3986. */
function onTheWire({ method, path, query = {}, headers, body = '' }: SdkRequest): SignedRequest {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value ?? ''].flat().map((each) => [name, each] as const),
  )
  const utf8 = (text: string) => encode(Buffer.from(text, 'utf8').toString('latin1'))
  return {
    method,
    rawPath: path,
    rawQuery: pairs.map(([name, value]) => `${utf8(name)}=${utf8(value)}`).join('&'),
    headers: Object.entries(headers),
    bodySha256Hex: createHash('sha256').update(body).digest('hex'),
  }
}

function refusalOf(request: SignedRequest, service: string, at = now) {
  const parsed = parseSignedRequest(request)
  if (parsed.kind === 'none' || parsed.kind === 'refused') return parsed
  const expected = { expectedService: service, expectedRegions: [region], skewSeconds: 300 }
  return verifySignature({ request, parsed, secretAccessKey: credentials.secretAccessKey, now: at, ...expected })
}

const signer = (service: string, using: typeof credentials = withToken) =>
  new SignatureV4({ credentials: using, region, service, sha256: Sha256 })
const signingDate = new Date(now)

test.each([credentials, withToken])('a client call', async (using) => {
  const sent: SdkRequest[] = []
  const client = new CognitoIdentityProviderClient({
    region,
    credentials: using,
    endpoint: 'http://localhost:9229',
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: SdkRequest) => {
        sent.push(request)
        throw new Error('not sent')
      },
    } as never,
  })
  await expect(client.send(new ListUserPoolsCommand({ MaxResults: 10 }))).rejects.toThrow('not sent')
  const [request] = sent
  if (!request) return expect.unreachable()
  const wire = onTheWire(request)
  const parsed = parseSignedRequest(wire)
  expect(parsed).toMatchObject({ kind: 'header', ...('sessionToken' in using && { sessionToken: using.sessionToken }) })
  expect(refusalOf(wire, 'cognito-idp', Date.now())).toBeUndefined()
  expect(refusalOf({ ...wire, bodySha256Hex: '0'.repeat(64) }, 'cognito-idp', Date.now())).toBeDefined()
})

const paths = [
  '/',
  '/identitypools/us-east-1%3A1111-2222/identities/us-east-1%3Aaa/datasets/my.data%3Aset-1/records',
  '/identitypools/us-east-1:1111-2222',
  '/a%20b/%2F/%25',
  "/~tilde/!'()*",
]

describe.each(paths)('path %s', (path) => {
  const request = () =>
    new HttpRequest({
      method: 'POST',
      protocol: 'https:',
      hostname: 'localhost',
      port: 9229,
      path,
      query: { lastSyncCount: '3', syncSessionToken: 'a+b/c==', 'b c': ["d'e", 'ü ~*'], empty: '' },
      headers: { host: 'localhost:9229', 'content-type': 'application/json', 'x-spaces': '  a   b  ' },
      body: '{"a":"ü"}',
    })

  test('header form', async () => {
    const signed = await signer('cognito-sync').sign(request(), { signingDate })
    expect(refusalOf(onTheWire(signed as SdkRequest), 'cognito-sync')).toBeUndefined()
  })

  test('presigned', async () => {
    const get = Object.assign(request(), { method: 'GET', body: '', headers: { host: 'localhost:9229' } })
    const signed = await signer('cognito-sync').presign(get, { signingDate, expiresIn: 900 })
    const wire = onTheWire(signed as SdkRequest)
    expect(parseSignedRequest(wire)).toMatchObject({
      kind: 'query',
      expiresSeconds: 900,
      sessionToken: withToken.sessionToken,
    })
    expect(refusalOf(wire, 'cognito-sync', now + 899_000)).toBeUndefined()
    expect(refusalOf({ ...wire, rawPath: `${path}x` }, 'cognito-sync')).toBeDefined()
  })
})

test('any path, query, header and body', async () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ09-._~!\'()*:@%/?#&=+ ,;"<>[]{}|\\^`üሴ'), maxLength: 12 })
  const encodedPath = fc
    .array(text, { maxLength: 4 })
    .map((segments) => `/${segments.map((segment) => encodeURIComponent(segment)).join('/')}`)
  const headerValue = fc.string({ unit: fc.constantFrom(...'aZ09 \t,;="/'), maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(encodedPath, fc.dictionary(text, text), headerValue, text, async (path, query, value, body) => {
      const headers = { host: 'localhost', 'content-type': 'text/plain', 'x-value': value }
      const unsigned = new HttpRequest({ method: 'POST', hostname: 'localhost', path, query, headers, body })
      const signed = (await signer('cognito-sync').sign(unsigned, { signingDate })) as SdkRequest
      const wire = onTheWire(signed)
      expect(refusalOf(wire, 'cognito-sync')).toBeUndefined()

      const ours = signRequest(
        { ...wire, headers: Object.entries(headers), body },
        withToken,
        { region, service: 'cognito-sync' },
        now,
      )
      expect(refusalOf({ ...wire, headers: ours }, 'cognito-sync')).toBeUndefined()
      // The SDK signs the hash header, too; without it both signatures are the same text.
      const bare = await new SignatureV4({
        credentials: withToken,
        region,
        service: 'cognito-sync',
        sha256: Sha256,
        applyChecksum: false,
      }).sign(new HttpRequest({ method: 'POST', hostname: 'localhost', path, query, headers, body }), { signingDate })
      expect(ours.at(-1)?.[1]).toBe(bare.headers['authorization'])
    }),
    { numRuns: 300 },
  )
})
