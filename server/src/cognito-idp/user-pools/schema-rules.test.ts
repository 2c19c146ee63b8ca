import { describe, expect, it } from 'vitest'
import type { SchemaAttributeType } from '../../contract/cognito-idp.types.ts'
import { standardAttributes } from './attribute-schema.ts'
import { additionRefusal, customAttribute, mergeSchema, schemaRefusal } from './schema-rules.ts'

const custom = (Name: string, more: Partial<SchemaAttributeType> = {}): SchemaAttributeType => ({
  Name,
  AttributeDataType: 'String',
  ...more,
})
const find = (schema: readonly SchemaAttributeType[], name: string) => schema.find(({ Name }) => Name === name)

describe('the schema of a new pool', () => {
  it('is the standard one when nothing is sent', () => {
    expect(mergeSchema([])).toEqual(standardAttributes)
  })

  it('changes what standard attributes are sent with, and keeps the rest of them', () => {
    const schema = mergeSchema([
      { Name: 'email', Required: true },
      { Name: 'birthdate', Mutable: false },
      {
        Name: 'website',
        StringAttributeConstraints: { MaxLength: '99' },
        NumberAttributeConstraints: { MinValue: '1' },
      },
      { Name: 'updated_at', NumberAttributeConstraints: { MaxValue: '9' } },
    ])
    expect(find(schema, 'email')).toMatchObject({ Required: true, Mutable: true })
    expect(find(schema, 'birthdate')).toMatchObject({
      Required: false,
      Mutable: false,
      StringAttributeConstraints: { MinLength: '10', MaxLength: '10' },
    })
    expect(find(schema, 'website')?.StringAttributeConstraints).toEqual({ MinLength: '0', MaxLength: '99' })
    expect(find(schema, 'website')).not.toHaveProperty('NumberAttributeConstraints')
    expect(find(schema, 'updated_at')?.NumberAttributeConstraints).toEqual({ MinValue: '0', MaxValue: '9' })
    expect(schema).toHaveLength(standardAttributes.length)
  })

  it('keeps sub as the server needs it', () => {
    const schema = mergeSchema([{ Name: 'sub', Mutable: true, Required: false }])
    expect(find(schema, 'sub')).toMatchObject({ Mutable: false, Required: true })
  })

  it('has custom attributes last, prefixed, in their order', () => {
    const schema = mergeSchema([
      custom('b'),
      { Name: 'email', Required: true },
      custom('a', { DeveloperOnlyAttribute: true }),
    ])
    expect(schema.slice(standardAttributes.length).map(({ Name }) => Name)).toEqual(['custom:b', 'dev:custom:a'])
  })

  it('takes a name with a prefix as a name like any other', () => {
    expect(customAttribute(custom('custom:x')).Name).toBe('custom:custom:x')
  })
})

describe('a custom attribute', () => {
  it('is mutable and never required unless it says so', () => {
    expect(customAttribute(custom('x'))).toEqual({
      Name: 'custom:x',
      AttributeDataType: 'String',
      DeveloperOnlyAttribute: false,
      Mutable: true,
      Required: false,
      StringAttributeConstraints: {},
    })
    expect(customAttribute(custom('x', { Mutable: false })).Mutable).toBe(false)
  })

  it.each([
    ['String', ['StringAttributeConstraints']],
    ['Number', ['NumberAttributeConstraints']],
    ['Boolean', []],
    ['DateTime', []],
  ] as const)('of type %s has constraints of that type only', (AttributeDataType, kept) => {
    const both = { StringAttributeConstraints: { MaxLength: '5' }, NumberAttributeConstraints: { MaxValue: '5' } }
    const names = Object.keys(customAttribute(custom('x', { AttributeDataType, ...both })))
    expect(names.filter((name) => name.endsWith('Constraints'))).toEqual(kept)
  })
})

describe('the schema of a new pool is refused', () => {
  const refused: [string, SchemaAttributeType[], string][] = [
    [
      'without a type',
      [{ Name: 'x' }],
      'Invalid AttributeDataType input, consider using the provided AttributeDataType enum.',
    ],
    ['without a name', [{ AttributeDataType: 'String' }], 'Schema attributes must have a name.'],
    [
      'with a required custom attribute',
      [custom('x', { Required: true })],
      'Required custom attributes are not supported currently.',
    ],
    [
      'with a standard attribute of another type',
      [{ Name: 'email', AttributeDataType: 'Number' }],
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email',
    ],
    [
      'with a standard attribute for developers only',
      [{ Name: 'email', DeveloperOnlyAttribute: true }],
      'You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email',
    ],
    [
      'with a name twice',
      [custom('x'), custom('x', { AttributeDataType: 'Number' })],
      'Duplicate custom attribute names custom:x are not allowed in a user pool schema.',
    ],
    [
      'with a string that is too long',
      [custom('x', { StringAttributeConstraints: { MaxLength: '2049' } })],
      'user.custom:x: String attributes cannot have a length of more than 2048',
    ],
    [
      'with a string that starts too late',
      [custom('x', { StringAttributeConstraints: { MinLength: '3000' } })],
      'user.custom:x: String attributes cannot have a length of more than 2048',
    ],
    [
      'with lengths in the wrong order',
      [custom('x', { StringAttributeConstraints: { MinLength: '10', MaxLength: '9' } })],
      'user.custom:x: Max length cannot be less than min length.',
    ],
    [
      'with a standard length below its own least one',
      [{ Name: 'birthdate', StringAttributeConstraints: { MaxLength: '9' } }],
      'user.birthdate: Max length cannot be less than min length.',
    ],
    [
      'with values in the wrong order',
      [custom('x', { AttributeDataType: 'Number', NumberAttributeConstraints: { MinValue: '10', MaxValue: '9.5' } })],
      'user.custom:x: Max value cannot be less than min value.',
    ],
    [
      'with a length that is no number',
      [custom('x', { StringAttributeConstraints: { MinLength: 'one' } })],
      'Invalid StringAttributeConstraints for schema attribute custom:x',
    ],
    [
      'with a value that is no number',
      [custom('x', { AttributeDataType: 'Number', NumberAttributeConstraints: { MaxValue: '1e3' } })],
      'Invalid NumberAttributeConstraints for schema attribute custom:x',
    ],
  ]
  it.each(refused)('%s', (_, schema, message) => {
    expect(schemaRefusal(schema)).toEqual({ refused: 'InvalidParameterException', message })
  })

  it('but not with one name for users and one for developers, bounds that meet, or bounds below zero', () => {
    const bounds = { StringAttributeConstraints: { MinLength: '0', MaxLength: '0' } }
    const below = {
      AttributeDataType: 'Number',
      NumberAttributeConstraints: { MinValue: '-5', MaxValue: '-5' },
    } as const
    const schema = [custom('x', bounds), custom('x', { DeveloperOnlyAttribute: true }), custom('y', below)]
    expect(schemaRefusal(schema)).toBeUndefined()
  })
})

describe('attributes that are added', () => {
  it('may have the name of a standard one', () => {
    expect(additionRefusal(standardAttributes, [custom('email')])).toBeUndefined()
  })

  it('are counted with those for developers, without the standard ones', () => {
    const current = [...standardAttributes, ...Array.from({ length: 49 }, (_, n) => customAttribute(custom(`a${n}`)))]
    expect(additionRefusal(current, [custom('x')])).toBeUndefined()
    expect(additionRefusal(current, [custom('x'), custom('y', { DeveloperOnlyAttribute: true })])).toEqual({
      refused: 'InvalidParameterException',
      message: 'A user pool can not have more than 50 custom attributes.',
    })
  })
})
