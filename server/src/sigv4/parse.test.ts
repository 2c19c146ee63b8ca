// Missing, incomplete and ambiguous signatures: code and text of the refusal.
import { describe, expect, test } from 'vitest'
import {
  authorization,
  type Header,
  jsonHeaders,
  mismatch,
  plus,
  presigned,
  refusalOf,
  sha256Hex,
  signed,
  without,
} from '../../test/sigv4-requests.ts'
import { parseSignedRequest, type SignedRequest } from './verify.ts'

describe('no signature', () => {
  test('is reported as none', () => {
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

  test('names the missing parts', () => {
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

  test('a repeated query parameter, also percent-encoded', () => {
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

  test('a repeated Authorization parameter', () => {
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

  test('a request target that is not a path, characters that are not bytes', () => {
    expect(refusalOf(signed({ rawPath: 'http://localhost/' }))).toMatchObject(mismatch)
    expect(refusalOf(signed({ headers: [...jsonHeaders, ['x-amz-meta', 'ሴ']] }))).toMatchObject(mismatch)
  })
})
