// A verified web identity in the terms of trust policies: what STS and identity pools pass to
// assume-role-with-web-identity.ts. The token has been verified before one is made.

import { type PoolTokenClaims, type PoolTokenSpec, tagsOf } from '../../federation/identity-pool-token.ts'
import { IDENTITY_POOL_PROVIDER } from '../../iam/arn-rules.ts'

export interface WebIdentity {
  /**
   * The provider as a trust policy's `Federated` principal names it: cognito-identity.amazonaws.com, or the ARN of an
   * OIDC provider.
   */
  federatedPrincipal: string
  /** Condition keys of the token, such as cognito-identity.amazonaws.com:sub, :aud and :amr. */
  keys: Readonly<Record<string, readonly string[]>>
  subject: string
  audience: string
  /** Session tags: from the token's claim, or an identity pool's attribute map. The keys come from a caller. */
  tags?: Readonly<Record<string, string>> | undefined
  /** Keys of `tags` that the next role session inherits. */
  transitiveTagKeys?: readonly string[] | undefined
  sourceIdentity?: string | undefined
}

/** The web identity of an identity of an identity pool; no token is needed. */
export const poolWebIdentity = ({
  identityId,
  poolId,
  amr,
  tags,
}: Pick<PoolTokenSpec, 'identityId' | 'poolId' | 'amr' | 'tags'>): WebIdentity => ({
  federatedPrincipal: IDENTITY_POOL_PROVIDER,
  keys: {
    [`${IDENTITY_POOL_PROVIDER}:sub`]: [identityId],
    [`${IDENTITY_POOL_PROVIDER}:aud`]: [poolId],
    [`${IDENTITY_POOL_PROVIDER}:amr`]: [...amr],
  },
  subject: identityId,
  audience: poolId,
  ...(tags && Object.keys(tags).length > 0 && { tags }),
})

/** The web identity in a verified token of an identity pool. */
export const webIdentityOfToken = (claims: PoolTokenClaims): WebIdentity =>
  poolWebIdentity({ identityId: claims.sub, poolId: claims.aud, amr: claims.amr, tags: tagsOf(claims) })
