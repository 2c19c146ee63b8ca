// Verifies the ID token that came with the answer to a code. What every token is verified for is federation/oidc.
import type { Context } from '../../context.ts'
import { type OidcRefusal, verifyOidcToken } from '../../federation/oidc/verify-token.ts'
import { idTokenProblem, SKEW_SECONDS } from './id-token-claims.ts'
import { failed, type Json } from './requests.ts'
import type { Leg } from './upstream.ts'

/** Who signs the tokens of a provider. */
export interface TokenIssuer {
  readonly issuer: string
  readonly alsoIssuers?: readonly string[]
  readonly jwksUri?: string | undefined
  /** Where the client's secret may sign. */
  readonly clientSecret?: string | undefined
  /** How old the sign-in there may be, in seconds, where the provider was told (`max_age`). */
  readonly maxAge?: number | undefined
}

const texts: Readonly<Record<OidcRefusal, string>> = {
  'not-a-jwt': 'Bad id_token',
  'wrong-issuer': 'Bad id_token issuer',
  'bad-signature': 'Bad id_token signature',
  expired: 'Bad id_token exp',
  'not-yet-valid': 'Bad id_token nbf',
  'invalid-claims': 'Bad id_token claims',
  unreachable: 'Error in calling jwks uri',
}

/** The subject and the claims of the token. Throws OAuthError. */
export async function readIdToken(
  context: Context,
  leg: Leg,
  { maxAge, ...issuer }: TokenIssuer,
  answered: Json & { readonly access_token: string },
): Promise<{ subject: string; claims: Json }> {
  const { id_token: token, access_token: accessToken } = answered
  if (typeof token !== 'string') throw failed('Bad token response: there is no id_token')
  const verified = await context.aside(() => verifyOidcToken(context, { token, skewSeconds: SKEW_SECONDS, ...issuer }))
  if ('refused' in verified) {
    const { refused, detail, timedOut } = verified
    context.log.info({ provider: leg.provider.name, refused, detail }, 'an ID token of a provider is refused')
    throw failed(timedOut ? 'Timeout in calling jwks uri' : texts[refused])
  }
  const now = Math.floor(context.clock.now() / 1000)
  const clientId = leg.provider.details['client_id'] ?? ''
  const problem = idTokenProblem(verified, { clientId, nonce: leg.nonce, accessToken, now, maxAge })
  if (problem !== undefined) throw failed(problem)
  return { subject: verified.subject, claims: verified.claims }
}
