import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { encodeSegment, isPlainHost, plainPath } from './plain-path.ts'

describe('one reading, and one spelling for policies', () => {
  it.each([
    ['/', '/'],
    ['/a', '/a'],
    ['/a/b/', '/a/b/'],
    ['/a%20b', '/a%20b'],
    ['/a.b/..c', '/a.b/..c'],
    ['/~a_b-c', '/~a_b-c'],
    ['/%c3%a4', '/%C3%A4'],
    ['/us-east-1%3Aabc/ada%40x.example', '/us-east-1:abc/ada@x.example'],
    ['/us-east-1:abc/ada@x.example', '/us-east-1:abc/ada@x.example'],
    ['/%7b%22a%22%7D', '/%7B%22a%22%7D'],
    ['/a+b,c=%26', '/a+b,c=&'],
  ])('%s', (path, seen) => {
    expect(plainPath(path)).toBe(seen)
  })
})

describe('more than one reading', () => {
  it.each([
    // Dot segments and slashes, as they are and escaped.
    ...['/a/../b', '/./a', '//a', '/a//b', '/a/..', 'a', '', '/a%2fb', '/%2E%2e/a', '/a%5Cb', '/a\\b'],
    // Parameters of segments.
    ...['/public/..;/admin', '/public/..;a=b/admin', '/public/..%3b/admin', '/public/..%3B/admin', '/a;b', '/a/;/b'],
    // Escapes that are decoded twice, of another kind, or broken.
    ...['/public/%252e%252e/admin', '/a%252fb', '/a%25', '/a%u002e', '/a%', '/a%4', '/a%zz'],
    // No UTF-8: overlong forms, surrogates, Latin-1.
    ...['/%c0%ae%c0%ae/a', '/a%c0%afb', '/a%e0%80%af', '/%ed%a0%80', '/%e4', '/ä'],
    // What file systems drop, and what forms decode to a space.
    ...['/public/..%20/admin', '/public/%20../admin', '/.../a', '/a./b', '/a%20/b', '/..+/a', '/+/a'],
    // Control characters and what is invisible.
    ...['/a%00', '/a%0d%0ab', '/a%09', '/a%7f', '/a%e2%80%8b', '/a%e2%80%ae', '/a%ef%b8%8f', '/a%c2%ad'],
    // What becomes ASCII when it is normalised or put into a code page.
    ...['/%ef%bc%8e%ef%bc%8e/a', '/a%ef%bc%8fb', '/a%e2%80%a4', '/a%e2%81%84b', '/a%e2%88%95b', '/%ef%bd%81dmin'],
    // Two forms of the same letter.
    '/a%cc%88',
    // The end of a path, for some.
    ...['/public#/admin', '/a%23b', '/a%3fb', '/a?b'],
    // Characters that clients must escape.
    ...['/a b', '/a"b', '/a<b', '/a|b', '/a{b}', '/a[b]', '/a^b', '/a`b'],
  ])('%s', (path) => {
    expect(plainPath(path)).toBeUndefined()
  })

  test('of single octets: what needs no escape, separators, controls and halves of UTF-8', () => {
    const plain = ' !"$&\'()*+,:<=>@[]^`{|}'
    for (let byte = 0; byte < 256; byte++) {
      const hex = byte.toString(16).padStart(2, '0')
      const expected = plain.includes(String.fromCharCode(byte))
      for (const path of [`/a%${hex}b`, `/a%${hex.toUpperCase()}b`])
        expect([path, plainPath(path) !== undefined]).toEqual([path, expected])
    }
  })
})

test('whatever is accepted reads the same once and twice decoded, and normalised', () => {
  const piece = fc.oneof(
    fc.constantFrom('.', '..', ';', '%', '%2', '%2e', '%25', '%2f', '%3b', '%20', '%c0', '%ae', '/', '\\', '+', '%00'),
    fc.string({ maxLength: 4 }),
    fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => encodeURIComponent(text)),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = `/${pieces.join('')}`
      const seen = plainPath(path)
      if (seen === undefined) return
      expect(plainPath(seen)).toBe(seen)
      const read = decodeURIComponent(path)
      expect(decodeURIComponent(seen)).toBe(read)
      expect(decodeURIComponent(read)).toBe(read)
      expect(read.normalize('NFKC')).toBe(read)
      expect(read.split('/').length).toBe(path.split('/').length)
      expect(new URL(`http://h${path}`).pathname.split('/').length).toBe(path.split('/').length)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['ada', 'ada'],
  ['us-east-1:abc', 'us-east-1:abc'],
  ['ada x@example.com', 'ada%20x@example.com'],
  ['ä', '%C3%A4'],
  // None of these is a segment of a plain path.
  ['ada/orders', 'ada%2Forders'],
  ['%C3%A4', '%25C3%25A4'],
  ['\ud800', '%'],
])('%s as a segment', (text, segment) => {
  expect(encodeSegment(text)).toBe(segment)
})

it.each([
  ['shop.example.com', true],
  ['shop_1.example.com:8443', true],
  ['[::1]:80', true],
  ['a/b', false],
  ['a:b', false],
  ['a b', false],
  ['a,b', false],
  ['*', false],
  ['shop.example.com.', false],
  ['..', false],
  ['', false],
])('the host %s is nothing but a host: %s', (host, plain) => {
  expect(isPlainHost(host)).toBe(plain)
})
