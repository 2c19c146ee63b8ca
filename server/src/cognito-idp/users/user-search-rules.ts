// What ListUsers can search, where, and by which keys: folded, cut, storable on every engine. Pure.
// docs/reference/user-pools.md 7.7. A key may stand for more values than one, so what an index finds is compared once
// more.
import type { Schema } from '../../database/schema.ts'
import { hasUsernameAttributes, type UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { StoredUser } from './user-store.ts'

/** What is searched in the table `user_search`, each in a column of its own. */
export const SEARCH_COLUMNS = [
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
] as const satisfies readonly (keyof Schema['user_search'])[]

type SearchColumn = (typeof SEARCH_COLUMNS)[number]

/** The column of an index that is read for a filter: of `user_search`, or (the last three) of `users`. */
export type SearchedColumn = SearchColumn | 'status' | 'enabled' | 'user_sub'

/** Length at which keys are truncated, in UTF-16 code units. */
export const SEARCH_KEY_LENGTH = 128

/** Attributes whose search is case-sensitive. */
const CASE_SENSITIVE: ReadonlySet<string> = new Set(['username', 'status', 'sub'])

/** One condition of a filter. */
export interface UserFilter {
  readonly attribute: string
  readonly compare: 'equals' | 'starts-with'
  readonly value: string
}

/** A range of keys: one, or those from `from` on and before `to`. */
export type KeyRange = { readonly equals: string } | { readonly from: string; readonly to: string | undefined }

/**
 * A value case-folded for comparison. Final sigma is replaced, as lower-casing makes it depend on the letter after it.
 */
const fold = (attribute: string, value: string): string =>
  CASE_SENSITIVE.has(attribute) ? value : value.toLowerCase().replaceAll('ς', 'σ')

/** The key of a value in the index: case-folded, truncated between characters, without characters an engine rejects. */
export const searchKey = (attribute: string, value: string): string => cutKey(fold(attribute, value))

function cutKey(folded: string): string {
  const cut = folded.slice(0, SEARCH_KEY_LENGTH)
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

const searchable: readonly string[] = ['sub', 'status', 'cognito:user_status', ...SEARCH_COLUMNS]

/** True for the attributes that a filter may name. */
export const isSearchable = (attribute: string): boolean => searchable.includes(attribute)

/** The row of a user in `user_search`. A username that is the sub has no key: it is searched by sub. */
export function searchRowOf(user: StoredUser): Schema['user_search'] {
  const keyOf = (column: SearchColumn): string | null => {
    const value = searchValue(user, column)
    return value === undefined || value === '' ? null : searchKey(column, value)
  }
  return {
    user_sub: user.sub,
    user_pool_id: user.userPoolId,
    username: user.username === user.sub ? null : keyOf('username'),
    email: keyOf('email'),
    phone_number: keyOf('phone_number'),
    name: keyOf('name'),
    given_name: keyOf('given_name'),
    family_name: keyOf('family_name'),
    preferred_username: keyOf('preferred_username'),
  }
}

/** The part of an index that contains all users that match a filter: a column and a range of its keys. */
export interface Search {
  readonly column: SearchedColumn
  readonly range: KeyRange
}

/** What to read for a filter: all users that match it, and perhaps others (see matchesFilter). */
export function searchOf(settings: UserPoolSettings, filter: UserFilter): Search {
  const { attribute, compare, value } = filter
  if (attribute === 'status') return searchOfEnabled(filter)
  // Stored in upper case.
  if (attribute === 'cognito:user_status')
    return { column: 'status', range: rangeOf(compare, fold(attribute, value).toUpperCase()) }
  // In pools with username attributes every username is a sub (nameNewUser), but for those of federated users, which
  // have an underscore. A prefix that ends before it and could be a sub's ("Face") finds subs alone.
  const isSub = hasUsernameAttributes(settings) && /^[0-9a-f-]*$/i.test(value)
  const bySub = attribute === 'sub' || (attribute === 'username' && isSub)
  return { column: bySub ? 'user_sub' : (attribute as SearchColumn), range: keyRange(filter) }
}

// The column `enabled` compared as text; '-1' matches no user, for a value that is neither Enabled nor Disabled.
function searchOfEnabled({ compare, value }: UserFilter): Search {
  const matches = (word: string): boolean => (compare === 'equals' ? word === value : word.startsWith(value))
  const [enabled, disabled] = [matches('Enabled'), matches('Disabled')]
  if (enabled && disabled) return { column: 'user_sub', range: { from: '', to: undefined } }
  return { column: 'enabled', range: { equals: enabled ? '1' : disabled ? '0' : '-1' } }
}

/** The range of keys that contains the keys of all values that match the filter. */
export const keyRange = ({ attribute, compare, value }: UserFilter): KeyRange =>
  rangeOf(compare, fold(attribute, value))

function rangeOf(compare: UserFilter['compare'], folded: string): KeyRange {
  const key = cutKey(folded)
  // A prefix longer than a key: all values that start with it have the same truncated key.
  if (compare === 'equals' || folded.length > key.length) return { equals: key }
  return { from: key, to: firstAfterPrefix(key) }
}

/** True when the user matches the filter, by the whole value and not by its truncated key. */
export function matchesFilter(user: StoredUser, { attribute, compare, value }: UserFilter): boolean {
  const stored = searchValue(user, attribute)
  if (stored === undefined) return false
  const folded = fold(attribute, stored)
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
  // U+D800 to U+DFFF are surrogates, which are no characters of their own.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}
