import { expect, it } from 'vitest'
import { storedBirthdate } from './row-rules.ts'

it.each([
  ['02/29/2024', '2024-02-29'],
  ['1999-12-31', '1999-12-31'],
  ['02/30/2024', undefined],
  ['31/12/1999', undefined],
  ['2/1/1999', undefined],
  ['0000-00-00', undefined],
  ['yesterday', undefined],
])('a birthdate of %s', (text, stored) => {
  expect(storedBirthdate(text)).toBe(stored)
})
