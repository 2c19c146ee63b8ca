import { describe, expect, test } from 'vitest'
import { expectRefusal, expectSignIn, verify, withSignedAssertion, withSignedResponse } from '../../test/saml-checks.ts'
import {
  AUDIENCE,
  at,
  base64,
  conditions,
  confirmation,
  ENTITY_ID,
  metadata,
  nameId,
  type ResponseParts,
  response,
  signatureOf,
  signed,
} from '../../test/saml-provider.ts'

describe('assertions are refused', () => {
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

  // SAML profiles 4.1.4.2, bindings 3.5.5.2: without them a signed response could be given to another service.
  test('a signed response without Issuer or Destination', async () => {
    const anonymous = response({ responseIssuer: '' })
    const signature = await signatureOf(anonymous, '_response')
    await expectRefusal(anonymous.replace('<samlp:Status>', `${signature}$&`), 'wrong-issuer', /no Issuer/)
    const nowhere = response().replace(/ Destination="[^"]*"/, '')
    await expectRefusal(signed(nowhere, '_response'), 'wrong-recipient', /no Destination/)
    await expectRefusal(signed(await signed(nowhere, '_assertion'), '_response'), 'wrong-recipient', /no Destination/)
    await expectSignIn(signed(nowhere, '_assertion'))
  })

  test('an expired metadata document', async () => {
    const xml = await withSignedAssertion()
    await expectRefusal(xml, 'metadata-expired', /validUntil/, {
      metadata: metadata({ attributes: `validUntil="${at(0)}"` }),
    })
    await expectSignIn(xml, { metadata: metadata({ attributes: `validUntil="${at(1)}"` }) })
  })

  test('invalid metadata', async () => {
    await expectRefusal(withSignedAssertion(), 'malformed', undefined, { metadata: 'x' })
    await expectRefusal(withSignedAssertion(), 'bad-metadata', undefined, { metadata: '<x/>' })
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

  test('with a DOCTYPE are refused before parsing', async () => {
    for (const xml of [
      '<!DOCTYPE r><r/>',
      `<!DOCTYPE r [<!ENTITY l0 "lol">${bombs}]><r>&l9;</r>`,
      '<r><![CDATA[<!DOCTYPE]]></r>',
    ])
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

  test('a comment in a name is refused, even when signed', async () => {
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

describe('a response to a request', () => {
  const answering = async (response: string | undefined, confirmed: string | undefined): Promise<string> => {
    const more = confirmed === undefined ? '' : ` InResponseTo="${confirmed}"`
    const xml = await withSignedAssertion({ confirmation: confirmation({ more }) })
    return response === undefined ? xml : xml.replace('<samlp:Response ', `<samlp:Response InResponseTo="${response}" `)
  }

  test('has to name it, in the response and in the confirmation', async () => {
    expect((await expectSignIn(answering('_one', '_one'), { inResponseTo: '_one' })).inResponseTo).toBe('_one')
    for (const [response, confirmed] of [
      ['_two', '_one'],
      ['_one', '_two'],
      [undefined, '_one'],
      ['_one', undefined],
      ['', '_one'],
      [undefined, undefined],
    ] as const)
      await expectRefusal(answering(response, confirmed), 'wrong-request', /InResponseTo/, { inResponseTo: '_one' })
  })

  test('is not taken where none was made', async () => {
    await expectSignIn(answering(undefined, undefined), { inResponseTo: null })
    await expectRefusal(answering('_one', undefined), 'wrong-request', /InResponseTo/, { inResponseTo: null })
    await expectRefusal(answering(undefined, '_one'), 'wrong-request', /InResponseTo/, { inResponseTo: null })
  })

  test('may be as old as the caller says', async () => {
    await expectSignIn(withSignedAssertion({ issueInstant: at(-299) }), { maxAgeSeconds: 300 })
    await expectRefusal(withSignedAssertion({ issueInstant: at(-300) }), 'expired', /too long ago/, {
      maxAgeSeconds: 300,
    })
    await expectSignIn(withSignedAssertion({ issueInstant: at(-100_000) }))
  })
})
