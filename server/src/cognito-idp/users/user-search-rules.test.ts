import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  firstAfterPrefix,
  keyRange,
  matchesFilter,
  SEARCH_KEY_LENGTH,
  searchKey,
  searchKeysOf,
} from './user-search-rules.ts'
import type { StoredUser } from './user-store.ts'

const user = (attributes: Record<string, string>, more: Partial<StoredUser> = {}): StoredUser => ({
  sub: '34c84488-e0e1-40ae-92ee-991ad1a898c8',
  userPoolId: 'us-east-1_x',
  username: 'Ann',
  status: 'FORCE_CHANGE_PASSWORD',
  enabled: true,
  attributes,
  credential: '',
  credentialSetAt: 0,
  credentialHistory: '',
  tokenGeneration: 0,
  mfa: {},
  createdAt: 0,
  updatedAt: 0,
  version: 1,
  ...more,
})

/** The order of the engines: bytes of UTF-8. */
const before = (one: string, other: string): boolean => Buffer.compare(Buffer.from(one), Buffer.from(other)) < 0

const inRange = (range: ReturnType<typeof keyRange>, key: string): boolean =>
  'equals' in range
    ? key === range.equals
    : !before(key, range.from) && (range.to === undefined || before(key, range.to))

describe('searchKeysOf', () => {
  it('has a folded key for each searchable attribute that has a value', () => {
    const attributes = { email: 'Ann@Example.com', name: 'ANN', nickname: 'N', given_name: '', 'custom:x': 'X' }
    expect(Object.fromEntries(searchKeysOf(user(attributes)))).toEqual({
      username: 'Ann',
      status: 'Enabled',
      'cognito:user_status': 'force_change_password',
      email: 'ann@example.com',
      name: 'ann',
    })
    expect(searchKeysOf(user({}, { enabled: false })).get('status')).toBe('Disabled')
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
