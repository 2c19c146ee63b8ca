import { describe, expect, test } from 'vitest'
import { areValidTags, isValidSessionName, noTags, sessionTags } from './session-tag-rules.ts'

const pairs = (tags: Record<string, string>) => Object.entries(tags)
const ask = (tags: Record<string, string>, transitiveTagKeys: string[] = []) => ({
  tags: pairs(tags),
  transitiveTagKeys,
})

describe('sessionTags', () => {
  test('without tags, without a calling session', () => {
    expect(sessionTags(noTags)).toEqual({})
    expect(sessionTags(noTags, { tags: { a: 'b' } })).toEqual({})
  })

  test('keeps the case of keys; transitive ones are compared without case', () => {
    expect(sessionTags(ask({ Team: 'blue', unit: '' }, ['TEAM', 'team']))).toEqual({
      tags: { Team: 'blue', unit: '' },
      transitiveTagKeys: ['team'],
    })
  })

  test('a chain passes on transitive tags only', () => {
    const caller = { tags: { Team: 'blue', Unit: 'x' }, transitiveTagKeys: ['team'] }
    expect(sessionTags(noTags, caller)).toEqual({ tags: { Team: 'blue' }, transitiveTagKeys: ['team'] })
    expect(sessionTags(ask({ unit: 'y', more: 'z' }, ['more']), caller)).toEqual({
      tags: { Team: 'blue', unit: 'y', more: 'z' },
      transitiveTagKeys: ['team', 'more'],
    })
  })

  test.each([
    ['duplicate-tags', { tags: pairs({ Team: 'a', team: 'b' }), transitiveTagKeys: [] }, undefined],
    ['unknown-transitive-tag', ask({ Team: 'a' }, ['unit']), undefined],
    ['inherited-tag', ask({ TEAM: 'red' }), { tags: { Team: 'blue' }, transitiveTagKeys: ['team'] }],
    ['inherited-tag', ask({ TEAM: 'red' }, ['team']), { tags: { Team: 'blue' }, transitiveTagKeys: ['team'] }],
  ])('%s', (refused, requested, caller) => {
    expect(sessionTags(requested, caller)).toEqual({ refused })
  })

  test('a key twice in the same case is a duplicate as well', () => {
    const tags: [string, string][] = [
      ['a', 'b'],
      ['a', 'c'],
    ]
    expect(sessionTags({ tags, transitiveTagKeys: [] })).toEqual({ refused: 'duplicate-tags' })
  })

  test('accepts tag keys such as __proto__', () => {
    const answer = sessionTags({ tags: [['__proto__', 'x']], transitiveTagKeys: ['__proto__'] })
    expect(JSON.stringify(answer)).toBe('{"tags":{"__proto__":"x"},"transitiveTagKeys":["__proto__"]}')
    const handedOn = sessionTags(noTags, JSON.parse(JSON.stringify(answer)))
    expect(JSON.stringify(handedOn)).toBe(JSON.stringify(answer))
  })
})

test('areValidTags', () => {
  const valid = (tags: [string, string][], transitiveTagKeys: string[] = []) =>
    areValidTags({ tags, transitiveTagKeys })
  expect(valid([['Größe 1', 'a_.:/=+-@']])).toBe(true)
  expect(valid([['a', '']], ['a'])).toBe(true)
  expect(valid([['a*', 'b']])).toBe(false)
  expect(valid([['a', 'b'.repeat(257)]])).toBe(false)
  expect(valid([['a'.repeat(129), 'b']])).toBe(false)
  expect(valid([['a', 'b\n']])).toBe(false)
  expect(valid([], ['a*'])).toBe(false)
  expect(valid(Array.from({ length: 51 }, (_, n) => [`k${n}`, '']))).toBe(false)
  expect(valid(Array.from({ length: 50 }, (_, n) => [`k${n}`, '']))).toBe(true)
})

test('isValidSessionName', () => {
  for (const name of ['ab', 'a@b.example', 'x'.repeat(64), 'a+=,.@-_9']) expect(isValidSessionName(name)).toBe(true)
  for (const name of ['a', '', 'x'.repeat(65), 'a b', 'a:b', 'ab\n', 'grüße'])
    expect(isValidSessionName(name)).toBe(false)
})
