import { expect, it } from 'vitest'
import { checkRotation } from './rotation-rules.ts'

const now = 1_800_000_000_000
const ahead = (ms: number) => ({ generation: 3, rotatedAt: now + ms })
const family = { generation: 3, rotatedAt: now - 5000 }

it.each([
  ['a token before any rotation', 0, undefined, 0, 'current'],
  ['the current token', 3, family, 0, 'current'],
  ['the one before, within the grace period', 2, family, 10_000, 'retry'],
  ['the one before, after the grace period', 2, family, 5000, 'reused'],
  ['the one before, without grace', 2, family, 0, 'reused'],
  ['the one before, rotated a little ahead of the clock, without grace', 2, ahead(2000), 0, 'reused'],
  ['the one before, rotated a little ahead of the clock, with grace', 2, ahead(2000), 10_000, 'retry'],
  ['the one before, rotated far ahead of the clock', 2, ahead(600_000), 10_000, 'reused'],
  ['an older one, within the grace period', 1, family, 10_000, 'reused'],
  ['the first one, after rotations', 0, family, 10_000, 'reused'],
  ['one from the future (restored database)', 4, family, 10_000, 'reused'],
] as const)('%s', (_name, generation, current, graceMs, expected) => {
  expect(checkRotation(generation, current, graceMs, now)).toBe(expected)
})
