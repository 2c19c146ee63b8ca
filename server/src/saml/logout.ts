// Reads the messages about the end of a session that a provider sends: its own LogoutRequest, and its LogoutResponse to ours
// (SAML core 3.7, profiles 4.4). Each has to be signed; of one that was posted everything is read from the text that was
// signed, as in a response, and one in a query is signed as a whole.
import type { KeyObject } from 'node:crypto'
import { nameOf, requireIssuer, requireNow, requireRequest, timeIn } from './assertion.ts'
import { limits } from './limits.ts'
import { knownIdpMetadata } from './metadata.ts'
import { NAMESPACE, STATUS_SUCCESS } from './names.ts'
import type { InQuery } from './redirect-binding.ts'
import { orRefused, type Refused, SamlError } from './refusal.ts'
import { decode, LIMITS, readSigned, requireCurrent } from './response.ts'
import { requireHeader, requireInPlace, requireMessage, requireNothingEncrypted, requireUniqueIds } from './shape.ts'
import type { SamlName } from './write.ts'
import {
  attributeOf,
  childrenOf,
  everyElement,
  onlyChild,
  onlyTextOf,
  requiredChild,
  withXml,
  type XmlElement,
} from './xml.ts'

export interface LogoutInput {
  /** Base64, as it arrives in a form, or as it was read out of a query. */
  readonly message: string | InQuery
  /** The identity provider's metadata. */
  readonly metadata: string
  /** Epoch milliseconds. */
  readonly now: number
  /** The URL that the message came to: its Destination. */
  readonly destination: string
}

export interface SamlLogout {
  readonly id: string
  readonly name: SamlName
  /** The sessions that end; all of the user's where there is none. */
  readonly sessionIndexes: readonly string[]
  /** Until when the message counts, epoch milliseconds. */
  readonly expiresAt: number
}

const P = NAMESPACE.protocol
const A = NAMESPACE.assertion
const SKEW_MS = limits.clockSkew.max * 1000
const MAX_AGE_MS = limits.logoutAge.max * 1000

/** The Issuer that a message says it has, before anything of it is verified: to find the metadata that verify it. */
export const claimedIssuer = (message: LogoutInput['message']): Promise<string | Refused> =>
  orRefused(() =>
    withXml(xmlOf(message), LIMITS, ({ root }) =>
      onlyTextOf(requiredChild(root, A, 'Issuer')).slice(0, limits.entityId.max),
    ),
  )

/** What a provider's LogoutRequest asks for, or why it is refused. */
export const verifyLogoutRequest = (input: LogoutInput): Promise<SamlLogout | Refused> =>
  orRefused(async () => {
    const request = await readMessage(input, 'LogoutRequest')
    requireNow(request, { now: input.now, skewMs: SKEW_MS })
    const nameId = requiredChild(request, A, 'NameID')
    const { nameId: value, nameIdFormat: format, ...qualifiers } = nameOf(nameId, onlyTextOf(nameId))
    return {
      id: attributeOf(request, 'ID') as string,
      name: { value, format, ...qualifiers },
      sessionIndexes: childrenOf(request, P, 'SessionIndex').map(onlyTextOf),
      expiresAt: (timeIn(request, 'IssueInstant') as number) + MAX_AGE_MS + SKEW_MS,
    }
  })

/** Whether a provider's LogoutResponse to the request `inResponseTo` says that all went well, or why it is refused. */
export const verifyLogoutResponse = (
  input: LogoutInput & { readonly inResponseTo: string },
): Promise<{ succeeded: boolean } | Refused> =>
  orRefused(async () => {
    const response = await readMessage(input, 'LogoutResponse')
    requireRequest(response, input)
    const code = requiredChild(requiredChild(response, P, 'Status'), P, 'StatusCode')
    return { succeeded: attributeOf(code, 'Value') === STATUS_SUCCESS }
  })

const xmlOf = (message: LogoutInput['message']): string => (typeof message === 'string' ? decode(message) : message.xml)

/** A message whose signature, issuer, destination and age were checked. */
async function readMessage(
  { message, metadata: document, now, destination }: LogoutInput,
  kind: string,
): Promise<XmlElement> {
  const text = xmlOf(message)
  const metadata = await knownIdpMetadata(document)
  if ('refused' in metadata) throw new SamlError(metadata.refused, metadata.detail)
  requireCurrent(metadata, now)
  const keys: KeyObject[] = metadata.signingCertificates.map((certificate) => certificate.publicKey)
  const isPosted = typeof message === 'string'
  await withXml(text, LIMITS, ({ root }) => requireShape(root, kind, isPosted))
  if (!isPosted) message.requireSignature(keys)
  const read = isPosted ? await readSigned(text, (root) => root, keys) : await withXml(text, LIMITS, ({ root }) => root)
  requireMessage(read, kind)
  requireIssuer(requiredChild(read, A, 'Issuer'), metadata.entityId)
  if (attributeOf(read, 'Destination') !== destination)
    throw new SamlError('wrong-recipient', `the Destination of the ${kind} is another`)
  const issuedAt = timeIn(read, 'IssueInstant')
  if (issuedAt === undefined) throw new SamlError('wrong-shape', `the ${kind} has no IssueInstant`)
  if (issuedAt > now + SKEW_MS) throw new SamlError('not-yet-valid', `the ${kind} is of the future`)
  const end = issuedAt + MAX_AGE_MS + SKEW_MS
  if (end <= now) throw new SamlError('expired', `the ${kind} was issued too long ago`, end)
  return read
}

/** A message in a query has no signature of its own (SAML bindings 3.4.4.1). */
function requireShape(root: XmlElement, kind: string, isPosted: boolean): void {
  requireMessage(root, kind)
  const everything = [...everyElement(root)]
  requireNothingEncrypted(everything)
  requireHeader(root)
  const signature = onlyChild(root, NAMESPACE.signature, 'Signature')
  requireInPlace(everything, [isPosted ? signature : undefined])
  requireUniqueIds(everything)
  if (isPosted && !signature) throw new SamlError('not-signed', `the ${kind} is not signed`)
}
