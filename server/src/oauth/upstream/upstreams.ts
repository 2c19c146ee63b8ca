// The kinds of identity providers that users come from.
import type { IdentityProviderTypeType } from '../../contract/cognito-idp.types.ts'
import { amazon } from './amazon.ts'
import { apple } from './apple.ts'
import { facebook } from './facebook.ts'
import { google } from './google.ts'
import { oidc } from './oidc.ts'
import { saml } from './saml.ts'
import type { Upstream } from './upstream.ts'

export const upstreams: Readonly<Record<IdentityProviderTypeType, Upstream>> = {
  Facebook: facebook,
  Google: google,
  LoginWithAmazon: amazon,
  OIDC: oidc,
  SAML: saml,
  SignInWithApple: apple,
}
