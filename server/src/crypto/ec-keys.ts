// Private EC keys that administrators give.
import { createPrivateKey, type KeyObject } from 'node:crypto'

/** A private key on the curve P-256, as PKCS #8 in PEM (RFC 7468) or in its base64 alone; undefined for other texts. */
export function p256PrivateKey(text: string): KeyObject | undefined {
  try {
    const base64 = text.replaceAll(/-----[A-Z ]+-----|\s/g, '')
    const key = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined
  } catch {
    return undefined
  }
}

export const isP256PrivateKey = (text: string): boolean => p256PrivateKey(text) !== undefined
