// The preferences of users, set by themselves and by administrators, and what sign-ins ask for then.
import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  type EmailMfaSettingsType,
  GetUserCommand,
  SetUserMFAPreferenceCommand,
  type SMSMfaSettingsType,
  type SoftwareTokenMfaSettingsType,
  type WebAuthnMfaSettingsType,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, signIn, type TestPool, useTestServer } from '../../../test/harness.ts'
import { begin, EMAIL, giveToken, poolWith, SMS, TOTP } from '../../../test/second-factors.ts'

interface Preferences {
  SMSMfaSettings?: SMSMfaSettingsType
  SoftwareTokenMfaSettings?: SoftwareTokenMfaSettingsType
  EmailMfaSettings?: EmailMfaSettingsType
  WebAuthnMfaSettings?: WebAuthnMfaSettingsType
}

const ON = { Enabled: true }
const PREFERRED = { Enabled: true, PreferredMfa: true }
const OFF = { Enabled: false }
const undeliverable = (factor: string): string => `User does not have delivery config set to turn on ${factor}`

describe('SetUserMFAPreference and AdminSetUserMFAPreference', () => {
  const server = useTestServer()
  let at: TestPool
  let name: string
  let AccessToken: string
  let count = 0
  beforeAll(async () => {
    at = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP, ...EMAIL, SmsMfaConfiguration: SMS })
  })
  beforeEach(async () => {
    name = `user-${++count}`
    await makeUser(server, at.poolId, name, { email: `${name}@example.com`, phone_number: `+1555000${1000 + count}` })
    AccessToken = (await signIn(server, at.clientId, name)).AccessToken
  })

  const setters = {
    user: (preferences: Preferences) =>
      server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, ...preferences })),
    administrator: (preferences: Preferences) =>
      server.admin.send(
        new AdminSetUserMFAPreferenceCommand({ UserPoolId: at.poolId, Username: name, ...preferences }),
      ),
  }
  /** What GetUser and AdminGetUser show, which is the same. */
  async function shown(): Promise<{ list: string[] | undefined; preferred: string | undefined }> {
    const own = await server.app.send(new GetUserCommand({ AccessToken }))
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: name }))
    expect([user.UserMFASettingList, user.PreferredMfaSetting]).toEqual([
      own.UserMFASettingList,
      own.PreferredMfaSetting,
    ])
    return { list: own.UserMFASettingList, preferred: own.PreferredMfaSetting }
  }
  const next = async () => {
    const { ChallengeName, ChallengeParameters } = await begin(server, at.clientId, name)
    return ChallengeParameters?.['MFAS_CAN_CHOOSE'] ?? ChallengeName ?? 'tokens'
  }

  describe.each(Object.keys(setters) as (keyof typeof setters)[])('by the %s', (by) => {
    const set = (preferences: Preferences) => setters[by](preferences)

    it('turns factors on and off, and prefers one; what is not named stays', async () => {
      const states: [Preferences, string[] | undefined, string | undefined, string][] = [
        [{ SMSMfaSettings: ON }, ['SMS_MFA'], undefined, 'SMS_MFA'],
        [{ EmailMfaSettings: ON }, ['SMS_MFA', 'EMAIL_OTP'], undefined, '["SMS_MFA","EMAIL_OTP"]'],
        [{ EmailMfaSettings: PREFERRED }, ['SMS_MFA', 'EMAIL_OTP'], 'EMAIL_OTP', 'EMAIL_OTP'],
        // The one is preferred in place of the other.
        [{ SMSMfaSettings: PREFERRED }, ['SMS_MFA', 'EMAIL_OTP'], 'SMS_MFA', 'SMS_MFA'],
        [{ SMSMfaSettings: ON }, ['SMS_MFA', 'EMAIL_OTP'], 'SMS_MFA', 'SMS_MFA'],
        [{}, ['SMS_MFA', 'EMAIL_OTP'], 'SMS_MFA', 'SMS_MFA'],
        [
          { SMSMfaSettings: { Enabled: true, PreferredMfa: false } },
          ['SMS_MFA', 'EMAIL_OTP'],
          undefined,
          '["SMS_MFA","EMAIL_OTP"]',
        ],
        [{ SMSMfaSettings: PREFERRED, EmailMfaSettings: OFF }, ['SMS_MFA'], 'SMS_MFA', 'SMS_MFA'],
        [{ SMSMfaSettings: OFF, SoftwareTokenMfaSettings: OFF, EmailMfaSettings: OFF }, undefined, undefined, 'tokens'],
        [{ WebAuthnMfaSettings: OFF }, undefined, undefined, 'tokens'],
      ]
      for (const [preferences, list, preferred, challenge] of states) {
        await set(preferences)
        expect(await shown()).toEqual({ list, preferred })
        expect(await next()).toBe(challenge)
      }
    })

    it('turns on a software token that was verified', async () => {
      await expectRefusal(
        set({ SoftwareTokenMfaSettings: ON }),
        'InvalidParameterException',
        'User has not set up software token mfa',
      )
      await giveToken(server, at.clientId, name)
      await set({ SoftwareTokenMfaSettings: OFF })
      expect(await next()).toBe('tokens')
      await set({ SoftwareTokenMfaSettings: ON, SMSMfaSettings: ON })
      expect(await shown()).toEqual({ list: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'], preferred: undefined })
      expect(await next()).toBe('["SMS_MFA","SOFTWARE_TOKEN_MFA"]')
    })

    it('refuses what cannot be asked for, and leaves all as it was', async () => {
      await set({ EmailMfaSettings: PREFERRED })
      const removed = ['phone_number', 'email'].map((Name) => ({ Name, Value: '' }))
      await server.admin.send(
        new AdminUpdateUserAttributesCommand({ UserPoolId: at.poolId, Username: name, UserAttributes: removed }),
      )
      for (const [preferences, message] of [
        [{ SMSMfaSettings: ON }, undeliverable('SMS_MFA')],
        [{ EmailMfaSettings: ON }, undeliverable('EMAIL_OTP')],
        [{ WebAuthnMfaSettings: ON }, undeliverable('WEB_AUTHN')],
        [{ SMSMfaSettings: PREFERRED, EmailMfaSettings: PREFERRED }, 'Only one MFA method can be preferred.'],
        [
          { EmailMfaSettings: { Enabled: false, PreferredMfa: true } },
          'An MFA method that is preferred must be enabled.',
        ],
      ] as const)
        await expectRefusal(set(preferences), 'InvalidParameterException', message)
      expect(await shown()).toEqual({ list: ['EMAIL_OTP'], preferred: 'EMAIL_OTP' })
    })
  })

  it('an e-mail address that is turned on is asked for though it is not verified', async () => {
    await setters.user({ EmailMfaSettings: ON })
    expect(await next()).toBe('EMAIL_OTP')
  })

  it('does not know tokens that are not there', async () => {
    const invented = new SetUserMFAPreferenceCommand({ AccessToken: 'not.a.token' })
    await expectRefusal(server.app.send(invented), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
