// Attributes for access control: the principal tags of a login (docs/reference/identity-pools-sts-iam-sync.md 8). Pure.
import type { VerifiedLogin } from '../identities/verified-login.ts'
import type { IdentityPoolSettings } from '../identity-pools/pool-settings.ts'
import { principalTagMapOf } from '../identity-pools/principal-tag-map.ts'

type TaggedLogin = Pick<VerifiedLogin, 'claims' | 'tagMapNames' | 'defaultTags'>

/**
 * Of several logins the first that has a map counts, like role mappings
 * (docs/reference/identity-pools-sts-iam-sync.md 26.9).
 */
export function principalTags(settings: IdentityPoolSettings, logins: readonly TaggedLogin[]): Record<string, string> {
  for (const login of logins)
    for (const name of login.tagMapNames) {
      const { UseDefaults, PrincipalTags } = principalTagMapOf(settings, name)
      if (UseDefaults) return tagValues(Object.entries(login.defaultTags))
      const map = Object.entries(PrincipalTags)
      if (map.length > 0)
        return tagValues(
          map.map(([key, claim]) => [key, Object.hasOwn(login.claims, claim) ? login.claims[claim] : undefined]),
        )
    }
  return {}
}

// Missing claims are left out, and so are objects and lists of several values: a session tag has one value.
const tagValues = (entries: readonly (readonly [key: string, claim: unknown])[]): Record<string, string> =>
  Object.fromEntries(
    entries.flatMap(([key, claim]): [string, string][] => {
      const value = Array.isArray(claim) && claim.length === 1 ? claim[0] : claim
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[key, String(value)]]
        : []
    }),
  )
