// Reads the session that a verified assertion asks for, and its condition keys
// (docs/reference/identity-pools-sts-iam-sync.md 15.3).

import { areValidTags, isValidSessionName, type RequestedTags } from '../sessions/session-tag-rules.ts'
import { samlAttributeKeys } from './saml-attribute-rules.ts'

const ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes/'
const TAG_ATTRIBUTE = `${ATTRIBUTES}PrincipalTag:`
const FORMAT_PREFIX = 'urn:oasis:names:tc:SAML:2.0:nameid-format:'
const MIN_SECONDS = 900
const MAX_SECONDS = 43_200

/** The members of a verified response that are used here. */
export interface Assertion {
  issuer: string
  nameId: string
  nameIdFormat: string
  /** Values by name; the object has no prototype. */
  attributes: Readonly<Record<string, readonly string[]>>
  recipient: string
}

export interface SamlRequest {
  sessionName: string
  /** From the attribute SessionDuration. */
  seconds: number | undefined
  requested: RequestedTags
  sourceIdentity: string | undefined
}

/** Texts of InvalidIdentityToken. */
export const samlProblems = {
  'no-session-name': 'RoleSessionName is required in AuthnResponse',
  'bad-session-name': 'RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
  'bad-source-identity':
    'Source Identity in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
  'bad-duration': `SessionDuration in AuthnResponse must be a number of seconds from ${MIN_SECONDS} to ${MAX_SECONDS}`,
  'bad-tags': 'PrincipalTag in AuthnResponse must have one value, and keys and values as session tags have them',
} as const

export type SamlRefusalReason = keyof typeof samlProblems

/** Whether the attribute Role grants the role through the provider: pairs of their ARNs, in either order. */
export const grantsRole = ({ attributes }: Assertion, roleArn: string, providerArn: string): boolean =>
  (attributes[`${ATTRIBUTES}Role`] ?? []).some((value) => {
    const pair = value.split(',').map((arn) => arn.trim())
    return (
      pair.length === 2 &&
      (pair[0] === roleArn ? pair[1] === providerArn : pair[0] === providerArn && pair[1] === roleArn)
    )
  })

/** The attributes that describe the session. */
export function readSamlRequest({ attributes }: Assertion): SamlRequest | { refused: SamlRefusalReason } {
  const firstValue = (name: string): string | undefined => attributes[`${ATTRIBUTES}${name}`]?.[0]?.trim()
  const sessionName = firstValue('RoleSessionName')
  if (sessionName === undefined) return { refused: 'no-session-name' }
  if (!isValidSessionName(sessionName)) return { refused: 'bad-session-name' }
  const sourceIdentity = firstValue('SourceIdentity')
  if (sourceIdentity !== undefined && (!isValidSessionName(sourceIdentity) || sourceIdentity.startsWith('aws:')))
    return { refused: 'bad-source-identity' }
  const duration = firstValue('SessionDuration')
  const seconds = duration === undefined ? undefined : /^\d{1,5}$/.test(duration) ? Number(duration) : Number.NaN
  if (seconds !== undefined && !(seconds >= MIN_SECONDS && seconds <= MAX_SECONDS)) return { refused: 'bad-duration' }
  const tagged = Object.entries(attributes).filter(([name]) => name.startsWith(TAG_ATTRIBUTE))
  const requested = {
    tags: tagged.map(([name, [value = '']]) => [name.slice(TAG_ATTRIBUTE.length), value] as const),
    transitiveTagKeys: attributes[`${ATTRIBUTES}TransitiveTagKeys`] ?? [],
  }
  if (tagged.some(([, values]) => values.length !== 1) || !areValidTags(requested)) return { refused: 'bad-tags' }
  return { sessionName, seconds, requested, sourceIdentity }
}

/** The last part of a SAML 2.0 format, such as `persistent`; other formats unchanged. */
export const subjectType = (format: string): string =>
  format.startsWith(FORMAT_PREFIX) ? format.slice(FORMAT_PREFIX.length) : format

/**
 * Condition keys of an assertion (docs/reference/identity-pools-sts-iam-sync.md 16.5). `lasting` ones hold for the
 * whole session.
 */
export function samlKeys(
  assertion: Assertion,
  { accountId, providerName, nameQualifier }: { accountId: string; providerName: string; nameQualifier: string },
): { all: [key: string, value: string | readonly string[]][]; lasting: Record<string, string[]> } {
  const lasting = {
    'saml:namequalifier': [nameQualifier],
    'saml:sub': [assertion.nameId],
    'saml:sub_type': [subjectType(assertion.nameIdFormat)],
  }
  const all: [string, string | readonly string[]][] = [
    ['saml:aud', assertion.recipient],
    ['saml:iss', assertion.issuer],
    ['saml:doc', `${accountId}/${providerName}`],
    ...Object.entries(lasting).map(([key, [value = '']]) => [key, value] as [string, string]),
  ]
  for (const [name, key] of samlAttributeKeys) {
    const values = assertion.attributes[name]
    if (values !== undefined && values.length > 0)
      all.push([`saml:${key}`, values.length === 1 ? (values[0] as string) : values])
  }
  return { all, lasting }
}
