import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUserFilter } from './user-filter-rules.ts'

const SYNTAX = { refused: 'InvalidParameterException', message: 'Error while parsing filter.' }
const equals = (attribute: string, value: string) => ({ filter: { attribute, compare: 'equals', value } })
const startsWith = (attribute: string, value: string) => ({ filter: { attribute, compare: 'starts-with', value } })

const searchable = [
  'username',
  'email',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'preferred_username',
  'cognito:user_status',
  'status',
  'sub',
]

describe('parseUserFilter', () => {
  it.each([
    ['email = "a@example.com"', equals('email', 'a@example.com')],
    ['email="a@example.com"', equals('email', 'a@example.com')],
    ['"email"^="test"', startsWith('email', 'test')],
    ['  "given_name"\t^=\r\n"Jo"  ', startsWith('given_name', 'Jo')],
    ['cognito:user_status = "CONFIRMED"', equals('cognito:user_status', 'CONFIRMED')],
    [String.raw`name = "Ann \"the\" A"`, equals('name', 'Ann "the" A')],
    [String.raw`name = "back\\slash \n \\"`, equals('name', 'back\\slash \\n \\')],
    ['name = ""', equals('name', '')],
    ['name = "a = b"', equals('name', 'a = b')],
    ['username = " spaced "', equals('username', ' spaced ')],
    ['', { filter: undefined }],
    [' \t\n', { filter: undefined }],
  ])('reads %j', (text, expected) => {
    expect(parseUserFilter(text)).toEqual(expected)
  })

  it.each([
    'email',
    'email =',
    'email = x',
    "email = 'x'",
    'email = "x',
    'email = x"',
    'email ^ = "x"',
    'email == "x"',
    'email != "x"',
    'email > "x"',
    '= "x"',
    '"" = ',
    '"email = "x"',
    'email = "x" and name = "y"',
    'email = "x" "y"',
    'email = "x"; drop table users',
    String.raw`email = "x\"`,
    'é = "x"',
    '"x"',
    '\u00a0email = "x"',
    '\0',
  ])('refuses %j', (text) => {
    expect(parseUserFilter(text)).toEqual(SYNTAX)
  })

  it.each([
    ['gender = "x"', 'Invalid search attribute: gender'],
    ['Email = "x"', 'Invalid search attribute: Email'],
    ['__proto__ = "x"', 'Invalid search attribute: __proto__'],
    ['"" = "x"', 'Invalid search attribute: '],
    ['custom:x = "x"', 'Input fails to satisfy the constraints.'],
    ['"dev:custom:x" ^= "x"', 'Input fails to satisfy the constraints.'],
  ])('names what cannot be searched: %j', (text, message) => {
    expect(parseUserFilter(text)).toEqual({ refused: 'InvalidParameterException', message })
  })

  const blanks = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r') })

  it('reads back every condition that is written by its grammar', () => {
    const condition = fc.record({
      attribute: fc.constantFrom(...searchable),
      quoted: fc.boolean(),
      operator: fc.constantFrom('=', '^='),
      value: fc.string({ unit: 'binary' }),
      blanks: fc.array(blanks, { minLength: 4, maxLength: 4 }),
    })
    fc.assert(
      fc.property(condition, ({ attribute, quoted, operator, value, blanks: [before, first, second, after] }) => {
        const written = `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
        const name = quoted ? `"${attribute}"` : attribute
        const compare = operator === '=' ? 'equals' : 'starts-with'
        const text = `${before}${name}${first}${operator}${second}${written}${after}`
        expect(parseUserFilter(text)).toEqual({ filter: { attribute, compare, value } })
      }),
      { numRuns: 2000 },
    )
  })

  it('answers any text with a condition or one of its own problems, and throws nothing', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'email"\\=^ \t:cdev\0é😀'), maxLength: 40 })
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 256 }), nearly)
    const own =
      /^(Error while parsing filter\.|Input fails to satisfy the constraints\.|Invalid search attribute: .*)$/s
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseUserFilter(given)
        if ('refused' in parsed) expect(parsed.message).toMatch(own)
        else if (parsed.filter) expect(searchable).toContain(parsed.filter.attribute)
      }),
      { numRuns: 20_000 },
    )
  })

  // One step for each pair of characters would be a million times a million: the test would not end in its limit.
  it('takes steps linear in the text', () => {
    for (const text of [`email = "${'\\'.repeat(1e6)}`, ' '.repeat(1e6), `${'a'.repeat(1e6)} = `, '"'.repeat(1e6)]) {
      expect(parseUserFilter(text)).toHaveProperty(text.trim() === '' ? 'filter' : 'refused')
    }
  })
})
