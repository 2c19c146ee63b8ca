// enableSMSMFA of UserMigration. When the trigger is asked, and the rest of its answer, is sign-in-triggers.test.ts.
import {
  AdminGetUserCommand,
  InitiateAuthCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { responder } from '../../../test/challenges.ts'
import { expectRefusal, makeClient, makePool, PASSWORD, useTestServer } from '../../../test/harness.ts'
import { SMS, TOTP } from '../../../test/second-factors.ts'

const UserMigration = 'arn:aws:lambda:us-east-1:123456789012:function:directory'
const NUMBER = '+15550107788'

describe('enableSMSMFA of UserMigration', () => {
  let userAttributes: Record<string, string> = {}
  const response = () => ({
    userAttributes,
    finalUserStatus: 'CONFIRMED',
    messageAction: 'SUPPRESS',
    enableSMSMFA: true,
  })
  const server = useTestServer({
    triggers: { [UserMigration]: async (event: object) => ({ ...event, response: response() }) },
  })
  const poolWith = async (factors: object) => {
    const poolId = (await makePool(server, { LambdaConfig: { UserMigration } })).Id
    await server.admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId: poolId, ...factors }))
    return { poolId, clientId: (await makeClient(server, poolId)).ClientId }
  }
  const begin = (ClientId: string) =>
    server.app.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ada', PASSWORD },
      }),
    )
  const factorsAt = async (UserPoolId: string) =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username: 'ada' }))).UserMFASettingList

  it('asks for a code by SMS from the first sign-in on', async () => {
    userAttributes = { phone_number: NUMBER }
    const at = await poolWith({ MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: SMS })
    const { ChallengeName, Session } = await begin(at.clientId)
    expect(ChallengeName).toBe('SMS_MFA')
    const SMS_MFA_CODE = (await server.outbox.latestCode(NUMBER)) as string
    const answer = await responder(server, at)('SMS_MFA', { USERNAME: 'ada', SMS_MFA_CODE }, Session)
    expect(answer.AuthenticationResult).toBeDefined()
    expect(await factorsAt(at.poolId)).toEqual(['SMS_MFA'])
    expect((await begin(at.clientId)).ChallengeName).toBe('SMS_MFA')
  })

  it('changes nothing in a pool that does not offer SMS', async () => {
    userAttributes = { phone_number: NUMBER }
    for (const factors of [{ MfaConfiguration: 'OFF' }, { MfaConfiguration: 'OPTIONAL', ...TOTP }]) {
      const at = await poolWith(factors)
      expect((await begin(at.clientId)).AuthenticationResult).toBeDefined()
      expect(await factorsAt(at.poolId)).toBeUndefined()
    }
  })

  it('makes no user without a number', async () => {
    userAttributes = { email: 'ada@example.com' }
    const at = await poolWith({ MfaConfiguration: 'OPTIONAL', SmsMfaConfiguration: SMS })
    await expectRefusal(
      begin(at.clientId),
      'InvalidLambdaResponseException',
      'UserMigration names a user who cannot be made: enableSMSMFA needs a phone_number',
    )
    await expectRefusal(factorsAt(at.poolId), 'UserNotFoundException')
  })
})
