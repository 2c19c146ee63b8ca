// Whom a verified token names, in the terms of trust policies: what STS and identity pools hand to the rule that assumes a
// role (assume-role-with-web-identity.ts). Whoever makes one has verified the token.

import { type PoolTokenClaims, type PoolTokenSpec, tagsOf } from '../../federation/identity-pool-token.ts'
import { IDENTITY_POOL_PROVIDER } from '../../iam/arn-rules.ts'

export interface WebIdentity {
  /** As a trust policy's `Federated` principal names it: cognito-identity.amazonaws.com, or the ARN of an OIDC provider. */
  federatedPrincipal: string
  /** Condition keys of the token, such as cognito-identity.amazonaws.com:sub, :aud and :amr. */
  keys: Readonly<Record<string, readonly string[]>>
  subject: string
  audience: string
  /** Session tags: of the token's claim, or of an identity pool's attribute map. The keys are a caller's. */
  tags?: Readonly<Record<string, string>> | undefined
  /** Keys of `tags` that go on to the next role. */
  transitiveTagKeys?: readonly string[] | undefined
  sourceIdentity?: string | undefined
}

/** Whom an identity pool vouches for, in the terms of trust policies, whether or not a token was ever made of it. */
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

/** The same of a verified token. */
export const webIdentityOfToken = (claims: PoolTokenClaims): WebIdentity =>
  poolWebIdentity({ identityId: claims.sub, poolId: claims.aud, amr: claims.amr, tags: tagsOf(claims) })
