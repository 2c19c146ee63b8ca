import { describe, expect, it } from 'vitest'
import { assuranceOf, couldGiveMore, wantedValues } from './assurance-rules.ts'

const mapping = { Level1: 'low', Level3: 'mid', Level4: 'high' }

describe('levels at a provider', () => {
  it.each([
    [[4, 3], 'high mid'],
    [[2], undefined],
    [[2, 1], 'low'],
    [[], undefined],
  ] as const)('%j are asked for by %s', (levels, values) => {
    expect(wantedValues(mapping, levels)).toBe(values)
    expect(wantedValues(undefined, levels)).toBeUndefined()
  })

  it.each([
    [{ acr: 'high' }, 4],
    [{ acr: 'mid' }, 3],
    [{ acr: 'unknown' }, 1],
    [{ acr: 'Level4' }, 1],
    [{ acr: ['high'] }, 1],
    [{}, 1],
  ])('%j is the level %i', (claims, level) => {
    expect(assuranceOf(mapping, claims).level).toBe(level)
    expect(assuranceOf(undefined, claims).level).toBe(1)
  })

  it.each([
    [
      ['pwd', 'otp', 'mfa'],
      ['pwd', 'otp', 'mfa'],
    ],
    [['pwd', 'face'], ['pwd']],
    [['face'], ['fed']],
    ['pwd', ['fed']],
    [undefined, ['fed']],
  ])('methods %j are %j', (amr, methods) => {
    expect(assuranceOf(mapping, { amr }).amr).toEqual(methods)
  })

  it.each([
    [[4], 1, true],
    [[4], 4, false],
    [[2], 1, false],
    [[2, 3], 1, true],
    [[3, 4], 3, false],
    [[1, 4], 1, false],
    [[], 1, false],
  ] as const)('for %j at level %i there is more to ask for: %s', (levels, reached, more) => {
    expect(couldGiveMore(mapping, levels, reached)).toBe(more)
    expect(couldGiveMore(undefined, levels, reached)).toBe(false)
  })
})
