// The claim `amr` of the pool's own tokens, and the condition key of trust policies
// (docs/reference/identity-pools-sts-iam-sync.md 6). Pure.
import type { VerifiedLogin } from './verified-login.ts'

export const GUEST_AMR: readonly string[] = ['unauthenticated']

/** Every login adds its provider and a detail. */
export const authenticatedBy = (logins: readonly Pick<VerifiedLogin, 'amr'>[]): string[] => [
  'authenticated',
  ...logins.flatMap(({ amr }) => amr),
]

/** The entries of a developer's user: `<provider>` and `<provider>:<pool>:<identifier>`. */
export const developerAmr = (provider: string, poolId: string, identifier: string): readonly [string, string] => [
  provider,
  `${provider}:${poolId}:${identifier}`,
]
