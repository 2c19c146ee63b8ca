// Logins with ID tokens of OpenID Connect providers that IAM knows (docs/reference/identity-pools-sts-iam-sync.md 4.1).
import type { Context } from '../../../context.ts'
import { providerIssuer } from '../../../federation/oidc/provider-issuer.ts'
import { verifyOidcToken } from '../../../federation/oidc/verify-token.ts'
import { entityArn } from '../../../iam/arn-rules.ts'
import { loginTexts } from '../login-texts.ts'
import type { ConfiguredProvider } from '../provider-rules.ts'
import type { VerifiedLogin } from '../verified-login.ts'
import { clientOfToken, openIdRefusal } from './open-id.ts'
import { type LoginRefusal, refuseLogin } from './refuse-login.ts'

type OidcProvider = Extract<ConfiguredProvider, { kind: 'oidc' }>

export async function verifyOidcLogin(
  context: Context,
  { name, arn }: OidcProvider,
  token: string,
): Promise<VerifiedLogin | LoginRefusal> {
  const provider = await context.iam.entity('oidc-provider', name)
  // A provider that IAM no longer has, or of another account.
  if (!provider || entityArn(context.config.accountId, provider) !== arn) return refuseLogin(loginTexts.unsupported)
  const verified = await verifyOidcToken(context, { token, issuer: providerIssuer(name, token) })
  if ('refused' in verified) return openIdRefusal(verified, context.clock.now())
  const client = clientOfToken(verified, provider.settings.clientIds)
  if (typeof client !== 'string') return client
  const { claims, subject } = verified
  return {
    provider: name,
    subject,
    claims,
    mappingNames: [arn, name],
    tagMapNames: [arn, name],
    defaultTags: { client, username: subject },
    amr: [name, `${arn}:OIDC:${subject}`],
  }
}
