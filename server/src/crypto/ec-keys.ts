// Private EC keys that administrators give.
import { createPrivateKey } from 'node:crypto'

/** Whether a text is a private key on the curve P-256, as PKCS #8 in PEM (RFC 7468) or in its base64 alone. */
export function isP256PrivateKey(text: string): boolean {
  try {
    const base64 = text.replaceAll(/-----[A-Z ]+-----|\s/g, '')
    const key = createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}
