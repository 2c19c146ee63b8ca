import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FederatedIdentity } from '../identities/identity-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { everyNameKey, looksLikeSub, nameKey, namesOf, nameTakenMessage } from './user-name-rules.ts'

const settings = (more: Partial<UserPoolSettings> = {}): UserPoolSettings => ({
  Name: 'p',
  SchemaAttributes: [],
  ...more,
})
const insensitive = settings({ UsernameConfiguration: { CaseSensitive: false } })

describe('nameKey', () => {
  it('regards case unless the pool was made not to', () => {
    expect(nameKey(settings(), 'Ann')).not.toBe(nameKey(settings(), 'ann'))
    expect(nameKey(insensitive, 'Ann')).toBe(nameKey(insensitive, 'aNN'))
  })

  it('is one for spellings that only differ in form', () => {
    expect(nameKey(settings(), 'e\u0301')).toBe(nameKey(settings(), '\u00e9'))
    expect(nameKey(settings(), 'ｆｕｌｌ')).toBe(nameKey(settings(), 'full'))
  })

  it('is short, storable on every engine, and different for different names', () => {
    const name = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(name, name, (one, other) => {
        const keys = [one, other].map((text) => nameKey(settings(), text)) as [string, string]
        for (const key of keys) {
          expect(key.length).toBeLessThanOrEqual(201)
          expect(key.isWellFormed() && !key.includes('\0')).toBe(true)
        }
        if (one.normalize('NFKC') !== other.normalize('NFKC')) expect(keys[0]).not.toBe(keys[1])
      }),
      { numRuns: 3000 },
    )
    expect(nameKey(settings(), 'a\0b')).toMatch(/^#/)
    expect(nameKey(settings(), 'x'.repeat(200))).toMatch(/^=x{200}$/)
    expect(nameKey(settings(), 'x'.repeat(201))).not.toBe(nameKey(settings(), 'x'.repeat(202)))
  })

  it('never makes a short name the key of a long one', () => {
    const long = nameKey(settings(), 'y'.repeat(500))
    expect(nameKey(settings(), long)).not.toBe(long)
    expect(nameKey(settings(), long.slice(1))).not.toBe(long)
  })
})

describe('namesOf', () => {
  const attributes = { email: 'A@x', phone_number: '+1', preferred_username: 'boss' }
  const user = { sub: 'sub', username: 'Ann', status: 'CONFIRMED' as const, attributes, identities: [] }
  const verified = { ...attributes, email_verified: 'true', phone_number_verified: 'true' }
  const names = (pool: UserPoolSettings, of: Parameters<typeof namesOf>[1]) =>
    namesOf(pool, of).map(({ kind, key }) => `${kind}${key}`)
  const aliases = settings({ AliasAttributes: ['email', 'phone_number', 'preferred_username'] })

  it('has an identity in no form that a name could have', () => {
    const keys = namesOf(settings(), { ...user, identities: [identity] })
    expect(keys).toEqual([
      { kind: 'username', key: '=Ann' },
      { kind: 'identity', key: expect.stringMatching(/^@[\w-]{43}$/) },
    ])
  })

  it('is the username alone in a plain pool', () => {
    expect(names(settings(), { ...user, attributes: verified })).toEqual(['username=Ann'])
  })

  it('holds verified aliases, and the preferred username of a confirmed user', () => {
    expect(names(aliases, user)).toEqual(['username=Ann', 'preferred_username=boss'])
    const all = ['username=Ann', 'email=A@x', 'phone_number=+1', 'preferred_username=boss']
    expect(names(aliases, { ...user, attributes: verified })).toEqual(all)
    expect(names(aliases, { ...user, status: 'UNCONFIRMED' })).toEqual(['username=Ann'])
    expect(names(aliases, { ...user, attributes: { ...verified, email_verified: 'false' } })).not.toContain('email=A@x')
  })

  it('holds addresses, verified or not, where users are known by them', () => {
    const pool = settings({ UsernameAttributes: ['email', 'phone_number'] })
    // A username that is the sub needs no reserved name.
    expect(names(pool, { ...user, username: 'sub' })).toEqual(['email=A@x', 'phone_number=+1'])
    expect(names(settings({ UsernameAttributes: ['email'] }), user)).toEqual(['username=Ann', 'email=A@x'])
  })

  it('names nothing twice', () => {
    const own = { ...user, attributes: { preferred_username: 'Ann' } }
    expect(names(aliases, own)).toEqual(['username=Ann'])
  })
})

describe('looksLikeSub', () => {
  it.each([
    ['34c84488-e0e1-70ae-d2ee-991ad1a898c8', true],
    ['34C84488-E0E1-70AE-D2EE-991AD1A898C8', false],
    ['34c84488-e0e1-70ae-d2ee-991ad1a898c', false],
    ['x34c84488-e0e1-70ae-d2ee-991ad1a898c8', false],
    ['', false],
  ])('%s: %s', (name, expected) => {
    expect(looksLikeSub(name)).toBe(expected)
  })
})

describe('nameTakenMessage', () => {
  it('names the kind of alias', () => {
    expect(nameTakenMessage('username')).toBe('User already exists')
    expect(nameTakenMessage('email')).toBe('An account with the given email already exists.')
  })
})

const identity: FederatedIdentity = {
  provider: 'Google',
  type: 'Google',
  attribute: 'Cognito_Subject',
  value: '107',
  primary: true,
  createdAt: 0,
}

describe('everyNameKey', () => {
  it('has every name that a user holds under any settings of its pool, each once', () => {
    const text = fc.oneof(fc.constantFrom('', 'Ann', 'ann', 'A@x', 'a@x', '+1555'), fc.string({ maxLength: 250 }))
    const attributes = fc.record({ email: text, phone_number: text, preferred_username: text, name: text })
    const kinds = [
      {},
      { UsernameAttributes: ['email', 'phone_number'] as const },
      { AliasAttributes: ['email', 'phone_number', 'preferred_username'] as const },
    ]
    fc.assert(
      fc.property(text, attributes, (username, given) => {
        const keys = everyNameKey(username, given, [identity])
        expect(new Set(keys).size).toBe(keys.length)
        const user = {
          sub: 's',
          username,
          status: 'CONFIRMED',
          attributes: { ...given, email_verified: 'true', phone_number_verified: 'true' },
          identities: [identity],
        } as const
        for (const kind of kinds)
          for (const CaseSensitive of [true, false]) {
            const pool = settings({ ...(kind as Partial<UserPoolSettings>), UsernameConfiguration: { CaseSensitive } })
            for (const { key } of namesOf(pool, user)) if (username !== '') expect(keys).toContain(key)
          }
      }),
    )
  })
})
