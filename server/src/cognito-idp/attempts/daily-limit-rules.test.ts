import { expect, it } from 'vitest'
import { dailyCodes } from '../limits.ts'
import { countCode, type SentCodes, sentCodesMatterUntil } from './daily-limit-rules.ts'

const HOUR = 60 * 60 * 1000

it('limits the codes in any 24 hours, not in a calendar day', () => {
  let sent: SentCodes | undefined
  let allowed = 0
  // One try an hour for three days.
  for (let hour = 0; hour < 72; hour++) {
    const next = countCode(sent, 20, hour * HOUR)
    if (next) allowed++
    sent = next ?? sent
    expect(sent?.at.filter((at) => at > (hour - 24) * HOUR).length).toBeLessThanOrEqual(20)
  }
  expect(allowed).toBe(60)
})

it('refuses codes above the limit until a day after the oldest one', () => {
  const full = { at: [1000, 2000, 3000] }
  expect(countCode(full, 3, 4000)).toBeUndefined()
  expect(countCode(full, 3, 24 * HOUR + 999)).toBeUndefined()
  expect(countCode(full, 3, 24 * HOUR + 1000)).toEqual({ at: [2000, 3000, 24 * HOUR + 1000] })
  expect(countCode(undefined, 3, 5)).toEqual({ at: [5] })
})

it('ignores times far in the future, so that setting the clock back by hours locks no user out', () => {
  expect(countCode({ at: [HOUR, HOUR + 1] }, 2, 100)).toEqual({ at: [100] })
})

it('counts times a little in the future, so that setting the clock back by seconds resets no limit', () => {
  expect(countCode({ at: [9000, 9001] }, 2, 100)).toBeUndefined()
})

it('matters until its newest code is a day old', () => {
  const state = countCode({ at: [1000] }, 3, 5000) as SentCodes
  expect(sentCodesMatterUntil(state)).toBe(5000 + 24 * HOUR)
  expect(countCode(state, 1, sentCodesMatterUntil(state))).toEqual({ at: [sentCodesMatterUntil(state)] })
  expect(countCode(state, 1, sentCodesMatterUntil(state) - 1)).toBeUndefined()
})

it('counts the code of the sign-up itself', () => {
  expect(dailyCodes).toMatchObject({
    'sign-up': { max: 19 },
    'forgot-password': { max: 20 },
    'verify:email': { max: 20 },
  })
})
