// Social providers whose login is an OpenID Connect ID token.
import { verifyOidcToken } from '../oidc/verify-token.ts'
import {
  forApplication,
  type RefusedSocialLogin,
  refuse,
  type SocialContext,
  type SocialLogin,
  type SocialLoginInput,
  type SocialProvider,
} from './social-login.ts'

interface IdTokenProvider {
  provider: SocialProvider
  issuer: string
  alsoIssuers?: readonly string[]
}

/**
 * The application is `azp` where there is one (an app whose server is the audience), else `aud`
 * (docs/reference/identity-pools-sts-iam-sync.md 4.2).
 */
export async function verifyIdTokenLogin(
  context: SocialContext,
  { token, application }: SocialLoginInput,
  { provider, ...issuers }: IdTokenProvider,
): Promise<SocialLogin | RefusedSocialLogin> {
  const verified = await verifyOidcToken(context, { token, ...issuers })
  if ('refused' in verified) return verified
  const { claims, subject, audiences, authorizedParty } = verified
  const audience = authorizedParty ?? audiences[0]
  if (audience === undefined) return refuse('invalid-claims', 'there is no aud')
  return forApplication(
    { provider, subject, audience, claims },
    application,
    authorizedParty === undefined ? audiences : [],
  )
}
