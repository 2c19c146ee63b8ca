// Checks the structure of a response before its signatures (SAML core 3.3.3, 2.3.3; docs/reference/threats.md 31).
// Signature wrapping needs a document with a second assertion, signature or equal id: here each has exactly one place.
import { NAMESPACE, STATUS_SUCCESS } from './names.ts'
import { SamlError } from './refusal.ts'
import { attributeOf, everyElement, onlyChild, requiredChild, type XmlElement } from './xml.ts'

export interface ResponseShape {
  response: XmlElement
  assertion: XmlElement
  responseIsSigned: boolean
  assertionIsSigned: boolean
}

// Compared by name alone, whatever the namespace, so that no reader overlooks what another takes for an assertion.
const ENCRYPTED = new Set(['EncryptedAssertion', 'EncryptedID', 'EncryptedAttribute', 'EncryptedData'])

/** Throws SamlError `wrong-shape`, `encrypted-assertion`, `status-not-success` or `not-signed`. */
export function responseShape(root: XmlElement): ResponseShape {
  if (root.namespace !== NAMESPACE.protocol || root.name !== 'Response')
    throw wrongShapeError('the root is not a Response')
  const everything = [...everyElement(root)]
  if (everything.some(({ name }) => ENCRYPTED.has(name)))
    throw new SamlError('encrypted-assertion', 'encrypted assertions are not supported')
  requireSuccess(root)
  const assertion = requiredChild(root, NAMESPACE.assertion, 'Assertion')
  for (const element of [root, assertion]) requireHeader(element)
  const responseSignature = onlyChild(root, NAMESPACE.signature, 'Signature')
  const assertionSignature = onlyChild(assertion, NAMESPACE.signature, 'Signature')
  const inPlace = new Set([root, assertion, responseSignature, assertionSignature])
  const misplaced = everything.find(
    (element) => ['Response', 'Assertion', 'Signature', 'Advice'].includes(element.name) && !inPlace.has(element),
  )
  if (misplaced) throw wrongShapeError(`there is another ${misplaced.name}`)
  requireUniqueIds(everything)
  if (!responseSignature && !assertionSignature)
    throw new SamlError('not-signed', 'neither the response nor its assertion is signed')
  return {
    response: root,
    assertion,
    responseIsSigned: responseSignature !== undefined,
    assertionIsSigned: assertionSignature !== undefined,
  }
}

function requireHeader(element: XmlElement): void {
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
function requireUniqueIds(elements: XmlElement[]): void {
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
