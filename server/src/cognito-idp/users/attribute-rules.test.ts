import { describe, expect, it } from 'vitest'
import type { SchemaAttributeType } from '../../contract/cognito-idp.types.ts'
import { standardAttributes } from '../user-pools/attribute-schema.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import {
  attributeList,
  attributeProblem,
  attributesFromList,
  immutableForUserProblem,
  immutableProblem,
  lastSignInNameProblem,
  mergeAttributes,
  missingRequiredProblem,
  missingValueProblem,
  requiredDeletionProblem,
  sameAttributes,
  unknownAttributesProblem,
} from './attribute-rules.ts'

const custom: SchemaAttributeType[] = [
  { Name: 'custom:text', AttributeDataType: 'String', StringAttributeConstraints: { MinLength: '2', MaxLength: '4' } },
  { Name: 'custom:free', AttributeDataType: 'String' },
  {
    Name: 'custom:number',
    AttributeDataType: 'Number',
    NumberAttributeConstraints: { MinValue: '-1', MaxValue: '10' },
  },
  { Name: 'custom:flag', AttributeDataType: 'Boolean' },
  { Name: 'custom:date', AttributeDataType: 'DateTime' },
  { Name: 'custom:fixed', AttributeDataType: 'String', Mutable: false },
  { Name: 'dev:custom:level', AttributeDataType: 'String', Mutable: true, DeveloperOnlyAttribute: true },
]
const required = ['given_name', 'nickname']

const settings: UserPoolSettings = {
  Name: 'p',
  SchemaAttributes: [
    ...standardAttributes.map((attribute) => ({
      ...attribute,
      Required: attribute.Required || required.includes(attribute.Name as string),
    })),
    ...custom,
  ],
}

describe('attributesFromList and attributeList', () => {
  it('read a list, later entries winning, and write one with sub first', () => {
    const list = [{ Name: 'a', Value: '1' }, { Name: 'b' }, { Name: 'a', Value: '2' }]
    expect(attributesFromList(list)).toEqual({ a: '2', b: '' })
    expect(attributesFromList(undefined)).toEqual({})
    expect(attributeList({ sub: 's', attributes: { a: '2' }, identities: [] })).toEqual([
      { Name: 'sub', Value: 's' },
      { Name: 'a', Value: '2' },
    ])
  })

  it('ignore __proto__, and accept other names of members that every object has', () => {
    const read = attributesFromList([
      { Name: '__proto__', Value: 'x' },
      { Name: 'constructor', Value: 'y' },
    ])
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    expect(Object.hasOwn(read, 'constructor')).toBe(true)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

describe('attributeProblem', () => {
  it.each<[Record<string, string>]>([
    [{}],
    [{ name: 'x'.repeat(2048), email: 'a@b', phone_number: '+1', email_verified: 'TRUE', updated_at: '0' }],
    [{ 'custom:text': 'ab', 'custom:number': '10', 'custom:flag': 'False', 'dev:custom:level': 'x' }],
    [{ 'custom:text': '😀😀😀😀', 'custom:number': '-1.0', 'custom:date': '2026-01-31T10:00:00Z' }],
    [{ email: '', 'custom:number': '' }],
  ])('is nothing for %j', (attributes) => {
    expect(attributeProblem(settings, attributes, 'user')).toBeUndefined()
  })

  it.each([
    ['custom:none', 'x', 'Attribute does not exist in the schema.'],
    ['constructor', 'x', 'Attribute does not exist in the schema.'],
    ['text', 'x', 'Attribute does not exist in the schema.'],
    ['custom:text', 'a', 'String must be between 2 and 4 characters'],
    ['custom:text', 'abcde', 'String must be between 2 and 4 characters'],
    ['birthdate', '2000-01-1', 'String must be between 10 and 10 characters'],
    ['name', 'x'.repeat(2049), 'String must be shorter than 2048 characters'],
    ['custom:free', 'x'.repeat(2049), 'String must be shorter than 2048 characters'],
    ['custom:number', 'ten', 'Value is not a number'],
    ['custom:number', '0x10', 'Value is not a number'],
    ['custom:number', '11', 'Number must be less than or equal to 10'],
    ['custom:number', '-2', 'Number must be greater than or equal to -1'],
    ['custom:flag', 'yes', 'Boolean must be true or false'],
    ['custom:date', 'tomorrow', 'DateTime must be an ISO 8601 date'],
  ])('of %s = %j', (name, value, problem) => {
    const attributes = { nickname: 'N', [name]: value }
    const text = `Attributes did not conform to the schema: ${name}: ${problem}\n`
    expect(attributeProblem(settings, attributes, 'new user')).toBe(text)
    expect(attributeProblem(settings, attributes, 'user')).toBe(`user.${name}: ${problem}\n`)
  })

  it('has a line for each unknown name', () => {
    const names = { none: 'x', nickname: 'N', 'custom:none': '' }
    const lines = ['none', 'custom:none'].map((name) => `${name}: Attribute does not exist in the schema.\n`)
    expect(attributeProblem(settings, names, 'new user')).toBe(
      `Attributes did not conform to the schema: ${lines.join('')}`,
    )
    expect(attributeProblem(settings, names, 'user')).toBe(lines.map((line) => `user.${line}`).join(''))
  })

  it('has texts of its own for addresses and numbers', () => {
    expect(attributeProblem(settings, { email: 'x' }, 'user')).toBe('Invalid email address format.')
    expect(attributeProblem(settings, { phone_number: 'x' }, 'user')).toBe('Invalid phone number format.')
  })

  it('is a preferred username that could be the address of another user', () => {
    const aliases = { ...settings, AliasAttributes: ['email' as const, 'preferred_username' as const] }
    const text = 'Preferred username cannot be of email format, since user pool is configured for email alias.'
    for (const preferred_username of ['cfo@corp.com', 'cfo\uff20corp.com'])
      expect(attributeProblem(aliases, { preferred_username }, 'user')).toBe(text)
    for (const preferred_username of ['cfo', '+14325551212', ''])
      expect(attributeProblem(aliases, { preferred_username }, 'user')).toBeUndefined()
    for (const AliasAttributes of [undefined, ['email' as const], ['preferred_username' as const]])
      expect(
        attributeProblem({ ...settings, AliasAttributes }, { preferred_username: 'cfo@corp.com' }, 'user'),
      ).toBeUndefined()
  })
})

describe('what is missing, fixed or asked for', () => {
  it('missingValueProblem names the first attribute without a value; an empty one has one', () => {
    expect(missingValueProblem([{ Name: 'a', Value: '' }, { Name: 'b' }, { Name: 'c' }])).toBe(
      'Attribute value for b must not be null',
    )
    expect(missingValueProblem(undefined)).toBeUndefined()
  })

  it('missingRequiredProblem has a line for each, sub aside', () => {
    const text =
      'Attributes did not conform to the schema: given_name: The attribute is required\nnickname: The attribute is required\n'
    expect(missingRequiredProblem(settings, { nickname: '' })).toBe(text)
    expect(missingRequiredProblem(settings, {}, ['given_name', 'nickname'])).toBeUndefined()
    expect(missingRequiredProblem(settings, { given_name: 'a', nickname: 'b' })).toBeUndefined()
  })

  it('immutableProblem is about sub, and about what the user has already', () => {
    expect(immutableProblem(settings, {}, { sub: 'x' })).toBe('user.sub: Attribute cannot be updated.\n')
    expect(immutableProblem(settings, {}, { 'custom:fixed': 'x' })).toBeUndefined()
    const text = 'user.custom:fixed: Attribute cannot be updated.\n'
    expect(immutableProblem(settings, { 'custom:fixed': 'x' }, { name: 'n', 'custom:fixed': '' })).toBe(text)
  })

  it('immutableForUserProblem is about every immutable attribute, set or not, that no challenge asks for', () => {
    const text = 'user.custom:fixed: Attribute cannot be updated.\n'
    expect(immutableForUserProblem(settings, { name: 'n', 'custom:fixed': 'x' })).toBe(text)
    expect(immutableForUserProblem(settings, { 'custom:fixed': 'x' }, ['custom:fixed'])).toBeUndefined()
    expect(immutableForUserProblem(settings, { sub: 'x' }, ['sub'])).toBe('user.sub: Attribute cannot be updated.\n')
    expect(immutableForUserProblem(settings, { name: 'n' })).toBeUndefined()
  })

  it('requiredDeletionProblem names a required attribute', () => {
    const text = 'Invalid user attributes: nickname: Required attribute cannot be deleted.'
    expect(requiredDeletionProblem(settings, ['name', 'nickname'])).toBe(text)
    expect(requiredDeletionProblem(settings, ['name'])).toBeUndefined()
  })

  it('lastSignInNameProblem is about the last address of a user who is known by it', () => {
    const known = { ...settings, UsernameAttributes: ['email' as const, 'phone_number' as const] }
    const both = { email: 'a@b', phone_number: '+1' }
    expect(lastSignInNameProblem(known, both, { email: '' })).toBeUndefined()
    const text = 'Invalid user attributes: email: Required attribute cannot be deleted.'
    expect(lastSignInNameProblem(known, both, { email: '', phone_number: '' })).toBe(text)
    expect(lastSignInNameProblem(known, { email: 'a@b' }, { email: '' })).toBe(text)
    expect(lastSignInNameProblem(known, { email: 'a@b' }, { email: '', phone_number: '+1' })).toBeUndefined()
    expect(lastSignInNameProblem(settings, { email: 'a@b' }, { email: '' })).toBeUndefined()
  })

  it('unknownAttributesProblem is about names that no user can have', () => {
    expect(unknownAttributesProblem(settings, ['sub', 'email', 'custom:text', 'identities'])).toBeUndefined()
    const text = 'One or more requested attributes do not exist.'
    expect(unknownAttributesProblem(settings, ['email', 'custom:none'])).toBe(text)
  })
})

describe('mergeAttributes', () => {
  it('writes over, deletes what is empty, and keeps flags in lower case', () => {
    const current = { name: 'A', nickname: 'N', email: 'a@b' }
    expect(mergeAttributes(current, { name: 'B', nickname: '', email_verified: 'TRUE' })).toEqual({
      name: 'B',
      email: 'a@b',
      email_verified: 'true',
    })
  })

  it('deletes the verification flag with its address, and keeps none without an address', () => {
    const current = { email: 'a@b', email_verified: 'true' }
    expect(mergeAttributes(current, { email: '' })).toEqual({})
    expect(mergeAttributes({}, { phone_number_verified: 'true' })).toEqual({})
  })
})

describe('sameAttributes', () => {
  it('compares names and values, not their order', () => {
    expect(sameAttributes({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true)
    expect(sameAttributes({ a: '1' }, { a: '2' })).toBe(false)
    expect(sameAttributes({ a: '1' }, { a: '1', b: '2' })).toBe(false)
    expect(sameAttributes({ a: '1', b: '2' }, { a: '1' })).toBe(false)
    expect(sameAttributes({ a: '1' }, { b: '1' })).toBe(false)
  })
})
