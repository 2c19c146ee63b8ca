import { describe, expect, test } from 'vitest'
import { tagsOfClaims } from './token-tag-rules.ts'

const TAGS = 'https://aws.amazon.com/tags'
const none = { tags: {}, transitiveTagKeys: [], sourceIdentity: undefined }

describe('tagsOfClaims', () => {
  test('a token without tags has none', () => {
    expect(tagsOfClaims({ sub: 'ada', tags: { a: 'b' } })).toEqual(none)
    expect(tagsOfClaims({ [TAGS]: {} })).toEqual(none)
  })

  test('reads the nested claim', () => {
    const claim = {
      principal_tags: { Team: ['blue'], 'cost center': 'a/b', empty: [''] },
      transitive_tag_keys: ['Team'],
    }
    expect(tagsOfClaims({ [TAGS]: claim })).toEqual({
      tags: { Team: 'blue', 'cost center': 'a/b', empty: '' },
      transitiveTagKeys: ['Team'],
      sourceIdentity: undefined,
    })
  })

  test('reads the flattened claims', () => {
    const claims = {
      [`${TAGS}/principal_tags/Team`]: 'blue',
      [`${TAGS}/principal_tags/Unit`]: ['x'],
      [`${TAGS}/transitive_tag_keys`]: ['Unit'],
    }
    expect(tagsOfClaims(claims)).toEqual({
      tags: { Team: 'blue', Unit: 'x' },
      transitiveTagKeys: ['Unit'],
      sourceIdentity: undefined,
    })
    expect(tagsOfClaims({ ...claims, [`${TAGS}/transitive_tag_keys`]: 'Team' })?.transitiveTagKeys).toEqual(['Team'])
  })

  test('reads the source identity', () => {
    expect(tagsOfClaims({ 'https://aws.amazon.com/source_identity': 'ada' })?.sourceIdentity).toBe('ada')
  })

  test('accepts tag keys such as __proto__', () => {
    const claims = JSON.parse(`{"${TAGS}":{"principal_tags":{"__proto__":["x"],"constructor":"y"}}}`)
    const tags = tagsOfClaims(claims)?.tags ?? {}
    expect(Object.entries(tags)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
  })

  test.each([
    ['a claim that is no object', { [TAGS]: 'blue' }],
    ['a claim that is a list', { [TAGS]: [] }],
    ['tags that are a list', { [TAGS]: { principal_tags: [] } }],
    ['several values', { [TAGS]: { principal_tags: { a: ['b', 'c'] } } }],
    ['no value', { [TAGS]: { principal_tags: { a: [] } } }],
    ['a number', { [TAGS]: { principal_tags: { a: [1] } } }],
    ['transitive keys that are no texts', { [TAGS]: { transitive_tag_keys: [1] } }],
    ['transitive keys that are no list', { [TAGS]: { transitive_tag_keys: {} } }],
    ['a key that no request may hold', { [TAGS]: { principal_tags: { 'a"b': ['c'] } } }],
    ['an empty key', { [TAGS]: { principal_tags: { '': ['c'] } } }],
    ['a value that is too long', { [TAGS]: { principal_tags: { a: ['x'.repeat(257)] } } }],
    [
      'too many',
      { [TAGS]: { principal_tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, 'v'])) } },
    ],
    ['one key in both forms', { [TAGS]: { principal_tags: { a: 'b' } }, [`${TAGS}/principal_tags/a`]: 'c' }],
    ['a source identity with blanks', { 'https://aws.amazon.com/source_identity': 'a b' }],
    ['a source identity that is a list', { 'https://aws.amazon.com/source_identity': ['ada'] }],
  ])('undefined for %s', (_title, claims) => {
    expect(tagsOfClaims(claims)).toBeUndefined()
  })
})
