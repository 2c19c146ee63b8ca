import { expect, it } from 'vitest'
import type { Replica } from '../replicas/replica-settings.ts'
import { deletionRefusal } from './deletion-rules.ts'
import { newPoolSettings } from './new-pool-settings.ts'

const plain = newPoolSettings({ PoolName: 'x' }, 'us-east-1')
const refusal = (settings = plain, replicas: readonly Replica[] = []) => deletionRefusal({ settings, replicas })

it('a pool without protection and domain may be deleted', () => {
  expect(refusal()).toBeUndefined()
})

it.each([{ Domain: 'prefix' }, { CustomDomain: 'auth.example.com' }])('a pool with %o may not', (domain) => {
  expect(refusal({ ...plain, ...domain })).toEqual({
    refused: 'InvalidParameterException',
    message: 'User pool cannot be deleted. It has a domain configured that should be deleted first.',
  })
})

it('a pool under protection may not', () => {
  expect(refusal({ ...plain, DeletionProtection: 'ACTIVE', Domain: 'prefix' })?.message).toMatch(/deletion protection/)
})

it('a pool with a replica may not', () => {
  expect(refusal(plain, [{ region: 'eu-west-1', status: 'INACTIVE', tags: {} }])).toEqual({
    refused: 'InvalidParameterException',
    message: 'User pool cannot be deleted. It has a replica that should be deleted first.',
  })
})
