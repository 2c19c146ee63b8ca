// How a secret is handed to an authenticator app: as a link that apps open and cameras read, and as text to type. Pure.
// https://github.com/google/google-authenticator/wiki/Key-Uri-Format

interface Handed {
  /** In base32. */
  readonly secret: string
  /** Whose it is, as the user knows it. */
  readonly account: string
  readonly issuer: string
}

/** The link. Algorithm, digits and period are those that apps assume (SHA-1, 6, 30 seconds), so it leaves them out. */
export function otpauthUri({ secret, account, issuer }: Handed): string {
  // The colon parts issuer and account in the label; some apps also split at an escaped one.
  const label = [issuer, account].map((part) => encodeURIComponent(part.replaceAll(':', ' '))).join(':')
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer.replaceAll(':', ' '))}`
}

/** The secret in groups of four, to be typed. */
export const spaced = (secret: string): string => secret.replace(/.{4}(?=.)/g, '$& ')
