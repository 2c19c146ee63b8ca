// Names of login providers: the public ones, and those of user pools
// (docs/reference/identity-pools-sts-iam-sync.md 4.1). Pure.
import { invalid, type Refusal } from '../../refusal-rules.ts'
import { poolOfIssuer } from '../../signing/issuer-rules.ts'
import type { IdentityPoolSettings } from './pool-settings.ts'

/** Keys of SupportedLoginProviders. */
export const publicProviders: ReadonlySet<string> = new Set([
  'accounts.google.com',
  'api.twitter.com',
  'appleid.apple.com',
  'graph.facebook.com',
  'www.amazon.com',
  'www.digits.com',
])

const AWS_USER_POOL = /^(?:issuer-)?cognito-idp\.([a-z0-9-]{1,32})\.amazonaws\.com(?:\.cn)?\/([\w-]{1,55})$/

/**
 * The id of the user pool that a provider name names: `cognito-idp.R.amazonaws.com/POOLID`, or one of this server's issuers of
 * the pool without its scheme, as Amplify takes it from a token. Both of either type of issuer.
 */
export function userPoolOf(provider: string, publicUrl: string): string | undefined {
  const [, region, poolId] = AWS_USER_POOL.exec(provider) ?? []
  if (poolId !== undefined) return poolId.startsWith(`${region}_`) ? poolId : undefined
  const rest = poolOfIssuer(publicUrl.replace(/^https?:\/\//, ''), provider) ?? ''
  return /^[\w-]{1,55}$/.test(rest) ? rest : undefined
}

/**
 * Why role mappings (`perClient`) or maps of principal tags may not name one of these providers: the pool has to have it.
 * Names are those that credentials/ looks up: of a user pool `NAME:CLIENTID` in role mappings and `NAME` in maps of tags,
 * otherwise a public provider's name, the ARN of a SAML provider, the ARN or the URL without scheme of an OpenID
 * Connect provider (docs/reference/identity-pools-sts-iam-sync.md 3, 8).
 */
export function mappedProviderRefusal(
  settings: IdentityPoolSettings,
  names: readonly string[],
  { perClient, publicUrl }: { perClient: boolean; publicUrl: string },
): Refusal | undefined {
  const { SupportedLoginProviders = {}, SamlProviderARNs = [], OpenIdConnectProviderARNs = [] } = settings
  const userPools = (settings.CognitoIdentityProviders ?? []).map(({ ProviderName = '', ClientId = '' }) => {
    const poolId = userPoolOf(ProviderName, publicUrl)
    return perClient ? `${poolId}:${ClientId}` : poolId
  })
  const isConfigured = (name: string): boolean => {
    const end = perClient ? name.lastIndexOf(':') : name.length
    const poolId = userPoolOf(name.slice(0, end), publicUrl)
    return (
      (poolId !== undefined && userPools.includes(`${poolId}${name.slice(end)}`)) ||
      Object.hasOwn(SupportedLoginProviders, name) ||
      SamlProviderARNs.includes(name) ||
      OpenIdConnectProviderARNs.some((arn) => arn === name || arn.endsWith(`:oidc-provider/${name}`))
    )
  }
  const unknown = names.find((name) => !isConfigured(name))
  return unknown === undefined
    ? undefined
    : invalid(`(${unknown}) is not a valid RoleMapping ProviderName or is not a configured provider.`)
}
