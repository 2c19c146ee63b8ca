// Reads the discovery document of an OpenID Connect provider (OpenID Connect Discovery 1.0 section 4) when an administrator
// names it, through the guarded web client.
import type { Context } from '../../context.ts'
import { parseObject } from '../../encodings.ts'
import { ApiError } from '../../errors.ts'
import type { Details } from './provider-detail-rules.ts'
import type { Discovered } from './provider-store.ts'
import { readUpstream, type UpstreamContext } from './read-upstream.ts'
import { isUpstreamUrl } from './upstream-url.ts'

/** What stands in for a discovery document where there is none. */
const BY_HAND = ['authorize_url', 'token_url', 'attributes_url', 'jwks_uri'] as const

const unreachable = (detail: string): ApiError =>
  new ApiError('InvalidParameterException', `Unable to contact well-known endpoint: ${detail}.`)

/**
 * What the provider of `oidc_issuer` publishes; undefined when it cannot be read and the details have every endpoint
 * themselves. Throws InvalidParameterException.
 */
export async function discover(
  context: UpstreamContext & Pick<Context, 'config'>,
  details: Details,
): Promise<Discovered | undefined> {
  const read = await readDocument(context, details['oidc_issuer'] as string)
  if (typeof read !== 'string') return read
  if (BY_HAND.every((key) => details[key] !== undefined)) return undefined
  throw unreachable(read)
}

/** The document, or why there is none. */
async function readDocument(
  context: UpstreamContext & Pick<Context, 'config'>,
  issuer: string,
): Promise<Discovered | string> {
  const url = `${withoutSlash(issuer)}/.well-known/openid-configuration`
  const body = await readUpstream(context, url, 'application/json')
  if ('reason' in body) return body.reason
  const json = parseObject(body)
  if (!json) return 'it is no JSON object'
  const text = (name: string): string | undefined => (typeof json[name] === 'string' ? json[name] : undefined)
  const found = {
    issuer: text('issuer'),
    authorize_url: text('authorization_endpoint'),
    token_url: text('token_endpoint'),
    jwks_uri: text('jwks_uri'),
  }
  // Discovery 4.3: otherwise one host could speak for another issuer. Issuers of some providers end with a slash that
  // administrators leave out.
  if (found.issuer === undefined || withoutSlash(found.issuer) !== withoutSlash(issuer))
    return 'the document is of another issuer'
  const attributes_url = text('userinfo_endpoint')
  for (const [name, value] of Object.entries({ ...found, ...(attributes_url !== undefined && { attributes_url }) }))
    if (value === undefined || value.length > MAX_URL || !isUpstreamUrl(value, context.config))
      return `it has no usable ${name}`
  return {
    ...(found as Discovered),
    ...(attributes_url !== undefined && { attributes_url }),
    ...(json['authorization_response_iss_parameter_supported'] === true && { sends_iss: true as const }),
  }
}

const MAX_URL = 2048

const withoutSlash = (url: string): string => url.replace(/\/$/, '')
