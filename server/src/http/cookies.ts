// Cookies of pages (RFC 6265). Pure. Their values are opaque tokens of our own, so that nothing needs to be quoted.

/**
 * The cookies of a request by name. Of several with one name the first counts: browsers send the one with the longest path
 * first (RFC 6265 5.4), which is that of the pool whose page it is.
 */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, Math.max(equals, 0)).trim()
    if (name !== '' && !cookies.has(name)) cookies.set(name, pair.slice(equals + 1).trim())
  }
  return cookies
}

export interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  /** Only sent over TLS. */
  readonly secure: boolean
  /** Seconds; 0 removes the cookie, undefined keeps it until the browser closes. */
  readonly maxAge?: number
  /**
   * `Lax`: not sent with requests that other sites make, except when somebody follows a link. `None`, for the answers that
   * identity providers post, is sent over TLS alone.
   */
  readonly sameSite?: 'Lax' | 'None'
}

/** The value of a Set-Cookie header. No script reads the cookie. */
export function cookieHeader({ name, value, path, secure, maxAge, sameSite = 'Lax' }: Cookie): string {
  const site = sameSite === 'None' && !secure ? 'Lax' : sameSite
  return [
    `${name}=${value}`,
    `Path=${path}`,
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    'HttpOnly',
    `SameSite=${site}`,
    ...(secure ? ['Secure'] : []),
  ].join('; ')
}
