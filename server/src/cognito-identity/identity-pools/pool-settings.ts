// The stored settings of an identity pool; members that the API returns are spelled as in the API. Pure.
import type { CognitoIdentityProvider, RoleMapping } from '../../contract/cognito-identity.types.ts'

/** How claims of a provider's tokens become principal tags (docs/reference/identity-pools-sts-iam-sync.md 8). */
export interface PrincipalTagMap {
  UseDefaults: boolean
  PrincipalTags: Record<string, string>
}

/** Members that were not given are absent, and absent in answers. */
export interface IdentityPoolSettings {
  IdentityPoolName: string
  AllowUnauthenticatedIdentities: boolean
  /** Absent counts as true, but is returned as absent. */
  AllowClassicFlow?: boolean
  SupportedLoginProviders?: Record<string, string>
  DeveloperProviderName?: string
  OpenIdConnectProviderARNs?: string[]
  CognitoIdentityProviders?: CognitoIdentityProvider[]
  SamlProviderARNs?: string[]
  IdentityPoolTags?: Record<string, string>
  /** SetIdentityPoolRoles: `authenticated` and `unauthenticated`. */
  Roles?: Record<string, string>
  RoleMappings?: Record<string, RoleMapping>
  /** SetPrincipalTagAttributeMap, by provider. */
  principalTagMaps?: Record<string, PrincipalTagMap>
}
