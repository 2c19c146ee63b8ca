// The cryptography of Web Push: message encryption (RFC 8291, on the encoding aes128gcm of RFC 8188) and the identification
// of the application server (VAPID, RFC 8292).
import { createCipheriv, createECDH, createPrivateKey, hkdfSync, randomBytes, sign } from 'node:crypto'
import type { WebPushPlace } from '../config/push-places.ts'
import { jws, jwsContent } from '../signing/jws.ts'
import type { PushSubscription } from './subscription.ts'

/** Bytes of one record, which the whole message is. */
const RECORD_SIZE = 4096

/**
 * The body of a request to a push service: RFC 8291 3.3 to 3.4 and 4. `sender` (a private key on P-256) and `salt` (16
 * bytes) are given by tests only: both are fresh for each message.
 */
export function encryptForBrowser(
  { publicKey, auth }: Pick<PushSubscription, 'publicKey' | 'auth'>,
  text: Uint8Array,
  { sender, salt = randomBytes(16) }: { sender?: Uint8Array; salt?: Uint8Array } = {},
): Buffer {
  const ecdh = createECDH('prime256v1')
  if (sender) ecdh.setPrivateKey(sender)
  else ecdh.generateKeys()
  const ownKey = ecdh.getPublicKey()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), publicKey, ownKey])
  const secret = hkdf(ecdh.computeSecret(publicKey), auth, info, 32)
  const key = hkdf(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = hkdf(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  // The delimiter of the last record (RFC 8188 2).
  const sealed = [cipher.update(text), cipher.update(Uint8Array.of(2)), cipher.final(), cipher.getAuthTag()]
  const size = Buffer.alloc(4)
  size.writeUInt32BE(RECORD_SIZE)
  return Buffer.concat([salt, size, Uint8Array.of(ownKey.byteLength), ownKey, ...sealed])
}

const hkdf = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length))

const HALF_A_DAY_S = 12 * 60 * 60

/** The header Authorization for an endpoint (RFC 8292 2 and 3); `now` in epoch milliseconds. */
export function vapidHeader({ contact, publicKey, privateKey }: WebPushPlace, endpoint: string, now: number): string {
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(now / 1000) + HALF_A_DAY_S, sub: contact }
  const content = jwsContent({ typ: 'JWT', alg: 'ES256' }, claims)
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
    d: privateKey,
  }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return `vapid t=${jws(content, sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }))}, k=${publicKey}`
}
