// A SAML identity provider for tests: metadata, responses, and signatures made by hand, so that a test can make each of
// them wrong. That what it makes is right, other libraries say (saml/interoperability.test.ts).
import { createHash, type KeyObject, sign } from 'node:crypto'
import { NAMESPACE } from '../src/saml/names.ts'
import { attributeOf, everyElement, withXml } from '../src/saml/xml.ts'
import { makeCertificate, type TestCertificate } from './certificate.ts'

export const ENTITY_ID = 'https://idp.example.com/saml'
export const RECIPIENT = 'https://sp.example.com/acs'
export const AUDIENCE = 'urn:example:sp'
/** The time of all responses. */
export const NOW = Date.parse('2026-03-01T12:00:00Z')

export const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString()

let made: TestCertificate | undefined
/** The key of the provider; one for all tests of a process, as making one takes long. */
export const providerKey = (): TestCertificate => {
  made ??= makeCertificate()
  return made
}

export interface MetadataSpec {
  entityId?: string
  certificates?: string[]
  attributes?: string
  role?: string
  /** Beside the one for sign-in. */
  endpoints?: string
}

export const metadata = ({
  entityId = ENTITY_ID,
  certificates,
  attributes = '',
  role = '',
  endpoints = '',
}: MetadataSpec = {}): string =>
  `<?xml version="1.0"?>
<md:EntityDescriptor xmlns:md="${NAMESPACE.metadata}" xmlns:ds="${NAMESPACE.signature}" entityID="${entityId}" ${attributes}>
  <!-- as exported -->
  <md:IDPSSODescriptor protocolSupportEnumeration="${NAMESPACE.protocol}" ${role}>${(
    certificates ?? [providerKey().base64]
  )
    .map(
      (certificate) =>
        `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    )
    .join('')}
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso"/>${endpoints}
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`

/** The parts of a response; each is the text that it is, or is left to the right one. */
export interface ResponseParts {
  responseId?: string
  assertionId?: string
  destination?: string
  responseIssuer?: string
  status?: string
  issuer?: string
  issueInstant?: string
  nameId?: string
  subject?: string
  confirmation?: string
  conditions?: string
  authnStatement?: string
  attributes?: string
  /** Beside the assertion. */
  beside?: string
  /** Instead of the assertion. */
  assertion?: string
}

export const confirmation = ({
  recipient = ` Recipient="${RECIPIENT}"`,
  notOnOrAfter = ` NotOnOrAfter="${at(300)}"`,
  more = '',
} = {}): string =>
  `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData${recipient}${notOnOrAfter}${more}/></saml:SubjectConfirmation>`

export const conditions = (
  inner = `<saml:AudienceRestriction><saml:Audience>${AUDIENCE}</saml:Audience></saml:AudienceRestriction>`,
): string => `<saml:Conditions NotBefore="${at(-60)}" NotOnOrAfter="${at(300)}">${inner}</saml:Conditions>`

export const attribute = (name: string, ...values: string[]): string =>
  `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`

export const nameId = (
  name: string,
  format = ' Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"',
): string => `<saml:NameID${format}>${name}</saml:NameID>`

export function assertion(parts: ResponseParts = {}): string {
  const subject =
    parts.subject ??
    `<saml:Subject>${parts.nameId ?? nameId('ada')}${parts.confirmation ?? confirmation()}</saml:Subject>`
  return `<saml:Assertion xmlns:saml="${NAMESPACE.assertion}" ID="${parts.assertionId ?? '_assertion'}" Version="2.0" IssueInstant="${parts.issueInstant ?? at(-1)}"><saml:Issuer>${parts.issuer ?? ENTITY_ID}</saml:Issuer>${subject}${parts.conditions ?? conditions()}${parts.authnStatement ?? `<saml:AuthnStatement AuthnInstant="${at(-1)}" SessionIndex="_session"/>`}<saml:AttributeStatement>${parts.attributes ?? attribute('mail', 'ada@example.com')}</saml:AttributeStatement></saml:Assertion>`
}

export const response = (parts: ResponseParts = {}): string =>
  `<samlp:Response xmlns:samlp="${NAMESPACE.protocol}" xmlns:saml="${NAMESPACE.assertion}" ID="${parts.responseId ?? '_response'}" Version="2.0" IssueInstant="${at(-1)}" Destination="${parts.destination ?? RECIPIENT}">${parts.responseIssuer ?? `<saml:Issuer>${ENTITY_ID}</saml:Issuer>`}<samlp:Status><samlp:StatusCode Value="${parts.status ?? 'urn:oasis:names:tc:SAML:2.0:status:Success'}"/></samlp:Status>${parts.assertion ?? assertion(parts)}${parts.beside ?? ''}</samlp:Response>`

const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'

export interface SignOptions {
  key?: KeyObject
  /** The hash of the signature and its name. */
  hash?: string
  signatureMethod?: string
  digestMethod?: string
  digestHash?: string
  canonicalization?: string
  transforms?: string
  /** InclusiveNamespaces of the reference. */
  prefixes?: string[]
  uri?: string
  /** Edits what is put into Signature after it was made, or before it is signed. */
  editSignature?: (signature: string) => string
  editSignedInfo?: (signedInfo: string) => string
}

/** `xml` with an enveloped signature over the element with `id`, behind its Issuer. */
export async function signed(xml: string, id: string, options: SignOptions = {}): Promise<string> {
  const signature = await signatureOf(xml, id, options)
  const start = xml.indexOf(`ID="${id}"`)
  const end = xml.indexOf('</saml:Issuer>', start) + '</saml:Issuer>'.length
  return xml.slice(0, end) + signature + xml.slice(end)
}

/** A signature over the element with `id`. */
export async function signatureOf(xml: string, id: string, options: SignOptions = {}): Promise<string> {
  const { hash = 'sha256', prefixes = [], digestHash = 'sha256' } = options
  const digest = await withXml(xml, { length: 1e6, elements: 1e5, comments: 'dropped' }, (document) => {
    const element = [...everyElement(document.root)].find((candidate) => attributeOf(candidate, 'ID') === id)
    if (!element) throw new Error(`There is no element with the ID ${id}.`)
    return createHash(digestHash).update(document.canonical(element, prefixes)).digest('base64')
  })
  const list =
    prefixes.length === 0
      ? ''
      : `<ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="${prefixes.join(' ')}"></ec:InclusiveNamespaces>`
  const transforms =
    options.transforms ??
    `<ds:Transform Algorithm="${NAMESPACE.signature}enveloped-signature"></ds:Transform><ds:Transform Algorithm="${EXCLUSIVE}">${list}</ds:Transform>`
  const plain = `<ds:SignedInfo xmlns:ds="${NAMESPACE.signature}"><ds:CanonicalizationMethod Algorithm="${options.canonicalization ?? EXCLUSIVE}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="${options.signatureMethod ?? `${MORE}rsa-sha256`}"></ds:SignatureMethod><ds:Reference URI="${options.uri ?? `#${id}`}"><ds:Transforms>${transforms}</ds:Transforms><ds:DigestMethod Algorithm="${options.digestMethod ?? 'http://www.w3.org/2001/04/xmlenc#sha256'}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`
  const signedInfo = options.editSignedInfo?.(plain) ?? plain
  const key = options.key ?? providerKey().privateKey
  const value = sign(hash, Buffer.from(signedInfo), { key, dsaEncoding: 'ieee-p1363' }).toString('base64')
  const signature = `<ds:Signature xmlns:ds="${NAMESPACE.signature}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`
  return options.editSignature?.(signature) ?? signature
}

export const base64 = (xml: string): string => Buffer.from(xml).toString('base64')
