import { describe, expect, it } from 'vitest'
import { textsOf } from './texts.ts'

describe('claims as texts', () => {
  it.each([
    ['a text', 'as it is', 'as it is'],
    ['a number', 7, '7'],
    ['a flag', true, 'true'],
    ['an empty text', '', ''],
    ['a list', ['a', 'b'], '[a,b]'],
    ['an empty list', [], '[]'],
    ['a list with other characters', ['a b', 'c,d', 'é', 'x-y_z.*'], '[a+b,c%2Cd,%C3%A9,x-y_z.*]'],
    ['a list of numbers', [1, 2], '[1,2]'],
    ['an object', { street: 'x' }, '{"street":"x"}'],
  ])('has %s', (_what, value, text) => {
    expect(textsOf({ claim: value })).toEqual({ claim: text })
  })

  it('leaves out what has no value', () => {
    expect(textsOf({ none: null, absent: undefined, there: 'x' })).toEqual({ there: 'x' })
  })

  it('has no claim that an object has by itself', () => {
    expect(textsOf({})['constructor']).toBeUndefined()
    expect(Object.keys(textsOf(JSON.parse('{"__proto__":"x"}')))).toEqual(['__proto__'])
  })
})
