// Verifies a SAML response: signatures of a trusted identity provider, issuer, audience, recipient and times.
//
// The order matters (docs/reference/oauth-and-federation.md 26.3): strict decoding, one parser, the shape, the
// signatures; then everything is read from the canonical text that was signed. Pure except for loading the parser.
// Replays are not detected here: the caller does that if it has to.
import type { KeyObject } from 'node:crypto'
import { decodeBase64, decodeUtf8 } from '../encodings.ts'
import {
  checkConditions,
  type Expectation,
  readAttributes,
  readSignIn,
  readSubject,
  requireIssuer,
  requireRequest,
} from './assertion.ts'
import { decryptAssertion } from './decrypt.ts'
import { limits } from './limits.ts'
import { type IdpMetadata, knownIdpMetadata } from './metadata.ts'
import { NAMESPACE } from './names.ts'
import { orRefused, type Refused, SamlError } from './refusal.ts'
import { decryptedShape, type ResponseShape, responseShape } from './shape.ts'
import { signedText } from './signature.ts'
import { attributeOf, onlyChild, requiredChild, withXml, type XmlElement, type XmlLimits } from './xml.ts'

/** How encrypted assertions are read. */
export interface Encryption {
  /** The private keys, of which one opens the assertion; at least one. */
  keys: readonly KeyObject[]
  /** Whether an assertion that is not encrypted is refused. */
  required: boolean
}

export interface SamlResponseInput {
  /** Base64, as it arrives in a form. */
  response: string
  /** The identity provider's metadata. */
  metadata: string
  /** Epoch milliseconds. */
  now: number
  /** The assertion needs one of these as its audience. Without it any is accepted, and the caller checks `audience`. */
  audiences?: readonly string[]
  /** The Recipient of the confirmation must be one of these, and so must the response's Destination. */
  recipients: readonly string[]
  /** How far clocks may differ. */
  skewSeconds?: number
  /** The id of the request that is answered; null where none was made. Without it the caller checks `inResponseTo`. */
  inResponseTo?: string | null
  /** How old the assertion may be, beside the times that it names itself. */
  maxAgeSeconds?: number
  /** For encrypted assertions. Without it none may be. */
  encryption?: Encryption
}

export interface SamlSignIn {
  issuer: string
  nameId: string
  /** The whole URN; that of `unspecified` when the NameID has no Format. */
  nameIdFormat: string
  nameQualifier?: string
  spNameQualifier?: string
  /** Values by name; the object has no prototype, so names such as `constructor` are safe. */
  attributes: Record<string, string[]>
  /** Where the assertion was sent: SubjectConfirmationData/@Recipient. */
  recipient: string
  /** Until when the assertion may be used, epoch milliseconds. */
  notOnOrAfter: number
  /** Until when a session may last, epoch milliseconds. */
  sessionNotOnOrAfter?: number
  sessionIndex?: string
  /** The id of the request that is answered; absent when the identity provider initiated the sign-in. */
  inResponseTo?: string
  issuedAt: number
  assertionId: string
  /**
   * From AudienceRestriction: the first that is in `audiences`, or the first without these; absent without a
   * restriction.
   */
  audience?: string
}

interface SignedParts {
  response: XmlElement
  assertion: XmlElement
  responseIsSigned: boolean
}

/** Of every message that is posted. */
export const LIMITS: XmlLimits = {
  length: limits.response.max,
  elements: limits.responseElements.max,
  comments: 'refused',
}

/** The sign-in in a verified response, or why it is refused. */
export function verifySamlResponse(input: SamlResponseInput): Promise<SamlSignIn | Refused> {
  return orRefused(async () => {
    const text = decode(input.response)
    const metadata = await knownIdpMetadata(input.metadata)
    if ('refused' in metadata) return metadata
    requireCurrent(metadata, input.now)
    const parts = await signedParts(text, metadata, input.encryption)
    return readSamlSignIn(parts, {
      issuer: metadata.entityId,
      now: input.now,
      skewMs: (input.skewSeconds ?? limits.clockSkew.max) * 1000,
      audiences: input.audiences,
      recipients: input.recipients,
      inResponseTo: input.inResponseTo,
      maxAgeMs: (input.maxAgeSeconds ?? Number.POSITIVE_INFINITY) * 1000,
    })
  })
}

/** Throws SamlError `metadata-expired`. `now`: epoch milliseconds. */
export function requireCurrent({ validUntil }: IdpMetadata, now: number): void {
  if (validUntil !== undefined && validUntil <= now)
    throw new SamlError('metadata-expired', 'the validUntil of the metadata is past')
}

/** The XML of a message that was posted. Throws SamlError `malformed`. */
export function decode(base64: string): string {
  if (base64.length > limits.response.max) throw new SamlError('malformed', 'the response is too long')
  // Forms may wrap lines.
  const text = base64.replace(/[\t\n\r ]/g, '')
  const bytes = decodeBase64(text)
  if (text === '' || bytes === undefined) throw new SamlError('malformed', 'the response is not base64')
  const xml = decodeUtf8(bytes)
  if (xml === undefined) throw new SamlError('malformed', 'the response is not UTF-8')
  return xml
}

/**
 * The response and the assertion, parsed from the text that was signed. The document is parsed anew for each signature,
 * as verifying one changes the document. An assertion without a signature is read from the signed response. A response
 * without a signature is read as received, and nothing about the user is taken from it.
 */
async function signedParts(
  text: string,
  { signingCertificates }: IdpMetadata,
  encryption: Encryption | undefined,
): Promise<SignedParts> {
  const keys = signingCertificates.map((certificate) => certificate.publicKey)
  const rule = encryption ? (encryption.required ? 'required' : 'allowed') : 'refused'
  const shapeOf = (root: XmlElement): ResponseShape => responseShape(root, rule)
  const shape = await withXml(text, LIMITS, ({ root }) => shapeOf(root))
  const read = (part: 'response' | 'content') => readSigned(text, (root) => shapeOf(root)[part], keys)
  // Every signature has to be valid, even when one would be enough.
  const response = shape.responseIsSigned ? await read('response') : shape.response
  const { responseIsSigned } = shape
  if (encryption && shape.isEncrypted) {
    const encrypted = requiredChild(response, NAMESPACE.assertion, 'EncryptedAssertion')
    const assertion = await firstThatOpens(encryption.keys, (key) =>
      readDecrypted(decryptAssertion(encrypted, key), keys, responseIsSigned),
    )
    return { response, assertion, responseIsSigned }
  }
  const assertion = shape.assertionIsSigned
    ? await read('content')
    : requiredChild(response, NAMESPACE.assertion, 'Assertion')
  if (assertion.namespace !== NAMESPACE.assertion || assertion.name !== 'Assertion')
    throw new SamlError('bad-signature', 'what was signed is not an Assertion')
  return { response, assertion, responseIsSigned }
}

/** What `read` makes with the first key by which it succeeds; the last refusal if there is none. */
async function firstThatOpens(
  keys: readonly KeyObject[],
  read: (key: KeyObject) => Promise<XmlElement>,
): Promise<XmlElement> {
  let refusal: unknown
  for (const key of keys) {
    try {
      return await read(key)
    } catch (error) {
      if (!(error instanceof SamlError)) throw error
      refusal = error
    }
  }
  throw refusal
}

/** An element of a document, parsed from the text that was signed. */
export async function readSigned(
  text: string,
  part: (root: XmlElement) => XmlElement,
  keys: readonly KeyObject[],
): Promise<XmlElement> {
  const signed = await withXml(text, LIMITS, (document) => signedText(document, part(document.root), keys))
  return withXml(signed, LIMITS, ({ root }) => root)
}

/**
 * The assertion in a plaintext: a fresh document, with the same checks. `isCovered`: the response's signature was over the
 * ciphertext. Where it was not, all failures are one (decrypt.ts).
 */
async function readDecrypted(plain: Buffer, keys: readonly KeyObject[], isCovered: boolean): Promise<XmlElement> {
  try {
    const text = decodeUtf8(plain)
    if (text === undefined) throw new SamlError('bad-encryption', 'the assertion cannot be decrypted')
    const { assertionIsSigned, assertion } = await withXml(text, LIMITS, ({ root }) => ({
      ...decryptedShape(root, isCovered),
      assertion: root,
    }))
    return assertionIsSigned ? await readSigned(text, (root) => root, keys) : assertion
  } catch (error) {
    if (!(error instanceof SamlError) || isCovered) throw error
    throw new SamlError('bad-encryption', 'the encrypted assertion does not open, or is not signed by the provider')
  }
}

/**
 * Checks who sent the response, and where to. A response that is signed names both; without a signature it may leave them
 * out (SAML profiles 4.1.4.2, bindings 3.5.5.2).
 */
function checkResponse({ response, responseIsSigned }: SignedParts, expected: Expectation): void {
  const issuer = onlyChild(response, NAMESPACE.assertion, 'Issuer')
  if (issuer) requireIssuer(issuer, expected.issuer)
  else if (responseIsSigned) throw new SamlError('wrong-issuer', 'the signed Response has no Issuer')
  const destination = attributeOf(response, 'Destination')
  if (destination === undefined && responseIsSigned)
    throw new SamlError('wrong-recipient', 'the signed Response has no Destination')
  if (destination !== undefined && !expected.recipients.includes(destination))
    throw new SamlError('wrong-recipient', 'the Destination is another')
  requireRequest(response, expected)
}

function readSamlSignIn(parts: SignedParts, expected: Expectation): SamlSignIn {
  const { assertion } = parts
  checkResponse(parts, expected)
  requireIssuer(requiredChild(assertion, NAMESPACE.assertion, 'Issuer'), expected.issuer)
  const { issuedAt, audience } = checkConditions(assertion, expected)
  const { inResponseTo, ...subject } = readSubject(assertion, expected)
  const { sessionIndex, sessionNotOnOrAfter } = readSignIn(assertion, expected)
  return {
    issuer: expected.issuer,
    ...subject,
    attributes: readAttributes(assertion),
    issuedAt,
    assertionId: attributeOf(assertion, 'ID') as string,
    ...(sessionNotOnOrAfter !== undefined && { sessionNotOnOrAfter }),
    ...(sessionIndex !== undefined && { sessionIndex }),
    ...(inResponseTo !== undefined && { inResponseTo }),
    ...(audience !== undefined && { audience }),
  }
}
