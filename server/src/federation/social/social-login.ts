// What the social providers share: the result of verifying a login, refusals, the check of the application, requests.
import type { Context } from '../../context.ts'
import type { WebRequest } from '../../effects/effects.ts'
import { parseObject } from '../../encodings.ts'

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
  /** The provider's id of the user. */
  subject: string
  /** The application that the user signed in to: what SupportedLoginProviders names. */
  audience: string
  /** The provider's claims about the user. */
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
  | 'userPools'
  | 'signatures'
  | 'web'
>

export interface SocialLoginInput {
  token: string
  /**
   * The application as SupportedLoginProviders has it: an id, several with `;` between them, or Twitter's `key;secret`.
   * Without it any application is accepted, and the caller checks `audience`. Twitter needs it.
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

/** The login, unless it is one to another application than the configured. `also`: other ids of its application. */
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

/** The JSON object that a provider answers with. A 4xx answer means that it refuses the token, except 408 and 429. */
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

/** An id from a provider: a text, or a number at some; undefined for anything else. */
export const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 256
    ? value
    : typeof value === 'number' && Number.isSafeInteger(value)
      ? String(value)
      : undefined

/** Whether a text can be sent as an access token in a URL or header: no blanks, no control characters, not too long. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{1,4096}$/.test(text)
