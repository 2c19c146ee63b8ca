// Whom the verified token of an OIDC provider names (docs/reference/identity-pools-sts-iam-sync.md 15.3, 16.5).
import { tagsOfClaims } from './token-tag-rules.ts'
import type { WebIdentity } from './web-identity.ts'

/** A verified token, as far as it counts here. */
export interface OidcToken {
  claims: Readonly<Record<string, unknown>>
  subject: string
  audiences: readonly string[]
  authorizedParty?: string | undefined
}

export interface KnownProvider {
  /** As trust policies name it. */
  principal: string
  /** Host and path: condition keys begin with it. */
  url: string
  clientIds: readonly string[]
}

/** `audience`: not for a client that the provider has. `tags`: tags or a source identity that no session can have. */
export function oidcIdentity(
  { claims, subject, audiences, authorizedParty }: OidcToken,
  { principal, url, clientIds }: KnownProvider,
): WebIdentity | { refused: 'audience' | 'tags' } {
  // Where a token says to whom it was issued, that counts as its audience.
  const named = authorizedParty === undefined ? audiences : [authorizedParty]
  const ours = named.filter((audience) => clientIds.includes(audience))
  const [audience] = ours
  if (audience === undefined) return { refused: 'audience' }
  const tags = tagsOfClaims(claims)
  if (!tags) return { refused: 'tags' }
  const keys = Object.entries(claims).flatMap(([name, value]) => {
    const texts = conditionValues(value)
    return texts.length === 0 || isShadow(claims, name) ? [] : [[`${url}:${name}`, texts] as const]
  })
  return {
    federatedPrincipal: principal,
    keys: { ...Object.fromEntries(keys), [`${url}:sub`]: [subject], [`${url}:aud`]: ours },
    subject,
    audience,
    ...tags,
  }
}

/** Keys have no case: a claim `SUB` must not stand for the one that the provider vouches for. */
const isShadow = (claims: OidcToken['claims'], name: string): boolean =>
  name !== name.toLowerCase() && Object.hasOwn(claims, name.toLowerCase())

/** Texts, numbers, booleans and lists of them are condition keys; what is nested is not. */
function conditionValues(value: unknown): string[] {
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.every((one) => ['string', 'number', 'boolean'].includes(typeof one)) ? values.map(String) : []
}
