// Session tags: those of the request and, in a chain of roles, the transitive ones of the caller's session
// (docs/reference/identity-pools-sts-iam-sync.md 15.5). Keys are compared without case and stored as given.
import { limits } from '../limits.ts'

export interface RequestedTags {
  /** Pairs as given: keys may repeat. */
  tags: readonly (readonly [key: string, value: string])[]
  transitiveTagKeys: readonly string[]
}

export interface SessionTags {
  tags?: Record<string, string>
  /** Keys of `tags` in lower case. */
  transitiveTagKeys?: string[]
}

/** Texts of InvalidParameterValue. */
export const tagProblems = {
  'duplicate-tags': 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  'unknown-transitive-tag': 'The specified transitive tag key must be included in the requested tags.',
  'inherited-tag':
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
} as const

export type TagRefusalReason = keyof typeof tagProblems

export const noTags: RequestedTags = { tags: [], transitiveTagKeys: [] }

/** The tags of a new session. `caller`: the session of the caller, if it has one. */
export function sessionTags(
  { tags, transitiveTagKeys }: RequestedTags,
  caller: Readonly<SessionTags> = {},
): SessionTags | { refused: TagRefusalReason } {
  const keys = new Set(tags.map(([key]) => key.toLowerCase()))
  if (keys.size < tags.length) return { refused: 'duplicate-tags' }
  const requested = new Set(transitiveTagKeys.map((key) => key.toLowerCase()))
  for (const key of requested) if (!keys.has(key)) return { refused: 'unknown-transitive-tag' }
  const inherited = new Set(caller.transitiveTagKeys)
  for (const key of inherited) if (keys.has(key)) return { refused: 'inherited-tag' }
  const all = [...Object.entries(caller.tags ?? {}).filter(([key]) => inherited.has(key.toLowerCase())), ...tags]
  const transitive = [...inherited, ...requested]
  return {
    // Object.fromEntries makes own members, also for keys such as `__proto__`.
    ...(all.length > 0 && { tags: Object.fromEntries(all) }),
    ...(transitive.length > 0 && { transitiveTagKeys: transitive }),
  }
}

const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u

/**
 * Whether tags from a token or an assertion meet the constraints that the contract sets for tags of a request
 * (docs/reference/identity-pools-sts-iam-sync.md 15.2).
 */
export const areValidTags = ({ tags, transitiveTagKeys }: RequestedTags): boolean =>
  tags.length <= limits.sessionTags.max &&
  transitiveTagKeys.length <= limits.sessionTags.max &&
  tags.every(([key, value]) => KEY.test(key) && VALUE.test(value)) &&
  transitiveTagKeys.every((key) => KEY.test(key))

/** Whether a RoleSessionName or SourceIdentity from an assertion or a token meets the constraints of the contract. */
export const isValidSessionName = (text: string): boolean => /^[\w+=,.@-]{2,64}$/.test(text)
