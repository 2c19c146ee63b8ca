// What an identity pool keeps, in AWS's own spelling where the API echoes it. Pure.
import type { CognitoIdentityProvider, RoleMapping } from '../../contract/cognito-identity.types.ts'

/** How claims of a provider's tokens become principal tags (docs/reference/identity-pools-sts-iam-sync.md 8). */
export interface PrincipalTagMap {
  UseDefaults: boolean
  PrincipalTags: Record<string, string>
}

/** Members that were not given are absent, and are echoed as absent. */
export interface IdentityPoolSettings {
  IdentityPoolName: string
  AllowUnauthenticatedIdentities: boolean
  /** Three states: absent behaves as allowed. */
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
