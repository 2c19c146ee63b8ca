// OAuth 1.0a signatures (RFC 5849 3.4), as Twitter requires them. Pure. The protocol has HMAC-SHA1, which the collision
// attacks on SHA-1 do not weaken.
import { createHmac } from 'node:crypto'

export interface OAuth1Credentials {
  consumerKey: string
  consumerSecret: string
  token: string
  tokenSecret: string
}

/** The Authorization header of a request without a body. `timestamp` in epoch seconds. */
export function oauth1Authorization(
  method: string,
  address: string,
  credentials: OAuth1Credentials,
  { nonce, timestamp }: { nonce: string; timestamp: number },
): string {
  const parameters: [string, string][] = [
    ['oauth_consumer_key', credentials.consumerKey],
    ['oauth_nonce', nonce],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', String(timestamp)],
    ['oauth_token', credentials.token],
  ]
  const url = new URL(address)
  const base = [
    method.toUpperCase(),
    encode(`${url.origin}${url.pathname}`),
    encode(normalized([...parameters, ...url.searchParams])),
  ].join('&')
  const key = `${encode(credentials.consumerSecret)}&${encode(credentials.tokenSecret)}`
  const signature = createHmac('sha1', key).update(base).digest('base64')
  const fields = [...parameters, ['oauth_signature', signature] as const].map(
    ([name, value]) => `${encode(name)}="${encode(value)}"`,
  )
  return `OAuth ${fields.join(', ')}`
}

/** RFC 5849 3.4.1.3.2: encoded, then sorted by name and value. */
function normalized(parameters: readonly (readonly [string, string])[]): string {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return parameters
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** RFC 5849 3.6: everything but the unreserved characters. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
