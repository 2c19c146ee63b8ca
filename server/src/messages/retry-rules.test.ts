import { describe, expect, test } from 'vitest'
import { pauseAfter } from '../jobs/back-off-rules.ts'
import { limits } from './limits.ts'
import { isOutOfDate, nextAttemptAt } from './retry-rules.ts'

const HOUR = 60 * 60 * 1000

describe('giving up', () => {
  const message = { createdAt: 0, attempts: 1, usefulForMs: undefined }

  test('does not happen after a first failure', () => {
    expect(nextAttemptAt(message, 1000, 0.5)).toBe(6_000)
  })

  test('happens after the last attempt', () => {
    const useful = { ...message, usefulForMs: 1000 * HOUR }
    expect(nextAttemptAt({ ...useful, attempts: limits.attempts.max - 1 }, 0, 0.5)).toBe(HOUR)
    expect(nextAttemptAt({ ...useful, attempts: limits.attempts.max }, 0, 0.5)).toBeUndefined()
  })

  test('the attempts of a message that always fails take about a day', () => {
    let time = 0
    for (let attempts = 1; attempts < limits.attempts.max; attempts++) time += pauseAfter(attempts, 0.5)
    expect(time / HOUR).toBeGreaterThan(20)
    expect(time / HOUR).toBeLessThan(28)
  })

  test('happens when the code would have expired by the next attempt', () => {
    expect(nextAttemptAt({ ...message, usefulForMs: 10_000 }, 4_999, 0.5)).toBe(9_999)
    expect(nextAttemptAt({ ...message, usefulForMs: 10_000 }, 5_000, 0.5)).toBeUndefined()
  })

  test('a message is out of date after a day, or after its useful time', () => {
    expect(isOutOfDate({ createdAt: 5, usefulForMs: undefined }, 24 * HOUR + 4)).toBe(false)
    expect(isOutOfDate({ createdAt: 5, usefulForMs: undefined }, 24 * HOUR + 5)).toBe(true)
    expect(isOutOfDate({ createdAt: 5, usefulForMs: HOUR }, HOUR + 4)).toBe(false)
    expect(isOutOfDate({ createdAt: 5, usefulForMs: HOUR }, HOUR + 5)).toBe(true)
  })
})
