import { expect, it } from 'vitest'
import { newClientSecret } from './client-secret-rules.ts'

it('secrets made in the same moment have ids of their own', () => {
  const one = newClientSecret('client', 'value', 1000)
  expect(one).toEqual({ id: 'client--1000', value: 'value', createdAt: 1000 })
  expect(newClientSecret('client', 'other', 1000, [one])).toEqual({
    id: 'client--1001',
    value: 'other',
    createdAt: 1000,
  })
})
