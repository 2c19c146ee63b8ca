// Verifies the logins of a request, each by the kind of its provider
// (docs/reference/identity-pools-sts-iam-sync.md 4.1, 4.2). One invalid login fails the call.
import type { Context } from '../../context.ts'
import { ApiError, type ErrorName } from '../../errors.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'
import { isKeepable } from './login-rules.ts'
import { loginTexts } from './login-texts.ts'
import { type ConfiguredProvider, providerOf } from './provider-rules.ts'
import { verifyOidcLogin } from './providers/oidc.ts'
import { verifyPublicLogin } from './providers/public.ts'
import { type LoginRefusal, refuseLogin } from './providers/refuse-login.ts'
import { verifySamlLogin } from './providers/saml.ts'
import { verifyUserPoolLogin } from './providers/user-pool.ts'
import type { VerifiedLogin } from './verified-login.ts'

export type GivenLogin = readonly [provider: string, token: string]

/** The logins of a request; none for a guest, as clients send `{}` or nothing. */
export const givenLogins = (logins: Readonly<Record<string, string>> | undefined): GivenLogin[] =>
  Object.entries(logins ?? {})

type Verifier<Kind extends ConfiguredProvider['kind']> = (
  context: Context,
  provider: Extract<ConfiguredProvider, { kind: Kind }>,
  token: string,
) => VerifiedLogin | LoginRefusal | Promise<VerifiedLogin | LoginRefusal>

const verifiers: { readonly [Kind in ConfiguredProvider['kind']]: Verifier<Kind> } = {
  'user-pool': verifyUserPoolLogin,
  public: verifyPublicLogin,
  oidc: verifyOidcLogin,
  saml: verifySamlLogin,
  developer: () => refuseLogin(loginTexts.developerProvider, 'InvalidParameterException'),
  'pool-token': () => refuseLogin(loginTexts.poolToken),
}

/**
 * The logins in the order in which they were given. Throws NotAuthorizedException, InvalidParameterException, or
 * ExternalServiceException; `external` replaces the last for an operation that does not declare it.
 */
export async function verifyLogins(
  context: Context,
  { settings }: Pick<IdentityPool, 'settings'>,
  given: readonly GivenLogin[],
  { external = 'ExternalServiceException' }: { external?: ErrorName } = {},
): Promise<VerifiedLogin[]> {
  const outcomes = await Promise.all(
    given.map(([name, token]) => {
      const provider = providerOf(settings, name, context.publicUrl)
      return provider ? verify(context, provider, token) : refuseLogin(loginTexts.unsupported)
    }),
  )
  return outcomes.map((outcome) => {
    if (!('refused' in outcome)) {
      if (!isKeepable(outcome.subject)) throw new ApiError('NotAuthorizedException', loginTexts.malformed)
      return outcome
    }
    throw new ApiError(outcome.refused === 'ExternalServiceException' ? external : outcome.refused, outcome.message)
  })
}

const verify = <Kind extends ConfiguredProvider['kind']>(
  context: Context,
  provider: Extract<ConfiguredProvider, { kind: Kind }>,
  token: string,
) => (verifiers[provider.kind as Kind] as Verifier<Kind>)(context, provider, token)
