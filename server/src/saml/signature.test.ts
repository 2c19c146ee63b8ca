import { describe, test } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { expectRefusal, expectSignIn, withSignedAssertion, withSignedResponse } from '../../test/saml-checks.ts'
import { metadata, providerKey, response, type SignOptions, signatureOf, signed } from '../../test/saml-provider.ts'

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'

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

  test('an invalid signature beside a valid one', async () => {
    const other = makeCertificate().privateKey
    await expectRefusal(signed(await withSignedAssertion({}, { key: other }), '_response'), 'bad-signature')
    await expectRefusal(signed(await withSignedAssertion(), '_response', { key: other }), 'bad-signature')
  })

  test('a changed document', async () => {
    await expectRefusal((await withSignedAssertion()).replace('>ada<', '>eve<'), 'bad-signature', /not what was signed/)
    await expectRefusal((await withSignedResponse()).replace('>ada<', '>eve<'), 'bad-signature', /not what was signed/)
    // Outside of the signed element, and not used.
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

  test('too many prefixes', async () => {
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
