// The web identity of a login at a social provider. Trust policies may name these providers without an entry in IAM
// (docs/reference/identity-pools-sts-iam-sync.md 15.3, 16.3; condition keys: IAM user guide, "Available keys for AWS
// web identity federation").
import type { RefusedSocialLogin, SocialLogin } from '../../federation/social/social-login.ts'
import type { TokenRefusal } from './token-refusals.ts'
import type { WebIdentity } from './web-identity.ts'

/** Providers whose access tokens STS accepts when ProviderId names them. */
export const accessTokenProviders = ['www.amazon.com', 'graph.facebook.com'] as const

/** The names of a provider's condition keys for the application and the user. */
const keyNames: Readonly<Record<string, { application: string; user: string }>> = {
  'accounts.google.com': { application: 'aud', user: 'sub' },
  'graph.facebook.com': { application: 'app_id', user: 'id' },
  'www.amazon.com': { application: 'app_id', user: 'user_id' },
}

export function socialIdentity({ provider, subject, audience, claims }: SocialLogin): WebIdentity {
  const { application, user } = keyNames[provider] ?? { application: 'aud', user: 'sub' }
  // Of Google, `aud` is the application (`azp`), and `oaud` the audience in the token.
  const original = provider === 'accounts.google.com' ? claims['aud'] : undefined
  return {
    federatedPrincipal: provider,
    keys: {
      [`${provider}:${user}`]: [subject],
      [`${provider}:${application}`]: [audience],
      ...(typeof original === 'string' && { [`${provider}:oaud`]: [original] }),
    },
    subject,
    audience,
  }
}

/** The refusal of STS for that of a social login. `rejected`: the provider itself refused an access token. */
export function socialRefusal({ refused, expiredAt }: RefusedSocialLogin, now: number): TokenRefusal {
  switch (refused) {
    case 'unreachable':
    case 'not-yet-valid':
      return { refused }
    case 'bad-signature':
      return { refused: 'signature' }
    case 'expired':
      return expiredAt === undefined ? { refused: 'rejected' } : { refused, now: Math.floor(now / 1000), expiredAt }
    case 'invalid-token':
      return { refused: 'rejected' }
    case 'wrong-audience':
      return { refused: 'audience' }
    default:
      return { refused: 'malformed' }
  }
}
