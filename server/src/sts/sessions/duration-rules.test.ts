import { describe, expect, test } from 'vitest'
import { ownSessionSeconds, roleSessionSeconds } from './duration-rules.ts'

describe('roleSessionSeconds', () => {
  test.each([
    [undefined, 3600, false, 3600],
    [undefined, 43_200, false, 3600],
    [900, 3600, false, 900],
    [43_200, 43_200, false, 43_200],
    [3601, 3600, false, { refused: 'duration' }],
    [undefined, 43_200, true, 3600],
    [3600, 43_200, true, 3600],
    // Whatever the role allows, and before it says what that is.
    [3601, 43_200, true, { refused: 'chained-duration' }],
    [3601, 3600, true, { refused: 'chained-duration' }],
  ])('%s of at most %s, chained %s: %s', (requested, maxSessionSeconds, chained, expected) => {
    expect(roleSessionSeconds(requested, { maxSessionSeconds, chained })).toEqual(expected)
  })
})

test('ownSessionSeconds', () => {
  expect(ownSessionSeconds(undefined, false)).toBe(43_200)
  expect(ownSessionSeconds(129_600, false)).toBe(129_600)
  expect(ownSessionSeconds(900, false)).toBe(900)
  expect(ownSessionSeconds(undefined, true)).toBe(3600)
  expect(ownSessionSeconds(129_600, true)).toBe(3600)
  expect(ownSessionSeconds(900, true)).toBe(900)
})
