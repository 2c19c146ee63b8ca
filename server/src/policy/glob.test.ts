import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter, anyText, compileGlob, type GlobPiece } from './glob.ts'

const pieces = (pattern: string): GlobPiece[] =>
  Array.from(pattern, (character) => (character === '*' ? anyText : character === '?' ? anyCharacter : character))

const matches = (pattern: string, text: string) => compileGlob(pieces(pattern))(text)

/** The definition, character by character; exponential, for short texts. */
function defined(pattern: readonly GlobPiece[], text: readonly string[]): boolean {
  const [piece, ...rest] = pattern
  if (piece === undefined) return text.length === 0
  if (piece === anyText) return defined(rest, text) || (text.length > 0 && defined(pattern, text.slice(1)))
  if (text.length === 0) return false
  return (piece === anyCharacter || piece === text[0]) && defined(rest, text.slice(1))
}

describe('compileGlob', () => {
  it('agrees with the definition', () => {
    const letters = fc.constantFrom('a', 'b', '😀', '*', '?')
    const pattern = fc.array(letters, { maxLength: 9 }).map((list) => list.join(''))
    const text = fc.array(fc.constantFrom('a', 'b', '😀', 'é'), { maxLength: 9 })
    fc.assert(
      fc.property(pattern, text, (pattern, text) => {
        expect(matches(pattern, text.join(''))).toBe(defined(pieces(pattern), text))
      }),
      { numRuns: 20_000 },
    )
  })

  it('agrees with the definition on long stretches', () => {
    // Longer than one word of bits.
    const stretch = fc.array(fc.constantFrom('a', 'b', '?'), { minLength: 17, maxLength: 100 })
    fc.assert(
      fc.property(
        stretch,
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 20 }),
        fc.boolean(),
        (stretch, lead, spoil) => {
          const text = stretch.map((character) => (character === '?' ? 'b' : character))
          const found = [...lead, ...text, 'x'].join('')
          const pattern = `*${stretch.join('')}*`
          const expression = new RegExp(stretch.join('').replaceAll('?', '[^]'))
          const spoiled = spoil ? found.replaceAll('a', 'b') : found
          expect(matches(pattern, spoiled)).toBe(expression.test(spoiled))
        },
      ),
      { numRuns: 3_000 },
    )
  })

  it('treats only symbols as wildcards', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (literal, text) => {
        expect(compileGlob([literal])(text)).toBe(literal === text)
        expect(compileGlob([literal, anyText])(text)).toBe(text.startsWith(literal))
        expect(compileGlob([anyText, literal])(text)).toBe(text.endsWith(literal))
        expect(compileGlob([anyText, literal, anyText])(text)).toBe(text.includes(literal))
      }),
    )
  })

  it('does not depend on how literal text is split into pieces', () => {
    expect(compileGlob(['a', '', 'b', anyText, '', anyText, 'c', 'd'])('abxcd')).toBe(true)
    expect(compileGlob(['', anyCharacter, ''])('x')).toBe(true)
    expect(compileGlob([])('')).toBe(true)
    expect(compileGlob([''])('a')).toBe(false)
  })

  const a = (count: number) => 'a'.repeat(count)
  const text = a(400_000)
  // Each is done in a moment; a matcher that backtracks does not end before the test is given up.
  it.each([
    ['a star before every letter', `${'*a'.repeat(20_000)}*b*`],
    ['a long stretch that fails at its end', `*${a(20_000)}b*`],
    ['a long stretch that fails at its start', `*b${a(20_000)}*`],
    ['question marks and letters', `*${'a?'.repeat(10_000)}b*`],
    ['question marks and stars', `${'?*'.repeat(20_000)}b*`],
    ['question marks', `*${'?'.repeat(20_000)}b*`],
    ['at the end', `*${a(20_000)}b`],
  ])('hostile patterns: %s', (_, pattern) => {
    expect(matches(pattern, text)).toBe(false)
  })
})
