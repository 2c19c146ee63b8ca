// The login of a developer authenticated user. Only the developer's backend, whose requests are signed, may name one.
import { fail } from '../../operation.ts'
import { isKeepable, type Login } from '../identities/login-rules.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'

/**
 * Throws InvalidParameterException when the pool has no such developer provider
 * (docs/reference/identity-pools-sts-iam-sync.md 9).
 */
export function developerLogin(pool: IdentityPool, provider: string | undefined, identifier: string): Login {
  if (provider === undefined || provider !== pool.settings.DeveloperProviderName)
    throw fail('InvalidParameterException', 'This identity pool does not support the specified developer provider')
  if (!isKeepable(identifier))
    throw fail('InvalidParameterException', 'A developer user identifier must not contain the character U+0000.')
  return { provider, subject: identifier }
}

/** The error for a developer user identifier that is linked to no identity. */
export const noSuchUserError = (identifier: string): Error =>
  fail('ResourceNotFoundException', `Developer user identifier '${identifier}' not found.`)
