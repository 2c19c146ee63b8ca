// What a token that is exchanged for another becomes (RFC 8693). Pure. Nothing grows by it: not the scopes, not the time, and not the
// audiences beyond those that the administrator has named for the client. docs/behaviour/oauth.md.
import { limits } from '../limits.ts'
import { OAuthError } from '../oauth-error.ts'

type Claims = Readonly<Record<string, unknown>>

/** The token of whoever the client acts for, verified. */
export interface ExchangedSubject {
  /** As an access token of the pool has them. */
  readonly claims: Claims
  readonly scopes: readonly string[]
  /** Epoch seconds. */
  readonly exp: number
}

export interface Exchange {
  readonly clientId: string
  /** The audiences that the client has to do with. */
  readonly audiences: readonly string[]
  /** The scopes that the client may have at all. */
  readonly allowedScopes: readonly string[]
  /** The longest life of its access tokens, in seconds. */
  readonly lifeSeconds: number
}

/** The audiences that a request names, all of which must be the client's. Throws OAuthError `invalid_target`. */
export function targetsOf(named: readonly (string | undefined)[], audiences: readonly string[]): readonly string[] {
  const targets = [...new Set(named.filter((one) => one !== undefined))]
  if (targets.length === 0) throw new OAuthError('invalid_target', 'audience or resource is missing')
  if (!targets.every((one) => audiences.includes(one)))
    throw new OAuthError('invalid_target', 'the client may not have tokens for this audience')
  return targets
}

/** Throws OAuthError for a token that was made for none of these audiences; one without any is for all. */
export function requireOwnAudience({ aud }: Claims, audiences: readonly string[]): void {
  if (aud === undefined) return
  const own = (Array.isArray(aud) ? aud : [aud]).some((one) => audiences.includes(one as string))
  if (!own) throw new OAuthError('invalid_request', 'the subject token is for another audience')
}

/** All that the user has granted and the client may have, or those of them that are asked for. Throws OAuthError. */
export function narrowedScopes(
  asked: string | undefined,
  granted: readonly string[],
  allowed: readonly string[],
): readonly string[] {
  const all = granted.filter((scope) => allowed.includes(scope))
  if (asked === undefined) return all
  const wanted = [...new Set(asked.split(' ').filter((scope) => scope !== ''))]
  if (!wanted.every((scope) => all.includes(scope)))
    throw new OAuthError('invalid_scope', 'the subject token or the client does not have a scope that is named')
  return wanted
}

/** Claim act: who acts, with those who acted before (RFC 8693 4.1). Throws OAuthError where there are too many. */
export function actClaim(actor: Claims, before: unknown): Claims {
  let count = 1
  for (let one = before; typeof one === 'object' && one !== null; one = (one as Claims)['act']) count++
  if (count > limits.actors.max)
    throw new OAuthError('invalid_request', `a token has at most ${limits.actors.max} actors, one after the other`)
  return before === undefined ? actor : { ...actor, act: before }
}

/** Of the old token alone, or set anew. */
const REPLACED = ['aud', 'act', 'cnf', 'client_id', 'exp', 'iat', 'jti', 'scope', 'version']

/** The claims of the new token, but for `jti`. `now`: epoch seconds. */
export function exchangedClaims(
  { claims, exp }: ExchangedSubject,
  { clientId, lifeSeconds }: Exchange,
  { scopes, targets, act }: { scopes: readonly string[]; targets: readonly string[]; act: Claims },
  now: number,
): Claims {
  const kept = Object.entries(claims).filter(([name]) => !REPLACED.includes(name))
  return {
    ...Object.fromEntries(kept),
    client_id: clientId,
    scope: scopes.join(' '),
    aud: targets.length === 1 ? targets[0] : targets,
    act,
    exp: Math.min(exp, now + lifeSeconds),
    iat: now,
    version: 2,
  }
}
