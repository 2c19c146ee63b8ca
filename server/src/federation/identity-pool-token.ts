// The OpenID token that identity pools themselves issue, signed by keys of the region
// (docs/reference/identity-pools-sts-iam-sync.md 6, docs/behaviour/identity-pool-tokens.md): what the classic flow
// hands to STS, and a developer's backend to a device.
import { verify } from 'node:crypto'
import type { Context } from '../context.ts'
import { wasMade } from '../effects/time-rules.ts'
import { identityPoolArn } from '../iam/arn-rules.ts'
import { jws, jwsContent, parseJws } from '../signing/jws.ts'
import { identityPoolKeys } from '../signing/key-owners.ts'

/** Below PUBLIC_URL: verifiers find the published keys from the `iss` of a token, so it is an address of ours. */
export const POOL_TOKEN_ISSUER_PATH = '/cognito-identity'

export const poolTokenIssuer = (publicUrl: string): string => `${publicUrl}${POOL_TOKEN_ISSUER_PATH}`

/** Names of claims are those of AWS, since readers look for them and not for names with this server's address. */
const POOL_ARN_CLAIM = 'https://cognito-identity.amazonaws.com/identity-pool-arn'
const TAGS_CLAIM = 'https://aws.amazon.com/tags'

export interface PoolTokenClaims {
  /** The identity id. */
  sub: string
  /** The identity pool id. */
  aud: string
  /** `unauthenticated`, or `authenticated` and the providers of the logins. */
  amr: string[]
  iss: string
  /** Epoch seconds. */
  exp: number
  iat: number
  [TAGS_CLAIM]?: { principal_tags: Readonly<Record<string, readonly string[]>> }
}

export interface PoolTokenSpec {
  identityId: string
  poolId: string
  amr: readonly string[]
  /** Principal tags. The keys come from a caller. */
  tags?: Readonly<Record<string, string>> | undefined
  seconds: number
}

/** The claims, in the order that AWS has. `now` in epoch seconds. */
export function poolTokenClaims(
  { region, accountId }: Context['config'],
  publicUrl: string,
  { identityId, poolId, amr, tags = {}, seconds }: PoolTokenSpec,
  now: number,
): PoolTokenClaims & Record<string, unknown> {
  const principalTags = Object.entries(tags).map(([key, value]) => [key, [value]] as const)
  return {
    sub: identityId,
    aud: poolId,
    amr: [...amr],
    ...(principalTags.length > 0 && { [TAGS_CLAIM]: { principal_tags: Object.fromEntries(principalTags) } }),
    iss: poolTokenIssuer(publicUrl),
    [POOL_ARN_CLAIM]: identityPoolArn(region, accountId, poolId),
    exp: now + seconds,
    iat: now,
  }
}

/** Issues a token: one signature, nothing is written. */
export async function issuePoolToken(
  context: Pick<Context, 'config' | 'publicUrl' | 'clock' | 'keys' | 'work'>,
  spec: PoolTokenSpec,
): Promise<string> {
  const claims = poolTokenClaims(context.config, context.publicUrl, spec, Math.floor(context.clock.now() / 1000))
  const key = await context.keys.signingKey(identityPoolKeys(context.config.region), 'identity')
  const content = jwsContent({ kid: key.kid, typ: 'JWS', alg: 'RS512' }, claims)
  return jws(content, await context.work.run('signRs512', { privateKey: key.privateKey, data: content }))
}

/** Why a text is refused as a token of this server's identity pools. */
export type PoolTokenRefusal =
  | { refused: 'malformed' }
  /** A token of another issuer. */
  | { refused: 'foreign-issuer'; issuer: unknown }
  | { refused: 'signature' }
  /** Epoch seconds. */
  | { refused: 'expired'; now: number; expiredAt: number }

/** The claims of an unexpired token of this server's identity pools. Costs no round trip. */
export async function verifyPoolToken(
  context: Pick<Context, 'keys' | 'clock' | 'publicUrl' | 'config'>,
  token: string,
): Promise<{ claims: PoolTokenClaims; refused?: undefined } | PoolTokenRefusal> {
  const parsed = parseJws(token)
  if (!parsed) return { refused: 'malformed' }
  const { header, claims, content, signature } = parsed
  if (claims.iss !== poolTokenIssuer(context.publicUrl)) return { refused: 'foreign-issuer', issuer: claims.iss }
  // One algorithm and the published keys only, whatever the header says.
  if (header.alg !== 'RS512' || typeof header.kid !== 'string' || header.crit !== undefined)
    return { refused: 'signature' }
  const key = await context.keys.publishedKey(identityPoolKeys(context.config.region), header.kid)
  if (!key || !verify('sha512', Buffer.from(content), key.publicKey, signature)) return { refused: 'signature' }
  if (!isPoolToken(claims)) return { refused: 'malformed' }
  const now = Math.floor(context.clock.now() / 1000)
  if (!wasMade(claims.iat * 1000, context.clock.now())) return { refused: 'malformed' }
  return claims.exp <= now ? { refused: 'expired', now, expiredAt: claims.exp } : { claims }
}

// Checks little, as the signature is verified before.
const isPoolToken = (claims: object): claims is PoolTokenClaims => {
  const { sub, aud, amr, exp, iat } = claims as Partial<PoolTokenClaims>
  const times = typeof exp === 'number' && typeof iat === 'number'
  return typeof sub === 'string' && typeof aud === 'string' && Array.isArray(amr) && times
}

/** Principal tags in a token. */
export function tagsOf(claims: PoolTokenClaims): Record<string, string> {
  const entries = Object.entries(claims[TAGS_CLAIM]?.principal_tags ?? {})
  return Object.fromEntries(entries.map(([key, [value = '']]) => [key, value]))
}
