// CUSTOM_AUTH: what the three triggers are told and what their answers lead to (docs/reference/user-pools.md 9.5, 13.3).
import {
  AdminCreateUserCommand,
  AdminDisableProviderForUserCommand,
  AdminDisableUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { INVALID_SESSION, responder, USED_SESSION, WRONG_PASSWORD } from '../../../../test/challenges.ts'
import { deviceClient } from '../../../../test/devices.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  usePool,
  useTestServer,
} from '../../../../test/harness.ts'
import { newCodes, withCodes } from '../../../../test/recovery-codes.ts'
import { srpAnswer, srpStart } from '../../../../test/srp-client.ts'
import { limits } from '../../limits.ts'

interface Result {
  challengeName: string
  challengeResult: boolean
  challengeMetadata?: string
}

interface Event {
  triggerSource: string
  userName: string
  request: {
    userAttributes: Record<string, string>
    session: Result[]
    challengeName?: string
    challengeAnswer?: string
    privateChallengeParameters?: Record<string, string>
    clientMetadata?: Record<string, string>
    userNotFound?: boolean
  }
  response: Record<string, unknown>
}

const arn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`
const seen: Event[] = []
/** What DefineAuthChallenge answers; three tries at an answer unless a test says otherwise. */
let define: (session: Result[]) => Record<string, unknown>
let verify: (event: Event) => Record<string, unknown>
let secret = 'sesame'
let shown: Record<string, string> = {}

const threeTries = (session: Result[]): Record<string, unknown> => {
  const last = session.at(-1)
  if (last?.challengeName === 'SRP_A') return { challengeName: 'PASSWORD_VERIFIER' }
  if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) return { issueTokens: true }
  if (session.filter(({ challengeName }) => challengeName === 'CUSTOM_CHALLENGE').length === 3)
    return { failAuthentication: true }
  return { challengeName: 'CUSTOM_CHALLENGE' }
}

const answering =
  (answer: (event: Event) => Record<string, unknown>) =>
  async (event: unknown): Promise<unknown> => {
    seen.push(structuredClone(event) as Event)
    return { ...(event as Event), response: answer(event as Event) }
  }

const triggers = {
  [arn('define')]: answering(({ request }) => define(request.session)),
  [arn('create')]: answering(({ request }) => ({
    publicChallengeParameters: { hint: `try ${request.session.length}`, ...shown },
    privateChallengeParameters: { answer: secret },
    challengeMetadata: `CODE-${request.session.length}`,
  })),
  [arn('verify')]: answering((event) => verify(event)),
  [arn('refuse')]: async () => {
    throw new Error('Not today')
  },
}

const LambdaConfig = {
  DefineAuthChallenge: arn('define'),
  CreateAuthChallenge: arn('create'),
  VerifyAuthChallengeResponse: arn('verify'),
}
const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' }
const ExplicitAuthFlows = ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const

describe.each(engines)('CUSTOM_AUTH on %s', (engine) => {
  const server = useTestServer({ engine, triggers })
  const at = usePool(server, { pool: { LambdaConfig }, client: { ExplicitAuthFlows: [...ExplicitAuthFlows] } })
  const respond = responder(server, at)
  let name: string
  let sub: string
  let count = 0
  beforeEach(async () => {
    name = `user-${++count}`
    sub = await makeUser(server, at.poolId, name)
    define = threeTries
    verify = ({ request }) => ({
      answerCorrect: request.challengeAnswer === request.privateChallengeParameters?.['answer'],
    })
    secret = 'sesame'
    shown = {}
    seen.length = 0
  })

  const begin = (more: Record<string, string> = {}, ClientId = at.clientId): Promise<InitiateAuthCommandOutput> =>
    server.app.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'CUSTOM_AUTH', AuthParameters: { USERNAME: name, ...more } }),
    )
  const answer = (ANSWER: string, Session: string | undefined) =>
    respond('CUSTOM_CHALLENGE', { USERNAME: name, ANSWER }, Session)
  const sources = () => seen.map(({ triggerSource }) => triggerSource.split('_')[0])

  it('asks what the triggers say until they are content, and tells them what has happened', async () => {
    const first = await begin()
    expect(first).toMatchObject({
      ChallengeName: 'CUSTOM_CHALLENGE',
      ChallengeParameters: { USERNAME: name, hint: 'try 0' },
    })
    expect(JSON.stringify(first)).not.toContain(secret)
    const second = await answer('wrong', first.Session)
    expect(second).toMatchObject({ ChallengeName: 'CUSTOM_CHALLENGE', ChallengeParameters: { hint: 'try 1' } })
    const { AuthenticationResult } = await answer('sesame', second.Session)
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ sub, username: name })
    expect(sources()).toEqual([
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
      'CreateAuthChallenge',
      'VerifyAuthChallengeResponse',
      'DefineAuthChallenge',
    ])
    expect(seen.map(({ request }) => request.session?.length)).toEqual([0, 0, undefined, 1, 1, undefined, 2])
    expect(seen.at(-1)?.request).toMatchObject({
      userAttributes: { sub, 'cognito:user_status': 'CONFIRMED' },
      session: [
        { challengeName: 'CUSTOM_CHALLENGE', challengeResult: false, challengeMetadata: 'CODE-0' },
        { challengeName: 'CUSTOM_CHALLENGE', challengeResult: true, challengeMetadata: 'CODE-1' },
      ],
    })
  })

  it('ends when they say so', async () => {
    let { Session } = await begin()
    for (const _ of [1, 2]) ({ Session } = await answer('wrong', Session))
    await expectRefusal(answer('wrong', Session), 'NotAuthorizedException', WRONG_PASSWORD)
  })

  it('keeps what is too long for a session', async () => {
    secret = 'x'.repeat(50_000)
    const { Session } = await begin()
    expect(Session?.length).toBeLessThanOrEqual(2048)
    expect((await answer(secret, Session)).AuthenticationResult).toBeDefined()
  })

  it('judges one answer of a session', async () => {
    const { Session } = await begin()
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => answer('wrong', Session)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(sources().filter((source) => source === 'VerifyAuthChallengeResponse')).toHaveLength(1)
    await expectRefusal(answer('sesame', Session), 'NotAuthorizedException', USED_SESSION)
  })

  it('lets the user answer again when the function did not answer', async () => {
    const away = await makePool(server, { LambdaConfig: { ...LambdaConfig, VerifyAuthChallengeResponse: arn('away') } })
    const { ClientId } = await makeClient(server, away.Id, { ExplicitAuthFlows: [...ExplicitAuthFlows] })
    await makeUser(server, away.Id, name)
    const { Session } = await begin({}, ClientId)
    const answerThere = () => respond('CUSTOM_CHALLENGE', { USERNAME: name, ANSWER: 'sesame' }, Session, ClientId)
    // More often than wrong answers would lock: nothing was judged, so nothing counts.
    for (let i = 0; i < 7; i++)
      await expectRefusal(answerThere(), 'UnexpectedLambdaException', /VerifyAuthChallengeResponse/)
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: away.Id, LambdaConfig }))
    expect((await answerThere()).AuthenticationResult).toBeDefined()
  })

  it('uses up the session of an answer that the function refuses by throwing, so that nobody guesses on', async () => {
    const { Session } = await begin()
    verify = () => {
      throw new Error('Wrong code')
    }
    await expectRefusal(
      answer('wrong', Session),
      'UserLambdaValidationException',
      'VerifyAuthChallengeResponse failed with error Wrong code.',
    )
    verify = () => ({ answerCorrect: true })
    await expectRefusal(answer('sesame', Session), 'NotAuthorizedException', USED_SESSION)
    // A function that says no by throwing has judged: each such answer is a guess.
    verify = () => {
      throw new Error('Wrong code')
    }
    for (let i = 0; i < 4; i++)
      await expectRefusal(answer('wrong', (await begin()).Session), 'UserLambdaValidationException')
    await expectRefusal(
      answer('wrong', (await begin()).Session),
      'NotAuthorizedException',
      'Password attempts exceeded',
    )
  })

  it('counts wrong answers over all sign-ins of a user before they are judged, and locks as after wrong passwords', async () => {
    define = (session) =>
      session.at(-1)?.challengeResult ? { issueTokens: true } : { challengeName: 'CUSTOM_CHALLENGE' }
    const sessions = await Promise.all(Array.from({ length: 7 }, () => begin()))
    const judged = () => sources().filter((source) => source === 'VerifyAuthChallengeResponse').length
    const outcomes = await Promise.allSettled(sessions.map(({ Session }) => answer('wrong', Session)))
    expect(judged()).toBe(5)
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.message] : []))).toEqual([
      'Password attempts exceeded',
      'Password attempts exceeded',
    ])
    // A refused answer was not judged, so that its session is good when the lock is over.
    server.clock.advance(1000)
    const refused = sessions[outcomes.findIndex(({ status }) => status === 'rejected')]
    expect((await answer('sesame', refused?.Session)).AuthenticationResult).toBeDefined()
    expect((await answer('sesame', (await begin()).Session)).AuthenticationResult).toBeDefined()
  })

  it('ends a sign-in that the triggers would never end', async () => {
    define = () => ({ challengeName: 'CUSTOM_CHALLENGE' })
    verify = () => ({ answerCorrect: true })
    let { Session } = await begin()
    for (let i = 1; i < limits.customChallenges.max; i++) ({ Session } = await answer('right', Session))
    await expectRefusal(answer('right', Session), 'NotAuthorizedException', WRONG_PASSWORD)
  })

  it('gives no tokens to a user who must reset the password', async () => {
    const email = [
      { Name: 'email', Value: `${name}@example.com` },
      { Name: 'email_verified', Value: 'true' },
    ]
    const user = { UserPoolId: at.poolId, Username: name }
    await server.admin.send(new AdminUpdateUserAttributesCommand({ ...user, UserAttributes: email }))
    await server.admin.send(new AdminResetUserPasswordCommand(user))
    const hiding = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: [...ExplicitAuthFlows],
      PreventUserExistenceErrors: 'ENABLED',
    })
    await expectRefusal(begin(), 'PasswordResetRequiredException', 'Password reset required for the user')
    const { Session } = await begin({}, hiding.ClientId)
    await expectRefusal(
      respond('CUSTOM_CHALLENGE', { USERNAME: name, ANSWER: 'sesame' }, Session, hiding.ClientId),
      'NotAuthorizedException',
      WRONG_PASSWORD,
    )
  })

  it('gives no tokens to a user of an identity provider', async () => {
    const user = { ProviderName: 'Cognito', ProviderAttributeName: 'Cognito_Subject', ProviderAttributeValue: name }
    await server.admin.send(new AdminDisableProviderForUserCommand({ UserPoolId: at.poolId, User: user }))
    await expectRefusal(begin(), 'NotAuthorizedException', WRONG_PASSWORD)
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: [...ExplicitAuthFlows],
      PreventUserExistenceErrors: 'ENABLED',
    })
    const { Session } = await begin({}, ClientId)
    await expectRefusal(
      respond('CUSTOM_CHALLENGE', { USERNAME: name, ANSWER: 'sesame' }, Session, ClientId),
      'NotAuthorizedException',
      WRONG_PASSWORD,
    )
  })

  it('sends no code to a user without a number, and seems to where the client hides who exists', async () => {
    define = () => ({ challengeName: 'SMS_MFA' })
    await expectRefusal(begin(), 'NotAuthorizedException', /no factor that can be used/)
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: [...ExplicitAuthFlows],
      PreventUserExistenceErrors: 'ENABLED',
    })
    const known = await begin({}, ClientId)
    const nobody = await begin({ USERNAME: 'nobody' }, ClientId)
    expect(nobody.ChallengeName).toBe('SMS_MFA')
    expect(known.ChallengeName).toBe('SMS_MFA')
    expect(Object.keys(known.ChallengeParameters ?? {})).toEqual(Object.keys(nobody.ChallengeParameters ?? {}))
    expect(known.Session?.length).toBe(nobody.Session?.length)
    for (const [USERNAME, { Session }] of [
      [name, known],
      ['nobody', nobody],
    ] as const)
      await expectRefusal(
        respond('SMS_MFA', { USERNAME, SMS_MFA_CODE: '000000' }, Session, ClientId),
        'CodeMismatchException',
      )
  })

  it('tells the client who signs in, whatever the function says', async () => {
    shown = { USERNAME: 'somebody-else' }
    expect((await begin()).ChallengeParameters).toMatchObject({ USERNAME: name, hint: 'try 0' })
  })

  it('comes after a password by SRP', async () => {
    const start = srpStart()
    const challenge = await begin({ CHALLENGE_NAME: 'SRP_A', SRP_A: start.A })
    expect(challenge).toMatchObject({ ChallengeName: 'PASSWORD_VERIFIER', Session: expect.any(String) })
    const proof = srpAnswer(at.poolId, start, challenge.ChallengeParameters ?? {}, PASSWORD)
    // Without its session the password alone must not end the sign-in.
    await expectRefusal(respond('PASSWORD_VERIFIER', proof), 'InvalidParameterException')
    const custom = await respond('PASSWORD_VERIFIER', proof, challenge.Session)
    expect(custom.ChallengeName).toBe('CUSTOM_CHALLENGE')
    expect((await answer('sesame', custom.Session)).AuthenticationResult).toBeDefined()
    expect(seen.at(-1)?.request.session.map(({ challengeName }) => challengeName)).toEqual([
      'SRP_A',
      'PASSWORD_VERIFIER',
      'CUSTOM_CHALLENGE',
    ])
  })

  it('takes a recovery code for one by SMS after a password, and tells the function of SMS_MFA; without a password it does not', async () => {
    const pool = { LambdaConfig, MfaConfiguration: 'OPTIONAL', SmsConfiguration, ...withCodes() } as const
    const { Id: poolId } = await makePool(server, pool)
    const { ClientId: clientId } = await makeClient(server, poolId, {
      ExplicitAuthFlows: [...ExplicitAuthFlows, 'ALLOW_USER_PASSWORD_AUTH'],
    })
    await makeUser(server, poolId, name, { phone_number: `+1555${engine.length}00${1000 + count}` })
    const { AccessToken } = await signIn(server, clientId, name)
    const prefer = { UserPoolId: poolId, Username: name, SMSMfaSettings: { Enabled: true } }
    await server.admin.send(new AdminSetUserMFAPreferenceCommand(prefer))
    const [code = ''] = await newCodes(server, AccessToken)
    const recover = (Session: string | undefined) =>
      respond('SMS_MFA', { USERNAME: name, SMS_MFA_CODE: code }, Session, clientId)

    define = () => ({ challengeName: 'SMS_MFA' })
    await expectRefusal(recover((await begin({}, clientId)).Session), 'CodeMismatchException')

    define = (session) => {
      const last = session.at(-1)?.challengeName
      if (last === 'SMS_MFA') return { issueTokens: true }
      return { challengeName: last === 'PASSWORD_VERIFIER' ? 'SMS_MFA' : 'PASSWORD_VERIFIER' }
    }
    const start = srpStart()
    const challenge = await begin({ CHALLENGE_NAME: 'SRP_A', SRP_A: start.A }, clientId)
    const proof = srpAnswer(poolId, start, challenge.ChallengeParameters ?? {}, PASSWORD)
    const asked = await respond('PASSWORD_VERIFIER', proof, challenge.Session, clientId)
    expect((await recover(asked.Session)).AuthenticationResult).toBeDefined()
    expect(seen.at(-1)?.request.session.at(-1)).toEqual({ challengeName: 'SMS_MFA', challengeResult: true })
  })

  it('asks a device for both halves of its proof, when a function names the first', async () => {
    const { Id: poolId } = await makePool(server, { LambdaConfig, DeviceConfiguration: {} })
    const { ClientId: clientId } = await makeClient(server, poolId, {
      ExplicitAuthFlows: [...ExplicitAuthFlows, 'ALLOW_USER_PASSWORD_AUTH'],
    })
    await makeUser(server, poolId, name)
    const devices = deviceClient(server, { poolId, clientId })
    const { device } = await devices.newDevice(name)
    const proved = ({ challengeName, challengeResult }: Result) =>
      challengeName === 'DEVICE_PASSWORD_VERIFIER' && challengeResult
    define = (session) => (session.some(proved) ? { issueTokens: true } : { challengeName: 'DEVICE_SRP_AUTH' })
    const { Session } = await begin({ DEVICE_KEY: device.key }, clientId)
    const first = await devices.challengeFor(name, device, Session)
    expect(first.challenge.ChallengeName).toBe('DEVICE_PASSWORD_VERIFIER')
    const { AuthenticationResult } = await devices.prove(name, device, first)
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ device_key: device.key })
  })

  it('asks for a plain password at the Admin operations alone, where the client takes it, and tells the function', async () => {
    define = (session) =>
      session.at(-1)?.challengeName === 'ADMIN_NO_SRP_AUTH'
        ? { issueTokens: true }
        : { challengeName: 'ADMIN_NO_SRP_AUTH' }
    const beginAt = (ClientId: string) =>
      server.admin.send(
        new AdminInitiateAuthCommand({
          UserPoolId: at.poolId,
          ClientId,
          AuthFlow: 'CUSTOM_AUTH',
          AuthParameters: { USERNAME: name },
        }),
      )
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: [...ExplicitAuthFlows, 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    })
    for (const begun of [() => begin({}, ClientId), () => beginAt(at.clientId)])
      await expectRefusal(begun(), 'InvalidLambdaResponseException', 'Unrecognizable lambda output')

    const { ChallengeName, ChallengeParameters, Session } = await beginAt(ClientId)
    expect([ChallengeName, ChallengeParameters]).toEqual([
      'ADMIN_NO_SRP_AUTH',
      { USERNAME: name, USER_ID_FOR_SRP: name },
    ])
    const prove = (Password?: string) =>
      server.admin.send(
        new AdminRespondToAuthChallengeCommand({
          UserPoolId: at.poolId,
          ClientId,
          ChallengeName: 'ADMIN_NO_SRP_AUTH',
          Session,
          ChallengeResponses: { USERNAME: name, ...(Password && { PASSWORD: Password }) },
        }),
      )
    await expectRefusal(
      respond('ADMIN_NO_SRP_AUTH', { USERNAME: name, PASSWORD }, Session, ClientId),
      'InvalidParameterException',
      'The challenge ADMIN_NO_SRP_AUTH is answered by AdminRespondToAuthChallenge alone.',
    )
    await expectRefusal(prove(), 'InvalidParameterException', 'Missing required parameter PASSWORD')
    await expectRefusal(prove('Wrong-horse-1'), 'NotAuthorizedException', WRONG_PASSWORD)
    const { AuthenticationResult } = await prove(PASSWORD)
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ sub })
    expect(seen.at(-1)?.request.session).toEqual([{ challengeName: 'ADMIN_NO_SRP_AUTH', challengeResult: true }])
    await expectRefusal(prove(PASSWORD), 'NotAuthorizedException', USED_SESSION)
  })

  it('refuses a wrong password by SRP', async () => {
    const start = srpStart()
    const challenge = await begin({ CHALLENGE_NAME: 'SRP_A', SRP_A: start.A })
    const proof = srpAnswer(at.poolId, start, challenge.ChallengeParameters ?? {}, 'Wrong-horse-1')
    await expectRefusal(
      respond('PASSWORD_VERIFIER', proof, challenge.Session),
      'NotAuthorizedException',
      WRONG_PASSWORD,
    )
  })

  it('looks the same for a name that nobody has, where the client hides who exists, and never ends in tokens', async () => {
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: [...ExplicitAuthFlows],
      PreventUserExistenceErrors: 'ENABLED',
    })
    const known = await begin({}, ClientId)
    const nobody = await begin({ USERNAME: 'nobody' }, ClientId)
    expect(seen.at(-1)?.request).toMatchObject({ userNotFound: true, userAttributes: {} })
    expect(nobody.Session?.length).toBe(known.Session?.length)
    expect(nobody).toMatchObject({ ChallengeName: 'CUSTOM_CHALLENGE', ChallengeParameters: { USERNAME: 'nobody' } })
    define = () => ({ issueTokens: true })
    const last = respond('CUSTOM_CHALLENGE', { USERNAME: 'nobody', ANSWER: 'sesame' }, nobody.Session, ClientId)
    await expectRefusal(last, 'NotAuthorizedException', WRONG_PASSWORD)
    await expectRefusal(begin({ USERNAME: 'nobody' }), 'UserNotFoundException', 'User does not exist.')
  })

  it('gives no tokens to who is disabled, and tells who is not confirmed', async () => {
    const { Session } = await begin()
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: name }))
    await expectRefusal(answer('sesame', Session), 'NotAuthorizedException', INVALID_SESSION)
    define = () => ({ issueTokens: true })
    await expectRefusal(begin(), 'NotAuthorizedException', 'User is disabled.')
  })

  it.each([
    ['nothing', {}],
    ['a challenge that it may not name', { challengeName: 'NEW_PASSWORD_REQUIRED' }],
    ['another type', { issueTokens: 'yes' }],
  ])('refuses DefineAuthChallenge when it answers %s', async (_, response) => {
    define = () => response
    await expectRefusal(begin(), 'InvalidLambdaResponseException', 'Unrecognizable lambda output')
  })

  it('says when a pool has not all three triggers, and when one refuses', async () => {
    const without = await makePool(server, { LambdaConfig: { DefineAuthChallenge: arn('define') } })
    const client = await makeClient(server, without.Id, { ExplicitAuthFlows: [...ExplicitAuthFlows] })
    await expectRefusal(
      begin({}, client.ClientId),
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
    )
    const refusing = await makePool(server, { LambdaConfig: { ...LambdaConfig, PreAuthentication: arn('refuse') } })
    const { ClientId } = await makeClient(server, refusing.Id, { ExplicitAuthFlows: [...ExplicitAuthFlows] })
    await server.admin.send(
      new AdminCreateUserCommand({ UserPoolId: refusing.Id, Username: name, MessageAction: 'SUPPRESS' }),
    )
    await expectRefusal(
      begin({}, ClientId),
      'UserLambdaValidationException',
      'PreAuthentication failed with error Not today.',
    )
  })
})
