// Google: ID tokens. `iss` comes with and without the scheme (Google Identity, "Verify the Google ID token").
import { verifyIdTokenLogin } from './id-token-login.ts'
import type { VerifySocialLogin } from './social-login.ts'

export const verifyGoogle: VerifySocialLogin = (context, input) => {
  const issuer = context.providerEndpoints.google
  return verifyIdTokenLogin(context, input, {
    provider: 'accounts.google.com',
    issuer,
    alsoIssuers: [issuer.replace(/^https?:\/\//, '')],
  })
}
