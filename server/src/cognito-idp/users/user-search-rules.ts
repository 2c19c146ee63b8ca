// What ListUsers can search, and the keys of its index: folded, cut, storable on every engine. Pure.
// docs/reference/user-pools.md 7.7. A key may stand for more values than one, so what the index finds is compared once
// more.
import type { StoredUser } from './user-store.ts'

/** Searchable attributes that are stored among the user's attributes. */
const SEARCHABLE = ['email', 'phone_number', 'name', 'given_name', 'family_name', 'preferred_username'] as const

/** Keys hold the first characters of a value (UTF-16 units). */
export const SEARCH_KEY_LENGTH = 128

/** Attributes whose search regards case. */
const REGARDS_CASE: ReadonlySet<string> = new Set(['username', 'status', 'sub'])

/** One condition of a filter. */
export interface UserFilter {
  readonly attribute: string
  readonly compare: 'equals' | 'starts-with'
  readonly value: string
}

/** A range of keys: one, or those from `from` on and before `to`. */
export type KeyRange = { readonly equals: string } | { readonly from: string; readonly to: string | undefined }

/** A value as its search compares it. Lower case without the one letter that has another form at the end of a word. */
const fold = (attribute: string, value: string): string =>
  REGARDS_CASE.has(attribute) ? value : value.toLowerCase().replaceAll('ς', 'σ')

/** The key of a value in the index: folded and cut between characters, without what an engine would not keep. */
export function searchKey(attribute: string, value: string): string {
  const cut = fold(attribute, value).slice(0, SEARCH_KEY_LENGTH)
  const whole = /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
  return whole.toWellFormed().replaceAll('\0', '\ufffd')
}

/** The value of a searchable attribute of a user, as filters see it; undefined when the user has none. */
function searchValue(user: StoredUser, attribute: string): string | undefined {
  if (attribute === 'username') return user.username
  if (attribute === 'sub') return user.sub
  if (attribute === 'cognito:user_status') return user.status
  if (attribute === 'status') return user.enabled ? 'Enabled' : 'Disabled'
  return user.attributes[attribute]
}

const indexed: readonly string[] = ['username', 'cognito:user_status', 'status', ...SEARCHABLE]

/** True for the attributes that a filter may name. `sub` is searched in the users table itself. */
export const isSearchable = (attribute: string): boolean => attribute === 'sub' || indexed.includes(attribute)

/** Every (attribute, key) of the index for a user. */
export function searchKeysOf(user: StoredUser): Map<string, string> {
  const keys = new Map<string, string>()
  for (const attribute of indexed) {
    const value = searchValue(user, attribute)
    if (value !== undefined && value !== '') keys.set(attribute, searchKey(attribute, value))
  }
  return keys
}

/** The keys of all values that fit the filter. */
export function keyRange({ attribute, compare, value }: UserFilter): KeyRange {
  const key = searchKey(attribute, value)
  // Beyond the length of a key, all that start alike have the same one.
  if (compare === 'equals' || fold(attribute, value).length > key.length) return { equals: key }
  return { from: key, to: firstAfterPrefix(key) }
}

/** True when the user fits the filter. */
export function matchesFilter(user: StoredUser, { attribute, compare, value }: UserFilter): boolean {
  const own = searchValue(user, attribute)
  if (own === undefined) return false
  const folded = fold(attribute, own)
  const wanted = fold(attribute, value)
  return compare === 'equals' ? folded === wanted : folded.startsWith(wanted)
}

const LAST_CODE_POINT = 0x10ffff

/** The first text, in the order of bytes, after all that start with `prefix`; undefined when there is none. */
export function firstAfterPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) as number)
  while (points.at(-1) === LAST_CODE_POINT) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  // What lies between the two is reserved for pairs and never stands in a text of its own.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}
