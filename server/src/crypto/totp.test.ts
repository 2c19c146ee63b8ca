import { describe, expect, it, test } from 'vitest'
import { CODES_AT_ONCE, fromBase32, stepOf, stepOfCode, toBase32, totpCode } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

// RFC 6238 appendix B, SHA-1; the codes of apps are the last six digits.
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('RFC 6238: the code at second %i is %s', (second, code) => {
  expect(totpCode(secret, stepOf(second * 1000), 8)).toBe(code)
  expect(totpCode(secret, stepOf(second * 1000))).toBe(code.slice(2))
})

// RFC 4226 appendix D.
test('RFC 4226: the codes of the first ten counters', () => {
  const codes = Array.from({ length: 10 }, (_, counter) => totpCode(secret, counter))
  expect(codes).toEqual('755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' '))
})

// RFC 4648 section 10, without padding.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('RFC 4648: %j is %j', (text, base32) => {
  expect(toBase32(Buffer.from(text))).toBe(base32)
  expect(fromBase32(base32).toString()).toBe(text)
})

describe('a code', () => {
  const now = 1_700_000_010_000

  it('is that of one step before, now, or one after, and of no other', () => {
    const accepted = [-3, -2, -1, 0, 1, 2, 3].filter(
      (away) => stepOfCode(secret, totpCode(secret, stepOf(now) + away), now) === stepOf(now) + away,
    )
    expect(accepted).toEqual([-1, 0, 1])
    expect(accepted).toHaveLength(CODES_AT_ONCE)
  })

  it('has exactly six digits', () => {
    const code = totpCode(secret, stepOf(now))
    for (const other of ['', code.slice(1), `${code}0`, ` ${code}`, 'abcdef'])
      expect(stepOfCode(secret, other, now)).toBeUndefined()
  })
})
