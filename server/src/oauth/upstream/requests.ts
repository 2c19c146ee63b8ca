// Requests to the providers that speak OAuth 2.0: the token endpoint and the user's profile, through the guarded web client.
// What goes wrong is told to the application in the texts of docs/reference/oauth-and-federation.md 24; the log gets the
// details, without URLs and bodies, which may have secrets in them.
import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import type { WebAnswer, WebFailure, WebRequest } from '../../effects/effects.ts'
import { parseObject } from '../../encodings.ts'
import { OAuthError } from '../oauth-error.ts'
import type { Leg } from './upstream.ts'

export type Json = Readonly<Record<string, unknown>>

/** Where a provider answers. */
export const callbackUrl = ({ base }: Pick<Leg, 'base'>): string => `${base}/oauth2/idpresponse`

export const failed = (description: string): OAuthError => new OAuthError('invalid_request', description)

/** How the provider is asked for tokens. */
export interface TokenEndpoint {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly clientId: string
  readonly clientSecret: string | undefined
}

/** The answer of the token endpoint to a code (RFC 6749 4.1.3, RFC 7636 4.5), with the secret in the body or the query. */
export async function redeemCode(
  context: Context,
  leg: Leg,
  { url, method, clientId, clientSecret }: TokenEndpoint,
  code: string,
): Promise<Json & { readonly access_token: string }> {
  const { name, type } = leg.provider
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    client_id: clientId,
    redirect_uri: callbackUrl(leg),
    code_verifier: leg.codeVerifier,
    ...(clientSecret !== undefined && { client_secret: clientSecret }),
  }).toString()
  const answer = await send(context, leg, {
    method,
    url: method === 'GET' ? `${url}${url.includes('?') ? '&' : '?'}${form}` : url,
    ...(method === 'POST' && { body: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  })
  if ('failed' in answer)
    throw failed(answer.failed === 'timeout' ? 'Timeout occurred in calling IdP token endpoint' : 'Connection reset')
  const json = parseObject(answer.body)
  if (answer.status !== 200) {
    const error = shortCode(json?.['error'])
    context.log.info({ provider: name, status: answer.status, error }, 'a provider gives no tokens')
    throw failed(`${name} Error - ${answer.status} ${(type === 'Google' && error) || 'error getting token'}`)
  }
  const accessToken = json?.['access_token']
  if (!json || typeof accessToken !== 'string' || !isToken(accessToken)) throw failed('Bad token response')
  return { ...json, access_token: accessToken }
}

/** What the provider says of the user whom an access token is of. */
export async function readProfile(
  context: Context,
  leg: Leg,
  url: string,
  accessToken: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<Json> {
  const answer = await send(context, leg, { url, method, headers: { authorization: `Bearer ${accessToken}` } })
  if ('failed' in answer) throw failed(answer.failed === 'timeout' ? 'Read timed out' : 'Connection reset')
  const json = answer.status === 200 ? parseObject(answer.body) : undefined
  if (!json) throw failed(`${leg.provider.name} Error - ${answer.status} error getting user info`)
  return json
}

async function send(context: Context, { provider }: Leg, request: WebRequest): Promise<WebAnswer | WebFailure> {
  // A document from elsewhere that has named this machine must not lead there.
  const namedBy = provider.discovered?.issuer
  const answer = await context.aside(() => context.web.send({ ...request, ...(namedBy !== undefined && { namedBy }) }))
  if ('failed' in answer)
    context.log.info(
      { provider: provider.name, failed: answer.failed, detail: answer.detail },
      'an identity provider could not be asked',
    )
  return answer
}

/** Whether a text can be sent in a header: no blanks, no control characters, not too long. */
const isToken = (text: string): boolean => /^[\x21-\x7e]{1,16384}$/.test(text)

/** An error code of OAuth, as far as it may be repeated. */
const shortCode = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined

/** A provider's own id of a user: a text, or a number at some. Throws where there is none. */
export function subjectOf(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= 256) return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  throw failed('username attribute mapping required')
}

/** The code of an answer. Throws where there is none. */
export function codeOf(answer: { get(name: string): string | undefined }): string {
  const code = answer.get('code')
  if (code === undefined || code.length > 4096) throw failed('The answer of the identity provider has no code')
  return code
}

/** The URL of the provider's authorization endpoint with a request (RFC 6749 4.1.1, RFC 7636 4.3). */
export function authorizationUrl(
  leg: Leg,
  url: string,
  state: string,
  more: Readonly<Record<string, string | undefined>> = {},
): URL {
  const target = new URL(url)
  const parameters: Record<string, string | undefined> = {
    client_id: leg.provider.details['client_id'],
    redirect_uri: callbackUrl(leg),
    scope: leg.provider.details['authorize_scopes'],
    response_type: 'code',
    state,
    code_challenge: challengeOf(leg.codeVerifier),
    code_challenge_method: 'S256',
    prompt: leg.asked.prompt.filter((prompt) => prompt !== 'none').join(' ') || undefined,
    ...more,
  }
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) target.searchParams.set(name, value)
  return target
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')
