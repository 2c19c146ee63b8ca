// Reads an assertion and checks issuer, recipient, audience and times (SAML core 2.4 and 2.5, profiles 4.1.4.2 and
// 4.1.4.3). The tree has to be one whose signature was verified; signatures are signature.ts.
import { BEARER, ENTITY_FORMAT, NAMESPACE, UNSPECIFIED_FORMAT } from './names.ts'
import { SamlError } from './refusal.ts'
import { samlTime } from './time.ts'
import { attributeOf, childrenOf, elementsIn, onlyTextOf, requiredChild, textOf, type XmlElement } from './xml.ts'

export interface Expectation {
  /** The metadata's entityID. */
  issuer: string
  /** Epoch milliseconds. */
  now: number
  skewMs: number
  /** The assertion needs one of these; undefined accepts any or none. */
  audiences: readonly string[] | undefined
  recipients: readonly string[]
  /** The id of the request; null where none was made; undefined accepts any. */
  inResponseTo?: string | null | undefined
  /** Since IssueInstant. */
  maxAgeMs?: number
}

const A = NAMESPACE.assertion

/** The text of an Issuer. Throws SamlError `wrong-issuer` when it is not the one expected. */
export function requireIssuer(element: XmlElement, issuer: string): void {
  if ((attributeOf(element, 'Format') ?? ENTITY_FORMAT) !== ENTITY_FORMAT || onlyTextOf(element) !== issuer)
    throw new SamlError('wrong-issuer', "the Issuer is not the metadata's entityID")
}

/** Throws SamlError `wrong-request` when a response or its confirmation does not answer the request (SAML core 3.2.2). */
export function requireRequest(
  element: XmlElement,
  { inResponseTo: expected }: Pick<Expectation, 'inResponseTo'>,
): void {
  if (expected === undefined) return
  const inResponseTo = attributeOf(element, 'InResponseTo') ?? null
  if (inResponseTo !== expected)
    throw new SamlError(
      'wrong-request',
      `the InResponseTo of ${element.name} is ${inResponseTo === null ? 'missing' : 'of another request, or of none'}`,
    )
}

export interface Subject {
  nameId: string
  nameIdFormat: string
  nameQualifier?: string
  spNameQualifier?: string
  recipient: string
  /** Of the confirmation, epoch milliseconds. */
  notOnOrAfter: number
  inResponseTo: string | undefined
}

/** The NameID and the first valid bearer confirmation. Throws the refusal of the first when none is valid. */
export function readSubject(assertion: XmlElement, expected: Expectation): Subject {
  const subject = requiredChild(assertion, A, 'Subject')
  const nameId = requiredChild(subject, A, 'NameID')
  const name = onlyTextOf(nameId)
  if (name.trim() === '' || name.length > 2048) throw wrongShapeError('the NameID is empty or too long')
  const confirmations = childrenOf(subject, A, 'SubjectConfirmation').filter(
    (confirmation) => attributeOf(confirmation, 'Method') === BEARER,
  )
  if (confirmations.length === 0) throw wrongShapeError('there is no SubjectConfirmation of a bearer')
  let refusal: SamlError | undefined
  for (const confirmation of confirmations) {
    try {
      const confirmed = readConfirmation(confirmation, expected)
      return { ...nameOf(nameId, name), ...confirmed }
    } catch (error) {
      if (!(error instanceof SamlError)) throw error
      refusal ??= error
    }
  }
  throw refusal
}

type Name = Pick<Subject, 'nameId' | 'nameIdFormat' | 'nameQualifier' | 'spNameQualifier'>

/** A NameID, whose text `nameId` is. */
export function nameOf(element: XmlElement, nameId: string): Name {
  const nameQualifier = attributeOf(element, 'NameQualifier')
  const spNameQualifier = attributeOf(element, 'SPNameQualifier')
  return {
    nameId,
    nameIdFormat: attributeOf(element, 'Format') ?? UNSPECIFIED_FORMAT,
    ...(nameQualifier !== undefined && { nameQualifier }),
    ...(spNameQualifier !== undefined && { spNameQualifier }),
  }
}

function readConfirmation(confirmation: XmlElement, expected: Expectation): Omit<Subject, keyof Name> {
  const element = requiredChild(confirmation, A, 'SubjectConfirmationData')
  const recipient = attributeOf(element, 'Recipient')
  const notOnOrAfter = timeIn(element, 'NotOnOrAfter')
  if (!recipient) throw new SamlError('wrong-recipient', 'the SubjectConfirmationData has no Recipient')
  if (!expected.recipients.includes(recipient)) throw new SamlError('wrong-recipient', 'the Recipient is another')
  if (notOnOrAfter === undefined) throw wrongShapeError('the SubjectConfirmationData has no NotOnOrAfter')
  requireNow(element, expected)
  requireRequest(element, expected)
  return { recipient, notOnOrAfter, inResponseTo: attributeOf(element, 'InResponseTo') }
}

/**
 * Throws SamlError unless all conditions are met; an unknown one is not (SAML core 2.5.1). Returns the matching
 * audience.
 */
export function checkConditions(
  assertion: XmlElement,
  expected: Expectation,
): { issuedAt: number; audience: string | undefined } {
  const issuedAt = timeIn(assertion, 'IssueInstant')
  if (issuedAt === undefined) throw wrongShapeError('the Assertion has no IssueInstant')
  if (issuedAt > expected.now + expected.skewMs) throw new SamlError('not-yet-valid', 'the Assertion is of the future')
  if (expected.maxAgeMs !== undefined && issuedAt + expected.maxAgeMs <= expected.now)
    throw new SamlError('expired', 'the Assertion was issued too long ago', issuedAt + expected.maxAgeMs)
  const [conditions, ...more] = childrenOf(assertion, A, 'Conditions')
  if (more.length > 0) throw wrongShapeError('there are several Conditions')
  let audience: string | undefined
  if (conditions) {
    requireNow(conditions, expected)
    for (const condition of elementsIn(conditions)) {
      if (
        condition.namespace !== A ||
        !['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction'].includes(condition.name)
      )
        throw wrongShapeError('there is a condition that is not known')
      if (condition.name !== 'AudienceRestriction') continue
      // Every restriction has to be met (SAML core 2.5.1.4).
      const matching = requireAudience(condition, expected)
      audience ??= matching
    }
  }
  if (expected.audiences !== undefined && audience === undefined)
    throw new SamlError('wrong-audience', 'the Assertion names no audience')
  return { issuedAt, audience }
}

function requireAudience(restriction: XmlElement, { audiences }: Expectation): string {
  const named = childrenOf(restriction, A, 'Audience').map(onlyTextOf)
  const matching = audiences === undefined ? named[0] : named.find((audience) => audiences.includes(audience))
  if (matching === undefined) throw new SamlError('wrong-audience', 'the audience is another')
  return matching
}

export interface SignInStatement {
  sessionIndex: string | undefined
  /** The earliest of all statements, epoch milliseconds. */
  sessionNotOnOrAfter: number | undefined
}

/** Session index and end. Throws SamlError `expired` when the session has ended. */
export function readSignIn(assertion: XmlElement, { now, skewMs }: Expectation): SignInStatement {
  const statements = childrenOf(assertion, A, 'AuthnStatement')
  const ends = statements.flatMap((statement) => timeIn(statement, 'SessionNotOnOrAfter') ?? [])
  const sessionNotOnOrAfter = ends.length === 0 ? undefined : Math.min(...ends)
  if (sessionNotOnOrAfter !== undefined && sessionNotOnOrAfter + skewMs <= now)
    throw new SamlError('expired', 'the session at the identity provider is over', sessionNotOnOrAfter)
  const [first] = statements
  return { sessionIndex: first && attributeOf(first, 'SessionIndex'), sessionNotOnOrAfter }
}

/** All values by attribute name. The provider chooses the names, so the object has no prototype. */
export function readAttributes(assertion: XmlElement): Record<string, string[]> {
  const attributes: Record<string, string[]> = Object.create(null)
  for (const statement of childrenOf(assertion, A, 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, A, 'Attribute')) {
      const name = attributeOf(attribute, 'Name')
      if (!name) throw wrongShapeError('an Attribute has no Name')
      attributes[name] ??= []
      attributes[name].push(...childrenOf(attribute, A, 'AttributeValue').map(textOf))
    }
  }
  return attributes
}

/** Throws SamlError unless it is the time that NotBefore and NotOnOrAfter of an element leave. */
export function requireNow(element: XmlElement, { now, skewMs }: Pick<Expectation, 'now' | 'skewMs'>): void {
  const notBefore = timeIn(element, 'NotBefore')
  const notOnOrAfter = timeIn(element, 'NotOnOrAfter')
  if (notBefore !== undefined && now + skewMs < notBefore)
    throw new SamlError('not-yet-valid', `the NotBefore of ${element.name} is in the future`)
  if (notOnOrAfter !== undefined && notOnOrAfter + skewMs <= now)
    throw new SamlError('expired', `the NotOnOrAfter of ${element.name} is past`, notOnOrAfter)
}

/** The time in an attribute, epoch milliseconds. Throws SamlError for what is none. */
export function timeIn(element: XmlElement, name: string): number | undefined {
  const text = attributeOf(element, name)
  if (text === undefined) return undefined
  const time = samlTime(text)
  if (time === undefined) throw wrongShapeError(`the ${name} of ${element.name} is not a time in UTC`)
  return time
}

const wrongShapeError = (detail: string): SamlError => new SamlError('wrong-shape', detail)
