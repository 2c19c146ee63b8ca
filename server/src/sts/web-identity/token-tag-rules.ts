// Session tags and the source identity in a web identity token
// (docs/reference/identity-pools-sts-iam-sync.md 15.5): nested in one claim, or flattened for providers that can set
// plain claims only.
import { areValidTags, isValidSessionName, type RequestedTags } from '../sessions/session-tag-rules.ts'

const TAGS_CLAIM = 'https://aws.amazon.com/tags'
const FLAT_TAG_CLAIM = `${TAGS_CLAIM}/principal_tags/`
const FLAT_TRANSITIVE_CLAIM = `${TAGS_CLAIM}/transitive_tag_keys`
const SOURCE_IDENTITY_CLAIM = 'https://aws.amazon.com/source_identity'

export interface TokenTags {
  tags: Record<string, string>
  transitiveTagKeys: string[]
  sourceIdentity: string | undefined
}

/** Tags and source identity in the claims of a verified token; undefined when they are malformed or invalid. */
export function tagsOfClaims(claims: Readonly<Record<string, unknown>>): TokenTags | undefined {
  const nested = claims[TAGS_CLAIM]
  if (nested !== undefined && !isObject(nested)) return undefined
  const principalTags = nested?.['principal_tags'] ?? {}
  const transitive = nested?.['transitive_tag_keys'] ?? claims[FLAT_TRANSITIVE_CLAIM] ?? []
  if (!isObject(principalTags)) return undefined
  const flat = Object.entries(claims).flatMap(([name, value]) =>
    name.startsWith(FLAT_TAG_CLAIM) ? [[name.slice(FLAT_TAG_CLAIM.length), value] as const] : [],
  )
  const tags = [...Object.entries(principalTags), ...flat].map(([key, value]) => [key, single(value)] as const)
  const keys = typeof transitive === 'string' ? [transitive] : transitive
  const sourceIdentity = claims[SOURCE_IDENTITY_CLAIM]
  const read = { tags: tags as RequestedTags['tags'], transitiveTagKeys: keys as string[] }
  if (tags.some(([, value]) => value === undefined) || !isTexts(keys) || !areValidTags(read)) return undefined
  if (sourceIdentity !== undefined && !(typeof sourceIdentity === 'string' && isValidSessionName(sourceIdentity)))
    return undefined
  // A key in both forms is a duplicate. sessionTags refuses keys that differ in case alone.
  if (new Set(tags.map(([key]) => key)).size < tags.length) return undefined
  return { tags: Object.fromEntries(read.tags), transitiveTagKeys: keys, sourceIdentity }
}

/** The text, or the only text of a list: a session tag has a single value. */
function single(value: unknown): string | undefined {
  const only = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value
  return typeof only === 'string' ? only : undefined
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
