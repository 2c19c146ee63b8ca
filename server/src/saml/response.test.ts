import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
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
  type ResponseParts,
  response,
  type SignOptions,
  signatureOf,
  signed,
} from '../../test/saml-provider.ts'
import { type SamlResponseInput, type SamlSignIn, verifySamlResponse } from './response.ts'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#'

const verify = (xml: string, input: Partial<SamlResponseInput> = {}) =>
  verifySamlResponse({
    response: base64(xml),
    metadata: metadata(),
    now: NOW,
    audiences: [AUDIENCE],
    recipient: RECIPIENT,
    ...input,
  })

const withSignedAssertion = (parts: ResponseParts = {}, options?: SignOptions) =>
  signed(response(parts), parts.assertionId ?? '_assertion', options)
const withSignedResponse = (parts: ResponseParts = {}, options?: SignOptions) =>
  signed(response(parts), parts.responseId ?? '_response', options)

async function expectRefusal(
  xml: string | Promise<string>,
  refused: string,
  detail?: RegExp,
  input: Partial<SamlResponseInput> = {},
): Promise<void> {
  expect(await verify(await xml, input)).toEqual({
    refused,
    detail: detail ? expect.stringMatching(detail) : expect.any(String),
    ...(refused === 'expired' && { expiredAt: expect.any(Number) }),
  })
}

async function expectSignIn(
  xml: string | Promise<string>,
  input: Partial<SamlResponseInput> = {},
): Promise<SamlSignIn> {
  const result = await verify(await xml, input)
  expect(result).not.toHaveProperty('refused')
  return result as SamlSignIn
}

describe('a response that is believed', () => {
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

  test('without anything that may be left out', async () => {
    const parts = {
      nameId: nameId('ada', ''),
      conditions: '',
      authnStatement: '',
      attributes: '',
      responseIssuer: '',
    }
    expect(await expectSignIn(withSignedAssertion(parts), { audiences: undefined, recipient: undefined })).toEqual({
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

  test('with what is said once and what is said often', async () => {
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

  test('for anybody, when nobody in particular is asked for', async () => {
    const restriction = (name: string): string => `<saml:AudienceRestriction><saml:Audience>${name}</saml:Audience></saml:AudienceRestriction>`
    const xml = withSignedAssertion({ conditions: conditions(restriction('first') + restriction('second')) })
    expect(await expectSignIn(xml, { audiences: undefined })).toMatchObject({ audience: 'first' })
  })

  test('when one of several confirmations holds', async () => {
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

  test('by any key of the metadata, while keys change', async () => {
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

describe('what an assertion says is refused', () => {
  test.each<[string, ResponseParts, string, RegExp]>([
    ['a failure', { status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }, 'status-not-success', /failed/],
    ['another issuer', { issuer: 'https://idp.example.com/saml2' }, 'wrong-issuer', /entityID/],
    ['no issuer', { issuer: '' }, 'wrong-issuer', /entityID/],
    [
      'another issuer of the response',
      { responseIssuer: '<saml:Issuer>https://evil.example</saml:Issuer>' },
      'wrong-issuer',
      /entityID/,
    ],
    [
      'an issuer that is no entity',
      {
        responseIssuer: `<saml:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${ENTITY_ID}</saml:Issuer>`,
      },
      'wrong-issuer',
      /entityID/,
    ],
    [
      'another audience',
      {
        conditions: conditions(
          '<saml:AudienceRestriction><saml:Audience>urn:example:sp2</saml:Audience></saml:AudienceRestriction>',
        ),
      },
      'wrong-audience',
      /another/,
    ],
    [
      'an audience that begins alike',
      {
        conditions: conditions(
          `<saml:AudienceRestriction><saml:Audience>${AUDIENCE}.evil</saml:Audience></saml:AudienceRestriction>`,
        ),
      },
      'wrong-audience',
      /another/,
    ],
    ['no audience', { conditions: conditions('') }, 'wrong-audience', /no audience/],
    ['no conditions', { conditions: '' }, 'wrong-audience', /no audience/],
    [
      'one of two restrictions',
      {
        conditions: conditions(
          `<saml:AudienceRestriction><saml:Audience>${AUDIENCE}</saml:Audience></saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>other</saml:Audience></saml:AudienceRestriction>`,
        ),
      },
      'wrong-audience',
      /another/,
    ],
    ['an unknown condition', { conditions: conditions('<saml:Condition/>') }, 'wrong-shape', /not known/],
    [
      'a foreign condition',
      { conditions: conditions('<AudienceRestriction xmlns="urn:x"/>') },
      'wrong-shape',
      /not known/,
    ],
    ['conditions twice', { conditions: conditions() + conditions() }, 'wrong-shape', /several Conditions/],
    [
      'another recipient',
      { confirmation: confirmation({ recipient: ' Recipient="https://evil.example/acs"' }) },
      'wrong-recipient',
      /another/,
    ],
    ['no recipient', { confirmation: confirmation({ recipient: '' }) }, 'wrong-recipient', /no Recipient/],
    ['another destination', { destination: 'https://evil.example/acs' }, 'wrong-recipient', /Destination/],
    ['a confirmation without end', { confirmation: confirmation({ notOnOrAfter: '' }) }, 'wrong-shape', /NotOnOrAfter/],
    [
      'a confirmation that is over',
      { confirmation: confirmation({ notOnOrAfter: ` NotOnOrAfter="${at(-61)}"` }) },
      'expired',
      /SubjectConfirmationData/,
    ],
    [
      'a confirmation of the future',
      { confirmation: confirmation({ more: ` NotBefore="${at(61)}"` }) },
      'not-yet-valid',
      /SubjectConfirmationData/,
    ],
    [
      'no time at all',
      { confirmation: confirmation({ notOnOrAfter: ' NotOnOrAfter="soon"' }) },
      'wrong-shape',
      /time in UTC/,
    ],
    [
      'a time elsewhere',
      { confirmation: confirmation({ notOnOrAfter: ' NotOnOrAfter="2026-03-01T13:00:00+01:00"' }) },
      'wrong-shape',
      /time in UTC/,
    ],
    [
      'a day that is none',
      { confirmation: confirmation({ notOnOrAfter: ' NotOnOrAfter="2027-02-30T13:00:00Z"' }) },
      'wrong-shape',
      /time in UTC/,
    ],
    ['an assertion of the future', { issueInstant: at(61) }, 'not-yet-valid', /future/],
    [
      'a session that is over',
      { authnStatement: `<saml:AuthnStatement AuthnInstant="${at(-900)}" SessionNotOnOrAfter="${at(-61)}"/>` },
      'expired',
      /session/,
    ],
    ['no subject', { subject: '' }, 'wrong-shape', /no Subject/],
    ['no name', { nameId: '' }, 'wrong-shape', /no NameID/],
    ['a blank name', { nameId: nameId(' \n') }, 'wrong-shape', /empty/],
    ['two names', { nameId: nameId('ada') + nameId('eve') }, 'wrong-shape', /several NameID/],
    ['a name with an element', { nameId: nameId('ada<x/>') }, 'wrong-shape', /more than text/],
    ['an endless name', { nameId: nameId('a'.repeat(2049)) }, 'wrong-shape', /too long/],
    ['an attribute without name', { attributes: '<saml:Attribute/>' }, 'wrong-shape', /no Name/],
    ['an encrypted attribute', { attributes: '<saml:EncryptedAttribute/>' }, 'encrypted-assertion', /encrypted/],
    ['an encrypted name', { nameId: '<saml:EncryptedID/>' }, 'encrypted-assertion', /encrypted/],
    ['an encrypted assertion', { assertion: '<saml:EncryptedAssertion/>' }, 'encrypted-assertion', /encrypted/],
    ['advice', { conditions: `${conditions()}<saml:Advice/>` }, 'wrong-shape', /another Advice/],
    ['no assertion', { assertion: '' }, 'wrong-shape', /no Assertion/],
  ])('%s', async (_case, parts, refused, detail) => {
    await expectRefusal(withSignedResponse(parts), refused, detail)
    if (parts.assertion === undefined) await expectRefusal(withSignedAssertion(parts), refused, detail)
  })

  test('an expired metadata document', async () => {
    const xml = await withSignedAssertion()
    await expectRefusal(xml, 'metadata-expired', /validUntil/, {
      metadata: metadata({ attributes: `validUntil="${at(0)}"` }),
    })
    await expectSignIn(xml, { metadata: metadata({ attributes: `validUntil="${at(1)}"` }) })
  })

  test('metadata that are none', async () => {
    await expectRefusal(withSignedAssertion(), 'malformed', undefined, { metadata: 'x' })
    await expectRefusal(withSignedAssertion(), 'bad-metadata', undefined, { metadata: '<x/>' })
  })
})

describe('signatures', () => {
  test('none', () => expectRefusal(response(), 'not-signed'))

  test('a key that is not in the metadata, whatever KeyInfo says', async () => {
    const own = makeCertificate()
    const editSignature = (signature: string): string =>
      signature.replace(
        '</ds:Signature>',
        `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${own.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`,
      )
    await expectRefusal(withSignedAssertion({}, { key: own.privateKey, editSignature }), 'bad-signature', /no key/)
    await expectSignIn(withSignedAssertion({}, { editSignature }))
  })

  test('one that is wrong beside one that is right', async () => {
    const other = makeCertificate().privateKey
    await expectRefusal(signed(await withSignedAssertion({}, { key: other }), '_response'), 'bad-signature')
    await expectRefusal(signed(await withSignedAssertion(), '_response', { key: other }), 'bad-signature')
  })

  test('a changed document', async () => {
    await expectRefusal((await withSignedAssertion()).replace('>ada<', '>eve<'), 'bad-signature', /not what was signed/)
    await expectRefusal((await withSignedResponse()).replace('>ada<', '>eve<'), 'bad-signature', /not what was signed/)
    // Outside of what was signed, and nothing that is believed.
    await expectSignIn((await withSignedAssertion()).replace('ID="_response"', 'ID="_other"'))
  })

  test.each<[string, SignOptions, string]>([
    ['SHA-1', { hash: 'sha1', signatureMethod: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }, 'unsupported-algorithm'],
    [
      'SHA-1 as digest',
      { digestHash: 'sha1', digestMethod: 'http://www.w3.org/2000/09/xmldsig#sha1' },
      'unsupported-algorithm',
    ],
    ['MD5', { hash: 'md5', signatureMethod: `${MORE}rsa-md5` }, 'unsupported-algorithm'],
    ['HMAC', { signatureMethod: `${MORE}hmac-sha256` }, 'unsupported-algorithm'],
    ['no algorithm', { signatureMethod: 'none' }, 'unsupported-algorithm'],
    ['a name of every object', { signatureMethod: 'constructor' }, 'unsupported-algorithm'],
    ['an RSA key for ECDSA', { signatureMethod: `${MORE}ecdsa-sha256` }, 'unsupported-algorithm'],
    ['another hash than the one named', { hash: 'sha512' }, 'bad-signature'],
    [
      'inclusive canonicalization of SignedInfo',
      { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
      'unsupported-algorithm',
    ],
    [
      'canonicalization with comments',
      { canonicalization: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments' },
      'unsupported-algorithm',
    ],
    ['no transforms', { transforms: '' }, 'unsupported-algorithm'],
    [
      'XSLT',
      {
        transforms:
          '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>',
      },
      'unsupported-algorithm',
    ],
    [
      'XPath',
      {
        transforms:
          '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"></ds:Transform>',
      },
      'unsupported-algorithm',
    ],
    [
      'three transforms',
      {
        transforms:
          '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>',
      },
      'unsupported-algorithm',
    ],
    ['the whole document', { uri: '' }, 'bad-signature'],
    ['another element', { uri: '#_response' }, 'bad-signature'],
    ['a document elsewhere', { uri: 'http://evil.example/' }, 'bad-signature'],
    ['an XPointer', { uri: "#xpointer(id('_assertion'))" }, 'bad-signature'],
    [
      'two references',
      { editSignedInfo: (text) => text.replace(/<ds:Reference.*<\/ds:Reference>/, '$&$&') },
      'wrong-shape',
    ],
    [
      'two SignedInfo',
      { editSignature: (text) => text.replace(/<ds:SignedInfo.*<\/ds:SignedInfo>/, '$&$&') },
      'wrong-shape',
    ],
    [
      'two values',
      { editSignature: (text) => text.replace(/<ds:SignatureValue.*<\/ds:SignatureValue>/, '$&$&') },
      'wrong-shape',
    ],
    [
      'an object',
      { editSignature: (text) => text.replace('</ds:Signature>', '<ds:Object/></ds:Signature>') },
      'bad-signature',
    ],
    [
      'a manifest in SignedInfo',
      { editSignedInfo: (text) => text.replace('</ds:SignedInfo>', '<ds:Manifest></ds:Manifest></ds:SignedInfo>') },
      'bad-signature',
    ],
    [
      'a truncated digest',
      { editSignedInfo: (text) => text.replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>AAAA') },
      'bad-signature',
    ],
    [
      'an empty digest',
      { editSignedInfo: (text) => text.replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>') },
      'bad-signature',
    ],
    [
      'a digest with an element',
      { editSignedInfo: (text) => text.replace('<ds:DigestValue>', '<ds:DigestValue><ds:x></ds:x>') },
      'wrong-shape',
    ],
    [
      'an output length',
      {
        editSignedInfo: (text) =>
          text.replace('</ds:SignatureMethod>', '<ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>'),
      },
      'unsupported-algorithm',
    ],
    [
      'a value that is not base64',
      { editSignature: (text) => text.replace('<ds:SignatureValue>', '<ds:SignatureValue>*') },
      'bad-signature',
    ],
  ])('%s', async (_case, options, refused) => {
    await expectRefusal(withSignedAssertion({}, options), refused)
  })

  test('more prefixes than anybody needs', async () => {
    const prefixes = Array.from({ length: 17 }, (_, i) => `p${i}`)
    await expectSignIn(withSignedAssertion({}, { prefixes: prefixes.slice(1) }))
    await expectRefusal(withSignedAssertion({}, { prefixes }), 'unsupported-algorithm', /prefixes/)
  })

  test('an RSA key that is too short', async () => {
    const short = makeCertificate('rsa-1024')
    await expectRefusal(withSignedAssertion({}, { key: short.privateKey }), 'unsupported-algorithm', /2048/, {
      metadata: metadata({ certificates: [short.base64] }),
    })
  })

  test('a certificate that is for encryption only', async () => {
    const other = makeCertificate()
    const text = metadata({ certificates: [providerKey().base64, other.base64] })
    const cut = text.lastIndexOf('use="signing"')
    const encryption = `${text.slice(0, cut)}use="encryption"${text.slice(cut + 'use="signing"'.length)}`
    await expectRefusal(withSignedAssertion({}, { key: other.privateKey }), 'bad-signature', undefined, {
      metadata: encryption,
    })
    await expectSignIn(withSignedAssertion({}, { key: other.privateKey }), { metadata: text })
  })

  test('a detached signature, and one in another place', async () => {
    const plain = response()
    const signature = await signatureOf(plain, '_assertion')
    await expectRefusal(
      plain.replace('</samlp:Response>', `${signature}</samlp:Response>`),
      'bad-signature',
      /something else/,
    )
    await expectRefusal(
      plain.replace('<saml:Subject>', `<saml:Subject>${signature}`),
      'wrong-shape',
      /another Signature/,
    )
  })
})

describe('documents', () => {
  const bombs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  test.each<[string, string]>([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['a DOCTYPE', `<!DOCTYPE r><r/>`],
    ['an external DTD', `<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><r/>`],
    ['an external entity', `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r>&e;</r>`],
    ['a billion laughs', `<!DOCTYPE r [<!ENTITY l0 "lol">${bombs}]><r>&l9;</r>`],
    ['a DOCTYPE in capitals and small letters', `<!doctype r><r/>`],
    ['an unknown entity', '<r>&e;</r>'],
    ['two roots', '<r/><r/>'],
    ['an attribute twice', '<r a="1" a="2"/>'],
    ['an attribute twice by namespace', '<r xmlns:p="u" xmlns:q="u" p:a="1" q:a="2"/>'],
    ['a prefix without namespace', '<p:r/>'],
    ['a processing instruction', '<?xml-stylesheet href="x"?><r/>'],
    ['another encoding', '<?xml version="1.0" encoding="UTF-7"?><r/>'],
    ['another version', '<?xml version="1.1"?><r/>'],
    ['a control character', '<r>\u0001</r>'],
    ['a control character by number', '<r>&#1;</r>'],
    ['a NUL', '<r>\0</r>'],
    ['too deep', `${'<r>'.repeat(65)}${'</r>'.repeat(65)}`],
    ['far too deep', `${'<r>'.repeat(9000)}`],
    ['too many elements', `<r>${'<r/>'.repeat(3001)}</r>`],
    ['too many attributes', `<r${Array.from({ length: 65 }, (_, i) => ` a${i}=""`).join('')}/>`],
    ['too many namespaces', `<r${Array.from({ length: 65 }, (_, i) => ` xmlns:p${i}="urn:u"`).join('')}/>`],
    [
      'too many namespaces around an element',
      `${Array.from({ length: 60 }, (_, i) => `<r xmlns:p${i}="urn:u" xmlns:q${i}="urn:u">`).join('')}${'</r>'.repeat(60)}`,
    ],
    ['a comment', '<r><!-- --></r>'],
  ])('%s', (_case, xml) => expectRefusal(xml, 'malformed'))

  test('with a DOCTYPE are refused before a parser sees them', async () => {
    for (const xml of ['<!DOCTYPE r><r/>', `<!DOCTYPE r [<!ENTITY l0 "lol">${bombs}]><r>&l9;</r>`, '<r><![CDATA[<!DOCTYPE]]></r>'])
      await expectRefusal(xml, 'malformed', /^the document has a DOCTYPE$/)
    await expectRefusal('<r>\u0001</r>', 'malformed', /characters/)
  })

  test.each<[string, string]>([
    ['not base64', '*'],
    ['base64 with bits left over', 'PHIvPh=='],
    ['URL-safe base64', base64('<r>\u00ff\u00fe?>~</r>').replaceAll('+', '-').replaceAll('/', '_').replace('=', '')],
    ['not UTF-8', Buffer.from([0x3c, 0x72, 0xff, 0x2f, 0x3e]).toString('base64')],
    ['UTF-16', Buffer.from('\ufeff<!DOCTYPE r><r/>', 'utf16le').toString('base64')],
    ['UTF-16 without a mark', Buffer.from('<!DOCTYPE r><r/>', 'utf16le').toString('base64')],
    ['too long', 'A'.repeat(100_001)],
  ])('%s', async (_case, text) => {
    expect(await verify('', { response: text })).toMatchObject({ refused: 'malformed' })
  })

  test.each<[string, (xml: string) => string]>([
    ['another root', (xml) => xml.replaceAll('samlp:Response', 'samlp:ArtifactResponse')],
    ['a root of another namespace', (xml) => xml.replace(/xmlns:samlp="[^"]*"/, 'xmlns:samlp="urn:x"')],
    ['SAML 1.1', (xml) => xml.replace('Version="2.0"', 'Version="1.1"')],
    ['no id', (xml) => xml.replace(' ID="_response"', '')],
    ['an id that is none', (xml) => xml.replace('ID="_response"', 'ID="#x"')],
    ['the same id twice', (xml) => xml.replace('ID="_response"', 'ID="_assertion"')],
    ['an id in two spellings', (xml) => xml.replace('ID="_response"', 'ID="_response" Id="_assertion"')],
    ['an xml:id', (xml) => xml.replace('<samlp:Status>', '<samlp:Status xml:id="_assertion">')],
    ['no status', (xml) => xml.replace(/<samlp:Status>.*<\/samlp:Status>/, '')],
  ])('%s', async (_case, edit) => expectRefusal(edit(await withSignedAssertion()), 'wrong-shape'))

  test('a comment in a name is refused, however it was signed', async () => {
    await expectRefusal(
      withSignedAssertion({ nameId: nameId('admin@example.com<!-- -->.evil') }),
      'malformed',
      /comment/,
    )
    const xml = await withSignedAssertion({ nameId: nameId('admin@example.com.evil') })
    await expectRefusal(xml.replace('example.com.evil', 'example.com<!---->.evil'), 'malformed', /comment/)
    await expectRefusal(xml.replace('example.com.evil', 'example.com<?x?>.evil'), 'malformed', /processing/)
    const split = await expectSignIn(xml.replace('example.com.evil', 'example.com<![CDATA[]]>.e&#118;il'))
    expect(split.nameId).toBe('admin@example.com.evil')
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

describe('nothing throws, and nothing else than what was signed is believed', () => {
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
