// What a browser hands over of an authenticator (RegistrationResponseJSON and AuthenticationResponseJSON of WebAuthn
// Level 3, 5.1), read strictly and within bounds, before anything of it is decoded or verified. Pure.
import { limits } from '../limits.ts'
import { isOriginAllowed, type RelyingParty } from './relying-party-rules.ts'

/** The members that are read of either, base64url each. */
export interface CredentialJson {
  readonly id: string
  readonly clientDataJSON: string
  readonly attachment: string | undefined
  /** The other members of `response` that are text. */
  readonly response: Readonly<Record<string, string>>
  readonly transports: readonly string[]
}

/** The parts of CollectedClientData (WebAuthn Level 3, 5.8.1) that are judged. */
export interface ClientData {
  readonly type: string
  readonly challenge: string
  readonly origin: string
  readonly crossOrigin: boolean
}

const ATTACHMENTS = ['platform', 'cross-platform']
const TRANSPORTS = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal']

/** The credential in a JSON value, with these members of `response`; undefined when it is none, or too large. */
export function credentialFrom(value: unknown, members: readonly string[]): CredentialJson | undefined {
  const [credential, response] = [recordOf(value), recordOf(recordOf(value)?.['response'])]
  if (!credential || !response || credential['type'] !== 'public-key') return undefined
  const { id, rawId, authenticatorAttachment } = credential
  if (!isBase64url(id, limits.credentialId.max) || rawId !== id) return undefined
  const texts: Record<string, string> = {}
  for (const name of members) {
    const text = response[name]
    if (!isBase64url(text, limits.credentialPart.max)) return undefined
    texts[name] = text
  }
  const { clientDataJSON, userHandle, transports } = response
  if (!isBase64url(clientDataJSON, limits.credentialPart.max)) return undefined
  // Browsers write null or leave it out where the authenticator named no user.
  if (userHandle !== undefined && userHandle !== null) {
    if (!isBase64url(userHandle, limits.credentialId.max)) return undefined
    texts['userHandle'] = userHandle
  }
  return {
    id,
    clientDataJSON,
    attachment: ATTACHMENTS.find((known) => known === authenticatorAttachment),
    response: texts,
    transports: Array.isArray(transports) ? TRANSPORTS.filter((known) => transports.includes(known)) : [],
  }
}

/** The client data of a credential; undefined when it is none. */
export function clientDataFrom(clientDataJSON: string): ClientData | undefined {
  const data = recordOf(parsed(Buffer.from(clientDataJSON, 'base64url').toString('utf8')))
  const { type, challenge, origin, crossOrigin, topOrigin } = data ?? {}
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') return undefined
  // `topOrigin` is there only where a page of another origin frames the one that asked.
  return { type, challenge, origin, crossOrigin: crossOrigin === true || topOrigin !== undefined }
}

/** Whether a page that may use the passkeys asked for the credential: not one within a frame of somebody else's page. */
export const isAskedByPage = (data: ClientData, relyingParty: RelyingParty, production: boolean): boolean =>
  !data.crossOrigin && isOriginAllowed(data.origin, relyingParty, production)

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

/** One spelling: neither padding nor bits left over. */
const isBase64url = (value: unknown, max: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= max &&
  Buffer.from(value, 'base64url').toString('base64url') === value
