import { describe, expect, it } from 'vitest'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { adminUpdate } from './admin-update-rules.ts'

const settings = (more: Partial<UserPoolSettings>): UserPoolSettings => ({ Name: 'p', SchemaAttributes: [], ...more })
const plain = settings({})
const verifying = settings({ AutoVerifiedAttributes: ['email'] })
const waiting = settings({
  AutoVerifiedAttributes: ['email'],
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
})
const current = { email: 'a@x', email_verified: 'true', name: 'A' }

describe('adminUpdate', () => {
  it('merges plain changes and leaves addresses alone', () => {
    expect(adminUpdate(verifying, current, { name: 'B', nickname: 'N' })).toEqual({
      attributes: { ...current, name: 'B', nickname: 'N' },
      codes: [],
      replaced: [],
    })
  })

  it.each([
    ['sends nothing where nothing is verified', plain, { email: 'b@x' }, 'false', []],
    ['sends a code', verifying, { email: 'b@x' }, 'false', [{ attribute: 'email', value: 'b@x', pending: false }]],
    [
      'sends a code when it is said to be unverified',
      verifying,
      { email: 'b@x', email_verified: 'false' },
      'false',
      [{ attribute: 'email', value: 'b@x', pending: false }],
    ],
    ['believes that it is verified', verifying, { email: 'b@x', email_verified: 'True' }, 'true', []],
    ['believes it where it would wait', waiting, { email: 'b@x', email_verified: 'true' }, 'true', []],
  ] as const)('of a new address %s', (_title, pool, changes, flag, codes) => {
    expect(adminUpdate(pool, current, changes)).toEqual({
      attributes: { email: 'b@x', email_verified: flag, name: 'A' },
      codes,
      replaced: ['email'],
    })
  })

  it.each<Record<string, string>>([{ email: 'b@x' }, { email: 'b@x', email_verified: 'false' }])(
    'lets %j wait',
    (changes) => {
      const codes = [{ attribute: 'email', value: 'b@x', pending: true }]
      expect(adminUpdate(waiting, current, changes)).toEqual({ attributes: current, codes, replaced: [] })
    },
  )

  it('takes a flag alone as it is', () => {
    const { attributes, codes } = adminUpdate(waiting, current, { email_verified: 'false' })
    expect({ attributes, codes }).toEqual({ attributes: { ...current, email_verified: 'false' }, codes: [] })
  })

  it('sends nothing to the address that is there already, and can verify it', () => {
    const unverified = { email: 'a@x', email_verified: 'false' }
    expect(adminUpdate(verifying, unverified, { email: 'a@x' })).toMatchObject({ attributes: unverified, codes: [] })
    const marked = adminUpdate(verifying, unverified, { email: 'a@x', email_verified: 'true' })
    expect(marked).toEqual({ attributes: { email: 'a@x', email_verified: 'true' }, codes: [], replaced: [] })
  })

  it('deletes an address with its flag', () => {
    const changes = { email: '', email_verified: 'true' }
    expect(adminUpdate(waiting, current, changes)).toEqual({
      attributes: { name: 'A' },
      codes: [],
      replaced: ['email'],
    })
  })
})
