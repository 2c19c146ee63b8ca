// Verifies the token with which a developer authenticated user gets credentials in the enhanced flow
// (docs/reference/identity-pools-sts-iam-sync.md 4.7). The developer's backend got it from
// GetOpenIdTokenForDeveloperIdentity.
import type { Context } from '../../context.ts'
import { ApiError } from '../../errors.ts'
import { tagsOf, verifyPoolToken } from '../../federation/identity-pool-token.ts'
import { developerAmr } from '../identities/amr-rules.ts'
import { forbiddenText } from '../identities/guest-rules.ts'
import type { Identity } from '../identities/identity-store.ts'
import { loginTexts } from '../identities/login-texts.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'

const notAuthorizedError = (message: string): ApiError => new ApiError('NotAuthorizedException', message)

/**
 * The `amr` and principal tags of a verified token. Throws NotAuthorizedException. Tokens of GetOpenIdToken (classic
 * flow) are refused: with one a caller would bypass role mappings.
 */
export async function developerCaller(
  context: Context,
  pool: IdentityPool,
  identity: Identity,
  token: string,
): Promise<{ amr: string[]; tags: Record<string, string> }> {
  const verified = await verifyPoolToken(context, token)
  switch (verified.refused) {
    case 'malformed':
      throw notAuthorizedError(loginTexts.malformed)
    case 'foreign-issuer':
      throw notAuthorizedError(loginTexts.foreignIssuer)
    case 'signature':
      throw notAuthorizedError(loginTexts.signature)
    case 'expired':
      throw notAuthorizedError(loginTexts.expired(verified.now, verified.expiredAt))
  }
  const { claims } = verified
  const provider = pool.settings.DeveloperProviderName
  const [, detail] = provider === undefined ? [] : developerAmr(provider, pool.id, '')
  if (detail === undefined || !claims.amr.some((entry) => entry.startsWith(detail)))
    throw notAuthorizedError(loginTexts.poolToken)
  // An identity that lost all its logins has no owner any more, even while tokens issued before have not expired.
  if (claims.sub !== identity.id || claims.aud !== pool.id || identity.disabled || identity.logins.length === 0)
    throw notAuthorizedError(forbiddenText(identity.id))
  return { amr: claims.amr, tags: tagsOf(claims) }
}
