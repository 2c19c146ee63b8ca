// Sign-ins that come from devices: who gets one, when it is asked to prove itself, and what it spares its user.
import {
  AdminCreateUserCommand,
  AdminForgetDeviceCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateDeviceStatusCommand,
  GetDeviceCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { INVALID_SESSION, srpBeginner, USED_SESSION, WRONG_PASSWORD } from '../../../test/challenges.ts'
import { deviceClient } from '../../../test/devices.ts'
import { sqlOf } from '../../../test/executed-statements.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makeUser,
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { srpAnswer, srpClaim } from '../../../test/srp-client.ts'

const NO_DEVICE = ['ResourceNotFoundException', 'Device does not exist.'] as const
const UNKNOWN_KEY = 'us-east-1_0aaaaaaa-0000-4000-8000-000000000000'
const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' }
const MINUTE_MS = 60 * 1000
let count = 0

describe.each(engines)('a device on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { DeviceConfiguration: { ChallengeRequiredOnNewDevice: false } } })
  const client = deviceClient(server, at)
  const { begin, newDevice, challengeFor, prove, answer, respond } = client
  const beginSrp = srpBeginner(server, at)
  let name: string
  let sub: string
  beforeEach(async () => {
    name = `user-${++count}`
    sub = await makeUser(server, at.poolId, name)
  })
  const ofAdmin = (DeviceKey: string) => ({ UserPoolId: at.poolId, Username: name, DeviceKey })
  /** A new device, and the session of a sign-in that is to prove it. */
  async function asked() {
    const { device } = await newDevice(name)
    const { Session } = await begin(name, device.key)
    return { device, Session: Session as string }
  }

  it('is begun by a sign-in that names none, and is in its tokens', async () => {
    const { AuthenticationResult } = await begin(name)
    const { DeviceKey, DeviceGroupKey } = AuthenticationResult?.NewDeviceMetadata ?? {}
    expect(DeviceKey).toMatch(/^us-east-1_[0-9a-f-]{36}$/)
    expect(DeviceGroupKey).toMatch(/^-[A-Za-z0-9]{8}$/)
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ sub, device_key: DeviceKey })
    expect(claimsOf(AuthenticationResult?.IdToken as string)).not.toHaveProperty('device_key')
    const next = (await begin(name)).AuthenticationResult?.NewDeviceMetadata
    expect(next?.DeviceKey).not.toBe(DeviceKey)
    expect(next?.DeviceGroupKey).toBe(DeviceGroupKey)
  })

  it('proves itself after the password, and stays the same', async () => {
    const { device, tokens } = await newDevice(name)
    server.clock.advance(MINUTE_MS)
    const begun = await begin(name, device.key)
    expect(begun).toMatchObject({
      ChallengeName: 'DEVICE_SRP_AUTH',
      ChallengeParameters: { USERNAME: name },
      Session: expect.stringMatching(/^AYABe/),
    })
    expect(begun.AuthenticationResult).toBeUndefined()
    const first = await challengeFor(name, device, begun.Session)
    expect(first.challenge).toMatchObject({
      ChallengeName: 'DEVICE_PASSWORD_VERIFIER',
      ChallengeParameters: { USERNAME: name, DEVICE_KEY: device.key, SECRET_BLOCK: expect.any(String) },
    })
    const { AuthenticationResult } = await prove(name, device, first)
    expect(AuthenticationResult?.NewDeviceMetadata).toBeUndefined()
    expect(AuthenticationResult?.RefreshToken).toBeDefined()
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ sub, device_key: device.key })
    const { Device } = await server.app.send(
      new GetDeviceCommand({ AccessToken: tokens?.AccessToken, DeviceKey: device.key }),
    )
    const { DeviceCreateDate: made, DeviceLastAuthenticatedDate: used } = Device as { [name: string]: Date }
    expect(Number(used)).toBeGreaterThan(Number(made))
  })

  it('is named in the answer to PASSWORD_VERIFIER as well', async () => {
    const { device } = await newDevice(name)
    const { start, challenge } = await beginSrp(name)
    const proof = srpAnswer(at.poolId, start, challenge, PASSWORD)
    const next = await respond('PASSWORD_VERIFIER', { ...proof, DEVICE_KEY: device.key })
    expect(next.ChallengeName).toBe('DEVICE_SRP_AUTH')
    expect((await answer(name, device, next.Session)).AuthenticationResult).toBeDefined()
  })

  it('is kept from InitiateAuth on', async () => {
    const { device } = await newDevice(name)
    const { start, challenge } = await beginSrp(name, at.clientId, { DEVICE_KEY: device.key })
    const next = await respond('PASSWORD_VERIFIER', srpAnswer(at.poolId, start, challenge, PASSWORD))
    expect(next.ChallengeName).toBe('DEVICE_SRP_AUTH')
  })

  it('that is unknown is told, and the same answer is good without it, null or absent', async () => {
    for (const without of [{}, { DEVICE_KEY: null }]) {
      const { start, challenge } = await beginSrp(name, at.clientId, { DEVICE_KEY: UNKNOWN_KEY })
      const proof = srpAnswer(at.poolId, start, challenge, PASSWORD)
      await expectRefusal(respond('PASSWORD_VERIFIER', { ...proof, DEVICE_KEY: UNKNOWN_KEY }), ...NO_DEVICE)
      const { status, json } = await server.raw('RespondToAuthChallenge', {
        ClientId: at.clientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: { ...proof, ...without },
      })
      expect({ status, json }).toMatchObject({ status: 200, json: { AuthenticationResult: { NewDeviceMetadata: {} } } })
    }
    for (const key of [UNKNOWN_KEY, 'x', 'us-east-1_0\u0000', 'us-east-1_'.concat('0'.repeat(100_000))])
      await expectRefusal(begin(name, key), ...NO_DEVICE)
  })

  it('that is unknown leaves the session of a challenge good', async () => {
    const invited = `${name}-invited`
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: at.poolId,
        Username: invited,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    )
    const { Session } = await begin(invited)
    const chosen = { USERNAME: invited, NEW_PASSWORD: 'An0ther-passw0rd' }
    const named = respond('NEW_PASSWORD_REQUIRED', { ...chosen, DEVICE_KEY: UNKNOWN_KEY }, Session)
    await expectRefusal(named, ...NO_DEVICE)
    const { AuthenticationResult } = await respond('NEW_PASSWORD_REQUIRED', chosen, Session)
    expect(AuthenticationResult?.NewDeviceMetadata).toBeDefined()
  })

  it('is its user’s alone, at every client of the pool', async () => {
    const { device } = await newDevice(name)
    const other = `${name}-other`
    await makeUser(server, at.poolId, other)
    await expectRefusal(begin(other, device.key), ...NO_DEVICE)
    const { ClientId } = await makeClient(server, at.poolId)
    const elsewhere = await begin(name, device.key, ClientId)
    const first = await challengeFor(name, device, elsewhere.Session, ClientId)
    // The session and the secret block are good at their own client alone.
    await expectRefusal(prove(name, device, first), 'NotAuthorizedException', INVALID_SESSION)
    expect((await prove(name, device, first, {}, ClientId)).AuthenticationResult).toBeDefined()
  })

  it('takes no other device’s key, user or secret block in its answers', async () => {
    const { device, Session } = await asked()
    const { device: second } = await newDevice(name)
    const other = `${name}-other`
    await makeUser(server, at.poolId, other)
    await expectRefusal(challengeFor(name, second, Session), 'NotAuthorizedException', INVALID_SESSION)
    await expectRefusal(challengeFor(other, device, Session), 'NotAuthorizedException', INVALID_SESSION)
    await expectRefusal(challengeFor(name, { key: UNKNOWN_KEY }, Session), ...NO_DEVICE)
    const first = await challengeFor(name, device, Session)
    const more = await challengeFor(name, device, (await begin(name, device.key)).Session)
    const mixed = { start: more.start, challenge: { ...more.challenge, Session: first.challenge.Session } }
    await expectRefusal(prove(name, device, mixed), 'NotAuthorizedException', INVALID_SESSION)
    const named = prove(name, device, first, { DEVICE_KEY: second.key })
    await expectRefusal(named, 'NotAuthorizedException', INVALID_SESSION)
    expect((await prove(name, device, first)).AuthenticationResult).toBeDefined()
  })

  it('proves nothing of the password, nor the password of it', async () => {
    const { device, Session } = await asked()
    const { start, challenge } = await challengeFor(name, device, Session)
    const claim = srpClaim(
      { poolName: device.groupKey, userId: device.key, password: device.password },
      start,
      challenge.ChallengeParameters ?? {},
    )
    const asPassword = respond('PASSWORD_VERIFIER', { USERNAME: name, ...claim })
    await expectRefusal(asPassword, 'NotAuthorizedException', WRONG_PASSWORD)
    const srp = await beginSrp(name)
    const proof = srpAnswer(at.poolId, srp.start, srp.challenge, PASSWORD)
    const asDevice = respond('DEVICE_PASSWORD_VERIFIER', { ...proof, DEVICE_KEY: device.key }, challenge.Session)
    await expectRefusal(asDevice, 'NotAuthorizedException', INVALID_SESSION)
  })

  it('answers each challenge once: of many answers at once one gets tokens', async () => {
    const { device, Session } = await asked()
    const first = await challengeFor(name, device, Session)
    await expectRefusal(challengeFor(name, device, Session), 'NotAuthorizedException', USED_SESSION)
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => prove(name, device, first)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectRefusal(prove(name, device, first), 'NotAuthorizedException', USED_SESSION)
  })

  it('with a wrong secret is refused, its challenge used up; guesses lock the device, not the password', async () => {
    const { device } = await newDevice(name)
    const wrong = { ...device, password: 'guessed' }
    const session = async () => (await begin(name, device.key)).Session
    const first = await challengeFor(name, device, await session())
    await expectRefusal(prove(name, wrong, first), 'NotAuthorizedException', WRONG_PASSWORD)
    await expectRefusal(prove(name, device, first), 'NotAuthorizedException', USED_SESSION)
    for (let guess = 0; guess < 4; guess++)
      await expectRefusal(answer(name, wrong, await session()), 'NotAuthorizedException', WRONG_PASSWORD)
    const locked = await challengeFor(name, device, await session())
    server.clock.freeze()
    try {
      await expectRefusal(answer(name, wrong, await session()), 'NotAuthorizedException')
      await expectRefusal(prove(name, device, locked), 'NotAuthorizedException', 'Password attempts exceeded')
      expect((await begin(name)).AuthenticationResult).toBeDefined()
    } finally {
      server.clock.thaw()
    }
    server.clock.advance(MINUTE_MS)
    expect((await answer(name, device, await session())).AuthenticationResult).toBeDefined()
  })

  it('that is forgotten meanwhile gets no further, nor one whose user has a new password', async () => {
    const { device, Session } = await asked()
    const first = await challengeFor(name, device, Session)
    const { Session: second } = await begin(name, device.key)
    await server.admin.send(new AdminForgetDeviceCommand(ofAdmin(device.key)))
    await expectRefusal(challengeFor(name, device, second), ...NO_DEVICE)
    await expectRefusal(prove(name, device, first), ...NO_DEVICE)
    const next = await asked()
    const last = await challengeFor(name, next.device, next.Session)
    await server.admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: at.poolId,
        Username: name,
        Password: PASSWORD,
        Permanent: true,
      }),
    )
    await expectRefusal(prove(name, next.device, last), 'NotAuthorizedException', INVALID_SESSION)
  })

  it('asks for Session, DEVICE_KEY and a usable SRP_A', async () => {
    const { device, Session } = await asked()
    const missing = (parameter: string) =>
      ['InvalidParameterException', `Missing required parameter ${parameter}`] as const
    await expectRefusal(challengeFor(name, device), ...missing('Session'))
    await expectRefusal(
      respond('DEVICE_SRP_AUTH', { USERNAME: name, SRP_A: 'ab12' }, Session),
      ...missing('DEVICE_KEY'),
    )
    const zero = { USERNAME: name, DEVICE_KEY: device.key, SRP_A: '0' }
    await expectRefusal(respond('DEVICE_SRP_AUTH', zero, Session), 'InvalidParameterException', 'Invalid SRP_A')
  })

  it('tells nobody who exists', async () => {
    const { ClientId } = await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })
    for (const USERNAME of [name, `${name}-nobody`]) {
      const { start, challenge } = await beginSrp(USERNAME, ClientId, { DEVICE_KEY: UNKNOWN_KEY })
      const proof = { ...srpAnswer(at.poolId, start, challenge, 'Wr0ng!pass'), USERNAME }
      const named = respond('PASSWORD_VERIFIER', { ...proof, DEVICE_KEY: UNKNOWN_KEY }, undefined, ClientId)
      await expectRefusal(named, ...NO_DEVICE)
      const without = respond('PASSWORD_VERIFIER', proof, undefined, ClientId)
      await expectRefusal(without, 'NotAuthorizedException', WRONG_PASSWORD)
    }
  })
})

describe('a device and the second factor', () => {
  const server = useTestServer()
  const pool = { MfaConfiguration: 'ON', SmsConfiguration } as const
  const trusting = usePool(server, {
    pool: { ...pool, DeviceConfiguration: { ChallengeRequiredOnNewDevice: true } },
  })
  const tracking = usePool(server, {
    pool: { ...pool, DeviceConfiguration: { ChallengeRequiredOnNewDevice: false } },
  })

  async function arrive(at: typeof trusting, prefix = 'user-') {
    const client = deviceClient(server, at)
    const name = `${prefix}${++count}`
    const number = `+1555${String(count).padStart(7, '0')}`
    await makeUser(server, at.poolId, name, { phone_number: number })
    const answerCode = async (Session?: string, more: Record<string, string> = {}) =>
      client.respond(
        'SMS_MFA',
        { USERNAME: name, SMS_MFA_CODE: (await server.outbox.latestCode(number)) as string, ...more },
        Session,
      )
    const begun = await client.begin(name)
    expect(begun.ChallengeName).toBe('SMS_MFA')
    const { device } = await client.confirm((await answerCode(begun.Session)).AuthenticationResult)
    const setStatus = (DeviceRememberedStatus: 'remembered' | 'not_remembered') =>
      server.admin.send(
        new AdminUpdateDeviceStatusCommand({
          UserPoolId: at.poolId,
          Username: name,
          DeviceKey: device.key,
          DeviceRememberedStatus,
        }),
      )
    return { ...client, name, device, answerCode, setStatus }
  }

  it('a remembered one replaces it where the pool asks for it on new devices alone', async () => {
    const { begin, answer, answerCode, setStatus, name, device } = await arrive(trusting)
    const begun = await begin(name, device.key)
    expect(begun.ChallengeName).toBe('DEVICE_SRP_AUTH')
    expect((await answer(name, device, begun.Session)).AuthenticationResult).toBeDefined()
    expect((await begin(name)).ChallengeName).toBe('SMS_MFA')

    await setStatus('not_remembered')
    const again = await begin(name, device.key)
    expect(again.ChallengeName).toBe('SMS_MFA')
    const next = await answerCode(again.Session)
    expect(next.ChallengeName).toBe('DEVICE_SRP_AUTH')
    expect((await answer(name, device, next.Session)).AuthenticationResult).toBeDefined()
  })

  it('one that is remembered no more while it proves itself does not replace it', async () => {
    const { begin, answer, answerCode, challengeFor, prove, setStatus, name, device } = await arrive(trusting)
    const first = await challengeFor(name, device, (await begin(name, device.key)).Session)
    await setStatus('not_remembered')
    const next = await prove(name, device, first)
    expect(next.ChallengeName).toBe('SMS_MFA')
    expect((await answerCode(next.Session)).AuthenticationResult).toBeDefined()
    await setStatus('remembered')
    expect((await answer(name, device, (await begin(name, device.key)).Session)).AuthenticationResult).toBeDefined()
  })

  it('one follows it where the pool always asks for it', async () => {
    const { begin, answer, answerCode, name, device } = await arrive(tracking)
    const begun = await begin(name, device.key)
    expect(begun.ChallengeName).toBe('SMS_MFA')
    const next = await answerCode(begun.Session)
    expect(next.ChallengeName).toBe('DEVICE_SRP_AUTH')
    expect((await answer(name, device, next.Session)).AuthenticationResult).toBeDefined()
  })

  it('one that follows it is also begun with its session, as some clients do, once and by its right answer alone', async () => {
    const { begin, answer, answerCode, challengeFor, name, device } = await arrive(tracking)
    const invalid = ['NotAuthorizedException', INVALID_SESSION] as const
    const { Session } = await begin(name, device.key)
    await expectRefusal(challengeFor(name, device, Session), ...invalid)
    await expectRefusal(answerCode(Session, { SMS_MFA_CODE: '0' }), 'CodeMismatchException')
    await expectRefusal(challengeFor(name, device, Session), ...invalid)
    const next = await answerCode(Session)
    const outcomes = await Promise.allSettled(
      [Session, next.Session, Session, next.Session].map((one) => answer(name, device, one)),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectRefusal(challengeFor(name, device, Session), 'NotAuthorizedException', USED_SESSION)
    await expectRefusal(challengeFor(name, device, next.Session), 'NotAuthorizedException', USED_SESSION)
  })

  it('one whose code nobody has answered is not begun by another sign-in that carries its session', async () => {
    const { begin, challengeFor, setStatus, name, device } = await arrive(trusting)
    await setStatus('not_remembered')
    const { Session } = await begin(name, device.key)
    await setStatus('remembered')
    const carrying = await server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: trusting.clientId,
        AuthParameters: { USERNAME: name, PASSWORD, DEVICE_KEY: device.key },
        Session,
      }),
    )
    expect(carrying.ChallengeName).toBe('DEVICE_SRP_AUTH')
    await expectRefusal(challengeFor(name, device, Session), 'NotAuthorizedException', INVALID_SESSION)
  })

  it('is carried by sessions that are no longer than clients may keep, whatever the username', async () => {
    const { begin, answerCode, challengeFor, name, device } = await arrive(tracking, '😀'.repeat(126))
    const begun = await begin(name, device.key)
    const next = await answerCode(begun.Session)
    const { challenge } = await challengeFor(name, device, next.Session)
    for (const { Session } of [begun, next, challenge]) expect(Session?.length).toBeLessThanOrEqual(2048)
  })

  it('one that is unknown leaves session and code good', async () => {
    const { begin, answerCode, name } = await arrive(tracking)
    const { Session } = await begin(name)
    await expectRefusal(answerCode(Session, { DEVICE_KEY: UNKNOWN_KEY }), ...NO_DEVICE)
    expect((await answerCode(Session)).AuthenticationResult?.NewDeviceMetadata).toBeDefined()
  })
})

describe('a pool that tracks no devices', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['ann'] })
  const tracked = usePool(server, { pool: { DeviceConfiguration: {} }, users: ['ann'] })
  const AuthParameters = { USERNAME: 'ann', PASSWORD }
  const signIn = (ClientId: string, more: Record<string, string> = {}) =>
    server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId,
        AuthParameters: { ...AuthParameters, ...more },
      }),
    )

  it('gives none, and ignores those that clients name', async () => {
    const { AuthenticationResult } = await signIn(at.clientId, { DEVICE_KEY: UNKNOWN_KEY })
    expect(AuthenticationResult?.NewDeviceMetadata).toBeUndefined()
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).not.toHaveProperty('device_key')
  })

  it('reads nothing of devices, nor does a sign-in that names none where they are tracked', async () => {
    await signIn(at.clientId)
    await signIn(tracked.clientId)
    const ran = (ClientId: string, more?: Record<string, string>) => sqlOf(() => signIn(ClientId, more))
    const plain = await ran(at.clientId)
    expect(plain).not.toEqual([])
    expect(await ran(at.clientId, { DEVICE_KEY: UNKNOWN_KEY })).toEqual(plain)
    expect(await ran(tracked.clientId)).toEqual(plain)
  })
})
