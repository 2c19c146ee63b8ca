// Signature wrapping as SAML Raider does it (XSW1 to XSW8; Somorovsky et al., USENIX Security 2012), and its relatives.
// Each attack wants the sign-in of `admin` out of a signed response of `ada`; none may give anything but a refusal.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { evil, SIGNATURE, signatureIn, wrappingAttacks } from '../../test/saml-attacks.ts'
import {
  AUDIENCE,
  base64,
  metadata,
  NOW,
  nameId,
  RECIPIENT,
  response,
  signatureOf,
  signed,
} from '../../test/saml-provider.ts'
import { verifySamlResponse } from './response.ts'

const verify = (xml: string) =>
  verifySamlResponse({
    response: base64(xml),
    metadata: metadata(),
    now: NOW,
    audiences: [AUDIENCE],
    recipients: [RECIPIENT],
  })

/** What may be signed: an attack must fail for each. */
const documents = {
  'a signed response': () => signed(response(), '_response'),
  'a signed assertion': () => signed(response(), '_assertion'),
  'both signed': async () => signed(await signed(response(), '_assertion'), '_response'),
}

describe.each(Object.entries(documents))('%s', (_document, make) => {
  test.each(Object.entries(wrappingAttacks))('%s', async (_attack, attack) => {
    const xml = await make()
    const attacked = attack(xml)
    expect(attacked).not.toBe(xml)
    expect(await verify(xml)).toMatchObject({ nameId: 'ada' })
    expect(await verify(attacked)).toEqual({ refused: expect.any(String), detail: expect.any(String) })
  })
})

describe('forged and moved signatures', () => {
  test('the signature of the assertion, over another assertion of the same id', async () => {
    const xml = await signed(response(), '_assertion')
    const other = await signed(response({ nameId: nameId('admin') }), '_assertion', {
      key: makeCertificate().privateKey,
    })
    expect(await verify(other.replace(SIGNATURE, signatureIn(xml)))).toMatchObject({ refused: 'bad-signature' })
  })

  test("the signature of the provider's own metadata or of another message", async () => {
    // Signed by the right key, for something else, with the id that the attacker then gives to the assertion.
    const other = `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_assertion"/>`
    const signature = await signatureOf(other, '_assertion')
    const xml = response({ nameId: nameId('admin') })
    const end = xml.indexOf('<saml:Subject>')
    expect(await verify(xml.slice(0, end) + signature + xml.slice(end))).toMatchObject({ refused: 'bad-signature' })
  })

  test('a second SignedInfo, before or behind the true one', async () => {
    const own = makeCertificate()
    const evilXml = response({ nameId: nameId('admin') })
    const evilSignature = await signatureOf(evilXml, '_assertion', { key: own.privateKey })
    const [evilInfo = ''] = /<ds:SignedInfo.*<\/ds:SignedInfo>/s.exec(evilSignature) ?? []
    const truth = signatureIn(await signed(response(), '_assertion'))
    const end = evilXml.indexOf('<saml:Subject>')
    for (const signature of [
      truth.replace('<ds:SignedInfo', `${evilInfo}<ds:SignedInfo`),
      truth.replace('</ds:SignedInfo>', `</ds:SignedInfo>${evilInfo}`),
      truth.replace('</ds:Signature>', `<ds:Object>${evilInfo}</ds:Object></ds:Signature>`),
      truth.replace('</ds:SignedInfo>', `${evilInfo}</ds:SignedInfo>`),
    ]) {
      const result = await verify(evilXml.slice(0, end) + signature + evilXml.slice(end))
      expect(['bad-signature', 'wrong-shape']).toContain('refused' in result && result.refused)
    }
  })

  test('a comment in the digest, with the true digest behind it', async () => {
    const xml = await signed(response({ nameId: nameId('admin') }), '_assertion', { key: makeCertificate().privateKey })
    const truth = await signed(response(), '_assertion')
    const [digest = ''] = /(?<=<ds:DigestValue>)[^<]*/.exec(truth) ?? []
    expect(await verify(xml.replace('<ds:DigestValue>', `<ds:DigestValue><!--${digest}-->`))).toMatchObject({
      refused: 'malformed',
    })
  })

  test('the canonical form of nothing', async () => {
    // A relative namespace makes canonicalization fail; a parser that takes failure for emptiness digests nothing.
    const empty = createHash('sha256').update('').digest('base64')
    const xml = await signed(response(), '_assertion', {
      editSignedInfo: (text) => text.replace(/(<ds:DigestValue>)[^<]*/, `$1${empty}`),
    })
    const attacked = evil(xml).replace('<saml:Assertion ', '<saml:Assertion xmlns:x="1" ')
    expect(await verify(attacked)).toMatchObject({ refused: 'malformed' })
    expect(await verify(evil(xml))).toMatchObject({ refused: 'bad-signature' })
  })

  test('an assertion of one provider in the name of another', async () => {
    const other = makeCertificate()
    const xml = await signed(response(), '_assertion', { key: other.privateKey })
    const metadataOfOther = metadata({ entityId: 'https://other.example', certificates: [other.base64] })
    const input = { response: base64(xml), now: NOW, audiences: [AUDIENCE], recipients: [RECIPIENT] }
    expect(await verifySamlResponse({ ...input, metadata: metadataOfOther })).toMatchObject({ refused: 'wrong-issuer' })
    expect(await verifySamlResponse({ ...input, metadata: metadata() })).toMatchObject({ refused: 'bad-signature' })
  })

  test('an unsigned response around a signed assertion adds nothing to the sign-in', async () => {
    const xml = await signed(response(), '_assertion')
    const dressed = xml.replace(
      '</samlp:Response>',
      `<samlp:Extensions><x xmlns="urn:x">admin</x></samlp:Extensions></samlp:Response>`,
    )
    expect(await verify(dressed)).toEqual(await verify(xml))
  })
})
