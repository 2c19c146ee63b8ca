// Each rule of the verifier: the refusal's code and text, and what passes right beside it.
import { describe, expect, test } from 'vitest'
import {
  authorization,
  createHmacHex,
  date,
  type Header,
  jsonHeaders,
  key,
  mismatch,
  mismatchText,
  now,
  parsedOf,
  plus,
  presigned,
  refusalOf,
  sha256Hex,
  signed,
  target,
  without,
} from '../../test/sigv4-requests.ts'
import { canonicalRequest, headersByName, stringToSign } from './canonical.ts'
import { deriveSigningKey } from './signing-key.ts'

describe('a valid signature', () => {
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

  test('each of several regions passes', () => {
    const expectedRegions = ['us-east-1', 'eu-west-1']
    for (const region of expectedRegions)
      expect(refusalOf(signed({ scope: { region } }), { expectedRegions })).toBeUndefined()
    expect(refusalOf(signed({ scope: { region: 'eu-west-2' } }), { expectedRegions })).toEqual(
      invalid("Credential should be scoped to a valid region, not 'eu-west-2'. "),
    )
  })

  test('any region passes when none is expected', () => {
    expect(refusalOf(signed({ scope: { region: 'anywhere' } }), { expectedRegions: undefined })).toBeUndefined()
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

  test('the time is checked before the signature', () => {
    const stale = at(-400)
    expect(refusalOf(stale, { secretAccessKey: 'other' })).toMatchObject({
      message: expect.stringContaining('expired'),
    })
  })

  test('the query form is valid until its date plus X-Amz-Expires, and from its date less the skew', () => {
    const request = presigned({ 'X-Amz-Expires': '600' })
    const later = (seconds: number) => ({ now: now + seconds * 1000 })
    expect(refusalOf(request, later(600))).toBeUndefined()
    expect(refusalOf(request, later(601))).toMatchObject({ message: expect.stringContaining('Signature expired') })
    expect(refusalOf(request, later(-300))).toBeUndefined()
    expect(refusalOf(request, later(-301))).toMatchObject({ message: expect.stringContaining('not yet current') })
    expect(refusalOf(presigned({ 'X-Amz-Expires': '1' }), later(2))).toMatchObject({
      code: 'InvalidSignatureException',
    })
    expect(refusalOf(presigned({ 'X-Amz-Expires': '1' }), later(1))).toBeUndefined()
  })

  test('the query form lives 15 minutes at most, whatever its X-Amz-Expires', () => {
    for (const expires of ['901', '3600', '604800']) {
      const request = presigned({ 'X-Amz-Expires': expires })
      expect(refusalOf(request, { now: now + 900_000 })).toBeUndefined()
      expect(refusalOf(request, { now: now + 901_000 })).toMatchObject({
        code: 'InvalidSignatureException',
        message: expect.stringMatching(/^Signature expired: .* \(\S+ - 15 min\.\)$/),
      })
    }
  })

  test('a Date header is used without x-amz-date', () => {
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

  test('content-type need not be signed, and is covered when it is', () => {
    expect(refusalOf(unsignedHeader('content-type', 'text/plain', 'GET'))).toBeUndefined()
    expect(refusalOf(unsignedHeader('content-type', 'text/plain'))).toBeUndefined()
    const changed = signed({}, (headers) =>
      headers.map(([name, value]): Header => [name, name.toLowerCase() === 'content-type' ? 'text/plain' : value]),
    )
    expect(refusalOf(changed)).toMatchObject(mismatch)
  })

  test('a listed header has to be present', () => {
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
    // Signed over the declared value, as by a client that sends it on purpose.
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

  test('the explanation is given on request, with the hashed text', () => {
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
