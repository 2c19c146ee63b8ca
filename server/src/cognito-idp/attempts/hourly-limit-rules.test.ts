import { expect, it } from 'vitest'
import { countRequest, type Window, windowEnd } from './hourly-limit-rules.ts'

const HOUR = 60 * 60 * 1000

it('counts up to the limit and resets an hour after the first request', () => {
  let window: Window | undefined
  for (let i = 0; i < 3; i++) window = countRequest(window, 3, 1000 + i) as Window
  expect(window).toEqual({ startedAt: 1000, count: 3 })
  expect(countRequest(window, 3, 1000 + HOUR - 1)).toBeUndefined()
  expect(countRequest(window, 3, 1000 + HOUR)).toEqual({ startedAt: 1000 + HOUR, count: 1 })
})

it('matters until the hour is over, however late the last request came', () => {
  const window = countRequest({ startedAt: 1000, count: 1 }, 3, HOUR) as Window
  expect(windowEnd(window)).toBe(1000 + HOUR)
  expect(countRequest(window, 1, windowEnd(window))).toMatchObject({ count: 1 })
})

it('ignores a window far in the future, so that setting the clock back by hours locks no user out', () => {
  expect(countRequest({ startedAt: 2 * HOUR, count: 3 }, 3, 1000)).toEqual({ startedAt: 1000, count: 1 })
})

it('counts in a window a little in the future, so that setting the clock back by seconds resets no limit', () => {
  expect(countRequest({ startedAt: 5000, count: 3 }, 3, 1000)).toBeUndefined()
})
