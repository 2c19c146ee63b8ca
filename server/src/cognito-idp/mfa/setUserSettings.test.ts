// The older MFAOptions, set by users and by administrators.
import {
  AdminGetUserCommand,
  AdminSetUserSettingsCommand,
  GetUserCommand,
  ListUsersCommand,
  type MFAOptionType,
  SetUserMFAPreferenceCommand,
  SetUserSettingsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectRefusal, makeUser, signIn, type TestPool, useTestServer } from '../../../test/harness.ts'
import { begin, EMAIL, poolWith, SMS } from '../../../test/second-factors.ts'

const BY_SMS: MFAOptionType[] = [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }]

describe('SetUserSettings and AdminSetUserSettings', () => {
  const server = useTestServer()
  let at: TestPool
  let name: string
  let AccessToken: string
  let count = 0
  beforeAll(async () => {
    at = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...EMAIL, SmsMfaConfiguration: SMS })
  })
  beforeEach(async () => {
    name = `user-${++count}`
    await makeUser(server, at.poolId, name, { phone_number: `+1555000${2000 + count}`, email: `${name}@example.com` })
    AccessToken = (await signIn(server, at.clientId, name)).AccessToken
  })
  const setters = {
    user: (MFAOptions: MFAOptionType[]) => server.app.send(new SetUserSettingsCommand({ AccessToken, MFAOptions })),
    administrator: (MFAOptions: MFAOptionType[]) =>
      server.admin.send(new AdminSetUserSettingsCommand({ UserPoolId: at.poolId, Username: name, MFAOptions })),
  }
  const challenge = async () => (await begin(server, at.clientId, name)).ChallengeName

  it.each(Object.keys(setters) as (keyof typeof setters)[])('turn SMS on and off, by the %s', async (by) => {
    await setters[by](BY_SMS)
    expect(await server.app.send(new GetUserCommand({ AccessToken }))).toMatchObject({ MFAOptions: BY_SMS })
    const user = { UserPoolId: at.poolId, Username: name }
    expect(await server.admin.send(new AdminGetUserCommand(user))).toMatchObject({ MFAOptions: BY_SMS })
    const { Users } = await server.admin.send(
      new ListUsersCommand({ UserPoolId: at.poolId, Filter: `username = "${name}"` }),
    )
    expect(Users?.[0]?.MFAOptions).toEqual(BY_SMS)
    expect(await challenge()).toBe('SMS_MFA')
    await setters[by]([])
    expect(await server.app.send(new GetUserCommand({ AccessToken }))).not.toHaveProperty('MFAOptions')
    expect(await challenge()).toBeUndefined()
  })

  it('go together with the newer preferences, which turn SMS off as well', async () => {
    await setters.user(BY_SMS)
    await server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, EmailMfaSettings: { Enabled: true } }))
    expect(await challenge()).toBe('SELECT_MFA_TYPE')
    await server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, SMSMfaSettings: { Enabled: false } }))
    expect(await challenge()).toBe('EMAIL_OTP')
  })

  it('refuse another medium, and a user without a number', async () => {
    const other = 'MFAOptions can only name SMS to the attribute phone_number.'
    for (const option of [{ DeliveryMedium: 'EMAIL' as const, AttributeName: 'email' }, { AttributeName: 'email' }])
      for (const set of Object.values(setters)) await expectRefusal(set([option]), 'InvalidParameterException', other)
    name = `${name}-without`
    await makeUser(server, at.poolId, name)
    await expectRefusal(
      setters.administrator(BY_SMS),
      'InvalidParameterException',
      'User does not have delivery config set to turn on SMS_MFA',
    )
  })

  it('do not know tokens that are not there', async () => {
    await expectRefusal(
      server.app.send(new SetUserSettingsCommand({ AccessToken: 'not.a.token', MFAOptions: [] })),
      'NotAuthorizedException',
      'Invalid Access Token',
    )
  })
})
