// The web identity in a verified token of an OIDC provider (docs/reference/identity-pools-sts-iam-sync.md 15.3, 16.5).
import { tagsOfClaims } from './token-tag-rules.ts'
import type { WebIdentity } from './web-identity.ts'

/** The members of a verified token that are used here. */
export interface OidcToken {
  claims: Readonly<Record<string, unknown>>
  subject: string
  audiences: readonly string[]
  authorizedParty?: string | undefined
}

export interface KnownProvider {
  /** Its ARN, as trust policies name it. */
  principal: string
  /** Host and path: the prefix of its condition keys. */
  url: string
  clientIds: readonly string[]
}

/**
 * The web identity of a token. Refusals: `audience`, no client id of the provider is the audience; `tags`, invalid
 * session tags or source identity.
 */
export function oidcIdentity(
  { claims, subject, audiences, authorizedParty }: OidcToken,
  { principal, url, clientIds }: KnownProvider,
): WebIdentity | { refused: 'audience' | 'tags' } {
  // `azp`, when present, replaces `aud`.
  const named = authorizedParty === undefined ? audiences : [authorizedParty]
  const matching = named.filter((audience) => clientIds.includes(audience))
  const [audience] = matching
  if (audience === undefined) return { refused: 'audience' }
  const tags = tagsOfClaims(claims)
  if (!tags) return { refused: 'tags' }
  const keys = Object.entries(claims).flatMap(([name, value]) => {
    const texts = conditionValues(value)
    return texts.length === 0 || isShadow(claims, name) ? [] : [[`${url}:${name}`, texts] as const]
  })
  return {
    federatedPrincipal: principal,
    keys: { ...Object.fromEntries(keys), [`${url}:sub`]: [subject], [`${url}:aud`]: matching },
    subject,
    audience,
    ...tags,
  }
}

/** Condition keys are case-insensitive: a claim `SUB` must not overwrite the verified `sub`. */
const isShadow = (claims: OidcToken['claims'], name: string): boolean =>
  name !== name.toLowerCase() && Object.hasOwn(claims, name.toLowerCase())

/** The values of a claim as a condition key: of a text, number, boolean or a list of them; none for nested claims. */
function conditionValues(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.every((item) => ['string', 'number', 'boolean'].includes(typeof item)) ? values.map(String) : []
}
