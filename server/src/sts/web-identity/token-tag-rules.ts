// Session tags and the source identity that a web identity token carries
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

/** What the claims of a verified token say; undefined when they say it in a form that is none. */
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
  // The same key in both forms is one tag too many; sessionTags tells of those that differ in case alone.
  if (new Set(tags.map(([key]) => key)).size < tags.length) return undefined
  return { tags: Object.fromEntries(read.tags), transitiveTagKeys: keys, sourceIdentity }
}

/** A value, or a list of one: a session tag has a single value. */
function single(value: unknown): string | undefined {
  const one = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value
  return typeof one === 'string' ? one : undefined
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
