// The grant token-exchange (RFC 8693): a service that got a user's token has it exchanged for one that is for another service, with
// fewer scopes, and says who acts. Beyond Cognito: for clients that a tag of the pool names, with the audiences that they have to
// do with (docs/decisions/beyond-cognito.md). One statement for a user's token, one signature.

import { REGISTRATION_SCOPE } from '../../../cognito-idp/resource-servers/resource-server-rules.ts'
import type { Place } from '../../../cognito-idp/sign-in/sign-in.ts'
import { exchangeAudiences } from '../../../cognito-idp/tags/cognomen-tag-rules.ts'
import { ANY_KEY } from '../../../cognito-idp/tokens/access-token.ts'
import { findBearer } from '../../../cognito-idp/tokens/bearer.ts'
import { SELF_SERVICE_SCOPE } from '../../../cognito-idp/tokens/claims.ts'
import { verifyUserPoolIdToken } from '../../../cognito-idp/tokens/id-token.ts'
import { signAccessToken } from '../../../cognito-idp/tokens/issue.ts'
import { accessTokenSeconds } from '../../../cognito-idp/tokens/lifetimes.ts'
import { isConfidential } from '../../../cognito-idp/user-pool-clients/confidential.ts'
import type { Context } from '../../../context.ts'
import { newUuid } from '../../../effects/uuid.ts'
import { tokenExchanged } from '../../../events.ts'
import type { Parameters } from '../../../http/forms.ts'
import { issuerOf } from '../../../signing/issuer-rules.ts'
import { OAuthError } from '../../oauth-error.ts'
import {
  actClaim,
  type ExchangedSubject,
  exchangedClaims,
  narrowedScopes,
  requireOwnAudience,
  targetsOf,
} from '../exchange.ts'
import type { Grant } from '../grant.ts'

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token'

/** Scopes that open operations of this server, for which no token is that was made for another one. */
const OF_THIS_SERVER: readonly string[] = [SELF_SERVICE_SCOPE, REGISTRATION_SCOPE]

export const tokenExchange: Grant = {
  // Anybody can be a public client.
  allowedFor: (place) =>
    isConfidential(place) && exchangeAudiences(place.pool.settings, place.client.settings) !== undefined,
  give: async (context, place, { form }, key) => {
    const { pool, client } = place
    if ((form.get('requested_token_type') ?? ACCESS_TOKEN) !== ACCESS_TOKEN)
      throw invalid('requested_token_type must be that of an access token')
    const exchange = {
      clientId: client.clientId,
      audiences: exchangeAudiences(pool.settings, client.settings) ?? [],
      allowedScopes: (client.settings.AllowedOAuthScopes ?? []).filter((scope) => !OF_THIS_SERVER.includes(scope)),
      lifeSeconds: accessTokenSeconds(client.settings),
    }
    const targets = targetsOf([form.get('resource'), form.get('audience')], exchange.audiences)
    const subject = await subjectOf(context, place, form)
    requireOwnAudience(subject.claims, exchange.audiences)
    const scopes = narrowedScopes(form.get('scope'), subject.scopes, exchange.allowedScopes)
    const act = actClaim(await actorOf(context, place, form), subject.claims['act'])
    const now = Math.floor(context.clock.now() / 1000)
    const claims = exchangedClaims(subject, exchange, { scopes, targets, act }, now)
    const AccessToken = await signAccessToken(context, pool, {
      ...claims,
      // The present one: the exchanged token may have that of before, or of another region.
      iss: issuerOf(context.publicUrl, pool),
      jti: newUuid(context.random),
      ...(key !== undefined && { cnf: { jkt: key } }),
    })
    tokenExchanged(context, { pool: pool.id, client: client.clientId, sub: String(claims['sub']) })
    return { AccessToken, ExpiresIn: Number(claims['exp']) - now, issuedTokenType: ACCESS_TOKEN, scopes }
  },
}

const invalid = (description: string): OAuthError => new OAuthError('invalid_request', description)

/** Throws OAuthError for a token that is not good at this moment. */
async function subjectOf(context: Context, place: Place, form: Parameters): Promise<ExchangedSubject> {
  const token = form.get('subject_token')
  if (token === undefined) throw invalid('subject_token is missing')
  switch (form.get('subject_token_type')) {
    case ACCESS_TOKEN: {
      // The service that exchanges it has checked the proof of one that is bound to a key.
      const bearer = await findBearer(context, place.pool.id, token, ANY_KEY)
      if (!bearer) throw invalid('subject_token is no access token of the user pool that is good')
      return { claims: bearer.claims, scopes: bearer.scopes, exp: Number(bearer.claims['exp']) }
    }
    case ID_TOKEN:
      return subjectOfIdToken(context, place, token)
    default:
      throw invalid('subject_token_type must be that of an access token or an ID token')
  }
}

/** An ID token says who the user is, to its client and nobody else; it grants nothing. */
async function subjectOfIdToken(context: Context, { pool, client }: Place, token: string): Promise<ExchangedSubject> {
  const verified = await verifyUserPoolIdToken(context, token, { serverSideCheck: true })
  if ('refused' in verified || verified.pool.id !== pool.id || verified.claims.aud !== client.clientId)
    throw invalid('subject_token is no ID token of this client that is good')
  const { sub, iss, event_id, origin_jti, auth_time, acr, amr, exp, ...others } = verified.claims as Record<
    string,
    unknown
  >
  const groups = others['cognito:groups']
  const claims = {
    sub,
    ...(groups !== undefined && { 'cognito:groups': groups }),
    iss,
    ...(origin_jti !== undefined && { origin_jti }),
    event_id,
    token_use: 'access',
    ...(acr !== undefined && { acr, amr }),
    auth_time,
    username: others['cognito:username'],
  }
  return { claims, scopes: [], exp: Number(exp) }
}

/** The client, or the user or application whose token it shows as its own. Throws OAuthError. */
async function actorOf(context: Context, { pool, client }: Place, form: Parameters): Promise<Record<string, unknown>> {
  const { clientId } = client
  const token = form.get('actor_token')
  const type = form.get('actor_token_type')
  if (token === undefined) {
    if (type !== undefined) throw invalid('actor_token is missing')
    return { sub: clientId }
  }
  if (type !== ACCESS_TOKEN) throw invalid('actor_token_type must be that of an access token')
  const actor = await findBearer(context, pool.id, token, ANY_KEY)
  if (actor?.client.clientId !== clientId) throw invalid('actor_token is no access token of this client that is good')
  const sub = actor.claims['sub']
  return sub === clientId ? { sub } : { sub, client_id: clientId }
}
