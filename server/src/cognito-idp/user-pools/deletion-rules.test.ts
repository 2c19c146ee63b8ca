import { expect, it } from 'vitest'
import { deletionRefusal } from './deletion-rules.ts'
import { newPoolSettings } from './new-pool-settings.ts'

const plain = newPoolSettings({ PoolName: 'x' }, 'us-east-1')

it('a pool without protection and domain may be deleted', () => {
  expect(deletionRefusal(plain)).toBeUndefined()
})

it.each([{ Domain: 'prefix' }, { CustomDomain: 'auth.example.com' }])('a pool with %o may not', (domain) => {
  expect(deletionRefusal({ ...plain, ...domain })).toEqual({
    refused: 'InvalidParameterException',
    message: 'User pool cannot be deleted. It has a domain configured that should be deleted first.',
  })
})

it('a pool under protection may not', () => {
  expect(deletionRefusal({ ...plain, DeletionProtection: 'ACTIVE', Domain: 'prefix' })?.message).toMatch(
    /deletion protection/,
  )
})
