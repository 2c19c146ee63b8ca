// private_key_jwt: a client proves itself by a token that it signs with its own key (RFC 7523 2.2, 3; OpenID Connect Core 9).
// Beyond Cognito: for clients whose keys a tag of the pool names (docs/decisions/beyond-cognito.md).
import { createHash } from 'node:crypto'
import type { Place } from '../cognito-idp/sign-in/sign-in.ts'
import { spendId } from '../cognito-idp/sign-in/spent-id-store.ts'
import { clientKeysUrl } from '../cognito-idp/tags/cognomen-tag-rules.ts'
import type { Context } from '../context.ts'
import { signatureRefusal } from '../federation/oidc/verify-token.ts'
import { issuersOf, poolBase } from '../signing/issuer-rules.ts'
import { parseJws } from '../signing/jws.ts'
import type { PoolRequest } from './endpoint.ts'
import { limits } from './limits.ts'
import { OAuthError } from './oauth-error.ts'
import { publishedBase } from './pool-door.ts'

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export const hasAssertion = ({ form }: Pick<PoolRequest, 'form'>): boolean =>
  form.get('client_assertion') !== undefined || form.get('client_assertion_type') !== undefined

/**
 * The client that signed the assertion of a request. One statement, which has the assertion be good once on every process;
 * a request for the keys now and then. Throws OAuthError `invalid_client`, and `invalid_request` for a second way to
 * authenticate beside it.
 */
export async function clientOfAssertion(context: Context, request: PoolRequest): Promise<Place> {
  const { form, header, pool } = request
  if (header('authorization') !== undefined || form.get('client_secret') !== undefined)
    throw new OAuthError('invalid_request', 'two ways to authenticate the client')
  if (form.get('client_assertion_type') !== TYPE) throw bad('client_assertion_type is not supported')
  const text = form.get('client_assertion') ?? ''
  const parsed = parseJws(text)
  if (!parsed) throw bad('client_assertion is no token')
  const { claims } = parsed
  const clientId = typeof claims['sub'] === 'string' ? claims['sub'] : ''
  if (claims['iss'] !== clientId || (form.get('client_id') ?? clientId) !== clientId)
    throw bad('iss and sub must be the client')
  const client = await context.userPools.client(clientId)
  const url = client?.userPoolId === pool.id ? clientKeysUrl(pool.settings, client.settings) : undefined
  if (!client || url === undefined) throw bad('the client has no keys here')
  const type = parsed.header['typ']
  if (type !== undefined && !TYPES.includes(String(type).toLowerCase())) throw bad('the token is of another type')
  const { providerKeys } = context
  // Other calls go on while the keys are fetched.
  const keysOf: typeof providerKeys.keysOf = (...of) => context.aside(() => providerKeys.keysOf(...of))
  // Kept by address, which several clients may share.
  const input = { token: text, issuer: url, jwksUri: url }
  const refusal = await signatureRefusal({ providerKeys: { keysOf } }, input, parsed)
  if (refusal) throw bad(refusal.detail)
  const expiresAt = checkClaims(claims, audiencesOf(context, request), context.clock.now())
  const hash = createHash('sha256')
    .update(JSON.stringify([clientId, claims['jti']]))
    .digest('base64url')
  const spent = { id: `client-assertion:${hash}`, userPoolId: pool.id, expiresAt }
  if (!(await spendId(context.db, spent))) throw bad('the token was used before')
  return { pool, client }
}

const TYPES = ['jwt', 'client-authentication+jwt']
const SKEW_SECONDS = 60

/** The server as clients know it: its issuer, or the endpoint (RFC 7523 3, item 3). */
function audiencesOf(context: Context, { pool, base, endpoint }: PoolRequest): string[] {
  const bases = [base, publishedBase(context, pool)]
  return [
    poolBase(context.publicUrl, pool),
    ...issuersOf(context.publicUrl, pool.id),
    ...bases.flatMap((one) => [`${one}${endpoint}`, `${one}/oauth2/token`]),
  ]
}

/** Until when the token is good (epoch ms), after which nobody has to know that it was used. Throws OAuthError. */
function checkClaims(claims: Readonly<Record<string, unknown>>, audiences: readonly string[], now: number): number {
  const { aud, exp, iat, nbf, jti } = claims
  const named: unknown[] = Array.isArray(aud) ? aud : [aud]
  // One that is for others as well could be used by them.
  if (named.length === 0 || !named.every((one) => typeof one === 'string' && audiences.includes(one)))
    throw bad('aud must be the issuer')
  if (typeof jti !== 'string' || jti === '' || jti.length > limits.parameter.max) throw bad('jti is missing')
  const seconds = now / 1000
  const isTime = (time: unknown): time is number | undefined => time === undefined || Number.isFinite(time)
  if (typeof exp !== 'number' || !isTime(exp) || !isTime(iat) || !isTime(nbf)) throw bad('exp is missing')
  if (exp + SKEW_SECONDS <= seconds) throw bad('the token has expired')
  if (exp - seconds > limits.clientAssertionSeconds.max) throw bad('the token lives too long')
  if (Math.max(iat ?? 0, nbf ?? 0) - SKEW_SECONDS > seconds) throw bad('the token is not valid yet')
  return (exp + SKEW_SECONDS) * 1000
}

const bad = (description: string): OAuthError => new OAuthError('invalid_client', description)
