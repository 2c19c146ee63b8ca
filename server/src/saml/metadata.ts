// Metadata of a SAML identity provider (OASIS saml-metadata-2.0-os): its entityID, certificates, endpoints and
// validity.
//
// A signature of the metadata is not verified: a caller of the API is trusted with the document.
import { X509Certificate } from 'node:crypto'
import { rsaProblem } from '../crypto/rsa-keys.ts'
import { limits } from './limits.ts'
import { NAMESPACE } from './names.ts'
import { orRefused, type Refused, SamlError } from './refusal.ts'
import { samlDuration, samlTime } from './time.ts'
import { attributeOf, childrenOf, textOf, withXml, type XmlElement, type XmlLimits } from './xml.ts'

export interface IdpMetadata {
  /** `Issuer` of its messages. */
  entityId: string
  /** Certificates whose keys may sign messages: those for signing, and those without a use. At least one. */
  signingCertificates: X509Certificate[]
  /** Endpoints for sign-in. */
  singleSignOn: Endpoint[]
  singleLogout: Endpoint[]
  /** Whether requests to it must be signed. */
  wantsSignedRequests: boolean
  /** Epoch milliseconds; the earliest of those that the document gives. */
  validUntil?: number
  /** How long the document may be kept, milliseconds; the shortest of those that it gives (SAML metadata 2.3.2). */
  cacheMs?: number
}

export interface Endpoint {
  binding: string
  location: string
  /** Where answers to the provider's own requests go, if not to `location` (SAML metadata 2.2.2). */
  responseLocation?: string
}

const xmlLimits: XmlLimits = {
  length: limits.metadata.max,
  elements: limits.metadataElements.max,
  comments: 'dropped',
}

/** The one identity provider that a document describes, or why there is none (`malformed` or `bad-metadata`). */
export const parseIdpMetadata = (text: string): Promise<IdpMetadata | Refused> =>
  orRefused(() => withXml(text, xmlLimits, ({ root }) => readDocument(root)))

/** Documents kept by `knownIdpMetadata`, and their characters together; the least recently used is evicted. */
const KEPT = 100
const KEPT_CHARACTERS = 20_000_000
const known = new Map<string, Promise<IdpMetadata | Refused>>()
let knownCharacters = 0

/**
 * The same for stored metadata, parsed once: a response is verified on the word of anybody, and parsing the largest
 * document takes longer than everything else about a response.
 */
export function knownIdpMetadata(text: string): Promise<IdpMetadata | Refused> {
  const parsed = known.get(text)
  if (parsed) {
    known.delete(text)
    known.set(text, parsed)
    return parsed
  }
  const parsing = parseIdpMetadata(text)
  known.set(text, parsing)
  knownCharacters += text.length
  while (known.size > KEPT || (knownCharacters > KEPT_CHARACTERS && known.size > 1)) {
    const oldest = known.keys().next().value as string
    known.delete(oldest)
    knownCharacters -= oldest.length
  }
  return parsing
}

const badMetadataError = (detail: string): SamlError => new SamlError('bad-metadata', detail)

const metadataChildren = (element: XmlElement, name: string): XmlElement[] =>
  childrenOf(element, NAMESPACE.metadata, name)
const isMetadata = (element: XmlElement, name: string): boolean =>
  element.name === name && element.namespace === NAMESPACE.metadata

/** A document of a federation has many entities; it is accepted when only one of them is an identity provider. */
function readDocument(root: XmlElement): IdpMetadata {
  const entities = isMetadata(root, 'EntitiesDescriptor') ? metadataChildren(root, 'EntityDescriptor') : [root]
  const providers = entities.filter(
    (entity) => isMetadata(entity, 'EntityDescriptor') && metadataChildren(entity, 'IDPSSODescriptor').length > 0,
  )
  const [entity] = providers
  if (!entity) throw badMetadataError('there is no EntityDescriptor with an IDPSSODescriptor')
  if (providers.length > 1) throw badMetadataError('there is more than one identity provider')
  const entityId = attributeOf(entity, 'entityID') ?? ''
  if (entityId === '' || entityId.length > limits.entityId.max)
    throw badMetadataError('there is no entityID of 1 to 1024 characters')
  return readProvider(root, entity, entityId)
}

function readProvider(root: XmlElement, entity: XmlElement, entityId: string): IdpMetadata {
  const idp = metadataChildren(entity, 'IDPSSODescriptor').find((descriptor) =>
    (attributeOf(descriptor, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(NAMESPACE.protocol),
  )
  if (!idp) throw badMetadataError('the IDPSSODescriptor does not support SAML 2.0')
  const validUntil = smallest([root, entity, idp], 'validUntil', samlTime)
  const cacheMs = smallest([root, entity, idp], 'cacheDuration', readDuration)
  return {
    entityId,
    signingCertificates: readCertificates(idp),
    singleSignOn: readEndpoints(idp, 'SingleSignOnService'),
    singleLogout: readEndpoints(idp, 'SingleLogoutService'),
    wantsSignedRequests: ['true', '1'].includes(attributeOf(idp, 'WantAuthnRequestsSigned') ?? ''),
    ...(validUntil !== undefined && { validUntil }),
    ...(cacheMs !== undefined && { cacheMs }),
  }
}

function readCertificates(idp: XmlElement): X509Certificate[] {
  const texts = metadataChildren(idp, 'KeyDescriptor')
    .filter((key) => [undefined, 'signing'].includes(attributeOf(key, 'use')))
    .flatMap((key) => childrenOf(key, NAMESPACE.signature, 'KeyInfo'))
    .flatMap((information) => childrenOf(information, NAMESPACE.signature, 'X509Data'))
    .flatMap((x509) => childrenOf(x509, NAMESPACE.signature, 'X509Certificate'))
    .map((certificate) => textOf(certificate).replace(/\s+/g, ''))
  if (texts.length === 0) throw badMetadataError('there is no certificate for signing')
  if (texts.length > limits.certificates.max) throw badMetadataError('there are too many certificates for signing')
  return [...new Set(texts)].map(readCertificate)
}

function readCertificate(base64: string): X509Certificate {
  let problem: string | undefined
  try {
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
      const certificate = new X509Certificate(Buffer.from(base64, 'base64'))
      // Reading a key of an unknown type throws: here rather than at a sign-in.
      problem = rsaProblem(certificate.publicKey)
      if (problem === undefined) return certificate
    }
  } catch {
    // Refused below.
  }
  if (problem !== undefined) throw badMetadataError(`the key of a certificate for signing ${problem}`)
  throw badMetadataError('an X509Certificate holds no certificate')
}

const readEndpoints = (idp: XmlElement, name: string): Endpoint[] =>
  metadataChildren(idp, name).flatMap((endpoint) => {
    const binding = attributeOf(endpoint, 'Binding')
    const location = attributeOf(endpoint, 'Location')
    if (binding === undefined || location === undefined) return []
    const responseLocation = attributeOf(endpoint, 'ResponseLocation')
    // Browsers are redirected there: no javascript:, no data:.
    for (const url of [location, responseLocation])
      if (url !== undefined && (!/^https?:\/\//i.test(url) || !URL.canParse(url)))
        throw badMetadataError(`the Location of a ${name} is no web address`)
    return [{ binding, location, ...(responseLocation !== undefined && { responseLocation }) }]
  })

/** One that cannot be read says nothing. */
const readDuration = (text: string): number => samlDuration(text) ?? Number.POSITIVE_INFINITY

/** The smallest value of an attribute that may be at each of these elements. */
function smallest(
  elements: readonly XmlElement[],
  name: string,
  read: (text: string) => number | undefined,
): number | undefined {
  const values = elements.flatMap((element) => {
    const text = attributeOf(element, name)
    if (text === undefined) return []
    const value = read(text)
    if (value === undefined) throw badMetadataError(`a ${name} cannot be read`)
    return [value]
  })
  return values.length === 0 ? undefined : Math.min(...values)
}
