import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { expectRefusal, expectSignIn, verify, withSignedAssertion, withSignedResponse } from '../../test/saml-checks.ts'
import {
  AUDIENCE,
  at,
  attribute,
  base64,
  conditions,
  confirmation,
  ENTITY_ID,
  metadata,
  NOW,
  nameId,
  providerKey,
  RECIPIENT,
  response,
  signed,
} from '../../test/saml-provider.ts'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#'

describe('a response is accepted', () => {
  const whole = {
    issuer: ENTITY_ID,
    nameId: 'ada',
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    recipient: RECIPIENT,
    notOnOrAfter: NOW + 300_000,
    attributes: { mail: ['ada@example.com'] },
    issuedAt: NOW - 1000,
    assertionId: '_assertion',
    sessionIndex: '_session',
    audience: AUDIENCE,
  }

  test('with a signed assertion', async () => {
    expect(await verify(await withSignedAssertion())).toEqual(whole)
  })

  test('with a signed response', async () => {
    expect(await verify(await withSignedResponse())).toEqual(whole)
  })

  test('with both signed, the assertion first', async () => {
    expect(await verify(await signed(await withSignedAssertion(), '_response'))).toEqual(whole)
  })

  test('without any optional part', async () => {
    const parts = {
      nameId: nameId('ada', ''),
      conditions: '',
      authnStatement: '',
      attributes: '',
      responseIssuer: '',
    }
    const xml = signed(response(parts).replace(/ Destination="[^"]*"/, ''), '_assertion')
    expect(await expectSignIn(xml, { audiences: undefined })).toEqual({
      issuer: ENTITY_ID,
      nameId: 'ada',
      nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
      recipient: RECIPIENT,
      notOnOrAfter: NOW + 300_000,
      attributes: {},
      issuedAt: NOW - 1000,
      assertionId: '_assertion',
    })
  })

  test('with repeated and single attributes', async () => {
    const signIn = await expectSignIn(
      withSignedAssertion({
        confirmation: confirmation({ more: ' InResponseTo="_request"' }),
        authnStatement: `<saml:AuthnStatement AuthnInstant="${at(0)}" SessionIndex="a" SessionNotOnOrAfter="${at(900)}"/><saml:AuthnStatement AuthnInstant="${at(0)}" SessionIndex="b" SessionNotOnOrAfter="${at(600)}"/>`,
        attributes: [
          attribute('groups', 'one', '', '<![CDATA[t<w>o]]>'),
          attribute('groups', 'th&#114;ee &amp; more'),
          attribute('__proto__', 'x'),
          attribute('constructor', 'y'),
          attribute('id', '<saml:NameID>inner</saml:NameID>'),
          attribute('none'),
        ].join(''),
        conditions: conditions(
          `<saml:AudienceRestriction><saml:Audience>other</saml:Audience><saml:Audience>${AUDIENCE}</saml:Audience></saml:AudienceRestriction><saml:OneTimeUse/>`,
        ),
      }),
    )
    expect(signIn).toMatchObject({
      inResponseTo: '_request',
      sessionIndex: 'a',
      sessionNotOnOrAfter: NOW + 600_000,
      audience: AUDIENCE,
    })
    expect(Object.entries(signIn.attributes)).toEqual([
      ['groups', ['one', '', 't<w>o', 'three & more']],
      ['__proto__', ['x']],
      ['constructor', ['y']],
      ['id', ['inner']],
      ['none', []],
    ])
    expect(Object.getPrototypeOf(signIn.attributes)).toBeNull()
  })

  test('with line ends in the base64, a byte order mark and an XML declaration', async () => {
    const xml = `\ufeff<?xml version="1.0" encoding="UTF-8"?>\n${await withSignedAssertion()}`
    const wrapped = base64(xml).replace(/.{76}/g, '$&\r\n')
    expect(await verify('', { response: wrapped })).toEqual(whole)
  })

  test('for any audience when none is required', async () => {
    const restriction = (name: string): string =>
      `<saml:AudienceRestriction><saml:Audience>${name}</saml:Audience></saml:AudienceRestriction>`
    const xml = withSignedAssertion({ conditions: conditions(restriction('first') + restriction('second')) })
    expect(await expectSignIn(xml, { audiences: undefined })).toMatchObject({ audience: 'first' })
  })

  test('when one of several confirmations is valid', async () => {
    const late = confirmation({ notOnOrAfter: ` NotOnOrAfter="${at(-600)}"` })
    const other = confirmation().replace('cm:bearer', 'cm:sender-vouches')
    await expectSignIn(withSignedAssertion({ confirmation: `${other}${late}${confirmation()}` }))
    await expectRefusal(withSignedAssertion({ confirmation: `${other}${late}` }), 'expired')
    await expectRefusal(withSignedAssertion({ confirmation: other }), 'wrong-shape', /bearer/)
  })

  test('with namespaces that only values need (OpenSAML)', async () => {
    const typed =
      '<saml:Attribute Name="mail"><saml:AttributeValue xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">a@b</saml:AttributeValue></saml:Attribute>'
    const xml = response({ attributes: typed }).replace('<samlp:Response ', '<samlp:Response xmlns:xs="urn:schema" ')
    const both = await signed(await signed(xml, '_assertion', { prefixes: ['xs'] }), '_response', { prefixes: ['xs'] })
    expect((await expectSignIn(both)).attributes).toEqual({ mail: ['a@b'] })
    // Signed by itself the assertion depends on a declaration that the response's own canonical form leaves out.
    const outer = await signed(await signed(xml, '_assertion', { prefixes: ['xs'] }), '_response')
    expect((await expectSignIn(outer)).attributes).toEqual({ mail: ['a@b'] })
  })

  test.each(['sha256', 'sha384', 'sha512'])('RSA with %s', async (hash) => {
    const digestMethod = hash === 'sha384' ? `${MORE}sha384` : `${XMLENC}${hash}`
    const options = { hash, digestHash: hash, digestMethod, signatureMethod: `${MORE}rsa-${hash}` }
    await expectSignIn(withSignedAssertion({}, options))
  })

  test.each([
    ['p256', 'sha256'],
    ['p384', 'sha384'],
    ['p521', 'sha512'],
  ] as const)('ECDSA on %s', async (kind, hash) => {
    const certificate = makeCertificate(kind)
    const options = { key: certificate.privateKey, hash, signatureMethod: `${MORE}ecdsa-${hash}` }
    await expectSignIn(withSignedAssertion({}, options), { metadata: metadata({ certificates: [certificate.base64] }) })
  })

  test('by any key of the metadata, during a key rotation', async () => {
    const [next, curve] = [makeCertificate(), makeCertificate('p256')]
    const certificates = [curve.base64, next.base64, providerKey().base64]
    await expectSignIn(withSignedAssertion(), { metadata: metadata({ certificates }) })
    await expectSignIn(withSignedAssertion({}, { key: next.privateKey }), { metadata: metadata({ certificates }) })
  })

  test('within the skew, to the millisecond', async () => {
    const xml = await withSignedAssertion()
    const late = NOW + 300_000 + 30_000
    await expectSignIn(xml, { now: late - 1, skewSeconds: 30 })
    await expectRefusal(xml, 'expired', /NotOnOrAfter/, { now: late, skewSeconds: 30 })
    const early = NOW - 60_000 - 30_000
    const issued = await withSignedAssertion({ issueInstant: at(-100) })
    await expectSignIn(issued, { now: early, skewSeconds: 30 })
    await expectRefusal(issued, 'not-yet-valid', /NotBefore/, { now: early - 1, skewSeconds: 30 })
    // The default is a minute.
    await expectSignIn(xml, { now: NOW + 359_999 })
    expect(await verify(xml, { now: NOW + 360_000 })).toMatchObject({ refused: 'expired', expiredAt: NOW + 300_000 })
  })
})

test('values may each declare their own namespaces, as many identity providers have it', async () => {
  const own = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
  const values = Array.from(
    { length: 300 },
    (_, i) => `<saml:AttributeValue ${own} xsi:type="xs:string">group-${i}</saml:AttributeValue>`,
  )
  const attributes = `<saml:Attribute Name="groups">${values.join('')}</saml:Attribute>`
  expect((await expectSignIn(withSignedAssertion({ attributes }))).attributes.groups).toHaveLength(300)
})

describe('nothing throws, and only signed content is accepted', () => {
  test('for any text', async () => {
    const bits = fc.string({
      unit: fc.constantFrom('<', '>', '/', 'a', '"', '=', '&', ';', '!', '[', ' ', 'xmlns', ':'),
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), bits), async (text) => {
        expect(await verify(text)).toHaveProperty('refused')
        expect(await verify('', { response: text })).toHaveProperty('refused')
        expect(await verify(response(), { metadata: text })).toHaveProperty('refused')
      }),
      { numRuns: 200 },
    )
  })

  test('for any change of one character, any cut and any repetition', async () => {
    const xml = await signed(await withSignedAssertion(), '_response')
    const truth = await verify(xml)
    const place = fc.nat({ max: xml.length - 1 })
    const edit = fc.oneof(
      fc
        .tuple(place, fc.string({ minLength: 1, maxLength: 1 }))
        .map(([i, c]) => xml.slice(0, i) + c + xml.slice(i + 1)),
      fc.tuple(place, place).map(([i, j]) => xml.slice(0, Math.min(i, j)) + xml.slice(Math.max(i, j))),
      fc.tuple(place, place).map(([i, j]) => xml.slice(0, Math.max(i, j)) + xml.slice(Math.min(i, j))),
    )
    await fc.assert(
      fc.asyncProperty(edit, async (changed) => {
        const result = await verify(changed)
        if (!('refused' in result)) expect(result).toEqual(truth)
      }),
      { numRuns: 400 },
    )
  })
})
