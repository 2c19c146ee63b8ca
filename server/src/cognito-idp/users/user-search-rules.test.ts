import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newUser } from './new-user.ts'
import {
  firstAfterPrefix,
  keyRange,
  matchesFilter,
  SEARCH_KEY_LENGTH,
  searchKey,
  searchOf,
  searchRowOf,
  type UserFilter,
} from './user-search-rules.ts'
import type { StoredUser } from './user-store.ts'

const SUB = '34c84488-e0e1-40ae-92ee-991ad1a898c8'

const user = (attributes: Record<string, string>, more: Partial<StoredUser> = {}): StoredUser => ({
  ...newUser({ sub: SUB, userPoolId: 'us-east-1_x', username: 'Ann', status: 'FORCE_CHANGE_PASSWORD', attributes }, 0),
  ...more,
})

/** The order of the engines: bytes of UTF-8. */
const before = (one: string, other: string): boolean => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0

const inRange = (range: ReturnType<typeof keyRange>, key: string): boolean =>
  'equals' in range
    ? key === range.equals
    : !before(key, range.from) && (range.to === undefined || before(key, range.to))

const keysOf = (of: StoredUser) => Object.fromEntries(Object.entries(searchRowOf(of)).filter(([, key]) => key !== null))

describe('searchRowOf', () => {
  it('has a folded key for each searchable attribute that has a value', () => {
    const attributes = { email: 'Ann@Example.com', name: 'ANN', nickname: 'N', given_name: '', 'custom:x': 'X' }
    const own = { user_sub: SUB, user_pool_id: 'us-east-1_x' }
    expect(keysOf(user(attributes))).toEqual({ ...own, username: 'Ann', email: 'ann@example.com', name: 'ann' })
    expect(keysOf(user({ name: SUB }, { username: SUB }))).toEqual({ ...own, name: SUB })
  })

  it('cuts long values, never through a character, and replaces what engines would not keep', () => {
    expect(searchKey('name', 'x'.repeat(500))).toHaveLength(SEARCH_KEY_LENGTH)
    const cut = searchKey('name', `${'x'.repeat(SEARCH_KEY_LENGTH - 1)}😀`)
    expect(cut).toBe('x'.repeat(SEARCH_KEY_LENGTH - 1))
    expect(searchKey('name', 'a\0b\ud800c')).toBe('a\ufffdb\ufffdc')
  })
})

describe('matchesFilter', () => {
  it.each([
    ['email', 'equals', 'ANN@example.com', true],
    ['email', 'starts-with', 'ann@', true],
    ['email', 'equals', 'ann@', false],
    ['username', 'equals', 'Ann', true],
    ['username', 'equals', 'ann', false],
    ['username', 'starts-with', 'A', true],
    ['username', 'starts-with', 'a', false],
    ['status', 'equals', 'Enabled', true],
    ['status', 'equals', 'enabled', false],
    ['cognito:user_status', 'equals', 'Force_Change_Password', true],
    ['cognito:user_status', 'starts-with', 'force', true],
    ['sub', 'starts-with', '34c8', true],
    ['sub', 'starts-with', '34C8', false],
    ['name', 'starts-with', 'ΟΔΟΣ', true],
    ['name', 'equals', 'οδοσ Ανν', true],
    ['phone_number', 'starts-with', '', false],
    ['email', 'starts-with', '', true],
  ] as const)('%s %s %j: %s', (attribute, compare, value, expected) => {
    const ann = user({ email: 'Ann@Example.com', name: 'Οδος Ανν' })
    expect(matchesFilter(ann, { attribute, compare, value })).toBe(expected)
  })
})

describe('keyRange', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom('a', 'A', 'Σ', 'ς', 'σ', '\u{10ffff}', '\ud7ff', '\ue000', '😀', 'İ'),
      maxLength: 160,
    }),
  )

  it('holds the key of every value that fits, for each attribute and comparison', () => {
    const attribute = fc.constantFrom('name', 'username')
    fc.assert(
      fc.property(attribute, text, fc.nat(160), (name, value, length) => {
        const key = searchKey(name, value)
        const own = name === 'name' ? user({ name: value }) : user({}, { username: value })
        const whole = { attribute: name, compare: 'equals', value } as const
        expect(inRange(keyRange(whole), key)).toBe(true)
        const prefix = [...value].slice(0, length).join('')
        const begin = { attribute: name, compare: 'starts-with', value: prefix } as const
        if (matchesFilter(own, begin)) expect(inRange(keyRange(begin), key)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('holds no key that does not start like the prefix', () => {
    fc.assert(
      fc.property(text, text, (prefix, other) => {
        const range = keyRange({ attribute: 'username', compare: 'starts-with', value: prefix })
        const key = searchKey('username', other)
        if (inRange(range, key)) expect(key.startsWith(searchKey('username', prefix))).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('is everything for the empty prefix', () => {
    expect(keyRange({ attribute: 'name', compare: 'starts-with', value: '' })).toEqual({ from: '', to: undefined })
  })
})

describe('searchOf', () => {
  const everything = { from: '', to: undefined }
  const aliases = { Name: 'x', SchemaAttributes: [] }
  const subs = { ...aliases, UsernameAttributes: ['email' as const] }

  it.each<[UserFilter, ReturnType<typeof searchOf>]>([
    [
      { attribute: 'status', compare: 'equals', value: 'Enabled' },
      { column: 'enabled', range: { equals: '1' } },
    ],
    [
      { attribute: 'status', compare: 'starts-with', value: 'Dis' },
      { column: 'enabled', range: { equals: '0' } },
    ],
    [
      { attribute: 'status', compare: 'equals', value: 'enabled' },
      { column: 'enabled', range: { equals: '-1' } },
    ],
    [
      { attribute: 'status', compare: 'starts-with', value: '' },
      { column: 'user_sub', range: everything },
    ],
    [
      { attribute: 'cognito:user_status', compare: 'equals', value: 'confirmed' },
      { column: 'status', range: { equals: 'CONFIRMED' } },
    ],
    [
      { attribute: 'cognito:user_status', compare: 'starts-with', value: 'force' },
      { column: 'status', range: { from: 'FORCE', to: 'FORCF' } },
    ],
    [
      { attribute: 'sub', compare: 'equals', value: 'A' },
      { column: 'user_sub', range: { equals: 'A' } },
    ],
    [
      { attribute: 'username', compare: 'equals', value: 'A' },
      { column: 'username', range: { equals: 'A' } },
    ],
    [
      { attribute: 'email', compare: 'equals', value: 'A@x' },
      { column: 'email', range: { equals: 'a@x' } },
    ],
  ])('reads one range for %j', (filter, expected) => {
    expect(searchOf(aliases, filter)).toEqual(expected)
  })

  it('finds usernames that are subs as subs', () => {
    const filter = { attribute: 'username', compare: 'equals', value: SUB } as const
    expect(searchOf(subs, filter)).toEqual({ column: 'user_sub', range: { equals: SUB } })
  })

  it('searches usernames of federated users, which are no subs, among usernames', () => {
    const filter = { attribute: 'username', compare: 'starts-with', value: 'Google_1' } as const
    expect(searchOf(subs, filter)).toMatchObject({ column: 'username' })
  })
})

describe('firstAfterPrefix', () => {
  it.each([
    ['a', 'b'],
    ['az', 'a{'],
    ['a\u{10ffff}', 'b'],
    ['\u{10ffff}\u{10ffff}', undefined],
    ['', undefined],
    ['\ud7ff', '\ue000'],
    ['\uffff', '\u{10000}'],
  ])('%j: %j', (prefix, expected) => {
    expect(firstAfterPrefix(prefix)).toBe(expected)
  })
})
