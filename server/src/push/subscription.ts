// The token of a device of the platform WEBPUSH: a PushSubscription of the Push API as JSON. Pure.
import { ECDH } from 'node:crypto'

export interface PushSubscription {
  readonly endpoint: string
  /** The browser's public key: an uncompressed point on P-256. */
  readonly publicKey: Buffer
  /** The secret that the browser shares with whoever may send (RFC 8291 3.2). */
  readonly auth: Buffer
}

/** The subscription in a text; undefined when it is none. */
export function subscriptionIn(text: string): PushSubscription | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { endpoint, keys } = Object(value) as { endpoint?: unknown; keys?: unknown }
  const { p256dh, auth } = Object(keys) as { p256dh?: unknown; auth?: unknown }
  if (typeof endpoint !== 'string' || !/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) return undefined
  const publicKey = bytes(p256dh)
  const secret = bytes(auth)
  return publicKey && isPoint(publicKey) && secret?.byteLength === 16
    ? { endpoint, publicKey, auth: secret }
    : undefined
}

/** Whether bytes are an uncompressed point on P-256. */
function isPoint(key: Buffer): boolean {
  try {
    return key.byteLength === 65 && ECDH.convertKey(key, 'prime256v1').length > 0
  } catch {
    return false
  }
}

/** Browsers write base64url; some libraries plain base64 with padding. */
const bytes = (value: unknown): Buffer | undefined =>
  typeof value === 'string' && /^[\w+/-]+=*$/.test(value) ? Buffer.from(value, 'base64') : undefined
