import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { aliasFormProblem, contactForm, isEmail, isPhoneNumber } from './name-form-rules.ts'
import { nameKey } from './user-name-rules.ts'

const settings = (more: Partial<UserPoolSettings>): UserPoolSettings => ({ Name: 'p', SchemaAttributes: [], ...more })

describe('isEmail', () => {
  it.each(['a@b', 'first.last+tag@sub.example.com', 'ä@exämple.de', "o'hara@x.y"])('takes %s', (value) => {
    expect(isEmail(value)).toBe(true)
  })

  it.each([
    'a',
    'a@',
    '@b',
    'a@b@c',
    'a b@c',
    'a@b c',
    'a@b,c@d',
    'a@b;c',
    '<a@b>',
    'a@b\r\nBcc: c@d',
    'a\0@b',
    `${'x'.repeat(65)}@b`,
    `a@${'x'.repeat(256)}`,
    'a\uff20b',
    '\uff41@b',
    'a@b\uff20c',
    'a@\uff42',
    'e\u0301@b',
  ])('does not take %j', (value) => {
    expect(isEmail(value)).toBe(false)
  })
})

describe('isPhoneNumber', () => {
  it('is a plus and up to 15 digits', () => {
    expect(['+1', '+123456789012345'].every(isPhoneNumber)).toBe(true)
    expect(['1', '+', '+1234567890123456', '+1 2', '+1-2', '+١', '+1\n'].some(isPhoneNumber)).toBe(false)
  })
})

describe('contactForm', () => {
  it.each([
    ['ann', undefined],
    ['ann@', undefined],
    ['ann@corp.com', 'email'],
    ['ann\uff20corp.com', 'email'],
    ['\uff41nn\ufe6bcorp.com', 'email'],
    [`${'x'.repeat(65)}@b`, 'email'],
    ['a@b@c', undefined],
    ['+14325551212', 'phone_number'],
    ['\uff0b\uff11\uff12', 'phone_number'],
    ['\u207a1\u00b2', 'phone_number'],
    ['+1-2', undefined],
  ])('of %j is %s', (name, form) => {
    expect(contactForm(name)).toBe(form)
  })

  it('is that of an address for every name that has its key', () => {
    const folded = settings({ UsernameConfiguration: { CaseSensitive: false } })
    // Letters that normalisation or lower-casing turns into more, fewer or other ones, and all that become @ or +.
    const spellings = [
      'a',
      'A',
      '\uff41',
      '\u00aa',
      '\u212a',
      'k',
      '\u0130',
      'i\u0307',
      '\ufb01',
      'fi',
      '\u03f4',
      '\u03a3',
    ]
    const part = fc.array(fc.constantFrom(...spellings), { minLength: 1, maxLength: 70 }).map((parts) => parts.join(''))
    const at = fc.constantFrom('@', '\uff20', '\ufe6b')
    const name = fc.tuple(part, at, part).map((parts) => parts.join(''))
    const upper = fc.boolean()
    fc.assert(
      fc.property(name, upper, (text, up) => {
        const address = text.normalize('NFKC')
        const other = up ? text.toUpperCase() : text.toLowerCase()
        for (const pool of [settings({}), folded])
          if (nameKey(pool, other) === nameKey(pool, address)) expect(contactForm(other)).toBe('email')
      }),
      { numRuns: 2000 },
    )
    // 64 letters that become 128.
    const long = `${'\u0130'.repeat(64)}@b`
    expect(isEmail(long)).toBe(true)
    expect(nameKey(folded, long.toLowerCase())).toBe(nameKey(folded, long))
    expect(contactForm(long.toLowerCase())).toBe('email')
  })
})

describe('aliasFormProblem', () => {
  const pool = settings({ AliasAttributes: ['email', 'phone_number'] })

  it('refuses names in the form of an alias, however spelt', () => {
    expect(aliasFormProblem(pool, 'Username', 'ceo\uff20corp.com')).toBe(
      'Username cannot be of email format, since user pool is configured for email alias.',
    )
    expect(aliasFormProblem(pool, 'Preferred username', '\uff0b14325551212')).toBe(
      'Preferred username cannot be of phone number format, since user pool is configured for phone number alias.',
    )
    expect(aliasFormProblem(pool, 'Username', '\uff43eo')).toBeUndefined()
  })

  it('lets names be of a form that is no alias', () => {
    const byPhone = settings({ AliasAttributes: ['phone_number'] })
    expect(aliasFormProblem(byPhone, 'Username', 'ceo@corp.com')).toBeUndefined()
    expect(aliasFormProblem(settings({}), 'Username', '+1')).toBeUndefined()
  })
})
