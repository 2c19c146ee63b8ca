// The canonical form, and the dates in it.
import { describe, expect, test } from 'vitest'
import { date, now, sha256Hex, target } from '../../test/sigv4-requests.ts'
import { canonicalPath, canonicalQuery, stringToSign } from './canonical.ts'
import { formatBasicIso, parseBasicIso } from './date.ts'

describe('canonical form', () => {
  test.each([
    ['', '/'],
    ['/', '/'],
    ['//', '/'],
    ['/.', '/'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['/a/./b', '/a/b'],
    ['/a/../b', '/b'],
    ['/a//b/', '/a/b/'],
    ['/a/..', '/'],
    ['/a/../', '/'],
    ['/.../a', '/.../a'],
    ['/%2e%2e/a', '/%252e%252e/a'],
    ['/identitypools/us-east-1%3A1/datasets/my.data%3Aset', '/identitypools/us-east-1%253A1/datasets/my.data%253Aset'],
    ['/identitypools/us-east-1:1', '/identitypools/us-east-1%3A1'],
    ['/a b', '/a%20b'],
    ["/!'()*~", '/%21%27%28%29%2A~'],
    ['/é', '/%E9'],
  ])('path %s is %s', (path, canonical) => {
    expect(canonicalPath(path)).toBe(canonical)
  })

  test.each([
    ['', ''],
    ['b=2&a=1', 'a=1&b=2'],
    ['a=2&a=1', 'a=1&a=2'],
    ['a', 'a='],
    ['a=b=c', 'a=b%3Dc'],
    ['&&a=1&', 'a=1'],
    ['=x', '=x'],
    ['a=%7E%2f', 'a=~%2F'],
    ['a=%zz%', 'a=%25zz%25'],
    ['a=%ff', 'a=%FF'],
    ['a=%e1%88%b4', 'a=%E1%88%B4'],
    ['A=1&a=2&B=3', 'A=1&B=3&a=2'],
    ['a-b=1&a=2', 'a=2&a-b=1'],
    ['X-Amz-Signature=1&x=2', 'x=2'],
    ['x-amz-signature=1', 'x-amz-signature=1'],
  ])('query %s is %s', (query, canonical) => {
    expect(canonicalQuery(query)).toBe(canonical)
  })

  test('bytes are hashed as received', () => {
    const utf8 = Buffer.from('ü').toString('latin1')
    const text = stringToSign(date, { ...target, date: '20260107' }, utf8)
    expect(text.split('\n')[3]).toBe(sha256Hex('ü'))
  })

  test('dates', () => {
    expect(formatBasicIso(now + 999)).toBe(date)
    expect(parseBasicIso(date)).toBe(now)
    for (const text of ['00990101T000000Z', '20260107t090503Z', '20260107T096003Z', '20260107T090560Z']) {
      expect(parseBasicIso(text)).toBeUndefined()
    }
  })
})
