// Each rule of the verifier: the refusal's code and text, and what passes right beside it.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  type ParsedSignature,
  parseSignedRequest,
  type SignedRequest,
  type Verification,
  verifySignature,
} from './sigv4.ts'
import { canonicalPath, canonicalQuery, canonicalRequest, headersByName, stringToSign } from './sigv4-canonical.ts'
import { formatBasicIso, parseBasicIso } from './sigv4-date.ts'
import { signRequest, type UnsignedRequest } from './sigv4-sign.ts'
import { createSigningKeyCache, deriveSigningKey } from './sigv4-signing-key.ts'

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const target = { region: 'us-east-1', service: 'cognito-idp' }
const now = Date.UTC(2026, 0, 7, 9, 5, 3)
const date = '20260107T090503Z'
const mismatchText =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
  'signing method. Consult the service documentation for details.'
const mismatch = { code: 'InvalidSignatureException', message: mismatchText }

type Header = readonly [string, string]
const sha256Hex = (body: string) => createHash('sha256').update(body).digest('hex')
const jsonHeaders: Header[] = [
  ['Host', 'localhost:9229'],
  ['Content-Type', 'application/x-amz-json-1.1'],
  ['X-Amz-Target', 'AWSCognitoIdentityProviderService.ListUserPools'],
]

/** A signed request of the header form; `change` alters it after signing. */
function signed(
  options: Partial<UnsignedRequest> & { signedAt?: number; token?: string; scope?: Partial<typeof target> } = {},
  change: (headers: Header[]) => Header[] = (headers) => headers,
): SignedRequest {
  const { signedAt = now, token, scope, ...parts } = options
  const request = { method: 'POST', rawPath: '/', rawQuery: '', headers: jsonHeaders, body: '{}', ...parts }
  const headers = signRequest(request, { ...key, sessionToken: token }, { ...target, ...scope }, signedAt)
  return { ...request, headers: change(headers), bodySha256Hex: sha256Hex(String(request.body)) }
}

/** A signed request of the query form, from parameters that are already encoded. */
function presigned(
  parameters: Record<string, string | undefined> = {},
  headers: Header[] = [['host', 'localhost']],
): SignedRequest {
  const all: Record<string, string | undefined> = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${key.accessKeyId}%2F20260107%2Fus-east-1%2Fcognito-idp%2Faws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'host',
    ...parameters,
  }
  const pairs = Object.entries(all).filter(([, value]) => value !== undefined)
  const rawQuery = pairs.map(([name, value]) => `${name}=${value}`).join('&')
  const request = { method: 'GET', rawPath: '/', rawQuery, headers, bodySha256Hex: sha256Hex('') }
  if (all['X-Amz-Signature'] !== undefined) return request
  const names = decodeURIComponent(all['X-Amz-SignedHeaders'] ?? '').split(';')
  const canonical = canonicalRequest(request, headersByName(headers), names, request.bodySha256Hex)
  const scope = { ...target, date: (all['X-Amz-Date'] ?? date).slice(0, 8) }
  const text = stringToSign(all['X-Amz-Date'] ?? date, scope, canonical)
  const signature = createHmacHex(deriveSigningKey(key.secretAccessKey, scope), text)
  return { ...request, rawQuery: `${rawQuery}&X-Amz-Signature=${signature}` }
}

function createHmacHex(signingKey: Uint8Array, text: string): string {
  // Written out (RFC 2104), so that the test does not take the code's word for it.
  const block = Buffer.concat([signingKey, Buffer.alloc(64 - signingKey.byteLength)])
  const pad = (byte: number) => Buffer.from(block.map((value) => value ^ byte))
  const inner = createHash('sha256').update(pad(0x36)).update(text).digest()
  return createHash('sha256').update(pad(0x5c)).update(inner).digest('hex')
}

function parsedOf(request: SignedRequest): ParsedSignature {
  const parsed = parseSignedRequest(request)
  if (parsed.kind === 'header' || parsed.kind === 'query') return parsed
  return expect.unreachable(JSON.stringify(parsed))
}

function refusalOf(request: SignedRequest, options: Partial<Verification> = {}) {
  const parsed = parseSignedRequest(request)
  if (parsed.kind === 'none') return 'no signature'
  if (parsed.kind === 'refused') return parsed.refused
  const expected = { expectedService: target.service, expectedRegion: target.region, skewSeconds: 300 }
  return verifySignature({ request, parsed, secretAccessKey: key.secretAccessKey, now, ...expected, ...options })
}

const without = (name: string) => (headers: Header[]) => headers.filter(([each]) => each.toLowerCase() !== name)
const plus = (name: string, value: string) => (headers: Header[]) => [...headers, [name, value] as const]
const authorization = (edit: (value: string) => string) => (headers: Header[]) =>
  headers.map(([name, value]) => [name, name === 'authorization' ? edit(value) : value] as const)

describe('a good signature', () => {
  test('of the header form is read and accepted', () => {
    expect(parsedOf(signed({ token: 'token' }))).toEqual({
      kind: 'header',
      accessKeyId: 'AKIDEXAMPLE',
      scope: { date: '20260107', region: 'us-east-1', service: 'cognito-idp' },
      signedHeaders: ['content-type', 'host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'],
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      date,
      dateHeader: 'x-amz-date',
      sessionToken: 'token',
    })
    expect(refusalOf(signed({ token: 'token' }))).toBeUndefined()
    expect(parsedOf(signed())).not.toHaveProperty('sessionToken')
  })

  test('of the query form is read and accepted', () => {
    const request = presigned({ 'X-Amz-Security-Token': 'a%2Fb%3D' })
    expect(parsedOf(request)).toEqual({
      kind: 'query',
      accessKeyId: 'AKIDEXAMPLE',
      scope: { date: '20260107', region: 'us-east-1', service: 'cognito-idp' },
      signedHeaders: ['host'],
      signature: expect.stringMatching(/^[0-9a-f]{64}$/),
      date,
      expiresSeconds: 900,
      sessionToken: 'a/b=',
    })
    expect(refusalOf(request)).toBeUndefined()
  })

  test.each<[string, (value: string) => string]>([
    ['commas without spaces', (value) => value.replaceAll(', ', ',')],
    ['more spaces', (value) => value.replaceAll(', ', '  ,   ').replace(' Cred', '   Cred')],
    ['another order', (value) => value.replace(/^(\S+) (\S+), (\S+), (\S+)$/, '$1 $4, $2, $3')],
  ])('may be written with %s', (_, edit) => {
    expect(refusalOf(signed({}, authorization(edit)))).toBeUndefined()
  })

  test('covers headers in any wire case and order', () => {
    const shuffled = signed({}, (headers) =>
      headers.map(([name, value]) => [name.toUpperCase(), value] as const).reverse(),
    )
    expect(refusalOf(shuffled)).toBeUndefined()
  })

  test('leaves other headers unsigned', () => {
    for (const name of ['User-Agent', 'x-amz-user-agent', 'amz-sdk-invocation-id', 'Accept', 'content-length']) {
      expect(refusalOf(signed({}, plus(name, 'x')))).toBeUndefined()
    }
  })
})

describe('no signature', () => {
  test('is what it is called', () => {
    const request = signed({}, without('authorization'))
    expect(parseSignedRequest(request)).toEqual({ kind: 'none' })
    expect(parseSignedRequest({ ...request, rawQuery: 'Action=GetCallerIdentity&Signature=1' })).toEqual({
      kind: 'none',
    })
  })
})

describe('malformed', () => {
  const incomplete = (message: string) => ({ code: 'IncompleteSignatureException', message })
  const echo = (request: SignedRequest) => request.headers.find(([name]) => name === 'authorization')?.[1]

  test('says which parts are missing', () => {
    const credential = "Authorization header requires 'Credential' parameter. "
    const signature = "Authorization header requires 'Signature' parameter. "
    const names = "Authorization header requires 'SignedHeaders' parameter. "
    const when = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
    const cases: Array<[SignedRequest, string]> = [
      [
        signed(
          {},
          authorization((value) => value.replace('Credential=', 'Credentials=')),
        ),
        credential,
      ],
      [
        signed(
          {},
          authorization((value) => value.replace(', Signature', ', X')),
        ),
        signature,
      ],
      [
        signed(
          {},
          authorization((value) => value.replace('SignedHeaders', 'Headers')),
        ),
        names,
      ],
      [
        signed(
          {},
          authorization((value) => value.replace(/Signature=.*/, 'Signature=')),
        ),
        signature,
      ],
      [signed({}, without('x-amz-date')), when],
    ]
    for (const [request, text] of cases) {
      expect(refusalOf(request)).toEqual(incomplete(`${text}Authorization=${echo(request)}`))
    }
    const nothing = without('x-amz-date')(
      signed(
        {},
        authorization(() => 'AWS4-HMAC-SHA256 a=b'),
      ).headers as Header[],
    )
    expect(refusalOf({ ...signed(), headers: nothing })).toEqual(
      incomplete(`${credential}${signature}${names}${when}Authorization=AWS4-HMAC-SHA256 a=b`),
    )
  })

  test.each([
    ['Bearer eyJhbGciOi', 'eyJhbGciOi'],
    ['justatoken', 'justatoken'],
    ['AWS4-HMAC-SHA256 Credential=a, SignedHeaders, Signature=b', 'SignedHeaders'],
    ['AWS4-HMAC-SHA256 Credential=a,, Signature=b', ''],
    ['', ''],
  ])('a part without equal-sign: %s', (value, part) => {
    expect(
      refusalOf(
        signed(
          {},
          authorization(() => value),
        ),
      ),
    ).toEqual(
      incomplete(`'${part}' not a valid key=value pair (missing equal-sign) in Authorization header: '${value}'.`),
    )
  })

  test('another algorithm', () => {
    for (const name of ['AWS4-HMAC-SHA512', 'AWS4-ECDSA-P256-SHA256', 'aws4-hmac-sha256', 'AWS3', 'Bearer']) {
      expect(
        refusalOf(
          signed(
            {},
            authorization((value) => value.replace('AWS4-HMAC-SHA256', name)),
          ),
        ),
      ).toEqual(incomplete(`Unsupported AWS 'algorithm': '${name}'.`))
    }
    expect(refusalOf(presigned({ 'X-Amz-Algorithm': 'AWS4-HMAC-SHA1' }))).toEqual(
      incomplete("Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."),
    )
  })

  test.each([
    'a/20260107/us-east-1/cognito-idp',
    'a/20260107/us-east-1/x/aws4_request/y',
    'a//us-east-1/x/aws4_request',
    'a',
  ])('a credential of the wrong shape: %s', (credential) => {
    const edit = authorization((value) => value.replace(/Credential=[^,]*/, `Credential=${credential}`))
    const message =
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, ' +
      `got '${credential}'`
    expect(refusalOf(signed({}, edit))).toEqual(incomplete(message))
  })

  test.each([
    '2026-01-07T09:05:03Z',
    '20260107T090503',
    '20260107',
    '',
    'now',
    '20260230T090503Z',
    '20260107T250503Z',
    '20260107T090503Z ',
  ])('an x-amz-date that is none: "%s"', (text) => {
    const edit = (headers: Header[]) => plus('x-amz-date', text)(without('x-amz-date')(headers))
    expect(refusalOf(signed({}, edit))).toMatchObject({ code: 'IncompleteSignatureException' })
    const query = presigned({ 'X-Amz-Date': encodeURIComponent(text), 'X-Amz-Signature': 'a'.repeat(64) })
    expect(refusalOf(query)).toMatchObject({ code: 'IncompleteSignatureException' })
  })

  test.each([
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Date',
    'X-Amz-Expires',
    'X-Amz-SignedHeaders',
    'X-Amz-Signature',
  ])('a query form without %s', (name) => {
    const { rawQuery, ...request } = presigned()
    const rest = rawQuery.split('&').filter((piece) => !piece.startsWith(`${name}=`))
    expect(refusalOf({ ...request, rawQuery: rest.join('&') })).toEqual(
      incomplete(`AWS query-string parameters must include '${name}'. Re-examine the query-string parameters.`),
    )
  })

  test.each(['0', '604801', '-1', '1e3', '', '9999999', '12.5', '%2015'])('X-Amz-Expires=%s', (seconds) => {
    expect(refusalOf(presigned({ 'X-Amz-Expires': seconds }))).toMatchObject({ code: 'IncompleteSignatureException' })
  })

  test.each([
    'Host;x-amz-date',
    'x-amz-date;host',
    'host;host;x-amz-date',
    'host;;x-amz-date',
    'host x-amz-date',
    'host;',
  ])('a list of signed headers like "%s"', (names) => {
    const edit = authorization((value) => value.replace(/SignedHeaders=[^,]*/, `SignedHeaders=${names}`))
    expect(refusalOf(signed({}, edit))).toMatchObject({ ...mismatch, detail: expect.stringMatching(/list of signed/) })
  })
})

describe('ambiguous', () => {
  test('a signature in both places', () => {
    const both = { ...signed(), rawQuery: presigned().rawQuery }
    expect(refusalOf(both)).toMatchObject({
      code: 'IncompleteSignatureException',
      message: expect.stringMatching(/not in both/),
    })
    const oneParameter = signed({ rawQuery: 'X-Amz-Signature=00' })
    expect(refusalOf(oneParameter)).toMatchObject({ code: 'IncompleteSignatureException' })
  })

  test.each([
    'Authorization',
    'X-Amz-Date',
    'x-amz-target',
    'X-AMZ-SECURITY-TOKEN',
    'host',
    'Content-Type',
    'x-amz-content-sha256',
    'Content-Length',
    'Date',
  ])('two of %s, signed or not', (name) => {
    const value = name === 'x-amz-content-sha256' ? sha256Hex('{}') : 'x'
    const signedTwice = signed({
      token: 'x',
      headers: [...without(name.toLowerCase())(jsonHeaders), [name, value], [name, value]],
    })
    const addedTwice = signed({ token: 'x' }, (headers) => plus(name, value)(plus(name.toLowerCase(), value)(headers)))
    for (const request of [signedTwice, addedTwice]) {
      expect(refusalOf(request)).toMatchObject({
        code: 'IncompleteSignatureException',
        message: `The request has more than one '${name.toLowerCase()}'.`,
      })
    }
  })

  test('two of a query parameter, also when one is spelled with escapes', () => {
    for (const name of ['X-Amz-Date', 'X-Amz-Signature', 'X-Amz-Security-Token', 'X-Amz-Expires', 'X-Amz-Credential']) {
      const request = presigned({ 'X-Amz-Security-Token': 'x' })
      for (const spelled of [name, name.replace('X', '%58')]) {
        expect(refusalOf({ ...request, rawQuery: `${request.rawQuery}&${spelled}=x` })).toMatchObject({
          code: 'IncompleteSignatureException',
          message: `The request has more than one '${name}'.`,
        })
      }
    }
  })

  test('two of an Authorization parameter', () => {
    const edit = authorization((value) => `${value}, Signature=${'0'.repeat(64)}`)
    expect(refusalOf(signed({}, edit))).toMatchObject({ code: 'IncompleteSignatureException' })
  })

  test('a session token in the query string and in a header', () => {
    const request = presigned({ 'X-Amz-Security-Token': 'x' })
    expect(refusalOf({ ...request, headers: [...request.headers, ['x-amz-security-token', 'x']] })).toMatchObject({
      code: 'IncompleteSignatureException',
    })
  })

  test('a plus in the query string, which some read as a space', () => {
    expect(refusalOf(signed({ rawQuery: 'a=b+c' }))).toMatchObject(mismatch)
    expect(refusalOf(signed({ rawQuery: 'a=b%2Bc' }))).toBeUndefined()
    expect(refusalOf(signed({ rawQuery: 'a=b%20c' }))).toBeUndefined()
  })

  test('a request target that is no path, characters that are no bytes', () => {
    expect(refusalOf(signed({ rawPath: 'http://localhost/' }))).toMatchObject(mismatch)
    expect(refusalOf(signed({ headers: [...jsonHeaders, ['x-amz-meta', 'ሴ']] }))).toMatchObject(mismatch)
  })
})

describe('scope', () => {
  const invalid = (message: string) => ({ code: 'InvalidSignatureException', message })

  test('of another region, service or day, or with another end', () => {
    expect(refusalOf(signed({ scope: { region: 'eu-west-1' } }))).toEqual(
      invalid("Credential should be scoped to a valid region, not 'eu-west-1'. "),
    )
    expect(refusalOf(signed({ scope: { service: 'sts' } }))).toEqual(
      invalid("Credential should be scoped to correct service: 'cognito-idp'. "),
    )
    expect(
      refusalOf(
        signed(
          {},
          authorization((value) => value.replace('aws4_request', 'aws5_request')),
        ),
      ),
    ).toEqual(invalid("Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. "))
    expect(
      refusalOf(
        signed(
          {},
          authorization((value) => value.replace('/20260107/', '/20260106/')),
        ),
      ),
    ).toEqual(
      invalid(
        'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
          "'20260106' != '20260107', from '20260107T090503Z'.",
      ),
    )
  })

  test('any region passes when none is expected', () => {
    expect(refusalOf(signed({ scope: { region: 'anywhere' } }), { expectedRegion: undefined })).toBeUndefined()
  })

  test('a region or service that is renamed after signing does not pass by its name', () => {
    const renamed = authorization((value) => value.replace('/us-east-1/sts/', '/us-east-1/cognito-idp/'))
    expect(refusalOf(signed({ scope: { service: 'sts' } }, renamed))).toMatchObject(mismatch)
  })
})

describe('time', () => {
  const at = (seconds: number) => signed({ signedAt: now + seconds * 1000 })

  test("300 seconds either way pass, 301 do not, with the services' texts", () => {
    expect(refusalOf(at(-300))).toBeUndefined()
    expect(refusalOf(at(300))).toBeUndefined()
    expect(refusalOf(at(-301))).toEqual({
      code: 'InvalidSignatureException',
      message: 'Signature expired: 20260107T090002Z is now earlier than 20260107T090003Z (20260107T090503Z - 5 min.)',
    })
    expect(refusalOf(at(301))).toEqual({
      code: 'InvalidSignatureException',
      message:
        'Signature not yet current: 20260107T091004Z is still later than 20260107T091003Z (20260107T090503Z + 5 min.)',
    })
    expect(refusalOf(at(-300), { now: now + 999 })).toBeUndefined()
  })

  test("the skew is the caller's", () => {
    expect(refusalOf(at(-900), { skewSeconds: 900 })).toBeUndefined()
    expect(refusalOf(at(-901), { skewSeconds: 900 })).toMatchObject({ message: expect.stringContaining('- 15 min.') })
  })

  test('time is told before a wrong signature is', () => {
    const stale = at(-400)
    expect(refusalOf(stale, { secretAccessKey: 'other' })).toMatchObject({
      message: expect.stringContaining('expired'),
    })
  })

  test('the query form is good until its date plus X-Amz-Expires, and not before its date less the skew', () => {
    const request = presigned({ 'X-Amz-Expires': '604800' })
    const later = (seconds: number) => ({ now: now + seconds * 1000 })
    expect(refusalOf(request, later(604_800))).toBeUndefined()
    expect(refusalOf(request, later(604_801))).toMatchObject({ message: expect.stringContaining('Signature expired') })
    expect(refusalOf(request, later(-300))).toBeUndefined()
    expect(refusalOf(request, later(-301))).toMatchObject({ message: expect.stringContaining('not yet current') })
    expect(refusalOf(presigned({ 'X-Amz-Expires': '1' }), later(2))).toMatchObject({
      code: 'InvalidSignatureException',
    })
    expect(refusalOf(presigned({ 'X-Amz-Expires': '1' }), later(1))).toBeUndefined()
  })

  test('a Date header serves when there is no x-amz-date', () => {
    const headers = [...jsonHeaders, ['Date', 'Wed, 07 Jan 2026 09:05:03 GMT'] as const]
    for (const text of ['Wed, 07 Jan 2026 09:05:03 GMT', date, '2026-01-07T09:05:03Z']) {
      const dated = [...jsonHeaders, ['Date', text] as const]
      const names = ['content-type', 'date', 'host', 'x-amz-target']
      const request = { method: 'POST', rawPath: '/', rawQuery: '', bodySha256Hex: sha256Hex('{}') }
      const canonical = canonicalRequest(request, headersByName(dated), names, request.bodySha256Hex)
      const scope = { ...target, date: '20260107' }
      const signature = createHmacHex(
        deriveSigningKey(key.secretAccessKey, scope),
        stringToSign(date, scope, canonical),
      )
      const value = `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260107/us-east-1/cognito-idp/aws4_request, SignedHeaders=${names.join(';')}, Signature=${signature}`
      expect(refusalOf({ ...request, headers: [...dated, ['authorization', value]] })).toBeUndefined()
      const unsignedDate = value.replace('date;', '')
      expect(refusalOf({ ...request, headers: [...dated, ['authorization', unsignedDate]] })).toMatchObject({
        ...mismatch,
        detail: 'the header date is not signed',
      })
    }
    for (const text of [
      'Wed, 07 Jan 2026 09:05:03 +0000',
      'Tue, 07 Jan 2026 09:05:03 GMT',
      'Wednesday',
      '2026-02-30T09:05:03Z',
      '',
    ]) {
      const edit = (list: readonly Header[]) => [
        ...without('x-amz-date')(without('date')([...list])),
        ['Date', text] as const,
      ]
      expect(refusalOf(signed({ headers }, edit))).toMatchObject({ code: 'IncompleteSignatureException' })
    }
  })
})

describe('headers that must be signed', () => {
  /** The request signed without a header that it carries all the same. */
  const unsignedHeader = (name: string, value: string, method = 'POST') =>
    signed({ method, headers: without(name)(jsonHeaders) }, plus(name, value))

  test.each([
    ['x-amz-target', 'AWSCognitoIdentityProviderService.DeleteUserPool'],
    ['host', 'elsewhere'],
    ['x-amz-security-token', 'token'],
    ['content-type', 'application/json'],
  ])('%s', (name, value) => {
    expect(refusalOf(unsignedHeader(name, value))).toEqual({ ...mismatch, detail: `the header ${name} is not signed` })
  })

  test('x-amz-date', () => {
    const names = authorization((value) => value.replace(';x-amz-date', ''))
    expect(refusalOf(signed({}, names))).toEqual({ ...mismatch, detail: 'the header x-amz-date is not signed' })
  })

  test('host even when the request has none', () => {
    expect(refusalOf(signed({ headers: without('host')(jsonHeaders) }))).toMatchObject(mismatch)
  })

  test('content-type of a POST only, and not where the caller excepts it', () => {
    expect(refusalOf(unsignedHeader('content-type', 'text/plain', 'GET'))).toBeUndefined()
    expect(refusalOf(unsignedHeader('content-type', 'text/plain'), { allowUnsignedContentType: true })).toBeUndefined()
  })

  test('one that is listed must be there', () => {
    const request = signed({ headers: [...jsonHeaders, ['x-extra', 'x']] }, without('x-extra'))
    expect(refusalOf(request)).toEqual({ ...mismatch, detail: 'the signed header x-extra is absent' })
    // An absent header must not pass as an empty one either.
    const empty = signed({ headers: [...jsonHeaders, ['x-extra', '']] }, without('x-extra'))
    expect(refusalOf(empty)).toEqual({ ...mismatch, detail: 'the signed header x-extra is absent' })
  })

  test('a presigned request with a session token in an unsigned header', () => {
    const request = presigned()
    expect(refusalOf({ ...request, headers: [...request.headers, ['x-amz-security-token', 'x']] })).toMatchObject(
      mismatch,
    )
    const both = { 'X-Amz-SignedHeaders': 'host%3Bx-amz-security-token' }
    const covered = presigned(both, [
      ['host', 'localhost'],
      ['x-amz-security-token', 'x'],
    ])
    expect(parsedOf(covered).sessionToken).toBe('x')
    expect(refusalOf(covered)).toBeUndefined()
  })
})

describe('body', () => {
  test('the hash is that of the body received', () => {
    expect(refusalOf({ ...signed(), bodySha256Hex: sha256Hex('{ }') })).toMatchObject(mismatch)
    const declared = signed({ headers: [...jsonHeaders, ['x-amz-content-sha256', sha256Hex('{}')]] })
    expect(refusalOf(declared)).toBeUndefined()
    expect(refusalOf({ ...declared, bodySha256Hex: sha256Hex('{ }') })).toMatchObject(mismatch)
  })

  test.each([
    'UNSIGNED-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    sha256Hex('x'),
    '',
    'required',
  ])('x-amz-content-sha256: %s does not replace it', (value) => {
    // Signed properly over the declared value, as a client that means it does.
    const headers: Header[] = [...jsonHeaders, ['x-amz-content-sha256', value], ['x-amz-date', date]]
    const names = [...headersByName(headers).keys()].sort()
    const request = { method: 'POST', rawPath: '/', rawQuery: '', bodySha256Hex: sha256Hex('{}') }
    const scope = { ...target, date: '20260107' }
    const canonical = canonicalRequest(request, headersByName(headers), names, value)
    const signature = createHmacHex(deriveSigningKey(key.secretAccessKey, scope), stringToSign(date, scope, canonical))
    const credential = 'AKIDEXAMPLE/20260107/us-east-1/cognito-idp/aws4_request'
    const text = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`
    const complete = { ...request, headers: [...headers, ['authorization', text] as const] }
    expect(refusalOf(complete)).toMatchObject(mismatch)
    const allowed = refusalOf(complete, { allowUnsignedPayload: true })
    if (value === 'UNSIGNED-PAYLOAD') expect(allowed).toBeUndefined()
    else expect(allowed).toMatchObject(mismatch)
  })
})

describe('signature', () => {
  test('another secret, a shortened, upper-case or empty-looking signature', () => {
    expect(refusalOf(signed(), { secretAccessKey: 'other' })).toEqual({
      ...mismatch,
      detail: 'the signature is another one',
    })
    for (const edit of [
      (hex: string) => hex.slice(1),
      (hex: string) => hex.toUpperCase(),
      () => '0',
      (hex: string) => `${hex}0`,
    ]) {
      const changed = authorization((value) => value.replace(/(?<=Signature=).*/, edit))
      expect(refusalOf(signed({}, changed))).toMatchObject(mismatch)
    }
  })

  test('the explanation is there when asked for, with what was hashed', () => {
    const refusal = refusalOf(signed(), { secretAccessKey: 'other', explain: true })
    const canonical = [
      'POST',
      '/',
      '',
      'content-type:application/x-amz-json-1.1',
      'host:localhost:9229',
      `x-amz-date:${date}`,
      'x-amz-target:AWSCognitoIdentityProviderService.ListUserPools',
      '',
      'content-type;host;x-amz-date;x-amz-target',
      sha256Hex('{}'),
    ].join('\n')
    const toSign = `AWS4-HMAC-SHA256\n${date}\n20260107/us-east-1/cognito-idp/aws4_request\n${sha256Hex(canonical)}`
    expect(refusal).toMatchObject({
      message:
        `${mismatchText}\n\nThe Canonical String for this request should have been\n'${canonical}'` +
        `\n\nThe String-to-Sign should have been\n'${toSign}'\n`,
    })
    expect(JSON.stringify(refusal)).not.toContain(parsedOf(signed()).signature)
  })
})

describe('canonical form', () => {
  test.each([
    ['', '/'],
    ['/', '/'],
    ['//', '/'],
    ['/.', '/'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/a//b/', '/a/b/'],
    ['/a/..', '/'],
    ['/a/../', '/'],
    ['/.../a', '/.../a'],
    ['/%2e%2e/a', '/%252e%252e/a'],
    ['/identitypools/us-east-1%3A1/datasets/my.data%3Aset', '/identitypools/us-east-1%253A1/datasets/my.data%253Aset'],
    ['/identitypools/us-east-1:1', '/identitypools/us-east-1%3A1'],
    ['/a b', '/a%20b'],
    ["/!'()*~", '/%21%27%28%29%2A~'],
    ['/é', '/%E9'],
  ])('path %s is %s', (path, canonical) => {
    expect(canonicalPath(path)).toBe(canonical)
  })

  test.each([
    ['', ''],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1', 'a=1&a=2'],
    ['a', 'a='],
    ['a=b=c', 'a=b%3Dc'],
    ['&&a=1&', 'a=1'],
    ['=x', '=x'],
    ['a=%7E%2f', 'a=~%2F'],
    ['a=%zz%', 'a=%25zz%25'],
    ['a=%ff', 'a=%FF'],
    ['a=%e1%88%b4', 'a=%E1%88%B4'],
    ['A=1&a=2&B=3', 'A=1&B=3&a=2'],
    ['a-b=1&a=2', 'a=2&a-b=1'],
    ['X-Amz-Signature=1&x=2', 'x=2'],
    ['x-amz-signature=1', 'x-amz-signature=1'],
  ])('query %s is %s', (query, canonical) => {
    expect(canonicalQuery(query)).toBe(canonical)
  })

  test('bytes are hashed as they came', () => {
    const utf8 = Buffer.from('ü').toString('latin1')
    const text = stringToSign(date, { ...target, date: '20260107' }, utf8)
    expect(text.split('\n')[3]).toBe(sha256Hex('ü'))
  })

  test('dates', () => {
    expect(formatBasicIso(now + 999)).toBe(date)
    expect(parseBasicIso(date)).toBe(now)
    for (const text of ['00990101T000000Z', '20260107t090503Z', '20260107T096003Z', '20260107T090560Z']) {
      expect(parseBasicIso(text)).toBeUndefined()
    }
  })
})

describe('signing keys', () => {
  test('are cached after success, up to a bound, and only for the secret they came from', () => {
    const signingKeys = createSigningKeyCache(3)
    expect(refusalOf(signed(), { secretAccessKey: 'wrong', signingKeys })).toBeDefined()
    expect(signingKeys.size).toBe(0)
    expect(refusalOf(signed(), { signingKeys })).toBeUndefined()
    expect(signingKeys.size).toBe(1)
    expect(refusalOf(signed(), { signingKeys })).toBeUndefined()
    expect(refusalOf(signed(), { secretAccessKey: 'replaced', signingKeys })).toMatchObject(mismatch)
    for (const region of ['a', 'b', 'c', 'd']) {
      expect(refusalOf(signed({ scope: { region } }), { expectedRegion: undefined, signingKeys })).toBeUndefined()
      expect(signingKeys.size).toBeLessThanOrEqual(3)
    }
    expect(signingKeys.size).toBe(3)
  })

  test('the one unused longest goes first', () => {
    const cache = createSigningKeyCache(2)
    const scope = { date: '20260107', ...target }
    for (const id of ['one', 'two']) cache.set(id, 's', scope, Buffer.from(id))
    cache.get('one', 's', scope)
    cache.set('three', 's', scope, Buffer.from('three'))
    expect(cache.get('two', 's', scope)).toBeUndefined()
    expect(cache.get('one', 's', scope)?.toString()).toBe('one')
    for (const other of [{ date: '20260108' }, { region: 'x' }, { service: 'x' }]) {
      expect(cache.get('one', 's', { ...scope, ...other })).toBeUndefined()
    }
    cache.set('one', 'new', scope, Buffer.from('new'))
    expect(cache.get('one', 's', scope)).toBeUndefined()
    expect(cache.get('one', 'new', scope)?.toString()).toBe('new')
  })
})
