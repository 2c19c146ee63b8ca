// Tags of entities: keys are kept as they were written and told apart without case
// (docs/reference/identity-pools-sts-iam-sync.md 15.5, 18.3).
import type { Tag } from './entity-types.ts'

const folded = ({ Key }: Pick<Tag, 'Key'>): string => Key.toLowerCase()

/** What is wrong with tags in one request. */
export function tagProblem(tags: readonly Tag[]): string | undefined {
  if (new Set(tags.map(folded)).size < tags.length)
    return 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
  const reserved = tags.find((tag) => folded(tag).startsWith('aws:'))
  return reserved && `The tag key ${reserved.Key} is reserved: keys that begin with aws: cannot be set.`
}

/** Tags replace those of their keys; the spelling of the new one stays. */
export function mergeTags(before: readonly Tag[], added: readonly Tag[]): Tag[] {
  const tags = new Map(before.map((tag) => [folded(tag), tag]))
  for (const { Key, Value } of added) tags.set(Key.toLowerCase(), { Key, Value })
  return [...tags.values()]
}

/** Keys that are not there are passed over. */
export function withoutTags(before: readonly Tag[], keys: readonly string[]): Tag[] {
  const removed = new Set(keys.map((key) => key.toLowerCase()))
  return before.filter((tag) => !removed.has(folded(tag)))
}
