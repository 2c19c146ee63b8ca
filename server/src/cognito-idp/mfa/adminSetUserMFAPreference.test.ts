// What it has in common with SetUserMFAPreference is setUserMFAPreference.test.ts.
import { AdminSetUserMFAPreferenceCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, it } from 'vitest'
import { expectRefusal, makePool, makeUser, useTestServer } from '../../../test/harness.ts'

describe('AdminSetUserMFAPreference', () => {
  const server = useTestServer()

  it('refuses factors that the pool does not use', async () => {
    const none = (await makePool(server)).Id
    await makeUser(server, none, 'ada', { email: 'a@example.com', phone_number: '+15550001234' })
    const user = { UserPoolId: none, Username: 'ada' }
    for (const [preferences, factor] of [
      [{ SMSMfaSettings: { Enabled: true } }, 'SMS_MFA'],
      [{ SoftwareTokenMfaSettings: { Enabled: true } }, 'SOFTWARE_TOKEN_MFA'],
      [{ EmailMfaSettings: { Enabled: true } }, 'EMAIL_OTP'],
    ] as const)
      await expectRefusal(
        server.admin.send(new AdminSetUserMFAPreferenceCommand({ ...user, ...preferences })),
        'InvalidParameterException',
        `User does not have delivery config set to turn on ${factor}`,
      )
  })

  it('does not know users and pools that are not there', async () => {
    const { Id } = await makePool(server)
    const set = (UserPoolId: string) =>
      server.admin.send(new AdminSetUserMFAPreferenceCommand({ UserPoolId, Username: 'nobody' }))
    await expectRefusal(set(Id), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(set('us-east-1_NoSuchPoo'), 'ResourceNotFoundException')
  })
})
