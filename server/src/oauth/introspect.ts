// POST /oauth2/introspect: whether a token is good at this moment, for services that would rather ask than verify (RFC 7662).
// Beyond Cognito: in pools with the tag `cognomen:introspection` (docs/decisions/beyond-cognito.md).
import { judgeRefreshToken } from '../cognito-idp/sign-in/refresh.ts'
import { checkRotation } from '../cognito-idp/sign-in/rotation-rules.ts'
import type { Place } from '../cognito-idp/sign-in/sign-in.ts'
import { allowsIntrospection } from '../cognito-idp/tags/cognomen-tag-rules.ts'
import { ANY_KEY } from '../cognito-idp/tokens/access-token.ts'
import { findBearer } from '../cognito-idp/tokens/bearer.ts'
import { scopesOf } from '../cognito-idp/tokens/claims.ts'
import { openRefreshToken } from '../cognito-idp/tokens/refresh-token.ts'
import { isConfidential } from '../cognito-idp/user-pool-clients/confidential.ts'
import type { Context } from '../context.ts'
import { issuerOf } from '../signing/issuer-rules.ts'
import { forApplications, json, notServed } from './answers.ts'
import { authenticateClientOr401 } from './client-authentication.ts'
import { OAuthError } from './oauth-error.ts'

export const introspect = forApplications({
  category: 'UserToken',
  answer: async (context, request) => {
    const { form, pool } = request
    if (!allowsIntrospection(pool.settings)) return notServed()
    if (form.repeated() !== undefined) throw new OAuthError('invalid_request', 'a parameter is repeated')
    const place = await authenticateClientOr401(context, request)
    // Anybody can be a public client, or register one, and would learn what a token that was found is worth (RFC 7662 4).
    if (!isConfidential(place) || place.client.settings.ClientType === 'DCR')
      throw new OAuthError('unauthorized_client', 'only a confidential client of an administrator may ask')
    const token = form.get('token')
    if (token === undefined) throw new OAuthError('invalid_request', 'token is missing')
    return json((await accessToken(context, place, token)) ?? (await refreshToken(context, place, token)) ?? INACTIVE)
  },
})

/** Of a token that is not good nothing else is told (RFC 7662 2.2). */
const INACTIVE = { active: false }

/**
 * An access token of any client of the pool, as a service gets them from many applications. Of one that is bound to a key the
 * service checks the proof (RFC 9449 6.2).
 */
async function accessToken(context: Context, { pool }: Place, token: string): Promise<object | undefined> {
  const bearer = await findBearer(context, pool.id, token, ANY_KEY)
  if (!bearer) return undefined
  const type = bearer.claims['cnf'] === undefined ? 'Bearer' : 'DPoP'
  return { active: true, ...bearer.claims, token_type: type }
}

/** A refresh token of the client that asks; those of others are nobody's business but theirs. */
async function refreshToken(context: Context, place: Place, text: string): Promise<object | undefined> {
  const { pool, client } = place
  const opened = openRefreshToken(context.sealer, text)
  if (!opened) return undefined
  const state = await judgeRefreshToken(context, place, text, opened.signIn)
  if ('refused' in state) return undefined
  const { token, user, family } = state
  const graceMs = (client.settings.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0) * 1000
  const verdict = checkRotation(token.generation, family, graceMs, context.clock.now())
  if (verdict !== 'current' && verdict !== 'retry') return undefined
  return {
    active: true,
    iss: issuerOf(context.publicUrl, pool),
    client_id: client.clientId,
    sub: user.sub,
    username: user.username,
    scope: scopesOf(token.signIn).join(' '),
    auth_time: token.signIn.authTime,
    exp: Math.floor(token.expiresAt / 1000),
    ...(token.signIn.jkt !== undefined && { cnf: { jkt: token.signIn.jkt } }),
  }
}
