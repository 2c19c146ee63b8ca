import { expect, test } from 'vitest'
import { PURGE_MARGIN_MS as MARGIN, purgeHorizon, PURGE_STEP_MS as STEP } from './purge-rules.ts'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test('rows stay for the margin', () => {
  expect(purgeHorizon(undefined, NOW)).toBe(NOW - MARGIN)
  expect(purgeHorizon(NOW - MARGIN - MINUTE, NOW)).toBe(NOW - MARGIN)
})

test('a clock that is two days ahead for some minutes removes nothing that is needed when it is right again', () => {
  let horizon = purgeHorizon(undefined, NOW)
  for (let minute = 1; minute <= 3; minute++) horizon = purgeHorizon(horizon, NOW + 2 * DAY + minute * MINUTE)
  expect(horizon).toBeLessThan(NOW)
  expect(purgeHorizon(horizon, NOW + 4 * MINUTE)).toBe(NOW + 4 * MINUTE - MARGIN)
})

test('what expired while the server was stopped is purged step by step', () => {
  let horizon = purgeHorizon(undefined, NOW)
  let now = NOW + DAY
  let purges = 0
  do {
    horizon = purgeHorizon(horizon, now)
    purges++
    now += MINUTE
  } while (horizon < now - MINUTE - MARGIN)
  expect(purges).toBe(DAY / (STEP - MINUTE))
})
