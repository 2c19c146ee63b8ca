import { describe, expect, it } from 'vitest'
import { standardAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { deletionRefusal, updateRefusal } from './attribute-write-rules.ts'

const pool = (settings: Partial<UserPoolSettings> = {}): UserPoolSettings => ({
  Name: 'test',
  SchemaAttributes: [...standardAttributes],
  ...settings,
})
const client = { ClientName: 'app' }
const write = (settings: Partial<UserPoolSettings>, current: Record<string, string>, Name: string, Value: string) =>
  updateRefusal({ pool: pool(settings), client }, current, [{ Name, Value }])

describe('updateRefusal', () => {
  it('lets the last address of a user be replaced but not go, where addresses are names', () => {
    const byEmail = { UsernameAttributes: ['email' as const] }
    const current = { email: 'a@example.org' }
    expect(write(byEmail, current, 'email', 'b@example.org')).toBeUndefined()
    expect(write(byEmail, current, 'email', '')?.message).toMatch(/^Invalid user attributes: email/)
    expect(write({}, current, 'email', '')).toBeUndefined()
    const either = { UsernameAttributes: ['email' as const, 'phone_number' as const] }
    expect(write(either, { ...current, phone_number: '+1555' }, 'email', '')).toBeUndefined()
    expect(write(either, current, 'phone_number', '')).toBeUndefined()
  })

  it('refuses immutable attributes, set or not, except those that a challenge asks for', () => {
    const SchemaAttributes = [
      ...standardAttributes,
      { Name: 'custom:id', AttributeDataType: 'String' as const, Mutable: false },
    ]
    const refusal = { refused: 'InvalidParameterException', message: 'user.custom:id: Attribute cannot be updated.\n' }
    expect(write({ SchemaAttributes }, {}, 'custom:id', 'x')).toEqual(refusal)
    expect(write({ SchemaAttributes }, { 'custom:id': 'x' }, 'custom:id', 'y')).toEqual(refusal)
    const settings = { pool: pool({ SchemaAttributes }), client }
    const list = [{ Name: 'custom:id', Value: 'x' }]
    expect(updateRefusal(settings, {}, list, ['custom:id'])).toBeUndefined()
    expect(deletionRefusal(settings, {}, ['custom:id'])).toEqual(refusal)
  })
})

describe('deletionRefusal', () => {
  it('takes every name, set or not, but none that the schema lacks', () => {
    const settings = { pool: pool(), client }
    expect(deletionRefusal(settings, { name: 'Ann' }, ['name', 'nickname'])).toBeUndefined()
    for (const name of ['custom:none', 'constructor']) {
      expect(deletionRefusal(settings, {}, [name])?.message).toBe(
        `user.${name}: Attribute does not exist in the schema.\n`,
      )
    }
  })
})
