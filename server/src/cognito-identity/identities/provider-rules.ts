// Which provider a key of `Logins` names, by the settings of the pool
// (docs/reference/identity-pools-sts-iam-sync.md 4.1). Pure.

import { IDENTITY_POOL_PROVIDER } from '../../iam/arn-rules.ts'
import type { IdentityPoolSettings } from '../identity-pools/pool-settings.ts'
import { userPoolOf } from '../identity-pools/provider-name-rules.ts'

export type ConfiguredProvider =
  | { kind: 'user-pool'; name: string; userPoolId: string; clients: UserPoolClients }
  /** Of SupportedLoginProviders. `appId`: client id, app id or key and secret, as the provider has them. */
  | { kind: 'public'; name: string; appId: string }
  | { kind: 'oidc'; name: string; arn: string }
  | { kind: 'saml'; name: string }
  /** Only a developer's backend may use it, in its own operation. */
  | { kind: 'developer' }
  /** A token of the identity pools themselves. */
  | { kind: 'pool-token' }

/** App clients by id. `checked`: whether the user pool is asked about the user and the token (ServerSideTokenCheck). */
type UserPoolClients = ReadonlyMap<string, { checked: boolean }>

/** Undefined for a provider that the pool does not have. */
export function providerOf(
  settings: IdentityPoolSettings,
  name: string,
  publicUrl: string,
): ConfiguredProvider | undefined {
  if (name === IDENTITY_POOL_PROVIDER) return { kind: 'pool-token' }
  const userPoolId = userPoolOf(name, publicUrl)
  if (userPoolId !== undefined) {
    const entries = (settings.CognitoIdentityProviders ?? []).filter(
      ({ ProviderName = '' }) => userPoolOf(ProviderName, publicUrl) === userPoolId,
    )
    // A client may be configured under both names of its user pool: it is checked if either entry says so.
    const clients = new Map<string, { checked: boolean }>()
    for (const { ClientId = '', ServerSideTokenCheck = false } of entries)
      clients.set(ClientId, { checked: ServerSideTokenCheck || clients.get(ClientId)?.checked === true })
    if (clients.size > 0) return { kind: 'user-pool', name: userPoolProvider(userPoolId), userPoolId, clients }
  }
  const { SupportedLoginProviders: supported = {}, SamlProviderARNs, OpenIdConnectProviderARNs } = settings
  if (Object.hasOwn(supported, name)) return { kind: 'public', name, appId: supported[name] as string }
  if (SamlProviderARNs?.includes(name)) return { kind: 'saml', name }
  const arn = OpenIdConnectProviderARNs?.find((each) => each.endsWith(`:oidc-provider/${name}`))
  if (arn !== undefined) return { kind: 'oidc', name, arn }
  return name === settings.DeveloperProviderName ? { kind: 'developer' } : undefined
}

/** The name under which logins of a user pool are stored and shown, whichever of its names a request uses. */
export const userPoolProvider = (userPoolId: string): string =>
  `cognito-idp.${userPoolId.slice(0, userPoolId.indexOf('_'))}.amazonaws.com/${userPoolId}`

/** The name under which logins of a provider are stored. */
export function keptProviderName(name: string, publicUrl: string): string {
  const userPoolId = userPoolOf(name, publicUrl)
  return userPoolId === undefined ? name : userPoolProvider(userPoolId)
}
