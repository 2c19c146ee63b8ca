// Logins with ID tokens of this server's user pools (docs/reference/identity-pools-sts-iam-sync.md 4.2).

import { type RefusedUserPoolToken, verifyUserPoolIdToken } from '../../../cognito-idp/tokens/id-token.ts'
import type { Context } from '../../../context.ts'
import { issuersOf } from '../../../signing/issuer-rules.ts'
import { parseJws } from '../../../signing/jws.ts'
import { loginTexts } from '../login-texts.ts'
import type { ConfiguredProvider } from '../provider-rules.ts'
import type { VerifiedLogin } from '../verified-login.ts'
import { type LoginRefusal, refuseLogin } from './refuse-login.ts'

type UserPoolProvider = Extract<ConfiguredProvider, { kind: 'user-pool' }>

export async function verifyUserPoolLogin(
  context: Context,
  { name, userPoolId, clients }: UserPoolProvider,
  token: string,
): Promise<VerifiedLogin | LoginRefusal> {
  // The audience is not verified yet: it only decides whether the user is looked up as well.
  const client = clients.get(String(parseJws(token)?.claims.aud))
  const verified = await verifyUserPoolIdToken(context, token, { serverSideCheck: client?.checked ?? false })
  if ('refused' in verified) return refuseLogin(refusalText(verified, context.clock.now()))
  const { claims, pool } = verified
  if (pool.id !== userPoolId) return refuseLogin(loginTexts.foreignIssuer)
  if (!client) return refuseLogin(loginTexts.unsupported)
  // Whatever the pool's type of issuer was when its mappings were made.
  const names = [name, ...new Set([claims.iss, ...issuersOf(context.publicUrl, pool.id)].map(issuerName))]
  return {
    provider: name,
    subject: claims.sub,
    claims,
    mappingNames: names.map((one) => `${one}:${claims.aud}`),
    tagMapNames: names,
    defaultTags: { client: claims.aud, username: claims.sub },
    amr: [name, `${name}:CognitoSignIn:${claims.sub}`],
  }
}

/** The provider name that clients such as Amplify derive from an issuer. */
const issuerName = (issuer: string): string => issuer.replace(/^https?:\/\//, '')

function refusalText({ refused, expiredAt = 0 }: RefusedUserPoolToken, now: number): string {
  switch (refused) {
    case 'not-a-jwt':
      return loginTexts.malformed
    case 'wrong-issuer':
      return loginTexts.notCognito
    case 'bad-signature':
      return loginTexts.signature
    // An access token, which names no audience.
    case 'invalid-claims':
      return loginTexts.missingClaim('aud')
    case 'expired':
      return loginTexts.expired(Math.floor(now / 1000), expiredAt)
    case 'revoked':
      return loginTexts.revoked
  }
}
