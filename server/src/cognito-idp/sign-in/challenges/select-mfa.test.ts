import { AdminSetUserMFAPreferenceCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { INVALID_SESSION, responder, USED_SESSION } from '../../../../test/challenges.ts'
import { expectRefusal, makeUser, type TestPool, useTestServer } from '../../../../test/harness.ts'
import { begin, EMAIL, poolWith, SMS, TOTP } from '../../../../test/second-factors.ts'

describe('SELECT_MFA_TYPE', () => {
  const server = useTestServer()
  let optional: TestPool
  let required: TestPool
  let name: string
  let count = 0
  beforeAll(async () => {
    const factors = { ...TOTP, ...EMAIL, SmsMfaConfiguration: SMS }
    optional = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...factors })
    required = await poolWith(server, { MfaConfiguration: 'ON', ...factors })
  })
  const contacts = () => ({ email: `${name}@example.com`, phone_number: `+1555000${3000 + count}` })
  beforeEach(async () => {
    name = `user-${++count}`
    await makeUser(server, optional.poolId, name, contacts())
    const user = { UserPoolId: optional.poolId, Username: name }
    const [SMSMfaSettings, EmailMfaSettings] = [{ Enabled: true }, { Enabled: true }]
    await server.admin.send(new AdminSetUserMFAPreferenceCommand({ ...user, SMSMfaSettings, EmailMfaSettings }))
  })
  const choose = (ANSWER: string, session: string | undefined, at = optional) =>
    responder(server, at)('SELECT_MFA_TYPE', { USERNAME: name, ANSWER }, session)

  it('offers what is turned on; the chosen factor is asked for and gives tokens', async () => {
    const challenge = await begin(server, optional.clientId, name)
    expect(challenge).toMatchObject({
      ChallengeName: 'SELECT_MFA_TYPE',
      ChallengeParameters: { MFAS_CAN_CHOOSE: '["SMS_MFA","EMAIL_OTP"]', USER_ID_FOR_SRP: name },
    })
    const chosen = await choose('EMAIL_OTP', challenge.Session)
    expect(chosen).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
        CODE_DELIVERY_DESTINATION: 'u***@e***',
        USER_ID_FOR_SRP: name,
      },
    })
    const EMAIL_OTP_CODE = (await server.outbox.latestCode(contacts().email)) as string
    const done = await responder(server, optional)('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE }, chosen.Session)
    expect(done.AuthenticationResult).toBeDefined()
  })

  it('offers all that is ready where a factor is required and none is turned on', async () => {
    await makeUser(server, required.poolId, name, { ...contacts(), email_verified: 'true' })
    const challenge = await begin(server, required.clientId, name)
    expect(challenge.ChallengeParameters?.['MFAS_CAN_CHOOSE']).toBe('["SMS_MFA","EMAIL_OTP"]')
    expect((await choose('SMS_MFA', challenge.Session, required)).ChallengeName).toBe('SMS_MFA')
  })

  it('asks again after a factor that the user does not have, and refuses what is none', async () => {
    const { Session } = await begin(server, optional.clientId, name)
    for (const answer of ['PASSWORD', 'sms_mfa', '__proto__'])
      await expectRefusal(choose(answer, Session), 'InvalidParameterException', `Invalid MFA type ${answer}`)
    const again = await choose('SOFTWARE_TOKEN_MFA', Session)
    expect(again.ChallengeName).toBe('SELECT_MFA_TYPE')
    expect((await choose('SMS_MFA', again.Session)).ChallengeName).toBe('SMS_MFA')
  })

  it('takes a session once, and one of its own', async () => {
    const { Session } = await begin(server, optional.clientId, name)
    const chosen = await choose('SMS_MFA', Session)
    await expectRefusal(choose('SMS_MFA', Session), 'NotAuthorizedException', USED_SESSION)
    await expectRefusal(choose('EMAIL_OTP', chosen.Session), 'NotAuthorizedException', INVALID_SESSION)
    await expectRefusal(
      responder(server, optional)('SELECT_MFA_TYPE', { USERNAME: name }, Session),
      'InvalidParameterException',
      'Missing required parameter ANSWER',
    )
  })
})
