// What all social providers have in common: what verifying a login gives, and why it may not.
import type { Context } from '../../context.ts'
import type { WebRequest } from '../../effects/effects.ts'
import { parseObject } from '../oidc/provider-keys.ts'

/** Names of providers as identity pools know them (docs/reference/identity-pools-sts-iam-sync.md 4.1). */
export type SocialProvider =
  | 'accounts.google.com'
  | 'appleid.apple.com'
  | 'graph.facebook.com'
  | 'www.amazon.com'
  | 'api.twitter.com'
  | 'www.digits.com'

export interface SocialLogin {
  provider: SocialProvider
  /** The user, in the provider's own terms. */
  subject: string
  /** The application that the user signed in to: what SupportedLoginProviders names. */
  audience: string
  /** What the provider says about the user. */
  claims: Readonly<Record<string, unknown>>
}

export interface RefusedSocialLogin {
  refused:
    | 'not-a-jwt'
    | 'wrong-issuer'
    | 'bad-signature'
    | 'expired'
    | 'not-yet-valid'
    | 'invalid-claims'
    /** The provider does not know the token. */
    | 'invalid-token'
    /** A login to another application than the one configured. */
    | 'wrong-audience'
    /** The provider did not answer, or answered with something else than it should. */
    | 'unreachable'
  detail: string
  /** Epoch seconds, where `expired`. */
  expiredAt?: number
}

export type SocialContext = Pick<
  Context,
  | 'clock'
  | 'db'
  | 'keys'
  | 'providerEndpoints'
  | 'providerKeys'
  | 'publicUrl'
  | 'random'
  | 'sealer'
  | 'settings'
  | 'signatures'
  | 'web'
>

export interface SocialLoginInput {
  token: string
  /**
   * The application as SupportedLoginProviders has it: an id, several with `;` between them, or Twitter's `key;secret`.
   * Left out: any, and the caller looks at `audience`. Twitter cannot do without.
   */
  application?: string
}

/** Verifies a login at one provider. */
export type VerifySocialLogin = (
  context: SocialContext,
  input: SocialLoginInput,
) => Promise<SocialLogin | RefusedSocialLogin>

export const refuse = (refused: RefusedSocialLogin['refused'], detail: string): RefusedSocialLogin => ({
  refused,
  detail,
})

/** The login, if it is one to the configured application. `also`: other ids that the provider has for the application. */
export function forApplication(
  login: SocialLogin,
  application: string | undefined,
  also: readonly string[] = [],
): SocialLogin | RefusedSocialLogin {
  if (application === undefined) return login
  const configured = application.split(';').map((id) => id.trim())
  return [login.audience, ...also].some((id) => configured.includes(id))
    ? login
    : refuse('wrong-audience', 'the login is one to another application')
}

/** The JSON object that a provider answers with. What it answers to a token that is no good is 4xx, whichever. */
export async function askProvider(
  { web }: SocialContext,
  request: WebRequest,
): Promise<{ answer: Record<string, unknown> } | RefusedSocialLogin> {
  const answer = await web.send(request)
  if ('failed' in answer) return refuse('unreachable', answer.detail)
  if (answer.status >= 400 && answer.status < 500 && ![408, 429].includes(answer.status))
    return refuse('invalid-token', `the provider answers ${answer.status}`)
  if (answer.status !== 200) return refuse('unreachable', `the provider answers ${answer.status}`)
  const json = parseObject(answer.body)
  return json ? { answer: json } : refuse('unreachable', 'the provider answers no JSON object')
}

/** An id that a provider gives, which is a text or, with some, a number. */
export const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 256
    ? value
    : typeof value === 'number' && Number.isSafeInteger(value)
      ? String(value)
      : undefined

/** Access tokens that may stand in a URL or header as they are: no blanks or control characters, not too long. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{1,4096}$/.test(text)
