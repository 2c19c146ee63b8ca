// Every change of one character in what a signature covers is refused: replaced, removed, inserted, at every place.
// Checks of scope and time are opened wide, so that the signature itself has to notice.
import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { canonicalRequest, decode, headersByName, normalizePath, splitQuery, stringToSign } from './canonical.ts'
import { signRequest } from './sign.ts'
import { parseSignedRequest, type SignedRequest, verifySignature } from './verify.ts'

const key = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const now = Date.UTC(2026, 0, 7, 9, 5, 3)
const body = '{"SyncSessionToken":"a"}'
const bodySha256Hex = createHash('sha256').update(body).digest('hex')
const rawPath = '/identitypools/us-east-1%3A1111-22/identities/us-east-1:aa/datasets/my.data%3Aset-1/records'
const rawQuery = 'maxResults=10&syncSessionToken=a%2Bb%2Fc%3D%3D&lastSyncCount=3&e'

const inHeader: SignedRequest = {
  method: 'POST',
  rawPath,
  rawQuery,
  bodySha256Hex,
  headers: signRequest(
    {
      method: 'POST',
      rawPath,
      rawQuery,
      body,
      headers: [
        ['Host', 'sync.example.com:9229'],
        ['Content-Type', 'application/json'],
        ['X-Amz-Target', 'AWSCognitoSyncService.UpdateRecords'],
        ['x-amz-content-sha256', bodySha256Hex],
        ['x-amz-client-context', '{"a": "b"}'],
      ],
    },
    { ...key, sessionToken: 'FwoGZXIvYXdzEXAMPLE//token==' },
    { region: 'us-east-1', service: 'cognito-sync' },
    now,
  ),
}

const inQuery = ((): SignedRequest => {
  const scope = { date: '20260107', region: 'us-east-1', service: 'cognito-sync' }
  const unsigned = {
    method: 'GET',
    rawPath,
    bodySha256Hex,
    headers: [['host', 'sync.example.com:9229'] as const],
    rawQuery:
      `${rawQuery}&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${key.accessKeyId}%2F20260107%2Fus-east-1%2Fcognito-sync` +
      '%2Faws4_request&X-Amz-Date=20260107T090503Z&X-Amz-Expires=900&X-Amz-Security-Token=FwoGZXIvYXdz%2F&X-Amz-SignedHeaders=host',
  }
  const canonical = canonicalRequest(unsigned, headersByName(unsigned.headers), ['host'], bodySha256Hex)
  const text = stringToSign('20260107T090503Z', scope, canonical)
  return { ...unsigned, rawQuery: `${unsigned.rawQuery}&X-Amz-Signature=${hmacChain(scope, text)}` }
})()

function hmacChain(scope: { date: string; region: string; service: string }, text: string): string {
  const mac = (secret: Buffer | string, data: string) => createHmac('sha256', secret).update(data).digest()
  const parts = [scope.date, scope.region, scope.service, 'aws4_request']
  const signingKey = parts.reduce<Buffer | string>(mac, `AWS4${key.secretAccessKey}`)
  return mac(signingKey, text).toString('hex')
}

function isAccepted(request: SignedRequest): boolean {
  const parsed = parseSignedRequest(request)
  if (parsed.kind === 'none' || parsed.kind === 'refused') return false
  // Another key id has another secret, or none.
  const secretAccessKey = parsed.accessKeyId === key.accessKeyId ? key.secretAccessKey : 'another secret'
  const wide = { expectedService: parsed.scope.service, expectedRegions: undefined, skewSeconds: 300_000_000 }
  return verifySignature({ request, parsed, secretAccessKey, now, ...wide }) === undefined
}

/** `text` with one character replaced, removed or added, at every place. */
function* variants(text: string): Generator<string> {
  const characters = ['a', 'A', '0', '/', '.', '%', '=', '&', ';', ',', ':', '-', ' ', '\0', '\xe9']
  for (let at = 0; at <= text.length; at++) {
    for (const character of characters) {
      yield text.slice(0, at) + character + text.slice(at)
      if (at < text.length) yield text.slice(0, at) + character + text.slice(at + 1)
    }
    if (at === text.length) break
    yield text.slice(0, at) + text.slice(at + 1)
    for (const bit of [1, 2, 4, 8, 16, 32, 64]) {
      yield text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ bit) + text.slice(at + 1)
    }
  }
}

/** What a server reads in a query string: changes that leave it alone change nothing. */
const meaning = (query: string) =>
  splitQuery(query)
    .map((pair) => JSON.stringify(pair.map(decode)))
    .sort()
    .join()

const squeezed = (value: string) => value.replace(/[ \t]+/g, ' ').trim()

function countAccepted(
  text: string,
  sameMeaning: (variant: string) => boolean,
  build: (variant: string) => SignedRequest,
) {
  let tried = 0
  const accepted: string[] = []
  for (const variant of variants(text)) {
    if (variant === text || sameMeaning(variant)) continue
    tried++
    if (isAccepted(build(variant))) accepted.push(variant)
  }
  return { tried, accepted }
}

test.each([
  ['header', inHeader],
  ['query', inQuery],
])('%s form', (form, request) => {
  expect(isAccepted(request)).toBe(true)
  const parts: Array<[string, ReturnType<typeof countAccepted>]> = [
    [
      'method',
      countAccepted(
        request.method,
        () => false,
        (method) => ({ ...request, method }),
      ),
    ],
    [
      'path',
      countAccepted(
        request.rawPath,
        (path) => normalizePath(path) === rawPath,
        (path) => ({ ...request, rawPath: path }),
      ),
    ],
    [
      'query',
      countAccepted(
        request.rawQuery,
        (query) => meaning(query) === meaning(request.rawQuery),
        (query) => ({ ...request, rawQuery: query }),
      ),
    ],
    [
      'body',
      countAccepted(
        bodySha256Hex,
        () => false,
        (hash) => ({ ...request, bodySha256Hex: hash }),
      ),
    ],
  ]
  request.headers.forEach(([name, value], index) => {
    const replaced = (header: readonly [string, string]) => ({
      ...request,
      headers: request.headers.with(index, header),
    })
    // Spaces in an Authorization header separate; elsewhere runs of them count as one.
    const isSame = (text: string) =>
      name === 'authorization'
        ? text.replace(/ *, */g, ', ').replace(/ +/g, ' ').trim() === value
        : squeezed(text) === squeezed(value)
    parts.push([`${name} value`, countAccepted(value, isSame, (text) => replaced([name, text]))])
    parts.push([
      `${name} name`,
      countAccepted(
        name,
        (text) => text.toLowerCase() === name.toLowerCase(),
        (text) => replaced([text, value]),
      ),
    ])
  })
  expect(parts.flatMap(([part, { accepted }]) => accepted.map((variant) => `${part}: ${variant}`))).toEqual([])
  expect(parts.reduce((sum, [, { tried }]) => sum + tried, 0)).toBeGreaterThan(form === 'header' ? 20_000 : 10_000)
})

test('a header added beside a signed one of its name changes its value', () => {
  for (const name of ['x-amz-client-context', 'X-AMZ-CLIENT-CONTEXT']) {
    for (const at of [0, inHeader.headers.length]) {
      const headers = inHeader.headers.toSpliced(at, 0, [name, ''])
      expect(isAccepted({ ...inHeader, headers })).toBe(false)
    }
  }
})

test('a parameter added to the query string is refused', () => {
  for (const request of [inHeader, inQuery]) {
    for (const more of ['a=', 'maxResults=10', 'X-Amz-Expires=900', 'x-amz-signature=1']) {
      expect(isAccepted({ ...request, rawQuery: `${request.rawQuery}&${more}` })).toBe(false)
      expect(isAccepted({ ...request, rawQuery: `${more}&${request.rawQuery}` })).toBe(false)
    }
  }
})
