import { describe, expect, it } from 'vitest'
import type { UserStatusType } from '../../contract/cognito-idp.types.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import { adminResetContact } from './admin-reset-rules.ts'

const pool: UserPoolSettings = { Name: 'p', SchemaAttributes: [] }
const attributes = { email: 'a@x', email_verified: 'true' }
const WRONG_STATE = {
  refused: 'NotAuthorizedException',
  message: 'User password cannot be reset in the current state.',
}

describe('adminResetContact', () => {
  it.each<[UserStatusType, boolean]>([
    ['CONFIRMED', true],
    ['RESET_REQUIRED', true],
    ['UNCONFIRMED', false],
    ['FORCE_CHANGE_PASSWORD', false],
    ['EXTERNAL_PROVIDER', false],
    ['ARCHIVED', false],
    ['COMPROMISED', false],
    ['UNKNOWN', false],
  ])('%s: %s', (status, allowed) => {
    const expected = allowed ? { contact: 'email', value: 'a@x' } : WRONG_STATE
    expect(adminResetContact(pool, { enabled: true, status, attributes, mfa: {} })).toEqual(expected)
  })

  it('refuses a disabled user, whatever the status', () => {
    for (const status of ['CONFIRMED', 'FORCE_CHANGE_PASSWORD'] as const)
      expect(adminResetContact(pool, { enabled: false, status, attributes, mfa: {} })).toEqual({
        refused: 'NotAuthorizedException',
        message: 'User is disabled.',
      })
  })

  it('does not send the code where the second factor goes', () => {
    const mfa = { PreferredMfaSetting: 'EMAIL_OTP', UserMFASettingList: ['EMAIL_OTP'] }
    expect(
      adminResetContact({ ...pool, MfaConfiguration: 'ON' }, { enabled: true, status: 'CONFIRMED', attributes, mfa }),
    ).toMatchObject({
      refused: 'InvalidParameterException',
    })
  })
})
