import { describe, expect, it } from 'vitest'
import type { PasswordPolicyType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import {
  passwordHistorySize,
  passwordProblem,
  temporaryPasswordDays,
  temporaryPasswordExpired,
} from './password-rules.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const settings = (PasswordPolicy?: PasswordPolicyType): UserPoolSettings => ({
  Name: 'p',
  SchemaAttributes: [],
  ...(PasswordPolicy && { Policies: { PasswordPolicy } }),
})

describe('passwordProblem', () => {
  it.each([
    ['Passw0rd!', undefined],
    ['Passw0r', 'Password not long enough'],
    ['short', 'Password not long enough'],
    ['passw0rd!', 'Password must have uppercase characters'],
    ['PASSW0RD!', 'Password must have lowercase characters'],
    ['Password!', 'Password must have numeric characters'],
    ['Passw0rds', 'Password must have symbol characters'],
    ['ÄÖÜäöü12!', 'Password must have uppercase characters'],
    ['PASSW0RDß!', 'Password must have lowercase characters'],
    ['Passw٣rds!', 'Password must have numeric characters'],
    ['Passw0rds€', 'Password must have symbol characters'],
  ])('of %s under the policy that a pool has when nothing is said: %s', (password, rule) => {
    const expected = rule && `Password did not conform with policy: ${rule}`
    expect(passwordProblem(settings(), password)).toBe(expected)
  })

  it.each([...'^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+- '])('counts %j as a symbol', (symbol) => {
    expect(passwordProblem(settings(), `Passw0${symbol}rd`)).toBeUndefined()
  })

  it('asks for nothing but the length where nothing else is required', () => {
    expect(passwordProblem(settings({ MinimumLength: 6 }), 'aaaaaa')).toBeUndefined()
    expect(passwordProblem(settings({ MinimumLength: 6 }), 'aaaaa')).toMatch(/not long enough$/)
    expect(passwordProblem(settings({}), 'aaaaaaa')).toMatch(/not long enough$/)
  })

  it('counts characters, not UTF-16 units, and can open with other words', () => {
    const pool = settings({ MinimumLength: 6 })
    expect(passwordProblem(pool, '😀'.repeat(5), 'No: ')).toBe('No: Password not long enough')
    expect(passwordProblem(pool, '😀'.repeat(6))).toBeUndefined()
  })
})

describe('temporary passwords', () => {
  it('are good for the days of the policy, 7 for 0 and when nothing is said', () => {
    expect(temporaryPasswordDays(settings())).toBe(7)
    expect(temporaryPasswordDays(settings({ TemporaryPasswordValidityDays: 0 }))).toBe(7)
    expect(temporaryPasswordDays(settings({ TemporaryPasswordValidityDays: 365 }))).toBe(365)
  })

  it('expire after the last moment of them', () => {
    const pool = settings({ TemporaryPasswordValidityDays: 2 })
    expect(temporaryPasswordExpired(pool, 1000, 1000 + 2 * DAY_MS)).toBe(false)
    expect(temporaryPasswordExpired(pool, 1000, 1001 + 2 * DAY_MS)).toBe(true)
  })
})

describe('passwordHistorySize', () => {
  it('is none unless the policy names it', () => {
    expect(passwordHistorySize(settings())).toBe(0)
    expect(passwordHistorySize(settings({ PasswordHistorySize: 24 }))).toBe(24)
  })
})
