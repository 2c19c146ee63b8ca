// Which claims of a provider's tokens become principal tags (docs/reference/identity-pools-sts-iam-sync.md 8). Pure.
import type { IdentityPoolSettings, PrincipalTagMap } from './pool-settings.ts'

/** The map of a provider; nothing is mapped where none was set (docs/reference/identity-pools-sts-iam-sync.md 26.5). */
export function principalTagMapOf({ principalTagMaps }: IdentityPoolSettings, provider: string): PrincipalTagMap {
  const map = principalTagMaps && Object.hasOwn(principalTagMaps, provider) ? principalTagMaps[provider] : undefined
  return map ?? { UseDefaults: false, PrincipalTags: {} }
}
