import { expect, test } from 'vitest'
import { limits } from './limits.ts'
import { ageOf, isAlive, wasMade } from './time-rules.ts'

const NOW = 1_800_000_000_000
const AHEAD = limits.clockAhead.max

test.each([
  ['made before', NOW - 1, true],
  ['made as far ahead as clocks may differ', NOW + AHEAD, true],
  ['made further ahead', NOW + AHEAD + 1, false],
])('%s', (_, madeAt, expected) => expect(wasMade(madeAt, NOW)).toBe(expected))

test.each([
  ['over', NOW, false],
  ['for one more moment', NOW + 1, true],
  ['for its whole life', NOW + 1000, true],
  ['for longer than its life', NOW + 1000 + AHEAD + 1, false],
])('alive %s', (_, expiresAt, expected) => expect(isAlive(expiresAt, 1000, NOW)).toBe(expected))

test('an age is never negative', () => {
  expect(ageOf(NOW - 5, NOW)).toBe(5)
  expect(ageOf(NOW + 5, NOW)).toBe(0)
})
