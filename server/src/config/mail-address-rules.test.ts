import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isEmail } from '../cognito-idp/users/name-form-rules.ts'
import { isMailAddress, parseMailbox } from './mail-address-rules.ts'

describe('one address', () => {
  test.each([
    'ada@example.com',
    'a+b.c_d@sub.example.co.uk',
    "o'hara@example.com",
    'ünï@exämple.de',
    'a@b',
    '50%off@example.com',
  ])('takes %s', (address) => {
    expect(isMailAddress(address)).toBe(true)
    expect(parseMailbox(address)).toEqual({ name: '', address })
  })

  test.each([
    '',
    'ada',
    '@example.com',
    'ada@',
    'a@b@c',
    'ada@example.com,eve@example.com',
    'ada@example.com;eve@example.com',
    'ada@example.com eve@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    'ada@example.com\n',
    'ada@example.com\u0000',
    'ada@example.com\u2028',
    '<ada@example.com>',
    '"ada"@example.com',
    'ada(comment)@example.com',
    'ada@[127.0.0.1]',
    'ada\\@example.com',
    'list:ada@example.com',
    'ada\u202e@example.com',
    `${'a'.repeat(65)}@example.com`,
  ])('refuses %j', (address) => {
    expect(isMailAddress(address)).toBe(false)
  })

  test('takes every address that a user may have', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 70 })
    fc.assert(
      fc.property(text, text, (local, domain) => {
        const address = `${local}@${domain}`
        // Users have addresses in one spelling only.
        expect(isEmail(address)).toBe(isMailAddress(address) && address === address.normalize('NFKC'))
      }),
    )
  })
})

describe('an address with a name', () => {
  test.each([
    ['Ada <ada@example.com>', 'Ada'],
    ['Ada Lovelace <ada@example.com>', 'Ada Lovelace'],
    ['"Ada, Countess of Lovelace" <ada@example.com>', 'Ada, Countess of Lovelace'],
    ['Ünï Cödé <ada@example.com>', 'Ünï Cödé'],
    ['<ada@example.com>', ''],
  ])('takes %s', (text, name) => {
    expect(parseMailbox(text)).toEqual({ name, address: 'ada@example.com' })
  })

  test.each([
    'Ada <ada@example.com>, Eve <eve@example.com>',
    'Ada <ada@example.com> <eve@example.com>',
    'Ada\r\nBcc: eve@example.com <ada@example.com>',
    'Ada\u2028 <ada@example.com>',
    'security@bank.example <eve@example.com>',
    '"security@bank.example" <eve@example.com>',
    'Ada, Countess <ada@example.com>',
    '"Ada" Lovelace <ada@example.com>',
    '"Ada \\" Lovelace" <ada@example.com>',
    '\u202eAda <ada@example.com>',
    'Ada <ada@example.com',
    'Ada <>',
    '',
    'ada@example.com, eve@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    `${' '.repeat(600)}<ada@example.com>`,
    'group: ada@example.com;',
    `${'a'.repeat(129)} <ada@example.com>`,
  ])('refuses %j', (text) => {
    expect(parseMailbox(text)).toBeUndefined()
  })
})
