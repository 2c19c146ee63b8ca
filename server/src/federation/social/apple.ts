// Sign in with Apple: ID tokens.
import { verifyIdTokenLogin } from './id-token-login.ts'
import type { VerifySocialLogin } from './social-login.ts'

export const verifyApple: VerifySocialLogin = (context, input) =>
  verifyIdTokenLogin(context, input, { provider: 'appleid.apple.com', issuer: context.providerEndpoints.apple })
