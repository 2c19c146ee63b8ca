// Tags of entities: keys are stored as given and compared without case
// (docs/reference/identity-pools-sts-iam-sync.md 15.5, 18.3).
import type { Tag } from './entity-types.ts'

const foldedKey = ({ Key }: Pick<Tag, 'Key'>): string => Key.toLowerCase()

/** Why tags of one request are refused. */
export function tagProblem(tags: readonly Tag[]): string | undefined {
  if (new Set(tags.map(foldedKey)).size < tags.length)
    return 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
  const reserved = tags.find((tag) => foldedKey(tag).startsWith('aws:'))
  return reserved && `The tag key ${reserved.Key} is reserved: keys that begin with aws: cannot be set.`
}

/** Adds tags; a tag replaces one with the same key, and its spelling of the key is kept. */
export function mergeTags(before: readonly Tag[], added: readonly Tag[]): Tag[] {
  const tags = new Map(before.map((tag) => [foldedKey(tag), tag]))
  for (const { Key, Value } of added) tags.set(Key.toLowerCase(), { Key, Value })
  return [...tags.values()]
}

/** Removes tags; unknown keys are ignored. */
export function withoutTags(before: readonly Tag[], keys: readonly string[]): Tag[] {
  const removed = new Set(keys.map((key) => key.toLowerCase()))
  return before.filter((tag) => !removed.has(foldedKey(tag)))
}
