// The settings of a new or updated identity pool, from the input. Pure.
import type { CreateIdentityPoolInput } from '../../contract/cognito-identity.types.ts'
import type { IdentityPoolSettings } from './pool-settings.ts'

/** What SetIdentityPoolRoles and SetPrincipalTagAttributeMap set: UpdateIdentityPool does not change it. */
type Kept = Pick<IdentityPoolSettings, 'Roles' | 'RoleMappings' | 'principalTagMaps'>

/**
 * Only the members that are given: an update replaces the settings, it does not patch them
 * (docs/reference/identity-pools-sts-iam-sync.md 3). Tags are the exception: they stay when the update gives none,
 * as clients change them with TagResource.
 */
export function identityPoolSettings(
  input: CreateIdentityPoolInput,
  before: IdentityPoolSettings | undefined,
): IdentityPoolSettings {
  const kept: Kept = {
    ...(before?.Roles && { Roles: before.Roles }),
    ...(before?.RoleMappings && { RoleMappings: before.RoleMappings }),
    ...(before?.principalTagMaps && { principalTagMaps: before.principalTagMaps }),
  }
  const tags = input.IdentityPoolTags ?? before?.IdentityPoolTags
  return {
    IdentityPoolName: input.IdentityPoolName,
    AllowUnauthenticatedIdentities: input.AllowUnauthenticatedIdentities,
    ...(input.AllowClassicFlow !== undefined && { AllowClassicFlow: input.AllowClassicFlow }),
    ...(input.DeveloperProviderName !== undefined && { DeveloperProviderName: input.DeveloperProviderName }),
    // An empty list or map counts as absent.
    ...filled('SupportedLoginProviders', input.SupportedLoginProviders),
    ...filled('OpenIdConnectProviderARNs', input.OpenIdConnectProviderARNs),
    ...filled('CognitoIdentityProviders', input.CognitoIdentityProviders),
    ...filled('SamlProviderARNs', input.SamlProviderARNs),
    ...filled('IdentityPoolTags', tags),
    ...kept,
  }
}

const filled = <Name extends string, Value extends object>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } =>
  value === undefined || Object.keys(value).length === 0 ? {} : ({ [name]: value } as { [Key in Name]: Value })
