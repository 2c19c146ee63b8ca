// What an implemented operation of identity pools does not do as the service does it, for docs/compatibility.md.
import type { Difference } from '../service.ts'

export const differences: Readonly<Record<string, Difference>> = {
  GetId: {
    differs: "Logins at AWS's own user pools count through an OpenID Connect provider of IAM only.",
  },
  GetOpenIdToken: {
    differs: 'The issuer is `PUBLIC_URL/cognito-identity`, where the keys are.',
  },
  GetOpenIdTokenForDeveloperIdentity: {
    differs: 'The issuer is `PUBLIC_URL/cognito-identity`, where the keys are.',
  },
}
