import { expect, test } from 'vitest'
import { LEASE_MS, pauseAfter, renewalPause } from './back-off-rules.ts'

const HOUR = 60 * 60 * 1000

test('pauses double from five seconds to an hour', () => {
  expect([1, 2, 3, 10, 11, 31].map((attempts) => pauseAfter(attempts, 0.5))).toEqual([
    5_000,
    10_000,
    20_000,
    2_560_000,
    HOUR,
    HOUR,
  ])
})

test('jitter changes a pause by at most 25 % either way', () => {
  expect(pauseAfter(1, 0)).toBe(3_750)
  expect(pauseAfter(1, 0.999999)).toBe(6_250)
})

test('a lease is renewed well before it expires', () => {
  expect(renewalPause(LEASE_MS)).toBeLessThan(LEASE_MS / 3)
})
