// Authenticates the token of AssumeRoleWithWebIdentity. Its issuer is this server's identity pools, a provider in IAM
// (which may be one of this server's user pools), or Google; with ProviderId it is an access token of a social provider
// (docs/reference/identity-pools-sts-iam-sync.md 15.3).

import type { Context } from '../../context.ts'
import { verifyPoolToken } from '../../federation/identity-pool-token.ts'
import { claimedIssuer, type RefusedOidcToken, verifyOidcToken } from '../../federation/oidc/verify-token.ts'
import type { SocialProvider } from '../../federation/social/social-login.ts'
import { verifySocialLogin } from '../../federation/social/social-providers.ts'
import { entityArn } from '../../iam/arn-rules.ts'
import type { OidcProvider } from '../../iam/entity-types.ts'
import { issuerOf as hostAndPathOf } from '../../iam/oidc-providers/oidc-provider-rules.ts'
import { issuersOf, poolOfIssuer } from '../../signing/issuer-rules.ts'
import { oidcIdentity } from './oidc-identity-rules.ts'
import { accessTokenProviders, socialIdentity, socialRefusal } from './social-identity-rules.ts'
import type { TokenRefusal } from './token-refusals.ts'
import { type WebIdentity, webIdentityOfToken } from './web-identity.ts'

/** The web identity in a token, or why it is refused. */
export async function readWebIdentityToken(
  context: Context,
  token: string,
  providerId: string | undefined,
): Promise<WebIdentity | TokenRefusal> {
  if (providerId !== undefined) {
    const provider = accessTokenProviders.find((known) => known === providerId)
    return provider ? socialLogin(context, provider, token) : { refused: 'unknown-provider-id', providerId }
  }
  const fromPool = await verifyPoolToken(context, token)
  if (fromPool.refused === undefined) return webIdentityOfToken(fromPool.claims)
  if (fromPool.refused !== 'foreign-issuer') return fromPool
  const issuer = claimedIssuer(token)
  if (issuer === undefined) return { refused: 'malformed' }
  const provider = await findProvider(context, issuer)
  if (!provider)
    return isGoogle(context, issuer)
      ? socialLogin(context, 'accounts.google.com', token)
      : { refused: 'no-provider', issuer }
  const verified = await verifyOidcToken(context, { token, issuer })
  if ('refused' in verified) return tokenRefusal(verified, context.clock.now())
  const { url, clientIds } = provider.settings
  return oidcIdentity(verified, { principal: entityArn(context.config.accountId, provider), url, clientIds })
}

async function socialLogin(
  context: Context,
  provider: SocialProvider,
  token: string,
): Promise<WebIdentity | TokenRefusal> {
  const login = await verifySocialLogin(context, { provider, token })
  return 'refused' in login ? socialRefusal(login, context.clock.now()) : socialIdentity(login)
}

/** Some tokens of Google have an issuer without the scheme. */
const isGoogle = ({ providerEndpoints: { google } }: Context, issuer: string): boolean =>
  issuer === google || issuer === google.replace(/^https?:\/\//, '')

/**
 * The provider of an issuer. A user pool of this server may also be stored under the name that it would have at AWS.
 */
async function findProvider({ iam, publicUrl, config }: Context, issuer: string): Promise<OidcProvider | undefined> {
  const poolId = poolOfIssuer(publicUrl, issuer)
  if (poolId === undefined) {
    // Providers are stored without the scheme; http is accepted on loopback addresses only.
    const name = hostAndPathOf(issuer)
    return name === undefined ? undefined : iam.entity('oidc-provider', name)
  }
  const awsHost = issuer === issuersOf(publicUrl, poolId)[1] ? 'issuer-cognito-idp' : 'cognito-idp'
  return (
    (await iam.entity('oidc-provider', issuer.replace(/^https?:\/\//, ''))) ??
    (await iam.entity('oidc-provider', `${awsHost}.${config.region}.amazonaws.com/${poolId}`))
  )
}

function tokenRefusal({ refused, expiredAt = 0 }: RefusedOidcToken, now: number): TokenRefusal {
  switch (refused) {
    case 'bad-signature':
      return { refused: 'signature' }
    case 'expired':
      return { refused, now: Math.floor(now / 1000), expiredAt }
    case 'not-yet-valid':
    case 'unreachable':
      return { refused }
    default:
      return { refused: 'malformed' }
  }
}
