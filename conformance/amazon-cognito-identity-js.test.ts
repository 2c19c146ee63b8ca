// amazon-cognito-identity-js, the client of Amplify before version 6 and of many apps still, walks through the life of a
// user with its own SRP.
import {
  AdminCreateUserCommand,
  AdminForgetDeviceCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  type CognitoUserSession,
  type ICognitoStorage,
  type ISignUpResult,
} from 'amazon-cognito-identity-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectWalks, useSignInRecord } from './sign-in-walks.ts'
import { engines, type StartedServer, startServer } from './start-server.ts'
import {
  adminClient,
  deviceTrackingPool,
  makePool,
  makeUserWithPhone,
  newestCode,
  type PoolAndClient,
} from './user-pool.ts'

const [FIRST_PASSWORD, SECOND_PASSWORD, THIRD_PASSWORD] = ['First.Passw0rd', 'Second.Passw0rd', 'Third.Passw0rd']

/** What the client keeps between page loads. */
class Storage implements ICognitoStorage {
  readonly #items = new Map<string, string>()
  setItem = (key: string, value: string): void => void this.#items.set(key, value)
  getItem = (key: string): string | null => this.#items.get(key) ?? null
  removeItem = (key: string): void => void this.#items.delete(key)
  clear = (): void => this.#items.clear()
}

/** A function with a callback (error, result), as a promise. */
const called = <T>(run: (callback: (error: unknown, result?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => run((error, result) => (error ? reject(error) : resolve(result as T))))

/** A function with an object of callbacks, as a promise. */
const told = <T>(
  run: (callbacks: { onSuccess(result: T): void; onFailure(error: unknown): void }) => void,
): Promise<T> => new Promise((resolve, reject) => run({ onSuccess: resolve, onFailure: reject }))

describe.each(engines)('on %s', (engine) => {
  const record = useSignInRecord()
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  let ids: PoolAndClient

  beforeAll(async () => {
    server = await startServer({ engine })
    admin = adminClient(server)
    ids = await makePool(admin)
  })

  afterAll(async () => {
    admin?.destroy()
    await server?.stop()
  })

  /** A device: one storage. */
  function device(storage = new Storage(), { poolId, clientId } = ids) {
    const Pool = new CognitoUserPool({
      UserPoolId: poolId,
      ClientId: clientId,
      endpoint: server.url,
      Storage: storage,
    })
    return { Pool, user: (Username: string) => new CognitoUser({ Username, Pool, Storage: storage }) }
  }

  const signIn = (user: CognitoUser, Password: string): Promise<CognitoUserSession> =>
    told((callbacks) =>
      user.authenticateUser(new AuthenticationDetails({ Username: user.getUsername(), Password }), callbacks),
    )

  const sessionOf = (user: CognitoUser): Promise<CognitoUserSession> =>
    called((callback) => user.getSession(callback as never))

  const attributesOf = async (user: CognitoUser): Promise<Record<string, string>> => {
    const attributes = await called<CognitoUserAttribute[]>((callback) => user.getUserAttributes(callback as never))
    return Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]))
  }

  test('a user signs up, confirms, signs in, changes its profile, forgets its password and signs out everywhere', {
    timeout: 120_000,
  }, async () => {
    const storage = new Storage()
    const { Pool, user } = device(storage)
    const email = new CognitoUserAttribute({ Name: 'email', Value: 'ada@example.com' })
    const signedUp = await called<ISignUpResult>((callback) =>
      Pool.signUp('ada', FIRST_PASSWORD, [email], [], callback as never),
    )
    expect(signedUp).toMatchObject({ userConfirmed: false, codeDeliveryDetails: { Destination: 'a***@e***' } })
    const ada = user('ada')
    await expect(signIn(ada, FIRST_PASSWORD)).rejects.toMatchObject({ code: 'UserNotConfirmedException' })
    await called((callback) => ada.resendConfirmationCode(callback))
    const code = await newestCode(server, 'ada@example.com')
    expect(await called((callback) => ada.confirmRegistration(code, true, callback))).toBe('SUCCESS')

    await expect(signIn(ada, SECOND_PASSWORD)).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
    const session = await signIn(ada, FIRST_PASSWORD)
    expect(session.isValid()).toBe(true)
    expect(session.getIdToken().payload).toMatchObject({ sub: signedUp.userSub, email: 'ada@example.com' })

    // The next page load finds the user in the storage, and refreshes.
    const returning = device(storage).Pool.getCurrentUser() as CognitoUser
    await sessionOf(returning)
    const refreshed = await called<CognitoUserSession>((callback) =>
      returning.refreshSession(session.getRefreshToken(), callback),
    )
    expect(refreshed.getAccessToken().getJwtToken()).not.toBe(session.getAccessToken().getJwtToken())
    expect(refreshed.getRefreshToken().getToken()).toBe(session.getRefreshToken().getToken())

    const changes = [
      new CognitoUserAttribute({ Name: 'nickname', Value: 'Countess' }),
      new CognitoUserAttribute({ Name: 'email', Value: 'lovelace@example.com' }),
    ]
    await called((callback) => returning.updateAttributes(changes, callback as never))
    expect(await attributesOf(returning)).toMatchObject({ nickname: 'Countess', email_verified: 'false' })
    const newAddressCode = await newestCode(server, 'lovelace@example.com')
    await told((callbacks) => returning.verifyAttribute('email', newAddressCode, callbacks))
    expect(await attributesOf(returning)).toMatchObject({ email: 'lovelace@example.com', email_verified: 'true' })
    await called((callback) => returning.deleteAttributes(['nickname'], callback))
    expect(await attributesOf(returning)).not.toHaveProperty('nickname')
    await called((callback) => returning.changePassword(FIRST_PASSWORD, SECOND_PASSWORD, callback))
    await signIn(device().user('ada'), SECOND_PASSWORD)

    const forgetting = device().user('ada')
    await told((callbacks) => forgetting.forgotPassword(callbacks))
    const resetCode = await newestCode(server, 'lovelace@example.com')
    await told((callbacks) => forgetting.confirmPassword(resetCode, THIRD_PASSWORD, callbacks))
    await expect(signIn(device().user('ada'), SECOND_PASSWORD)).rejects.toMatchObject({
      code: 'NotAuthorizedException',
    })

    const here = device().user('ada')
    await signIn(here, THIRD_PASSWORD)
    expect(await told((callbacks) => here.globalSignOut(callbacks))).toBe('SUCCESS')
    await expect(attributesOf(returning)).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
    await expect(
      called((callback) => returning.refreshSession(session.getRefreshToken(), callback)),
    ).rejects.toMatchObject({ code: 'NotAuthorizedException', message: 'Refresh Token has been revoked' })

    const leaving = device().user('ada')
    await signIn(leaving, THIRD_PASSWORD)
    // It revokes its refresh token.
    await new Promise<void>((done) => leaving.signOut(done))
    const deleting = device().user('ada')
    await signIn(deleting, THIRD_PASSWORD)
    expect(await called((callback) => deleting.deleteUser(callback))).toBe('SUCCESS')
    await expect(signIn(device().user('ada'), THIRD_PASSWORD)).rejects.toMatchObject({ code: 'UserNotFoundException' })
  })

  test('an invited user chooses a password and fills in what is required', async () => {
    const temporary = 'Tempor4ry!'
    await admin.send(
      new AdminCreateUserCommand({
        UserPoolId: ids.poolId,
        Username: 'grace',
        TemporaryPassword: temporary,
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email', Value: 'grace@example.com' }],
      }),
    )
    const grace = device().user('grace')
    const asked = await new Promise<Record<string, string>>((resolve, reject) =>
      grace.authenticateUser(new AuthenticationDetails({ Username: 'grace', Password: temporary }), {
        onSuccess: () => reject(new Error('signed in with the temporary password')),
        onFailure: reject,
        newPasswordRequired: resolve,
      }),
    )
    expect(asked).toMatchObject({ email: 'grace@example.com' })
    const session = await told<CognitoUserSession>((callbacks) =>
      grace.completeNewPasswordChallenge(FIRST_PASSWORD, { name: 'Grace' }, callbacks),
    )
    expect(session.getIdToken().payload).toMatchObject({ name: 'Grace' })
    await signIn(device().user('grace'), FIRST_PASSWORD)
  })

  test('a plain password instead of SRP', async () => {
    const { user } = device()
    const grace = user('grace')
    grace.setAuthenticationFlowType('USER_PASSWORD_AUTH')
    const session = await signIn(grace, FIRST_PASSWORD)
    expect(session.getAccessToken().payload).toMatchObject({ token_use: 'access', client_id: ids.clientId })
  })

  test('a device is confirmed, remembered, signs in without a code, and is forgotten', {
    timeout: 120_000,
  }, async () => {
    const own = await makePool(admin, deviceTrackingPool)
    const phone = '+15550100200'
    await makeUserWithPhone(admin, own.poolId, { Username: 'hedy', Password: FIRST_PASSWORD, phone })
    const storage = new Storage()
    const load = () => device(storage, own).user('hedy')

    /** Signs in, with a code where one is asked for. */
    const enter = (user: CognitoUser) =>
      new Promise<{ session: CognitoUserSession; code: boolean; confirm: boolean | undefined }>((resolve, reject) => {
        let code = false
        const callbacks = {
          onSuccess: (session: CognitoUserSession, confirm?: boolean) => resolve({ session, code, confirm }),
          onFailure: reject,
          mfaRequired: async () => {
            code = true
            user.sendMFACode(await newestCode(server, phone), callbacks)
          },
        }
        user.authenticateUser(new AuthenticationDetails({ Username: 'hedy', Password: FIRST_PASSWORD }), callbacks)
      })
    const deviceOf = ({ session }: { session: CognitoUserSession }) =>
      session.getAccessToken().payload['device_key'] as string
    const refreshed = (user: CognitoUser, { session }: { session: CognitoUserSession }) =>
      called<CognitoUserSession>((callback) => user.refreshSession(session.getRefreshToken(), callback))

    const phoneUser = load()
    const first = await enter(phoneUser)
    expect(first).toMatchObject({ code: true, confirm: true })
    expect(await enter(load())).toMatchObject({ code: true })
    expect(await told((callbacks) => phoneUser.setDeviceStatusRemembered(callbacks))).toBe('SUCCESS')

    // The next page load has the device in its storage.
    const returning = load()
    const second = await enter(returning)
    expect(second.code).toBe(false)
    expect(deviceOf(second)).toBe(deviceOf(first))
    expect(deviceOf({ session: await refreshed(returning, second) })).toBe(deviceOf(first))
    const listed = await told<{ Devices: { DeviceKey: string }[] }>((callbacks) =>
      returning.listDevices(10, null as never, callbacks as never),
    )
    expect(listed.Devices.map(({ DeviceKey }) => DeviceKey)).toEqual([deviceOf(first)])
    const shown = await told<{ Device: { DeviceKey: string } }>((callbacks) => returning.getDevice(callbacks as never))
    expect(shown.Device.DeviceKey).toBe(deviceOf(first))

    // Forgotten elsewhere: the client drops it and answers again without.
    await admin.send(
      new AdminForgetDeviceCommand({ UserPoolId: own.poolId, Username: 'hedy', DeviceKey: deviceOf(first) }),
    )
    await expect(refreshed(returning, second)).rejects.toMatchObject({ code: 'NotAuthorizedException' })
    const newcomer = load()
    const third = await enter(newcomer)
    expect(third.code).toBe(true)
    expect(deviceOf(third)).not.toBe(deviceOf(first))
    expect(await told((callbacks) => newcomer.forgetDevice(callbacks))).toBe('SUCCESS')
    expect(await enter(load())).toMatchObject({ code: true })
  })

  expectWalks('amazon-cognito-identity-js.test.ts', record)
})
