// The issuer of a pool's tokens: PUBLIC_URL/<userPoolId>.

export const issuerOf = (publicUrl: string, userPoolId: string): string => `${publicUrl}/${userPoolId}`

/** The pool that an issuer names; undefined for an issuer that is not ours. */
export function poolOfIssuer(publicUrl: string, issuer: unknown): string | undefined {
  const prefix = `${publicUrl}/`
  return typeof issuer === 'string' && issuer.startsWith(prefix) ? issuer.slice(prefix.length) : undefined
}
