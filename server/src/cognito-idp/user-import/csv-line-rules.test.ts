import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fieldsOf } from './csv-line-rules.ts'

it.each([
  ['a,b,c', ['a', 'b', 'c']],
  ['', ['']],
  [',', ['', '']],
  [' a , b\t,c ', ['a', 'b', 'c']],
  ['a\\,b,c', ['a,b', 'c']],
  ['a\\,b\\,c', ['a,b,c']],
  ['\\,', [',']],
  ['a\\b,c\\', ['a\\b', 'c\\']],
  ['"a,b",c', ['a,b', 'c']],
  ['"a ""b"" c" , d', ['a "b" c', 'd']],
  ['"",""', ['', '']],
  ['"a\\",b', ['a\\', 'b']],
  ['a"b,c""', ['a"b', 'c""']],
  ["=cmd|' /C calc'!A0,+1,-1,@SUM(1)", ["=cmd|' /C calc'!A0", '+1', '-1', '@SUM(1)']],
])('%s', (line, fields) => {
  expect(fieldsOf(line)).toEqual({ fields })
})

it.each([
  ['"a,b', 'A quoted field is not closed.'],
  ['"a"",b', 'A quoted field is not closed.'],
  ['a,"', 'A quoted field is not closed.'],
  ['"a"b,c', 'A quoted field is followed by other characters.'],
])('%s is refused', (line, problem) => {
  expect(fieldsOf(line)).toEqual({ problem })
})

const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '').trim())

it('reads what is written with quotes, and what is written with backslashes', () => {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const escaped = (text: string) => text.replaceAll(',', '\\,')
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (fields) => {
      expect(fieldsOf(fields.map(quoted).join(','))).toEqual({ fields })
      const plain = fields.filter((text) => !text.startsWith('"') && !text.includes('\\'))
      if (plain.length > 0) expect(fieldsOf(plain.map(escaped).join(','))).toEqual({ fields: plain })
    }),
  )
})

it('ends for every text', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('"', ',', '\\', ' ', 'a') }), (line) => void fieldsOf(line)))
})
