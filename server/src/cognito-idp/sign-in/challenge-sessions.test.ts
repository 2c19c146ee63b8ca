// The session of a challenge answers that challenge alone (docs/reference/threats.md 10): every session with every answer,
// each complete and right where it belongs.
import {
  AdminCreateUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AssociateSoftwareTokenCommand,
  type ChallengeNameType,
  InitiateAuthCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { INVALID_SESSION, responder } from '../../../test/challenges.ts'
import { expectRefusal, makeUser, PASSWORD, type TestPool, useTestServer } from '../../../test/harness.ts'
import { begin, codeOf, EMAIL, giveToken, poolWith, SMS, TOTP } from '../../../test/second-factors.ts'

/** Challenges with a session, and what answers them beside USERNAME. */
const answers: Partial<Record<ChallengeNameType, Record<string, string>>> = {
  NEW_PASSWORD_REQUIRED: { NEW_PASSWORD: PASSWORD },
  SELECT_MFA_TYPE: { ANSWER: 'SMS_MFA' },
  SMS_MFA: { SMS_MFA_CODE: '123456' },
  EMAIL_OTP: { EMAIL_OTP_CODE: '123456' },
  SOFTWARE_TOKEN_MFA: {},
  MFA_SETUP: { EMAIL: 'new@example.com' },
}
const names = Object.keys(answers) as ChallengeNameType[]

describe('the session of', () => {
  const server = useTestServer({ env: { COGNOMEN_DEV_CODE: '123456' } })
  let optional: TestPool
  let required: TestPool
  let secret: string
  beforeAll(async () => {
    const factors = { ...TOTP, ...EMAIL, SmsMfaConfiguration: SMS }
    optional = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...factors })
    required = await poolWith(server, { MfaConfiguration: 'ON', ...factors })
    const contacts = { email: 'ada@example.com', email_verified: 'true', phone_number: '+15550004321' }
    for (const name of ['SELECT_MFA_TYPE', 'SMS_MFA', 'EMAIL_OTP', 'SOFTWARE_TOKEN_MFA'])
      await makeUser(server, optional.poolId, name, contacts)
    await makeUser(server, required.poolId, 'MFA_SETUP')
    secret = await giveToken(server, optional.clientId, 'SOFTWARE_TOKEN_MFA')
    const on = { Enabled: true }
    for (const [Username, preferences] of [
      ['SELECT_MFA_TYPE', { SMSMfaSettings: on, EmailMfaSettings: on }],
      ['SMS_MFA', { SMSMfaSettings: on }],
      ['EMAIL_OTP', { EmailMfaSettings: on }],
    ] as const)
      await server.admin.send(
        new AdminSetUserMFAPreferenceCommand({ UserPoolId: optional.poolId, Username, ...preferences }),
      )
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: optional.poolId,
        Username: 'NEW_PASSWORD_REQUIRED',
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    )
  })

  const placeOf = (name: ChallengeNameType): TestPool => (name === 'MFA_SETUP' ? required : optional)
  const now = () => codeOf(secret, server.clock.now())

  it.each(names)('%s answers it and nothing else', async (name) => {
    const at = placeOf(name)
    // Each challenge has a user of its own, of the same name.
    const { ChallengeName, Session } = await begin(server, at.clientId, name)
    expect(ChallengeName).toBe(name)
    const answer = (as: ChallengeNameType) =>
      responder(server, at)(as, { USERNAME: name, SOFTWARE_TOKEN_MFA_CODE: now(), ...answers[as] }, Session)
    for (const other of names.filter((one) => one !== name))
      await expectRefusal(answer(other), 'NotAuthorizedException', INVALID_SESSION)
    if (name !== 'MFA_SETUP')
      for (const call of [
        new AssociateSoftwareTokenCommand({ Session }),
        new VerifySoftwareTokenCommand({ Session, UserCode: now() }),
      ])
        await expectRefusal(server.app.send(call as never), 'NotAuthorizedException', INVALID_SESSION)
    const { AuthenticationResult, ChallengeName: next } = await answer(name)
    const goesOn = name === 'SELECT_MFA_TYPE' ? 'SMS_MFA' : name === 'MFA_SETUP' ? 'EMAIL_OTP' : undefined
    expect([next, AuthenticationResult === undefined]).toEqual([goesOn, goesOn !== undefined])
  })

  it('any challenge begins no sign-in', async () => {
    const { Session } = await begin(server, optional.clientId, 'SMS_MFA')
    const refresh = { REFRESH_TOKEN: Session as string }
    await expectRefusal(
      server.app.send(
        new InitiateAuthCommand({
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          ClientId: optional.clientId,
          AuthParameters: refresh,
        }),
      ),
      'NotAuthorizedException',
      'Invalid Refresh Token',
    )
  })
})
