import { describe, expect, it } from 'vitest'
import { standardAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { signUpContact, updateAttributes, waitsForVerification } from './verification-rules.ts'

const pool = (settings: Partial<UserPoolSettings>): UserPoolSettings => ({
  Name: 'test',
  SchemaAttributes: [...standardAttributes],
  ...settings,
})
const contacts = { email: 'a@example.org', phone_number: '+1555' }

describe('signUpContact', () => {
  it.each([
    [['email', 'phone_number'], contacts, 'phone_number'],
    [['phone_number', 'email'], contacts, 'phone_number'],
    [['email'], contacts, 'email'],
    [['email', 'phone_number'], { email: 'a@example.org' }, 'email'],
    [['phone_number'], { email: 'a@example.org' }, undefined],
    [[], contacts, undefined],
    [undefined, contacts, undefined],
  ])('of a pool that verifies %j, for %j: %s', (AutoVerifiedAttributes, attributes, expected) => {
    expect(signUpContact(pool({ AutoVerifiedAttributes } as never), attributes)).toBe(expected)
  })
})

describe('waitsForVerification', () => {
  const UserAttributeUpdateSettings = { AttributesRequireVerificationBeforeUpdate: ['email' as const] }

  it('needs both settings of the pool', () => {
    expect(
      waitsForVerification(pool({ UserAttributeUpdateSettings, AutoVerifiedAttributes: ['email'] }), 'email'),
    ).toBe(true)
    expect(waitsForVerification(pool({ UserAttributeUpdateSettings }), 'email')).toBe(false)
    expect(waitsForVerification(pool({ AutoVerifiedAttributes: ['email'] }), 'email')).toBe(false)
    expect(
      waitsForVerification(
        pool({ UserAttributeUpdateSettings, AutoVerifiedAttributes: ['email', 'phone_number'] }),
        'phone_number',
      ),
    ).toBe(false)
  })
})

describe('updateAttributes', () => {
  const current = { email: 'a@example.org', email_verified: 'true', name: 'Ann' }

  it('takes a new address at once, unverified, without a code where the pool verifies nothing', () => {
    expect(updateAttributes(pool({}), current, { email: 'b@example.org' })).toEqual({
      attributes: { ...current, email: 'b@example.org', email_verified: 'false' },
      codes: [],
    })
  })

  it('asks for a code where the pool verifies', () => {
    const { codes } = updateAttributes(pool({ AutoVerifiedAttributes: ['email'] }), current, { email: 'b@example.org' })
    expect(codes).toEqual([{ attribute: 'email', value: 'b@example.org', pending: false }])
  })

  it('leaves a pending address out, and takes the rest', () => {
    const settings = pool({
      AutoVerifiedAttributes: ['email'],
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
    })
    expect(updateAttributes(settings, current, { email: 'b@example.org', name: 'Anne' })).toEqual({
      attributes: { ...current, name: 'Anne' },
      codes: [{ attribute: 'email', value: 'b@example.org', pending: true }],
    })
    // Deleting is no new value: there is nothing to verify.
    expect(updateAttributes(settings, current, { email: '' })).toEqual({ attributes: { name: 'Ann' }, codes: [] })
  })

  it('does nothing for the address that is there', () => {
    const settings = pool({ AutoVerifiedAttributes: ['email'] })
    expect(updateAttributes(settings, current, { email: 'a@example.org' })).toEqual({ attributes: current, codes: [] })
  })
})
