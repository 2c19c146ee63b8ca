// Which tags a resource may carry. Pure. docs/reference/user-pools.md 18.6; lengths are in the contract.
import { limits } from '../limits.ts'

/** What is wrong with the tags that a resource is to have; undefined when nothing is. */
export function tagProblem(tags: Readonly<Record<string, string>>): string | undefined {
  const keys = Object.keys(tags)
  // The prefix is reserved in any case for tags that AWS sets itself.
  const reserved = keys.find((key) => key.toLowerCase().startsWith('aws:'))
  if (reserved !== undefined)
    return `Tag key '${reserved}' is not allowed: keys that begin with aws: are reserved for system use.`
  return keys.length > limits.tagsPerPool.max
    ? `A resource can not have more than ${limits.tagsPerPool.max} tags.`
    : undefined
}
