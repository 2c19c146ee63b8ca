// Names of login providers: the public ones, and those of user pools
// (docs/reference/identity-pools-sts-iam-sync.md 4.1). Pure.

/** Keys of SupportedLoginProviders. */
export const publicProviders: ReadonlySet<string> = new Set([
  'accounts.google.com',
  'api.twitter.com',
  'appleid.apple.com',
  'graph.facebook.com',
  'www.amazon.com',
  'www.digits.com',
])

const AWS_USER_POOL = /^cognito-idp\.([a-z0-9-]{1,32})\.amazonaws\.com(?:\.cn)?\/([\w-]{1,55})$/

/**
 * The id of the user pool that a provider name names: `cognito-idp.R.amazonaws.com/POOLID`, or the address of this
 * server's issuers without its scheme, as Amplify takes it from a token.
 */
export function userPoolOf(provider: string, publicUrl: string): string | undefined {
  const [, region, poolId] = AWS_USER_POOL.exec(provider) ?? []
  if (poolId !== undefined) return poolId.startsWith(`${region}_`) ? poolId : undefined
  const issuerPrefix = `${publicUrl.replace(/^https?:\/\//, '')}/`
  const rest = provider.startsWith(issuerPrefix) ? provider.slice(issuerPrefix.length) : ''
  return /^[\w-]{1,55}$/.test(rest) ? rest : undefined
}
