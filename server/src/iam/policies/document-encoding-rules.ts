/**
 * A document as answers contain it: percent-encoded, all but the unreserved characters of RFC 3986
 * (docs/reference/identity-pools-sts-iam-sync.md 18.1).
 */
export const encodePolicy = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
