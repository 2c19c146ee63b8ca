// Responses of other implementations are accepted here, and those of the tests' own provider are accepted by them: so
// the refusals in other tests are caused by the tested fault, not by a peculiarity of the tests' provider.
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { signXml } from '@node-saml/node-saml/lib/xml.js'
import * as samlify from 'samlify'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { wrappingAttacks } from '../../test/saml-attacks.ts'
import { type EncryptOptions, encryptedAssertion } from '../../test/saml-encryption.ts'
import {
  AUDIENCE,
  assertion,
  at,
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
import { verifySamlResponse } from './response.ts'

// The other libraries ask the system for the time.
beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const verify = (response: string, text = metadata()) =>
  verifySamlResponse({ response, metadata: text, now: NOW, audiences: [AUDIENCE], recipients: [RECIPIENT] })

describe('node-saml', () => {
  const provider = (wants: { response: boolean; assertion: boolean }) =>
    new SAML({
      callbackUrl: RECIPIENT,
      issuer: AUDIENCE,
      audience: AUDIENCE,
      entryPoint: 'https://idp.example.com/sso',
      idpIssuer: ENTITY_ID,
      idpCert: providerKey().pem,
      wantAssertionsSigned: wants.assertion,
      wantAuthnResponseSigned: wants.response,
      validateInResponseTo: ValidateInResponseTo.never,
    })

  test('accepts the responses of the tests', async () => {
    const assertionSigned = await signed(response(), '_assertion')
    const responseSigned = await signed(response(), '_response')
    const both = await signed(assertionSigned, '_response', { prefixes: ['xs'] })
    for (const [xml, wants] of [
      [assertionSigned, { response: false, assertion: true }],
      [responseSigned, { response: true, assertion: false }],
      [both, { response: true, assertion: true }],
    ] as const) {
      const { profile } = await provider(wants).validatePostResponseAsync({ SAMLResponse: base64(xml) })
      const ours = await verify(base64(xml))
      expect(profile).toMatchObject({
        nameID: 'ada',
        issuer: ENTITY_ID,
        sessionIndex: '_session',
        mail: 'ada@example.com',
      })
      expect(ours).toMatchObject({ nameId: 'ada', issuer: ENTITY_ID, sessionIndex: '_session' })
    }
  })

  test.each(['sha256', 'sha512'] as const)('makes responses that are accepted (%s)', async (algorithm) => {
    const options = {
      privateKey: providerKey().privatePem,
      publicCert: providerKey().pem,
      signatureAlgorithm: algorithm,
      digestAlgorithm: algorithm,
    }
    const sign = (xml: string, path: string): string =>
      signXml(xml, path, { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' }, options)
    const assertion = "/*[local-name(.)='Response']/*[local-name(.)='Assertion']"
    const assertionSigned = sign(response(), assertion)
    for (const xml of [
      assertionSigned,
      sign(response(), "/*[local-name(.)='Response']"),
      sign(assertionSigned, "/*[local-name(.)='Response']"),
    ])
      expect(await verify(base64(xml))).toMatchObject({ nameId: 'ada' })
    expect(await verify(base64(assertionSigned.replace('>ada<', '>eve<')))).toMatchObject({ refused: 'bad-signature' })
  })

  test('makes responses with SHA-1, which are refused', async () => {
    const xml = signXml(
      response(),
      "/*[local-name(.)='Response']",
      { reference: "/*[local-name(.)='Response']/*[local-name(.)='Issuer']", action: 'after' },
      { privateKey: providerKey().privatePem, signatureAlgorithm: 'sha1', digestAlgorithm: 'sha1' },
    )
    expect(await verify(base64(xml))).toMatchObject({ refused: 'unsupported-algorithm' })
  })
})

// It does not ask for the issuer of a response, for the status where there is an assertion, and, beside conditions that
// hold, for the end of a confirmation.
describe("node-saml's verdicts are ours, where it does not pass over something", () => {
  const own = makeCertificate()
  const judge = (decrypts: boolean) =>
    new SAML({
      callbackUrl: RECIPIENT,
      issuer: AUDIENCE,
      audience: AUDIENCE,
      entryPoint: 'https://idp.example.com/sso',
      idpIssuer: ENTITY_ID,
      idpCert: providerKey().pem,
      wantAssertionsSigned: true,
      wantAuthnResponseSigned: false,
      acceptedClockSkewMs: 60_000,
      validateInResponseTo: ValidateInResponseTo.never,
      ...(decrypts && { decryptionPvk: own.privatePem }),
    })
  const byOther = makeCertificate()
  const encrypted = async (xml: string, options: EncryptOptions = {}): Promise<string> =>
    response({ assertion: encryptedAssertion(await signed(xml, '_assertion'), own.privateKey, options) })

  test.each<[string, boolean | 'ours is stricter', () => string | Promise<string>, boolean?]>([
    ['an honest response', true, () => signed(response(), '_assertion')],
    ['no signature', false, () => response()],
    ['another key', false, () => signed(response(), '_assertion', { key: byOther.privateKey })],
    ['a change', false, async () => (await signed(response(), '_assertion')).replace('>ada<', '>eve<')],
    ['another audience', false, () => signed(response().replace(AUDIENCE, 'urn:other'), '_assertion')],
    ['another issuer', 'ours is stricter', () => signed(response({ issuer: 'https://evil.example' }), '_assertion')],
    [
      'conditions that are over',
      false,
      () =>
        signed(
          response({ conditions: conditions().replace(/NotOnOrAfter="[^"]*"/, `NotOnOrAfter="${at(-61)}"`) }),
          '_assertion',
        ),
    ],
    [
      'a confirmation that is over',
      'ours is stricter',
      () =>
        signed(response({ confirmation: confirmation({ notOnOrAfter: ` NotOnOrAfter="${at(-61)}"` }) }), '_assertion'),
    ],
    [
      'a failure',
      'ours is stricter',
      () => signed(response({ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }), '_assertion'),
    ],
    [
      'a second assertion',
      false,
      async () => wrappingAttacks['an assertion after the true one']?.(await signed(response(), '_assertion')) ?? '',
    ],
    ['an encrypted assertion in GCM', true, () => encrypted(assertion()), true],
    ['an encrypted assertion in CBC', true, () => encrypted(assertion(), { cipher: 'aes-128-cbc' }), true],
    [
      'an encrypted assertion that is not signed',
      false,
      () => response({ assertion: encryptedAssertion(assertion(), own.privateKey) }),
      true,
    ],
    [
      'another ciphertext',
      false,
      () => encrypted(assertion(), { editCiphertext: (bytes) => bytes.fill(1, 20, 40) }),
      true,
    ],
  ])('on %s', async (_name, accepted, make, decrypts = false) => {
    const SAMLResponse = base64(await make())
    const theirs = await judge(decrypts)
      .validatePostResponseAsync({ SAMLResponse })
      .then(
        ({ profile }) => profile?.nameID === 'ada',
        () => false,
      )
    const ours = await verifySamlResponse({
      response: SAMLResponse,
      metadata: metadata(),
      now: NOW,
      audiences: [AUDIENCE],
      recipients: [RECIPIENT],
      ...(decrypts && { encryption: { keys: [own.privateKey], required: true } }),
    })
    expect({ ours: !('refused' in ours), theirs }).toEqual({
      ours: accepted === true,
      theirs: accepted !== false,
    })
  })
})

describe('samlify', () => {
  const key = makeCertificate()
  samlify.setSchemaValidator({ validate: async () => 'the other tests do' })

  const parties = (message: boolean, assertion: boolean) => {
    const provider = samlify.IdentityProvider({
      entityID: ENTITY_ID,
      privateKey: key.privatePem,
      signingCert: key.pem,
      isAssertionEncrypted: false,
      requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      nameIDFormat: ['urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
      singleSignOnService: [
        { Binding: samlify.Constants.namespace.binding.post, Location: 'https://idp.example.com/sso' },
      ],
      messageSigningOrder: 'sign-then-encrypt',
      loginResponseTemplate: {
        context: samlify.SamlLib.defaultLoginResponseTemplate.context,
        attributes: [
          {
            name: 'mail',
            valueTag: 'user.email',
            nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
            valueXsiType: 'xs:string',
          },
        ],
      },
    })
    const application = samlify.ServiceProvider({
      entityID: AUDIENCE,
      wantAssertionsSigned: assertion,
      wantMessageSigned: message,
      assertionConsumerService: [{ Binding: samlify.Constants.namespace.binding.post, Location: RECIPIENT }],
    })
    return { provider, application }
  }

  test.each([
    [true, false],
    [false, true],
    [true, true],
  ])('makes what is believed here (response signed: %s, assertion signed: %s)', async (message, assertion) => {
    const { provider, application } = parties(message, assertion)
    const fill = (template: string) => ({
      id: '_made',
      context: samlify.SamlLib.replaceTagsByValue(template, {
        ID: '_made',
        AssertionID: '_madeAssertion',
        Destination: RECIPIENT,
        Audience: AUDIENCE,
        SubjectRecipient: RECIPIENT,
        Issuer: ENTITY_ID,
        IssueInstant: new Date(NOW).toISOString(),
        ConditionsNotBefore: new Date(NOW).toISOString(),
        ConditionsNotOnOrAfter: new Date(NOW + 300_000).toISOString(),
        SubjectConfirmationDataNotOnOrAfter: new Date(NOW + 300_000).toISOString(),
        InResponseTo: '_request',
        StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
        NameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        NameID: 'ada@example.com',
        AuthnStatement: '',
        attrUserEmail: 'ada@example.com',
      }),
    })
    const { context } = await provider.createLoginResponse(
      application,
      { extract: { request: { id: '_request' } } },
      'post',
      { email: 'ada@example.com' },
      fill,
    )
    const result = await verify(context, provider.getMetadata())
    expect(result).toMatchObject({
      nameId: 'ada@example.com',
      inResponseTo: '_request',
      attributes: { mail: ['ada@example.com'] },
    })
    expect(await verify(context)).toMatchObject({ refused: 'bad-signature' })
  })

  test('accepts the responses of the tests', async () => {
    const { application } = parties(true, true)
    const provider = samlify.IdentityProvider({ metadata: metadata() })
    const xml = await signed(await signed(response({ nameId: nameId('ada') }), '_assertion'), '_response')
    const { extract } = await application.parseLoginResponse(provider, 'post', { body: { SAMLResponse: base64(xml) } })
    expect(extract.nameID).toBe('ada')
  })
})
