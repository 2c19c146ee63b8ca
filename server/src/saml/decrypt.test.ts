// Encrypted assertions: the algorithms that are taken, and the attacks on those that are not (docs/reference/
// oauth-and-federation.md 26.2).
import { constants } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { expectRefusal, expectSignIn, verify } from '../../test/saml-checks.ts'
import { type EncryptOptions, encryptedAssertion, oaep } from '../../test/saml-encryption.ts'
import { assertion, nameId, type ResponseParts, response, signed } from '../../test/saml-provider.ts'
import type { SamlResponseInput } from './response.ts'

const { privateKey: decryptionKey } = makeCertificate()
const input: Partial<SamlResponseInput> = { encryption: { keys: [decryptionKey], required: true } }
const X = 'http://www.w3.org/2001/04/xmlenc#'
const DS = 'http://www.w3.org/2000/09/xmldsig#'

/** A response whose signed assertion is encrypted. */
const sealed = async (options: EncryptOptions = {}, parts: ResponseParts = {}): Promise<string> =>
  response({ assertion: encryptedAssertion(await signed(assertion(parts), '_assertion'), decryptionKey, options) })

/** A response that is signed over the ciphertext of an assertion without a signature. */
const covered = (options: EncryptOptions = {}, parts: ResponseParts = {}): Promise<string> =>
  signed(response({ assertion: encryptedAssertion(assertion(parts), decryptionKey, options) }), '_response')

describe('an encrypted assertion is read', () => {
  test.each<[string, EncryptOptions]>([
    ['AES-256 in GCM', {}],
    ['AES-128 in GCM', { cipher: 'aes-128-gcm' }],
    ['AES-256 in CBC', { cipher: 'aes-256-cbc' }],
    ['AES-128 in CBC', { cipher: 'aes-128-cbc' }],
    ['OAEP that names SHA-1', { keyMethod: oaep(`${DS}sha1`) }],
    ['OAEP of XML Encryption 1.1', { keyMethod: oaep(`${X}sha256`, 'mgf1sha256'), oaepHash: 'sha256' }],
    ['the key beside the data', { keyBeside: true }],
  ])('%s', async (_name, options) => {
    expect(await expectSignIn(sealed(options), input)).toMatchObject({ nameId: 'ada' })
    expect(await expectSignIn(covered(options), input)).toMatchObject({ nameId: 'ada' })
  })

  test('with both signatures, and a failure of either counts', async () => {
    const both = await signed(await sealed(), '_response')
    expect(await expectSignIn(both, input)).toMatchObject({ nameId: 'ada' })
    const inner = await signed(assertion(), '_assertion', { key: makeCertificate().privateKey })
    const wrong = await signed(response({ assertion: encryptedAssertion(inner, decryptionKey) }), '_response')
    await expectRefusal(wrong, 'bad-signature', /no key/, input)
  })

  test('its times, audience and recipient are checked as of any other', async () => {
    await expectRefusal(sealed({}, { issuer: 'https://evil.example' }), 'wrong-issuer', undefined, input)
    await expectRefusal(sealed({}, { conditions: '' }), 'wrong-audience', undefined, input)
    await expectRefusal(sealed({}, { confirmation: '' }), 'wrong-shape', undefined, input)
  })
})

describe('encryption is refused', () => {
  const fault = 'bad-encryption'

  test.each<[string, EncryptOptions, RegExp]>([
    [
      'RSA with PKCS #1 v1.5',
      { padding: constants.RSA_PKCS1_PADDING, keyMethod: `<xenc:EncryptionMethod Algorithm="${X}rsa-1_5"/>` },
      /RSA-OAEP/,
    ],
    [
      'OAEP with a hash that is not that of the mask',
      { keyMethod: oaep(`${X}sha256`), oaepHash: 'sha256' },
      /one hash/,
    ],
    ['OAEP with MD5', { keyMethod: oaep('http://www.w3.org/2001/04/xmldsig-more#md5') }, /one hash/],
    ['Triple DES', { dataAlgorithm: `${X}tripledes-cbc` }, /AES/],
    ['no algorithm', { dataAlgorithm: '' }, /AES/],
    [
      'a key that is elsewhere',
      { keyBeside: true, edit: (xml) => xml.replace(/<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>/s, '') },
      /one EncryptedKey/,
    ],
    [
      'a second key',
      { edit: (xml) => xml.replace(/(<xenc:EncryptedKey>.*<\/xenc:EncryptedKey>)/s, '$1$1') },
      /one EncryptedKey/,
    ],
    [
      'a label',
      {
        edit: (xml) =>
          xml
            .replace('<xenc:CipherData>', '<xenc:CipherData>')
            .replace(/rsa-oaep-mgf1p"><\/xenc/, 'rsa-oaep-mgf1p"><xenc:OAEPparams>AA==</xenc:OAEPparams></xenc'),
      },
      /label/,
    ],
    [
      'a CipherReference',
      {
        edit: (xml) =>
          xml.replaceAll(
            /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>/g,
            '<xenc:CipherReference URI="https://evil.example"/>',
          ),
      },
      /CipherValue/,
    ],
  ])('%s', async (_name, options, detail) => {
    const refused = _name === 'a CipherReference' ? 'wrong-shape' : fault
    await expectRefusal(sealed(options), refused, detail, input)
  })

  test.each(['aes-256-cbc', 'aes-256-gcm'] as const)(
    'every failure within a ciphertext that is not signed is the same one (%s)',
    async (cipher) => {
      const flip = (at: number) => (bytes: Buffer) => {
        const index = at < 0 ? bytes.length + at : at
        bytes[index] = (bytes[index] as number) ^ 1
        return bytes
      }
      const evil = await signed(assertion({ nameId: nameId('admin') }), '_assertion', {
        key: makeCertificate().privateKey,
      })
      const other = makeCertificate().privateKey
      const right = await signed(assertion(), '_assertion')
      const wrap = (text: string, key = decryptionKey) =>
        response({ assertion: encryptedAssertion(text, key, { cipher }) })
      const answers = await Promise.all(
        [
          // The padding, a block in the middle, the key, and then plaintexts of everybody's own.
          sealed({ cipher, editCiphertext: flip(-17) }),
          sealed({ cipher, editCiphertext: flip(-1) }),
          sealed({ cipher, editCiphertext: flip(40) }),
          sealed({ cipher, editCiphertext: (bytes) => bytes.subarray(0, 20) }),
          sealed({ cipher, editWrapped: flip(7) }),
          wrap(right, other),
          wrap(evil),
          wrap(assertion({ nameId: nameId('admin') })),
          wrap('<x/>'),
          wrap(''),
          wrap('\u0000'),
          wrap(right.replace('>ada<', '>admin<')),
          wrap(`<!DOCTYPE x>${right}`),
          wrap(right.replace('>ada<', '>ada<!-- -->.evil<')),
        ].map(async (xml) => JSON.stringify(await verify(await xml, input))),
      )
      expect(new Set(answers).size).toBe(1)
      expect(answers[0]).toContain(fault)
    },
  )

  test('an assertion in the clear, where it has to be encrypted', async () => {
    await expectRefusal(signed(response(), '_assertion'), 'not-encrypted', undefined, input)
    await expectRefusal(signed(response(), '_response'), 'not-encrypted', undefined, input)
    await expectRefusal(
      response({ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder', assertion: ' ' }),
      'status-not-success',
      undefined,
      input,
    )
  })

  test('an encrypted assertion, where none may be', async () => {
    await expectRefusal(sealed(), 'encrypted-assertion')
  })

  test('an assertion in the clear beside the encrypted one, or around it, or a second one', async () => {
    const xml = await sealed()
    const [encrypted = ''] = /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/s.exec(xml) ?? []
    const evil = assertion({ nameId: nameId('admin'), assertionId: '_evil' })
    await expectRefusal(xml.replace(encrypted, evil + encrypted), 'wrong-shape', /another Assertion/, input)
    await expectRefusal(xml.replace(encrypted, encrypted + evil), 'wrong-shape', /another Assertion/, input)
    await expectRefusal(xml.replace(encrypted, encrypted + encrypted), 'wrong-shape', /several/, input)
    await expectRefusal(
      xml.replace(encrypted, `<samlp:Extensions>${encrypted}</samlp:Extensions>${encrypted}`),
      'encrypted-assertion',
      undefined,
      input,
    )
    await expectRefusal(xml.replace('<xenc:CipherData>', `${evil}<xenc:CipherData>`), 'wrong-shape', undefined, input)
  })

  test('the ciphertext of a signed response, put in the place of another', async () => {
    const evil = encryptedAssertion(assertion({ nameId: nameId('admin') }), decryptionKey)
    const attacked = (await covered()).replace(/<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/s, evil)
    await expectRefusal(attacked, 'bad-signature', /not what was signed/, input)
  })

  test('an assertion within an encrypted one', async () => {
    const evil = assertion({ nameId: nameId('admin'), assertionId: '_evil' })
    const inner = (await signed(assertion(), '_assertion')).replace(
      '</saml:Conditions>',
      `</saml:Conditions><saml:Advice>${evil}</saml:Advice>`,
    )
    await expectRefusal(
      signed(response({ assertion: encryptedAssertion(inner, decryptionKey) }), '_response'),
      'wrong-shape',
      /another/,
      input,
    )
  })
})
