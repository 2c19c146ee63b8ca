import { describe, expect, it } from 'vitest'
import { makeCertificate } from '../../test/certificate.ts'
import { ENTITY_ID, metadata, providerKey } from '../../test/saml-provider.ts'
import { type IdpMetadata, parseIdpMetadata } from './metadata.ts'

const read = async (text: string): Promise<IdpMetadata> => {
  const read = await parseIdpMetadata(text)
  if ('refused' in read) throw new Error(read.detail)
  return read
}
const { base64 } = providerKey()
const wrapped = (...entities: string[]): string =>
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" validUntil="2030-01-01T00:00:00Z">${entities
    .map((entity) => entity.replace(/^<\?xml.*?\?>/, ''))
    .join('')}</md:EntitiesDescriptor>`
const serviceProvider = metadata().replaceAll('IDPSSODescriptor', 'SPSSODescriptor')

describe('parseIdpMetadata', () => {
  it('reads entityID, certificates and endpoints', async () => {
    const found = await read(metadata())
    expect(found).toMatchObject({
      entityId: ENTITY_ID,
      singleSignOn: [
        { binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', location: 'https://idp.example.com/sso' },
      ],
      singleLogout: [],
      wantsSignedRequests: false,
    })
    expect(found.signingCertificates.map((certificate) => certificate.raw.toString('base64'))).toEqual([base64])
    expect(found).not.toHaveProperty('validUntil')
    for (const value of ['true', '1']) {
      const role = `WantAuthnRequestsSigned="${value}"`
      expect((await read(metadata({ role }))).wantsSignedRequests).toBe(true)
    }
  })

  it('reads keys for signing and without a use, each once, with white space', async () => {
    const other = makeCertificate('p256').base64
    const lines = base64.replace(/.{64}/g, '$&\r\n  ')
    const both = await read(metadata({ certificates: [lines, base64, other] }))
    expect(both.signingCertificates.map((certificate) => certificate.raw.toString('base64'))).toEqual([base64, other])
    expect((await read(metadata().replace(' use="signing"', ''))).signingCertificates).toHaveLength(1)
    const mixed = metadata({ certificates: [base64, other] }).replace('use="signing"', 'use="encryption"')
    expect((await read(mixed)).signingCertificates.map(({ raw }) => raw.toString('base64'))).toEqual([other])
  })

  it('reads the only identity provider of a federation', async () => {
    expect((await read(wrapped(serviceProvider, metadata()))).entityId).toBe(ENTITY_ID)
    expect(await parseIdpMetadata(wrapped(metadata(), metadata()))).toMatchObject({
      refused: 'bad-metadata',
      detail: 'there is more than one identity provider',
    })
  })

  it('has the earliest validUntil', async () => {
    const entity = metadata({ attributes: 'validUntil="2031-01-01T00:00:00Z"' })
    expect((await read(entity)).validUntil).toBe(Date.UTC(2031, 0))
    expect((await read(wrapped(entity))).validUntil).toBe(Date.UTC(2030, 0))
    const role = 'validUntil="2029-01-01T00:00:00.5Z"'
    expect((await read(wrapped(metadata({ role })))).validUntil).toBe(Date.UTC(2029, 0) + 500)
  })

  it.each<[string, string, RegExp | string]>([
    ['a service provider', serviceProvider, 'there is no EntityDescriptor with an IDPSSODescriptor'],
    ['another namespace', metadata().replace('SAML:2.0:metadata', 'SAML:2.0:x'), /IDPSSODescriptor/],
    ['an identity provider deeper down', `<x>${metadata().replace(/^<\?xml.*?\?>/, '')}</x>`, /IDPSSODescriptor/],
    ['another protocol', metadata().replace('"urn:oasis:names:tc:SAML:2.0:protocol"', '"x"'), /SAML 2.0/],
    ['no entity id', metadata({ entityId: '' }), /entityID/],
    ['a long entity id', metadata({ entityId: 'x'.repeat(1025) }), /entityID/],
    ['no certificate', metadata({ certificates: [] }), /no certificate for signing/],
    ['an empty certificate', metadata({ certificates: [''] }), /holds no certificate/],
    ['no base64', metadata({ certificates: [`${base64}!`] }), /holds no certificate/],
    ['a certificate that is none', metadata({ certificates: [base64, 'AAAA'] }), /holds no certificate/],
    [
      'a key with a small exponent',
      metadata({ certificates: [base64, makeCertificate('rsa-exponent-3').base64] }),
      /the key of a certificate for signing has an exponent/,
    ],
    ['a date that is none', metadata({ attributes: 'validUntil="soon"' }), /validUntil/],
    ['a date with a zone', metadata({ attributes: 'validUntil="2031-01-01T00:00:00+02:00"' }), /validUntil/],
  ])('bad-metadata for %s', async (_title, text, detail) => {
    const refusal = await parseIdpMetadata(text)
    expect(refusal).toEqual({
      refused: 'bad-metadata',
      detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    })
  })

  it.each([
    ['no XML', 'x'],
    ['nothing', ''],
    ['half', metadata().slice(0, 200)],
    ['a document type', metadata().replace('?>', '?><!DOCTYPE a SYSTEM "file:///etc/passwd">')],
    ['entities', metadata().replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>')],
    ['depth', `${'<a>'.repeat(300)}${'</a>'.repeat(300)}`],
  ])('malformed for %s', async (_title, text) => {
    expect(await parseIdpMetadata(text)).toMatchObject({ refused: 'malformed' })
  })
})

describe('what metadata say besides', () => {
  const logout = (more: string): string =>
    `<md:SingleLogoutService Binding="urn:b" Location="https://idp.example.com/slo" ${more}/>`

  it('how long they may be kept: the shortest time, and what cannot be read says nothing', async () => {
    const read = (attributes: string, role = '') => parseIdpMetadata(metadata({ attributes, role }))
    expect(await read('cacheDuration="PT2H"', 'cacheDuration="PT1H"')).toMatchObject({ cacheMs: 3600_000 })
    expect(await read('cacheDuration="soon"')).toMatchObject({ cacheMs: Number.POSITIVE_INFINITY })
    expect(await read('')).not.toHaveProperty('cacheMs')
  })

  it('where answers to a logout go, if elsewhere', async () => {
    const endpoint = { binding: 'urn:b', location: 'https://idp.example.com/slo' }
    const read = (more: string) => parseIdpMetadata(metadata({ endpoints: logout(more) }))
    expect(await read('')).toMatchObject({ singleLogout: [endpoint] })
    expect(await read('ResponseLocation="https://idp.example.com/done"')).toMatchObject({
      singleLogout: [{ ...endpoint, responseLocation: 'https://idp.example.com/done' }],
    })
    expect(await read('ResponseLocation="javascript:alert(1)"')).toMatchObject({ refused: 'bad-metadata' })
  })
})
