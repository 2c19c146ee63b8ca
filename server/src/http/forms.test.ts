import { expect, it } from 'vitest'
import { readParameters } from './forms.ts'

it('reads names and values, and tells repeated ones', () => {
  const read = readParameters('a=1&b=x%20y+z&a=2&&c&d=')
  expect([...(read ?? [])]).toEqual([
    ['a', '1'],
    ['b', 'x y z'],
    ['a', '2'],
    ['c', ''],
    ['d', ''],
  ])
  expect([read?.get('a'), read?.get('d'), read?.get('e'), read?.repeated()]).toEqual(['1', undefined, undefined, 'a'])
  expect(readParameters('a=1&b=2')?.repeated()).toBeUndefined()
  expect(readParameters(read?.toString() ?? '')?.toString()).toBe('a=1&b=x+y+z&a=2&c=&d=')
})

it.each(['%', 'a=%zz', 'a=%ff', '%c3=1'])('reads no text of %s', (text) => {
  expect(readParameters(text)).toBeUndefined()
})
