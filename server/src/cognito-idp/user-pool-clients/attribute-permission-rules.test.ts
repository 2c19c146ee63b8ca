import { describe, expect, it } from 'vitest'
import { newPoolSettings } from '../user-pools/new-pool-settings.ts'
import { mayWrite, permissionRefusal, readableAttributes } from './attribute-permission-rules.ts'

const pool = newPoolSettings(
  {
    PoolName: 'x',
    Schema: [
      { Name: 'email', Required: true },
      { Name: 'name', Required: true, Mutable: false },
      { Name: 'plan', AttributeDataType: 'String', Mutable: false },
      { Name: 'secret', AttributeDataType: 'String', DeveloperOnlyAttribute: true },
    ],
  },
  'us-east-1',
)
const message = (
  lists: { ReadAttributes?: string[]; WriteAttributes?: string[] },
  doing: 'creating' | 'updating' = 'creating',
) => permissionRefusal(pool, { ClientName: 'x', ...lists }, doing)?.message

describe('the attributes that a client may read and write', () => {
  it.each([
    [{}],
    [{ ReadAttributes: ['sub', 'email_verified', 'custom:plan', 'updated_at'] }],
    [{ WriteAttributes: ['name', 'email'] }],
    [{ WriteAttributes: ['email', 'name', 'custom:plan', 'phone_number'] }],
    [{ ReadAttributes: [], WriteAttributes: [] }],
  ])('may be %j', (lists) => {
    expect(message(lists)).toBeUndefined()
  })

  it.each([['plan'], ['custom:other'], ['dev:custom:secret'], ['constructor']])('may not be read: %s', (name) => {
    expect(message({ ReadAttributes: ['email', name] })).toBe(
      'Invalid read attributes specified while creating a client',
    )
    expect(message({ ReadAttributes: [name] }, 'updating')).toBe(
      'Invalid read attributes specified while updating a client',
    )
  })

  it.each([['custom:other'], ['dev:custom:secret'], ['sub'], ['email_verified'], ['phone_number_verified']])(
    'may not be written: %s',
    (name) => {
      const lists = { WriteAttributes: ['email', 'name', name] }
      expect(message(lists)).toBe('Invalid write attributes specified while creating a client')
      expect(message(lists, 'updating')).toBe('Invalid write attributes specified while updating a client')
    },
  )

  it('must be written when users can not be without them', () => {
    const text = 'Invalid write attributes specified while creating a client'
    expect(message({ WriteAttributes: ['email'] })).toBe(text)
    expect(message({ WriteAttributes: ['name', 'phone_number'] })).toBe(text)
  })
})

describe('a client without lists', () => {
  const client = { ClientName: 'x' }

  it('reads every standard attribute and no other', () => {
    const names = readableAttributes(pool, client)
    expect(names).toHaveLength(20)
    expect(names).toEqual(expect.arrayContaining(['sub', 'email', 'email_verified', 'updated_at']))
  })

  it('writes custom attributes too, but nothing that only the server or developers write', () => {
    expect(mayWrite(client, 'custom:plan')).toBe(true)
    for (const name of ['dev:custom:secret', 'email_verified', 'phone_number_verified'])
      expect(mayWrite(client, name)).toBe(false)
  })
})

describe('a client with lists', () => {
  it('reads and writes what is on them', () => {
    const client = { ClientName: 'x', ReadAttributes: ['custom:plan'], WriteAttributes: ['email', 'name'] }
    expect(readableAttributes(pool, client)).toEqual(['custom:plan'])
    expect(mayWrite(client, 'email')).toBe(true)
    expect(mayWrite(client, 'custom:plan')).toBe(false)
  })
})
