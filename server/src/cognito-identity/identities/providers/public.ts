// Logins of the providers in SupportedLoginProviders: Google, Apple, Facebook, Amazon, Twitter, Digits
// (docs/reference/identity-pools-sts-iam-sync.md 4.1).
import type { Context } from '../../../context.ts'
import type { RefusedSocialLogin } from '../../../federation/social/social-login.ts'
import { isSocialProvider, verifySocialLogin } from '../../../federation/social/table.ts'
import { loginTexts } from '../login-texts.ts'
import type { ConfiguredProvider } from '../provider-rules.ts'
import type { VerifiedLogin } from '../verified-login.ts'
import { openIdRefusal } from './open-id.ts'
import { type LoginRefusal, refuseLogin } from './refuse-login.ts'

type PublicProvider = Extract<ConfiguredProvider, { kind: 'public' }>

export async function verifyPublicLogin(
  context: Context,
  { name, appId }: PublicProvider,
  token: string,
): Promise<VerifiedLogin | LoginRefusal> {
  if (!isSocialProvider(name)) return refuseLogin(loginTexts.unsupported)
  const login = await verifySocialLogin(context, { provider: name, token, application: appId })
  if ('refused' in login) return refusalOf(login, context.clock.now())
  const { subject, audience, claims } = login
  return {
    provider: name,
    subject,
    claims,
    mappingNames: [name],
    tagMapNames: [name],
    defaultTags: { client: audience, username: subject },
    amr: [name, `${name}:${audience}:${subject}`],
  }
}

function refusalOf({ refused, ...rest }: RefusedSocialLogin, now: number): LoginRefusal {
  if (refused === 'wrong-audience') return refuseLogin(loginTexts.unsupported)
  if (refused === 'invalid-token') return refuseLogin(loginTexts.signature)
  return openIdRefusal({ ...rest, refused }, now)
}
