import { expect, it } from 'vitest'
import { samlDuration } from './time.ts'

it.each([
  ['PT6H', 6 * 3600_000],
  ['P1DT1H1M1.5S', 90_061_000],
  ['P1Y2M', (365 + 60) * 86_400_000],
  ['PT0S', 0],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['-PT1H', undefined],
  ['PT1H1D', undefined],
  ['1H', undefined],
  ['', undefined],
])('the duration %j has %s milliseconds', (text, ms) => {
  expect(samlDuration(text)).toBe(ms)
})
