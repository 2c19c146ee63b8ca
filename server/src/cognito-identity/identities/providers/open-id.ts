// What the logins of OpenID Connect providers have in common: those of IAM, Google and Apple
// (docs/reference/identity-pools-sts-iam-sync.md 4.2).
import type { RefusedOidcToken, VerifiedOidcToken } from '../../../federation/oidc/verify-token.ts'
import { loginTexts } from '../login-texts.ts'
import { type LoginRefusal, refuseLogin } from './refuse-login.ts'

/** The client that a token was issued to, if it is one of these: `azp` when present, else `aud`. */
export function clientOfToken(
  { audiences, authorizedParty }: Pick<VerifiedOidcToken, 'audiences' | 'authorizedParty'>,
  clientIds: readonly string[],
): string | LoginRefusal {
  if (audiences.length === 0) return refuseLogin(loginTexts.missingClaim('aud'))
  const named = authorizedParty === undefined ? audiences : [authorizedParty]
  return named.find((client) => clientIds.includes(client)) ?? refuseLogin(loginTexts.unsupported)
}

export function openIdRefusal({ refused, detail, expiredAt = 0 }: RefusedOidcToken, now: number): LoginRefusal {
  switch (refused) {
    case 'unreachable':
      return refuseLogin(`The identity provider could not be reached: ${detail}.`, 'ExternalServiceException')
    case 'not-a-jwt':
      return refuseLogin(loginTexts.malformed)
    case 'wrong-issuer':
      return refuseLogin(loginTexts.foreignIssuer)
    case 'expired':
      return refuseLogin(loginTexts.expired(Math.floor(now / 1000), expiredAt))
    case 'not-yet-valid':
      return refuseLogin('Invalid login token. Token is not valid yet.')
    case 'invalid-claims':
      return refuseLogin(`${loginTexts.malformed.slice(0, -1)}: ${detail}.`)
    case 'bad-signature':
      return refuseLogin(loginTexts.signature)
  }
}
