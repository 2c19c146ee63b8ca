// Paths that every reader reads the same way. The policies of the gate see one reading of a path, the server behind it
// makes its own: a path of which there could be two is refused (`/public/..;/admin`, `/public/%252e%252e/admin`). Pure.

import { normalizePath } from '../sigv4/canonical.ts'

/** The characters of a path (RFC 3986 3.3) and whole escapes. No `;`: some servers cut a segment off there. */
const WELL_FORMED = /^(?:[\w.~!$&'()*+,=:@/-]|%[\da-f]{2})*$/i

/** What stands in a path as it is, if at all: unreserved characters, separators, `%` (decoded twice it begins an escape). */
const NEVER_ESCAPED = /[\w.~\-/\\;?#%]/

/** Control characters, and what is not seen: some readers drop it. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** Slashes of other kinds, which code pages of Windows turn into `/` and `\`. NFKC turns others into ASCII. */
const SLASH_LIKE = /[\u2044\u2215\u2216\u29f5\u29f8\u29f9]/

/** Dots and blanks alone, a blank at the start, a dot or blank at the end: Windows drops them. `+` may be a blank. */
const TRIMMED = /^[\s.+]+$|^\s|[\s.]$/

/**
 * A path as policies see it, or undefined when another reader could read another path. It has one spelling: what needs
 * no escape (RFC 3986 3.3) is decoded, so that `%3A` is `:`, and the other escapes are in upper case.
 */
export function plainPath(rawPath: string): string | undefined {
  if (normalizePath(rawPath) !== rawPath || !WELL_FORMED.test(rawPath)) return undefined
  for (const [escaped] of rawPath.matchAll(/%[0-7][\da-f]/gi))
    if (NEVER_ESCAPED.test(decodeURIComponent(escaped))) return undefined
  const segments = rawPath.split('/').map(decoded)
  return segments.every(isPlainText) ? segments.map((text) => encodeSegment(text as string)).join('/') : undefined
}

/** Undefined for what is no UTF-8, such as the overlong dot `%c0%ae`. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

const isPlainText = (text: string | undefined): boolean =>
  text !== undefined &&
  text.normalize('NFKC') === text &&
  !INVISIBLE.test(text) &&
  !SLASH_LIKE.test(text) &&
  !TRIMMED.test(text)

/**
 * Any text as one segment of a path from `plainPath`: a value that has a slash or a percent sign equals no segment. For
 * values of policy variables.
 */
export const encodeSegment = (text: string): string =>
  // Half a surrogate pair has no encoding.
  /\p{Cs}/u.test(text) ? '%' : encodeURIComponent(text).replace(/%(?:24|26|2B|2C|3A|3D|40)/g, decodeURIComponent)

/** Whether a Host header is a name or address with an optional port: it replaces `{host}` in resources. */
export const isPlainHost = (host: string): boolean =>
  /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) && host.length <= 261
