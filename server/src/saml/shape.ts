// Checks the structure of a response before its signatures (SAML core 3.3.3, 2.3.3; docs/reference/threats.md 31).
// Signature wrapping needs a document with a second assertion, signature or equal id: here each has exactly one place.
import { NAMESPACE, STATUS_SUCCESS } from './names.ts'
import { SamlError } from './refusal.ts'
import { attributeOf, childrenOf, everyElement, onlyChild, requiredChild, type XmlElement } from './xml.ts'

export interface ResponseShape {
  response: XmlElement
  /** The Assertion, or the EncryptedAssertion. */
  content: XmlElement
  isEncrypted: boolean
  responseIsSigned: boolean
  /** Of an encrypted one that is seen when it is decrypted. */
  assertionIsSigned: boolean
}

// Compared by name alone, whatever the namespace, so that no reader overlooks what another takes for an assertion.
const ENCRYPTED = new Set(['EncryptedAssertion', 'EncryptedID', 'EncryptedAttribute', 'EncryptedData', 'EncryptedKey'])
const PLACED = new Set(['Response', 'Assertion', 'Signature', 'Advice'])

/** Whether the assertion of a response has to be encrypted, may be, or may not be. */
export type EncryptionRule = 'required' | 'allowed' | 'refused'

/**
 * The parts of a response. Throws SamlError `wrong-shape`, `encrypted-assertion`, `not-encrypted`, `status-not-success`
 * or `not-signed`.
 */
export function responseShape(root: XmlElement, encryption: EncryptionRule = 'refused'): ResponseShape {
  requireMessage(root, 'Response')
  const ciphertext = encryptedAssertion(root, encryption)
  const everything = [...everyElement(root)]
  requireNothingEncrypted(everything, ciphertext)
  requireSuccess(root)
  const content = ciphertext ?? requiredChild(root, NAMESPACE.assertion, 'Assertion')
  requireHeader(root)
  if (!ciphertext) requireHeader(content)
  const responseSignature = onlyChild(root, NAMESPACE.signature, 'Signature')
  const assertionSignature = onlyChild(content, NAMESPACE.signature, 'Signature')
  requireInPlace(everything, [root, content, responseSignature, assertionSignature])
  requireUniqueIds(everything)
  if (!responseSignature && !assertionSignature && !ciphertext)
    throw new SamlError('not-signed', 'neither the response nor its assertion is signed')
  return {
    response: root,
    content,
    isEncrypted: ciphertext !== undefined,
    responseIsSigned: responseSignature !== undefined,
    assertionIsSigned: assertionSignature !== undefined,
  }
}

function encryptedAssertion(root: XmlElement, encryption: EncryptionRule): XmlElement | undefined {
  if (encryption === 'refused') return undefined
  const found = onlyChild(root, NAMESPACE.assertion, 'EncryptedAssertion')
  if (found || encryption === 'allowed') return found
  if (childrenOf(root, NAMESPACE.assertion, 'Assertion').length > 0)
    throw new SamlError('not-encrypted', 'the assertion is not encrypted')
  // The answer of a sign-in that failed has none.
  requireSuccess(root)
  throw wrongShapeError('Response has no EncryptedAssertion')
}

/** An assertion that was encrypted, as a document of its own. `isCovered`: whether the response's signature is over it. */
export function decryptedShape(root: XmlElement, isCovered: boolean): { assertionIsSigned: boolean } {
  if (root.namespace !== NAMESPACE.assertion || root.name !== 'Assertion')
    throw wrongShapeError('what was encrypted is not an Assertion')
  const everything = [...everyElement(root)]
  requireNothingEncrypted(everything)
  requireHeader(root)
  const signature = onlyChild(root, NAMESPACE.signature, 'Signature')
  requireInPlace(everything, [root, signature])
  requireUniqueIds(everything)
  if (!signature && !isCovered) throw new SamlError('not-signed', 'neither the response nor its assertion is signed')
  return { assertionIsSigned: signature !== undefined }
}

/** Throws for what is encrypted outside of the place for it. */
export function requireNothingEncrypted(everything: readonly XmlElement[], place?: XmlElement): void {
  const inPlace = new Set(place && everyElement(place))
  if (everything.some((element) => ENCRYPTED.has(element.name) && !inPlace.has(element)))
    throw new SamlError('encrypted-assertion', 'something is encrypted that may not be')
}

export function requireInPlace(everything: readonly XmlElement[], places: readonly (XmlElement | undefined)[]): void {
  const misplaced = everything.find((element) => PLACED.has(element.name) && !places.includes(element))
  if (misplaced) throw wrongShapeError(`there is another ${misplaced.name}`)
}

/** Throws unless the root is this message of the protocol. */
export function requireMessage(root: XmlElement, name: string): void {
  if (root.namespace !== NAMESPACE.protocol || root.name !== name) throw wrongShapeError(`the root is not a ${name}`)
}

export function requireHeader(element: XmlElement): void {
  if (attributeOf(element, 'Version') !== '2.0') throw wrongShapeError(`${element.name} is not of version 2.0`)
  // xs:ID is an NCName.
  if (!/^[\p{L}_][\p{L}\p{N}._-]{0,255}$/u.test(attributeOf(element, 'ID') ?? ''))
    throw wrongShapeError(`${element.name} has no ID`)
}

function requireSuccess(response: XmlElement): void {
  const code = requiredChild(requiredChild(response, NAMESPACE.protocol, 'Status'), NAMESPACE.protocol, 'StatusCode')
  if (attributeOf(code, 'Value') !== STATUS_SUCCESS)
    throw new SamlError('status-not-success', 'the identity provider answers that the sign-in failed')
}

/** ID, Id, id and xml:id all count, as parsers differ in which they take for ids. */
export function requireUniqueIds(elements: readonly XmlElement[]): void {
  const seen = new Set<string>()
  for (const element of elements) {
    const ids = element.attributes.filter(({ name }) => name.toLowerCase() === 'id')
    if (ids.length > 1) throw wrongShapeError('an element has several ids')
    for (const { value } of ids) {
      if (seen.has(value)) throw wrongShapeError('an id is used twice')
      seen.add(value)
    }
  }
}

const wrongShapeError = (detail: string): SamlError => new SamlError('wrong-shape', detail)
