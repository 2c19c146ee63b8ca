// A user as an external provider knows them, whatever the kind of the provider. What makes one is oauth/upstream/.
import type { IdentityProviderTypeType } from '../../contract/cognito-idp.types.ts'
import type { SamlName } from '../../saml/write.ts'
import type { Texts } from '../../triggers/trigger.ts'
import type { Level } from '../sign-in/assurance-rules.ts'

/** What a provider says of a user, by where it said it, as texts; the InboundFederation trigger gets it so. */
export type Claims = OAuthClaims | SamlClaims
export interface OAuthClaims {
  readonly tokenResponse: Texts
  readonly idToken: Texts
  readonly userInfo: Texts
}
export interface SamlClaims {
  readonly samlResponse: Texts
}

/** Everything in it has been verified. */
export interface Profile {
  /** The provider's name in the pool. */
  readonly provider: string
  readonly type: IdentityProviderTypeType
  /** What the provider itself calls the user: `sub`, `id`, `user_id` or the NameID. As it is, with its case. */
  readonly subject: string
  /** The entity id of a SAML provider. */
  readonly issuer?: string
  readonly claims: Claims
  /** How the user has signed in there, as far as the provider says so. */
  readonly assurance?: { readonly level: Level; readonly amr: readonly string[] }
  /** The user's session at a SAML provider. */
  readonly samlSession?: SamlSession
}

/** What a LogoutRequest names (SAML core 3.7.1). */
export interface SamlSession {
  readonly name: SamlName
  readonly index?: string
}

/** All claims; the ID token's word counts before that of the user info (docs/reference/oauth-and-federation.md 19.3). */
export const allClaims = (claims: Claims): Texts =>
  'samlResponse' in claims ? claims.samlResponse : { ...claims.tokenResponse, ...claims.userInfo, ...claims.idToken }
