// Messages in the browser's query (SAML bindings 3.4.4): deflated, in base64, and signed over the query as it is sent.
import { type KeyObject, sign } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { decodeBase64, decodeFormText, decodeUtf8 } from '../encodings.ts'
import { fits, RSA_SHA256, SIGNATURES, verifies } from './algorithms.ts'
import { limits } from './limits.ts'
import { orRefused, type Refused, SamlError } from './refusal.ts'

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

/** A message that came in a query. */
export interface InQuery {
  readonly xml: string
  readonly relayState: string | undefined
  /** Throws SamlError unless one of these keys has signed it. */
  readonly requireSignature: (keys: readonly KeyObject[]) => void
}

/** The message of this kind in a query as it arrived, or why it is refused. */
export const readQuery = (query: string, kind: RedirectMessage['kind']): Promise<InQuery | Refused> =>
  orRefused(async () => read(query, kind))

function read(query: string, kind: RedirectMessage['kind']): InQuery {
  const raw = new Map<string, string>()
  for (const pair of query.split('&')) {
    const [name = '', value = ''] = splitAt(pair, '=')
    if (raw.has(name)) throw new SamlError('malformed', 'a parameter of the query is repeated')
    raw.set(name, value)
  }
  const encoding = parameterIn(raw, 'SAMLEncoding')
  if (encoding !== undefined && encoding !== DEFLATE) throw new SamlError('malformed', 'the encoding is not DEFLATE')
  const algorithm = SIGNATURES.get(parameterIn(raw, 'SigAlg') ?? '')
  const signature = decodeBase64(parameterIn(raw, 'Signature') ?? '')
  // 3.4.4.1: these parameters in this order, in the spelling of whoever sent them.
  const signed = [kind, 'RelayState', 'SigAlg']
    .filter((name) => raw.has(name))
    .map((name) => `${name}=${raw.get(name)}`)
    .join('&')
  return {
    xml: inflated(parameterIn(raw, kind) ?? ''),
    relayState: parameterIn(raw, 'RelayState'),
    requireSignature(keys) {
      if (!algorithm || !signature || signature.length === 0)
        throw new SamlError('not-signed', 'the query is not signed, or not by an algorithm that is allowed')
      if (!keys.some((key) => fits(key, algorithm) && verifies(algorithm, key, signed, signature)))
        throw new SamlError('bad-signature', 'the signature of the query is not that of the provider')
    },
  }
}

const DEFLATE = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE'

const splitAt = (text: string, mark: string): [string, string] => {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

const parameterIn = (raw: ReadonlyMap<string, string>, name: string): string | undefined => {
  const value = raw.get(name)
  return value === undefined ? undefined : decodeFormText(value)
}

/** As long as a message that is posted, at most. */
function inflated(base64: string): string {
  if (base64.length > limits.response.max) throw new SamlError('malformed', 'the message is too long')
  const bytes = decodeBase64(base64)
  if (bytes === undefined || bytes.length === 0) throw new SamlError('malformed', 'the message is not base64')
  let xml: Buffer
  try {
    xml = inflateRawSync(bytes, { maxOutputLength: limits.response.max })
  } catch {
    throw new SamlError('malformed', 'the message is not deflated, or is too long')
  }
  const text = decodeUtf8(xml)
  if (text === undefined) throw new SamlError('malformed', 'the message is not UTF-8')
  return text
}
