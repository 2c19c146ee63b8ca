import { describe, expect, it } from 'vitest'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { mappedAttributes, writeMapped } from './attribute-mapping-rules.ts'

const text = (Name: string, more: object = {}) => ({ Name, AttributeDataType: 'String', Mutable: true, ...more })
const pool = {
  SchemaAttributes: [
    text('email'),
    text('name'),
    text('phone_number'),
    { Name: 'email_verified', AttributeDataType: 'Boolean', Mutable: true },
    { Name: 'phone_number_verified', AttributeDataType: 'Boolean', Mutable: true },
    text('custom:once', { Mutable: false }),
    text('custom:short', { StringAttributeConstraints: { MinLength: '0', MaxLength: '3' } }),
  ],
} as unknown as UserPoolSettings
const requiring = {
  SchemaAttributes: pool.SchemaAttributes.map((one) => (one.Name === 'email' ? { ...one, Required: true } : one)),
} as unknown as UserPoolSettings

const client = (settings: object = {}) => ({ ClientName: 'client', ...settings })

describe('what a mapping fills', () => {
  const mapping = { email: 'mail', name: 'displayName', username: 'sub', 'custom:token': 'id_token' }
  it('is each attribute whose claim is there', () => {
    expect(mappedAttributes(mapping, { mail: 'a@b.c', sub: '1', id_token: 't', other: 'x' }, 'OIDC')).toEqual({
      email: 'a@b.c',
      'custom:token': 't',
    })
  })
  it('is nothing for empty claims, and for names that objects have by themselves', () => {
    expect(mappedAttributes({ name: 'toString', email: 'mail' }, { mail: '' }, 'OIDC')).toEqual({})
  })
  it('has username of SAML alone, where it is no attribute of the pool', () => {
    const mapped = mappedAttributes({ username: 'uid' }, { uid: 'x' }, 'SAML')
    expect(writeMapped(pool, client(), undefined, mapped)).toEqual({
      problem: 'Invalid user attributes: username: Attribute does not exist in the schema.',
    })
  })
})

describe('attributes after a sign-in', () => {
  const cases: [string, object | undefined, Record<string, string>, object, object?][] = [
    [
      'a new user, whose address is not verified',
      undefined,
      { email: 'a@b.c' },
      { email: 'a@b.c', email_verified: 'false' },
    ],
    [
      'a new user, with the word of the provider on the address',
      undefined,
      { email: 'a@b.c', email_verified: 'True' },
      { email: 'a@b.c', email_verified: 'true' },
    ],
    ['a word on no address', undefined, { name: 'A', email_verified: 'true' }, { name: 'A' }],
    [
      'the same address stays verified',
      { email: 'a@b.c', email_verified: 'true' },
      { email: 'a@b.c' },
      { email: 'a@b.c', email_verified: 'true' },
    ],
    [
      'another address is not verified',
      { email: 'a@b.c', email_verified: 'true' },
      { email: 'x@b.c' },
      { email: 'x@b.c', email_verified: 'false' },
    ],
    ['what the provider says no more', { name: 'A', email: 'a@b.c' }, { name: 'B' }, { name: 'B', email: 'a@b.c' }],
    [
      'an immutable attribute that is set once',
      { name: 'A' },
      { 'custom:once': '1' },
      { name: 'A', 'custom:once': '1' },
    ],
    [
      'an immutable attribute with the same value',
      { 'custom:once': '1' },
      { 'custom:once': '1' },
      { 'custom:once': '1' },
    ],
    [
      'attributes that the client may not write',
      { name: 'A' },
      { name: 'B', email: 'a@b.c', email_verified: 'true' },
      { name: 'B' },
      { WriteAttributes: ['name'] },
    ],
  ]
  it.each(cases)('%s', (_what, current, mapped, attributes, settings = {}) => {
    const written = writeMapped(pool, client(settings), current as never, mapped)
    expect('attributes' in written && written.attributes).toEqual(attributes)
  })

  it('names what the client may not write', () => {
    expect(writeMapped(pool, client({ WriteAttributes: ['name'] }), {}, { name: 'A', email: 'a@b.c' })).toMatchObject({
      skipped: ['email'],
    })
  })

  it.each([
    [
      'an immutable attribute',
      { 'custom:once': '1' },
      { 'custom:once': '2' },
      'custom:once: Attribute cannot be updated.',
    ],
    ['no attribute of the pool', {}, { 'custom:none': '1' }, 'custom:none: Attribute does not exist in the schema.'],
    [
      'a value that is too long',
      {},
      { 'custom:short': '1234' },
      'custom:short: String must be between 0 and 3 characters',
    ],
    ['no address', {}, { email: 'nobody' }, 'Invalid email address format.'],
  ])('are refused with %s', (_what, current, mapped, problem) => {
    expect(writeMapped(pool, client(), current, mapped)).toEqual({ problem: `Invalid user attributes: ${problem}` })
  })

  it('are refused without a required one, unless the user has it', () => {
    const problem = 'Invalid user attributes: email: The attribute is required'
    expect(writeMapped(requiring, client(), undefined, { name: 'A' })).toEqual({ problem })
    expect(writeMapped(requiring, client(), { email: 'a@b.c' }, { name: 'A' })).not.toHaveProperty('problem')
  })
})
