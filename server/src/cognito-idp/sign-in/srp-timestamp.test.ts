import { expect, it } from 'vitest'
import { timestampIsNear } from './srp-timestamp.ts'

const now = Date.UTC(2026, 0, 7, 9, 5, 3)

it.each([
  ['Wed Jan 7 09:05:03 UTC 2026', true],
  ['Wed Jan  7 09:05:03 UTC 2026', false],
  ['Wed Jan 07 09:05:03 UTC 2026', false],
  ['Thu Jan 7 09:05:03 UTC 2026', false],
  ['Wed Jan 7 08:65:03 UTC 2026', false],
  ['Wed Abc 7 09:05:03 UTC 2026', false],
  ['Thu Jan 8 09:05:03 UTC 2026', true],
  ['Thu Jan 8 09:05:04 UTC 2026', false],
  ['Tue Jan 7 09:05:03 UTC 2025', false],
  ['2026-01-07T09:05:03Z', false],
  ['', false],
  ['Wed Jan 7 09:05:03 UTC 2026\n', false],
])('%j is near: %s', (timestamp, expected) => {
  expect(timestampIsNear(timestamp, now)).toBe(expected)
})
