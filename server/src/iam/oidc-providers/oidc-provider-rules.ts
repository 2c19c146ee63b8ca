// Rules for OIDC providers (docs/reference/identity-pools-sts-iam-sync.md 18.3). Pure.

/** Issuers without TLS are allowed on loopback addresses only (docs/behaviour/iam.md). */
const LOOPBACK_HOST = /^(?:localhost|[a-z0-9-]+\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/

/** Host and path of an issuer's URL as given, without the scheme; undefined when it is not a valid issuer. */
export function issuerOf(url: string): string | undefined {
  const [, scheme, rest] = /^(https?):\/\/([!-.0-~][!-~]*)$/i.exec(url) ?? []
  if (scheme === undefined || rest === undefined || !URL.canParse(url)) return undefined
  const { protocol, hostname, username, password, search, hash } = new URL(url)
  if (protocol === 'http:' && !LOOPBACK_HOST.test(hostname)) return undefined
  // An issuer has no user name, query or fragment (OpenID Connect Discovery 1.0, 3).
  if (username !== '' || password !== '' || search !== '' || hash !== '' || /[?#@\\]/.test(rest)) return undefined
  return rest
}

/** The list without duplicates, in the order of the first occurrences. */
export const distinct = (values: readonly string[]): string[] => [...new Set(values)]
