import { createPublicKey, verify } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { NOW, providerKey } from '../../test/saml-provider.ts'
import { redirectUrl } from './redirect-binding.ts'
import { authnRequest, logoutRequest, logoutResponse, serviceProviderMetadata } from './write.ts'
import { attributeOf, childrenOf, onlyTextOf, withXml } from './xml.ts'

const parse = (xml: string) => withXml(xml, { length: 1e5, elements: 100, comments: 'refused' }, ({ root }) => root)
const NASTY = `a"b'c<d>&amp;\t\n]]><!-- x -->`
const message = { id: '_1', issuedAt: NOW, destination: 'https://idp.example/sso?a=1&b=2', issuer: 'urn:sp' }

describe('messages', () => {
  it('name who asks, whom, and when', async () => {
    const root = await parse(authnRequest({ ...message, consumer: 'https://sp.example/acs' }))
    expect(root.attributes.map(({ name, value }) => [name, value])).toEqual([
      ['ID', '_1'],
      ['Version', '2.0'],
      ['IssueInstant', '2026-03-01T12:00:00.000Z'],
      ['Destination', 'https://idp.example/sso?a=1&b=2'],
      ['ProtocolBinding', 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST'],
      ['AssertionConsumerServiceURL', 'https://sp.example/acs'],
    ])
  })

  it('hold whatever a user is called as text', async () => {
    const name = { value: NASTY, format: NASTY, nameQualifier: NASTY, spNameQualifier: NASTY }
    const root = await parse(logoutRequest({ ...message, name, sessionIndex: NASTY }))
    const [nameId] = childrenOf(root, 'urn:oasis:names:tc:SAML:2.0:assertion', 'NameID')
    const [index] = childrenOf(root, 'urn:oasis:names:tc:SAML:2.0:protocol', 'SessionIndex')
    if (!nameId || !index) throw new Error('parts are missing')
    expect([onlyTextOf(nameId), onlyTextOf(index)]).toEqual([NASTY, NASTY])
    for (const attribute of ['Format', 'NameQualifier', 'SPNameQualifier'])
      expect(attributeOf(nameId, attribute)).toBe(NASTY)
    const answer = await parse(logoutResponse({ ...message, inResponseTo: NASTY }))
    expect(attributeOf(answer, 'InResponseTo')).toBe(NASTY)
  })

  it('describe the service provider', async () => {
    const given = { entityId: NASTY, consumer: NASTY, logout: NASTY, signing: 'AA==', encryption: 'BB==' }
    const root = await parse(serviceProviderMetadata({ ...given, signsRequests: true }))
    expect(attributeOf(root, 'entityID')).toBe(NASTY)
  })
})

describe('the redirect binding', () => {
  const { privateKey, pem } = providerKey()
  const of = { kind: 'SAMLRequest', xml: '<x/>', relayState: `a b+c&d=e'(f)*!é`, key: privateKey } as const

  it('signs the query as it is sent, also beside that of the location', () => {
    for (const [location, before] of [
      ['https://idp.example/sso', ''],
      ['https://idp.example/sso?tenant=a%20b', 'tenant=a%20b&'],
    ] as const) {
      const { search, searchParams } = redirectUrl(location, of)
      const [signed = '', signature = ''] = search.slice(1 + before.length).split('&Signature=')
      const bytes = Buffer.from(decodeURIComponent(signature), 'base64')
      expect(verify('sha256', Buffer.from(signed), createPublicKey(pem), bytes)).toBe(true)
      expect(verify('sha256', Buffer.from(`${signed}x`), createPublicKey(pem), bytes)).toBe(false)
      expect(searchParams.get('RelayState')).toBe(of.relayState)
      expect(inflateRawSync(Buffer.from(searchParams.get('SAMLRequest') ?? '', 'base64')).toString()).toBe('<x/>')
    }
  })

  it('sends without a key no signature', () => {
    const url = redirectUrl('https://idp.example/sso', { ...of, key: undefined, relayState: undefined })
    expect([...url.searchParams.keys()]).toEqual(['SAMLRequest'])
  })
})
