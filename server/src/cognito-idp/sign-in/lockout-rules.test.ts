import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { admitGuess, forgiveGuess, type GuessState, guessMattersUntil } from './lockout-rules.ts'

const START = 1_800_000_000_000
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Guesses `count` times at once; how many were evaluated, and the state after. */
function guessAtOnce(
  state: GuessState | undefined,
  count: number,
  now: number,
): { evaluated: number; state: GuessState | undefined } {
  let evaluated = 0
  for (let i = 0; i < count; i++) {
    const next = admitGuess(state, now)
    if (!next) continue
    evaluated++
    state = next
  }
  return { evaluated, state }
}

/** The lock after each failure, in seconds, for a guesser who always waits until it ends. */
function locks(failures: number): number[] {
  let now = START
  let state: GuessState | undefined
  return Array.from({ length: failures }, () => {
    state = admitGuess(state, now) as GuessState
    const lock = Math.max(0, state.lockedUntil - now)
    now += lock
    return lock / 1000
  })
}

describe('the lock', () => {
  it('begins with the fifth failure at one second and doubles up to fifteen minutes', () => {
    expect(locks(17)).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  })

  it('allows five of two hundred concurrent guesses', () => {
    expect(guessAtOnce(undefined, 200, START).evaluated).toBe(5)
  })

  it('does not grow by guesses that are made while it holds', () => {
    const { state } = guessAtOnce(undefined, 200, START)
    expect(state?.lockedUntil).toBe(START + 1000)
    expect(admitGuess(state, START + 999)).toBeUndefined()
    expect(admitGuess(state, START + 1000)).toBeDefined()
  })

  it('starts anew after a right password and after fifteen idle minutes', () => {
    const { state } = guessAtOnce(undefined, 5, START)
    expect(guessAtOnce(forgiveGuess(state as GuessState, START), 10, START).evaluated).toBe(5)
    expect(guessAtOnce(state, 10, START + 15 * MINUTE + 1000).evaluated).toBe(5)
    expect(guessAtOnce(state, 10, START + 14 * MINUTE).evaluated).toBe(1)
  })

  it('does not hold for ever when the clock is set back', () => {
    const { state } = guessAtOnce(undefined, 5, START)
    expect(admitGuess(state, START - DAY)).toBeDefined()
  })
})

describe('the bucket', () => {
  const strategies: [string, (evaluated: number) => { burst: number; rest: number }][] = [
    ['rests fifteen minutes after every five', () => ({ burst: 5, rest: 15 * MINUTE })],
    ['rests fifteen minutes after every twelve', () => ({ burst: 12, rest: 15 * MINUTE })],
    ['never rests', () => ({ burst: 1, rest: 1000 })],
  ]

  it.each(strategies)('gives a guesser who %s at most 200 in every 24 hours of a week', (_name, plan) => {
    let state: GuessState | undefined
    const times: number[] = []
    for (let now = START; now < START + 7 * DAY; ) {
      const { burst, rest } = plan(times.length)
      for (let i = 0; i < burst && now < START + 7 * DAY; i++) {
        const next = admitGuess(state, now)
        if (next) {
          times.push(now)
          state = next
          now = Math.max(now, next.lockedUntil)
        } else now += 1000
      }
      now += rest
    }
    const most = Math.max(
      ...times.map((time, first) => times.slice(first).filter((other) => other < time + DAY).length),
    )
    expect(most).toBeLessThanOrEqual(limits.guesses.max)
    expect(times.length).toBeGreaterThan(limits.guesses.max)
  })

  it('does not count a right guess', () => {
    let state: GuessState | undefined
    for (let i = 0; i < 1000; i++)
      state = forgiveGuess(admitGuess(state, START + i * 1000) as GuessState, START + i * 1000)
    expect(state?.used).toBe(0)
  })

  it('keeps what was used when a right password resets the lock', () => {
    let state: GuessState | undefined
    let evaluated = 0
    for (let round = 0; round < 100; round++) {
      const wrong = guessAtOnce(state, 4, START)
      evaluated += wrong.evaluated
      state = wrong.state && forgiveGuess(wrong.state, START)
      if (state) state = { ...state, used: state.used + 1 }
    }
    expect(evaluated).toBeLessThanOrEqual(limits.guesses.max / 2)
  })
})

describe('a state', () => {
  it.each([1, 4, 5, 9, 60])(
    'of %i failures means nothing when it no longer matters, and something before',
    (failures) => {
      let now = START
      let state: GuessState | undefined
      for (let i = 0; i < failures; i++) {
        state = admitGuess(state, now) as GuessState
        now = Math.max(now, state.lockedUntil)
      }
      const end = guessMattersUntil(state as GuessState)
      const [after, fresh] = [admitGuess(state, end), admitGuess(undefined, end)]
      expect(after).toEqual({ ...fresh, used: expect.closeTo(1, 9) })
      expect(admitGuess(state, end - 1000)).not.toEqual({ ...fresh, lastFailureAt: end - 1000 })
    },
  )

  it('of one guess matters for less than an hour', () => {
    expect(guessMattersUntil(admitGuess(undefined, START) as GuessState) - START).toBe(15 * MINUTE)
  })
})
