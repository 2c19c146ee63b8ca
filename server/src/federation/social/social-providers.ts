// The social providers that identity pools and STS know by name (docs/reference/identity-pools-sts-iam-sync.md 4.1).
import { verifyAmazon } from './amazon.ts'
import { verifyApple } from './apple.ts'
import { verifyDigits } from './digits.ts'
import { verifyFacebook } from './facebook.ts'
import { verifyGoogle } from './google.ts'
import type {
  RefusedSocialLogin,
  SocialContext,
  SocialLogin,
  SocialLoginInput,
  SocialProvider,
  VerifySocialLogin,
} from './social-login.ts'
import { verifyTwitter } from './twitter.ts'

const providers: ReadonlyMap<string, VerifySocialLogin> = new Map<SocialProvider, VerifySocialLogin>([
  ['accounts.google.com', verifyGoogle],
  ['appleid.apple.com', verifyApple],
  ['graph.facebook.com', verifyFacebook],
  ['www.amazon.com', verifyAmazon],
  ['api.twitter.com', verifyTwitter],
  ['www.digits.com', verifyDigits],
])

export const isSocialProvider = (name: string): name is SocialProvider => providers.has(name)

/** Verifies the value that a Logins map has for a social provider: an ID token, an access token, or `token;secret`. */
export const verifySocialLogin = (
  context: SocialContext,
  { provider, ...input }: SocialLoginInput & { provider: SocialProvider },
): Promise<SocialLogin | RefusedSocialLogin> => (providers.get(provider) as VerifySocialLogin)(context, input)
