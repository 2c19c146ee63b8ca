// Sends a message by the browser's query (SAML bindings 3.4.4): deflated, in base64, and signed over the query as it is sent.
// Messages that come in are posted; none is read from a query.
import { type KeyObject, sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { RSA_SHA256 } from './algorithms.ts'

export interface RedirectMessage {
  readonly kind: 'SAMLRequest' | 'SAMLResponse'
  readonly xml: string
  readonly relayState: string | undefined
  /** An RSA key that signs the query; undefined sends it unsigned. */
  readonly key: KeyObject | undefined
}

/** The URL at the identity provider that a browser takes a message to. */
export function redirectUrl(location: string, { kind, xml, relayState, key }: RedirectMessage): URL {
  const query = [
    `${kind}=${escaped(deflateRawSync(xml).toString('base64'))}`,
    ...(relayState === undefined ? [] : [`RelayState=${escaped(relayState)}`]),
    ...(key ? [`SigAlg=${escaped(RSA_SHA256)}`] : []),
  ].join('&')
  const signature = key && sign('sha256', Buffer.from(query), key).toString('base64')
  const url = new URL(location)
  const whole = signature === undefined ? query : `${query}&Signature=${escaped(signature)}`
  // A location of metadata may have a query of its own.
  url.search = url.search === '' ? whole : `${url.search}&${whole}`
  return url
}

/** Also what encodeURIComponent leaves and the serializer of URLs would escape after the signature was made. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
