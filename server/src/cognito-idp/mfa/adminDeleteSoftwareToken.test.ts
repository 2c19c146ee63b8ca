import {
  AdminDeleteSoftwareTokenCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { INVALID_SESSION, responder } from '../../../test/challenges.ts'
import { expectRefusal, makeUser, signIn, type TestPool, useTestServer } from '../../../test/harness.ts'
import { begin, codeOf, giveToken, poolWith, TOTP } from '../../../test/second-factors.ts'

describe('AdminDeleteSoftwareToken', () => {
  const server = useTestServer()
  let at: TestPool
  beforeAll(async () => {
    at = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP })
  })
  const remove = (Username: string, UserPoolId = at.poolId) =>
    server.admin.send(new AdminDeleteSoftwareTokenCommand({ UserPoolId, Username }))

  it('makes it a factor no more, also for a sign-in that has begun', async () => {
    await makeUser(server, at.poolId, 'ada')
    const secret = await giveToken(server, at.clientId, 'ada')
    const { Session } = await begin(server, at.clientId, 'ada')
    const user = { UserPoolId: at.poolId, Username: 'ada' }
    expect(await server.admin.send(new AdminGetUserCommand(user))).toMatchObject({
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    })
    await remove('ada')
    const shown = await server.admin.send(new AdminGetUserCommand(user))
    expect(shown).not.toHaveProperty('PreferredMfaSetting')
    expect(shown).not.toHaveProperty('UserMFASettingList')
    const SOFTWARE_TOKEN_MFA_CODE = codeOf(secret, server.clock.now())
    await expectRefusal(
      responder(server, at)('SOFTWARE_TOKEN_MFA', { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE }, Session),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    expect(await signIn(server, at.clientId, 'ada')).toBeDefined()
    const SoftwareTokenMfaSettings = { Enabled: true }
    await expectRefusal(
      server.admin.send(new AdminSetUserMFAPreferenceCommand({ ...user, SoftwareTokenMfaSettings })),
      'InvalidParameterException',
      'User has not set up software token mfa',
    )
    // Once more is no error.
    await remove('ada')
  })

  it('does not know a user or a pool that is not there', async () => {
    await expectRefusal(remove('nobody'), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(remove('ada', 'us-east-1_NoSuchPoo'), 'ResourceNotFoundException')
  })
})
