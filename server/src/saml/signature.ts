// The part of XML Signature that SAML needs (SAML core 5.4): an enveloped signature with exactly one reference, to its
// parent element. The result is the canonical text that was digested. Callers parse the element from that text and
// never read it from the document, so nothing unsigned can be read.
import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto'
import { decodeBase64 } from '../encodings.ts'
import {
  DIGESTS,
  ENVELOPED,
  EXCLUSIVE_C14N,
  fits,
  SIGNATURES,
  type SignatureAlgorithm,
  verifies,
} from './algorithms.ts'
import { limits } from './limits.ts'
import { NAMESPACE } from './names.ts'
import { SamlError } from './refusal.ts'
import {
  attributeOf,
  childrenOf,
  elementsIn,
  onlyChild,
  onlyTextOf,
  requiredChild,
  type XmlDocument,
  type XmlElement,
} from './xml.ts'

/**
 * The canonical text of `element`, whose child `Signature` verifies with one of `keys`. KeyInfo is ignored: only the
 * keys in the metadata are trusted. Throws SamlError. Removes the signature from `document`.
 */
export function signedText(document: XmlDocument, element: XmlElement, keys: readonly KeyObject[]): string {
  const signature = requiredChild(element, NAMESPACE.signature, 'Signature')
  requireOnly(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo'])
  const signedInfo = requiredChild(signature, NAMESPACE.signature, 'SignedInfo')
  requireOnly(signedInfo, ['CanonicalizationMethod', 'SignatureMethod', 'Reference'])
  const method = signatureChild(signedInfo, 'CanonicalizationMethod')
  const algorithm = signatureAlgorithm(signatureChild(signedInfo, 'SignatureMethod'))
  const reference = readReference(signedInfo, element)
  const value = base64Of(signatureChild(signature, 'SignatureValue'))

  const signedInfoText = document.canonical(signedInfo, exclusivePrefixes(method))
  const candidates = keys.filter((key) => fits(key, algorithm))
  if (candidates.length === 0)
    throw unsupportedError('no key of the metadata fits the signature algorithm, or it is shorter than 2048 bits')
  if (!candidates.some((key) => verifies(algorithm, key, signedInfoText, value)))
    throw badSignatureError(`no key of the metadata made the signature of ${element.name}`)

  document.remove(signature)
  const text = document.canonical(element, reference.prefixes)
  const digest = createHash(reference.digest).update(text).digest()
  if (digest.length !== reference.value.length || !timingSafeEqual(digest, reference.value))
    throw badSignatureError(`${element.name} is not what was signed`)
  return text
}

interface Reference {
  digest: string
  value: Buffer
  prefixes: string[]
}

function readReference(signedInfo: XmlElement, element: XmlElement): Reference {
  const reference = signatureChild(signedInfo, 'Reference')
  requireOnly(reference, ['Transforms', 'DigestMethod', 'DigestValue'])
  const id = attributeOf(element, 'ID')
  // The empty URI is refused: it refers to the document, whatever its root is.
  if (id === undefined || attributeOf(reference, 'URI') !== `#${id}`)
    throw badSignatureError(`the signature of ${element.name} stands over something else`)
  const digest = DIGESTS.get(attributeOf(signatureChild(reference, 'DigestMethod'), 'Algorithm') ?? '')
  if (digest === undefined) throw unsupportedError('the digest algorithm is not allowed')
  const transforms = requiredChild(reference, NAMESPACE.signature, 'Transforms')
  requireOnly(transforms, ['Transform'])
  const [first, second, ...more] = childrenOf(transforms, NAMESPACE.signature, 'Transform')
  if (
    !first ||
    !second ||
    more.length > 0 ||
    attributeOf(first, 'Algorithm') !== ENVELOPED ||
    elementsIn(first).length > 0
  )
    throw unsupportedError('the transforms are not enveloped-signature and exclusive canonicalization')
  return { digest, value: base64Of(signatureChild(reference, 'DigestValue')), prefixes: exclusivePrefixes(second) }
}

function signatureAlgorithm(method: XmlElement): SignatureAlgorithm {
  const algorithm = SIGNATURES.get(attributeOf(method, 'Algorithm') ?? '')
  // HMACOutputLength and RSASSA-PSS parameters would be children.
  if (!algorithm || elementsIn(method).length > 0) throw unsupportedError('the signature algorithm is not allowed')
  return algorithm
}

/** The prefixes of exclusive canonicalization's InclusiveNamespaces; any other canonicalization is refused. */
function exclusivePrefixes(method: XmlElement): string[] {
  if (attributeOf(method, 'Algorithm') !== EXCLUSIVE_C14N)
    throw unsupportedError('the canonicalization is not the exclusive one without comments')
  const inclusive = onlyChild(method, NAMESPACE.exclusiveC14n, 'InclusiveNamespaces')
  if (elementsIn(method).length > (inclusive ? 1 : 0))
    throw unsupportedError('the canonicalization has unknown parameters')
  const prefixes = (inclusive ? (attributeOf(inclusive, 'PrefixList') ?? '') : '')
    .split(/\s+/)
    .filter((prefix) => prefix !== '')
  if (prefixes.length > limits.prefixes.max) throw unsupportedError('the canonicalization has too many prefixes')
  return prefixes
}

const signatureChild = (element: XmlElement, name: string): XmlElement =>
  requiredChild(element, NAMESPACE.signature, name)

function requireOnly(element: XmlElement, names: readonly string[]): void {
  const other = elementsIn(element).find(
    ({ namespace, name }) => namespace !== NAMESPACE.signature || !names.includes(name),
  )
  if (other) throw badSignatureError(`${element.name} holds what it may not hold`)
}

function base64Of(element: XmlElement): Buffer {
  const text = onlyTextOf(element).replace(/[\t\n\r ]/g, '')
  const bytes = decodeBase64(text)
  if (text === '' || bytes === undefined) throw badSignatureError(`${element.name} is not base64`)
  return bytes
}

const badSignatureError = (detail: string): SamlError => new SamlError('bad-signature', detail)
const unsupportedError = (detail: string): SamlError => new SamlError('unsupported-algorithm', detail)
