// Verifies a SAML response: that a trusted identity provider says this, about this user, here and now.
//
// The order is the point (docs/reference/oauth-and-federation.md 26.3): decode strictly, one parser, the shape, the
// signatures, and then every fact is read from the canonical text that was signed. Pure but for loading the parser;
// whether an assertion was used before is the caller's to know.
import {
  checkConditions,
  type Expectation,
  readAttributes,
  readSignIn,
  readSubject,
  requireIssuer,
} from './assertion.ts'
import { limits } from './limits.ts'
import { type IdpMetadata, parseIdpMetadata } from './metadata.ts'
import { NAMESPACE } from './names.ts'
import { orRefused, type Refused, SamlError } from './refusal.ts'
import { type ResponseShape, responseShape } from './shape.ts'
import { signedText } from './signature.ts'
import { attributeOf, onlyChild, requiredChild, withXml, type XmlElement, type XmlLimits } from './xml.ts'

export interface SamlResponseInput {
  /** Base64, as it arrives in a form. */
  response: string
  /** The identity provider's metadata. */
  metadata: string
  /** Epoch milliseconds. */
  now: number
  /** The assertion must be meant for one of these. Left out: for anybody, and the caller looks at `audience`. */
  audiences?: readonly string[]
  /** The Recipient of the confirmation must be this, and the response's Destination if it has one. */
  recipient?: string
  /** How far clocks may differ. */
  skewSeconds?: number
}

export interface SamlSignIn {
  issuer: string
  nameId: string
  /** The whole URN; that of `unspecified` when there is none. */
  nameIdFormat: string
  /** Values by name; without a prototype, so names such as `constructor` are just names. */
  attributes: Record<string, string[]>
  /** Where the assertion was sent: SubjectConfirmationData/@Recipient. */
  recipient: string
  /** Until when the assertion may be used, epoch milliseconds. */
  notOnOrAfter: number
  /** Until when a session may last, epoch milliseconds. */
  sessionNotOnOrAfter?: number
  sessionIndex?: string
  /** Of the request that is answered; absent when the provider began. */
  inResponseTo?: string
  issuedAt: number
  assertionId: string
  /** Of AudienceRestriction: the one that was asked for, else the first; absent when there is no restriction. */
  audience?: string
}

const LIMITS: XmlLimits = { length: limits.response.max, elements: limits.responseElements.max, comments: 'refused' }

/** The sign-in that a response vouches for, or why it does not. */
export function verifySamlResponse(input: SamlResponseInput): Promise<SamlSignIn | Refused> {
  return orRefused(async () => {
    const text = decode(input.response)
    const metadata = await parseIdpMetadata(input.metadata)
    if ('refused' in metadata) return metadata
    if (metadata.validUntil !== undefined && metadata.validUntil <= input.now)
      throw new SamlError('metadata-expired', 'the validUntil of the metadata is past')
    const { response, assertion } = await signedParts(text, metadata)
    return readSamlSignIn(response, assertion, {
      issuer: metadata.entityId,
      now: input.now,
      skewMs: (input.skewSeconds ?? limits.clockSkew.max) * 1000,
      audiences: input.audiences,
      recipient: input.recipient,
    })
  })
}

function decode(base64: string): string {
  if (base64.length > limits.response.max) throw new SamlError('malformed', 'the response is too long')
  // Forms wrap lines.
  const text = base64.replace(/[\t\n\r ]/g, '')
  const bytes = Buffer.from(text, 'base64')
  if (text === '' || bytes.toString('base64') !== text) throw new SamlError('malformed', 'the response is not base64')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new SamlError('malformed', 'the response is not UTF-8')
  }
}

/**
 * The response and the assertion, read from what was signed. A document is parsed anew for each signature, as looking at
 * one changes the document. An assertion that is not signed itself is read from the signed response; a response that
 * is not signed is read as it came, and nothing about the user is taken from it.
 */
async function signedParts(
  text: string,
  { signingCertificates }: IdpMetadata,
): Promise<{ response: XmlElement; assertion: XmlElement }> {
  const keys = signingCertificates.map((certificate) => certificate.publicKey)
  const shape = await withXml(text, LIMITS, ({ root }) => responseShape(root))
  const read = (part: (shape: ResponseShape) => XmlElement): Promise<XmlElement> =>
    withXml(text, LIMITS, (document) => signedText(document, part(responseShape(document.root)), keys)).then((signed) =>
      withXml(signed, LIMITS, ({ root }) => root),
    )
  // Every signature that is there must hold, also where one would be enough.
  const response = shape.responseIsSigned ? await read((parts) => parts.response) : shape.response
  const assertion = shape.assertionIsSigned
    ? await read((parts) => parts.assertion)
    : requiredChild(response, NAMESPACE.assertion, 'Assertion')
  if (assertion.namespace !== NAMESPACE.assertion || assertion.name !== 'Assertion')
    throw new SamlError('bad-signature', 'what was signed is not an Assertion')
  return { response, assertion }
}

function readSamlSignIn(response: XmlElement, assertion: XmlElement, expected: Expectation): SamlSignIn {
  const responseIssuer = onlyChild(response, NAMESPACE.assertion, 'Issuer')
  if (responseIssuer) requireIssuer(responseIssuer, expected.issuer)
  requireIssuer(requiredChild(assertion, NAMESPACE.assertion, 'Issuer'), expected.issuer)
  const destination = attributeOf(response, 'Destination')
  if (expected.recipient !== undefined && destination !== undefined && destination !== expected.recipient)
    throw new SamlError('wrong-recipient', 'the Destination is another')
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
