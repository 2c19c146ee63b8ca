// Amplify 6, unchanged, walks through the life of a user as an app's code does. In Node.js it keeps its tokens in memory.
import {
  AdminCreateUserCommand,
  AdminForgetDeviceCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { Amplify } from 'aws-amplify'
import {
  autoSignIn,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  confirmUserAttribute,
  deleteUser,
  deleteUserAttributes,
  fetchAuthSession,
  fetchDevices,
  fetchUserAttributes,
  forgetDevice,
  getCurrentUser,
  rememberDevice,
  resendSignUpCode,
  resetPassword,
  signIn,
  signOut,
  signUp,
  updatePassword,
  updateUserAttributes,
} from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { ConsoleLogger, type KeyValueStorageInterface } from 'aws-amplify/utils'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { expectWalks, useSignInRecord } from './sign-in-walks.ts'
import { engines, type StartedServer, startServer } from './start-server.ts'
import { adminClient, deviceTrackingPool, makePool, makeUserWithPhone, newestCode } from './user-pool.ts'

const [FIRST_PASSWORD, SECOND_PASSWORD, THIRD_PASSWORD] = ['First.Passw0rd', 'Second.Passw0rd', 'Third.Passw0rd']

// It warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR'

/** What the client keeps between page loads: a device. */
class Device implements KeyValueStorageInterface {
  readonly #items = new Map<string, string>()
  setItem = async (key: string, value: string): Promise<void> => void this.#items.set(key, value)
  getItem = async (key: string): Promise<string | null> => this.#items.get(key) ?? null
  removeItem = async (key: string): Promise<void> => void this.#items.delete(key)
  clear = async (): Promise<void> => this.#items.clear()
}

/** From now on calls come from this device. */
const use = (device: Device): void => cognitoUserPoolsTokenProvider.setKeyValueStorage(device)

describe.each(engines)('on %s', (engine) => {
  const record = useSignInRecord()
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  let poolId: string

  beforeAll(async () => {
    server = await startServer({ engine })
    admin = adminClient(server)
    const pool = await makePool(admin)
    poolId = pool.poolId
    Amplify.configure({
      Auth: { Cognito: { userPoolId: poolId, userPoolClientId: pool.clientId, userPoolEndpoint: server.url } },
    })
  })

  afterAll(async () => {
    admin?.destroy()
    await server?.stop()
  })

  afterEach(() => vi.unstubAllGlobals())

  const signInWith = (username: string, password: string) =>
    signIn({ username, password, options: { authFlowType: 'USER_SRP_AUTH' } })

  test('a user signs up, confirms, signs in, changes its profile, forgets its password and signs out everywhere', async () => {
    const phone = new Device()
    use(phone)
    const username = 'ada'
    const signedUp = await signUp({
      username,
      password: FIRST_PASSWORD,
      options: { userAttributes: { email: 'ada@example.com' } },
    })
    expect(signedUp).toMatchObject({
      isSignUpComplete: false,
      nextStep: { signUpStep: 'CONFIRM_SIGN_UP', codeDeliveryDetails: { destination: 'a***@e***' } },
    })
    expect(await signInWith(username, FIRST_PASSWORD)).toMatchObject({ nextStep: { signInStep: 'CONFIRM_SIGN_UP' } })
    await resendSignUpCode({ username })
    const confirmationCode = await newestCode(server, 'ada@example.com')
    expect(await confirmSignUp({ username, confirmationCode })).toMatchObject({ isSignUpComplete: true })

    await expect(signInWith(username, SECOND_PASSWORD)).rejects.toMatchObject({ name: 'NotAuthorizedException' })
    expect(await signInWith(username, FIRST_PASSWORD)).toEqual({ isSignedIn: true, nextStep: { signInStep: 'DONE' } })
    expect(await getCurrentUser()).toMatchObject({ username, userId: signedUp.userId })
    const before = await fetchAuthSession()
    expect(before.tokens?.idToken?.payload).toMatchObject({ email: 'ada@example.com', email_verified: true })
    const after = await fetchAuthSession({ forceRefresh: true })
    expect(after.tokens?.accessToken.toString()).not.toBe(before.tokens?.accessToken.toString())
    expect(after.tokens?.accessToken.payload).toMatchObject({ sub: signedUp.userId, token_use: 'access' })

    const changed = await updateUserAttributes({
      userAttributes: { nickname: 'Countess', email: 'lovelace@example.com' },
    })
    expect(changed).toMatchObject({
      nickname: { isUpdated: true },
      email: { isUpdated: false, nextStep: { updateAttributeStep: 'CONFIRM_ATTRIBUTE_WITH_CODE' } },
    })
    const newAddressCode = await newestCode(server, 'lovelace@example.com')
    await confirmUserAttribute({ userAttributeKey: 'email', confirmationCode: newAddressCode })
    expect(await fetchUserAttributes()).toMatchObject({
      nickname: 'Countess',
      email: 'lovelace@example.com',
      email_verified: 'true',
    })
    await deleteUserAttributes({ userAttributeKeys: ['nickname'] })
    expect(await fetchUserAttributes()).not.toHaveProperty('nickname')
    await updatePassword({ oldPassword: FIRST_PASSWORD, newPassword: SECOND_PASSWORD })
    await expect(updatePassword({ oldPassword: FIRST_PASSWORD, newPassword: THIRD_PASSWORD })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    })

    const laptop = new Device()
    use(laptop)
    expect(await resetPassword({ username })).toMatchObject({
      nextStep: {
        resetPasswordStep: 'CONFIRM_RESET_PASSWORD_WITH_CODE',
        codeDeliveryDetails: { destination: 'l***@e***' },
      },
    })
    await expect(
      confirmResetPassword({ username, confirmationCode: '000000', newPassword: THIRD_PASSWORD }),
    ).rejects.toMatchObject({ name: 'CodeMismatchException' })
    const resetCode = await newestCode(server, 'lovelace@example.com')
    await confirmResetPassword({ username, confirmationCode: resetCode, newPassword: THIRD_PASSWORD })
    await expect(signInWith(username, SECOND_PASSWORD)).rejects.toMatchObject({ name: 'NotAuthorizedException' })
    expect(await signInWith(username, THIRD_PASSWORD)).toMatchObject({ isSignedIn: true })

    await signOut({ global: true })
    await expect(getCurrentUser()).rejects.toMatchObject({ name: 'UserUnAuthenticatedException' })
    use(phone)
    await expect(fetchUserAttributes()).rejects.toMatchObject({ name: 'NotAuthorizedException' })
    // A refusal of this kind makes the client forget the user.
    expect((await fetchAuthSession({ forceRefresh: true })).tokens).toBeUndefined()

    expect(await signInWith(username, THIRD_PASSWORD)).toMatchObject({ isSignedIn: true })
    await signOut()
    expect(await signInWith(username, THIRD_PASSWORD)).toMatchObject({ isSignedIn: true })
    await deleteUser()
    await expect(signInWith(username, THIRD_PASSWORD)).rejects.toMatchObject({ name: 'UserNotFoundException' })
  }, 120_000)

  test('an invited user chooses a password and fills in what is required', async () => {
    use(new Device())
    const { poolId, clientId } = await makePool(admin, {
      Schema: [{ Name: 'given_name', AttributeDataType: 'String', Required: true, Mutable: true }],
    })
    Amplify.configure({
      Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: server.url } },
    })
    await admin.send(
      new AdminCreateUserCommand({
        UserPoolId: poolId,
        Username: 'grace',
        TemporaryPassword: 'Tempor4ry!',
        MessageAction: 'SUPPRESS',
      }),
    )
    expect(await signInWith('grace', 'Tempor4ry!')).toEqual({
      isSignedIn: false,
      nextStep: {
        signInStep: 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED',
        missingAttributes: ['given_name'],
      },
    })
    await expect(confirmSignIn({ challengeResponse: FIRST_PASSWORD })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    })
    const answer = { challengeResponse: FIRST_PASSWORD, options: { userAttributes: { given_name: 'Grace' } } }
    expect(await confirmSignIn(answer)).toMatchObject({ isSignedIn: true })
    expect(await fetchUserAttributes()).toMatchObject({ given_name: 'Grace' })
  }, 120_000)

  test('tokens that rotate', async () => {
    use(new Device())
    const { poolId, clientId } = await makePool(
      admin,
      {},
      {
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      },
    )
    Amplify.configure({
      Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: server.url } },
    })
    await admin.send(
      new AdminCreateUserCommand({
        UserPoolId: poolId,
        Username: 'hedy',
        TemporaryPassword: 'Tempor4ry!',
        MessageAction: 'SUPPRESS',
      }),
    )
    await signIn({ username: 'hedy', password: 'Tempor4ry!', options: { authFlowType: 'USER_PASSWORD_AUTH' } })
    expect(await confirmSignIn({ challengeResponse: FIRST_PASSWORD })).toMatchObject({ isSignedIn: true })
    for (let refresh = 0; refresh < 3; refresh++) {
      expect((await fetchAuthSession({ forceRefresh: true })).tokens?.accessToken).toBeDefined()
    }
    await signOut({ global: true })
  }, 120_000)

  test('who may choose how to sign in', async () => {
    use(new Device())
    const { poolId, clientId } = await makePool(
      admin,
      { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } } },
      { ExplicitAuthFlows: ['ALLOW_USER_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
    )
    Amplify.configure({
      Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: server.url } },
    })
    const email = 'joan@example.com'
    const username = 'joan'
    const choosing = (options: { preferredChallenge?: 'EMAIL_OTP' | 'PASSWORD' | 'PASSWORD_SRP' }, password?: string) =>
      signIn({ username, password, options: { authFlowType: 'USER_AUTH', ...options } })
    const done = { isSignedIn: true, nextStep: { signInStep: 'DONE' } }

    // A sign-up that goes on to a sign-in by itself.
    const signedUp = await signUp({
      username,
      password: FIRST_PASSWORD,
      options: { userAttributes: { email }, autoSignIn: { authFlowType: 'USER_AUTH' } },
    })
    expect(signedUp).toMatchObject({ nextStep: { signUpStep: 'CONFIRM_SIGN_UP' } })
    const confirmed = await confirmSignUp({ username, confirmationCode: await newestCode(server, email) })
    expect(confirmed).toMatchObject({ nextStep: { signUpStep: 'COMPLETE_AUTO_SIGN_IN' } })
    expect(await autoSignIn()).toEqual(done)
    expect(await getCurrentUser()).toMatchObject({ username, userId: signedUp.userId })
    await signOut()

    // A preferred factor: a code, a password, a password by SRP.
    expect(await choosing({ preferredChallenge: 'EMAIL_OTP' })).toMatchObject({
      nextStep: {
        signInStep: 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE',
        codeDeliveryDetails: { deliveryMedium: 'EMAIL', destination: 'j***@e***' },
      },
    })
    await expect(confirmSignIn({ challengeResponse: 'wrong' })).rejects.toMatchObject({ name: 'CodeMismatchException' })
    expect(await confirmSignIn({ challengeResponse: await newestCode(server, email) })).toEqual(done)
    expect((await fetchAuthSession()).tokens?.idToken?.payload).toMatchObject({ email, email_verified: true })
    await signOut()
    for (const preferredChallenge of ['PASSWORD', 'PASSWORD_SRP'] as const) {
      await expect(choosing({ preferredChallenge }, SECOND_PASSWORD)).rejects.toMatchObject({
        name: 'NotAuthorizedException',
      })
      expect(await choosing({ preferredChallenge }, FIRST_PASSWORD)).toEqual(done)
      await signOut()
    }

    // The user chooses.
    for (const factor of ['EMAIL_OTP', 'PASSWORD', 'PASSWORD_SRP'] as const) {
      const choice = await choosing({})
      expect(choice).toMatchObject({
        nextStep: {
          signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
          availableChallenges: ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP'],
        },
      })
      const chosen = await confirmSignIn({ challengeResponse: factor })
      expect(chosen.nextStep.signInStep).toBe(
        factor === 'EMAIL_OTP' ? 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE' : 'CONFIRM_SIGN_IN_WITH_PASSWORD',
      )
      const challengeResponse = factor === 'EMAIL_OTP' ? await newestCode(server, email) : FIRST_PASSWORD
      expect(await confirmSignIn({ challengeResponse })).toEqual(done)
      await signOut()
    }

    // Without a password at all.
    const codes = { username: 'katherine', email: 'katherine@example.com' }
    await signUp({
      username: codes.username,
      options: { userAttributes: { email: codes.email }, autoSignIn: { authFlowType: 'USER_AUTH' } },
    })
    await confirmSignUp({ username: codes.username, confirmationCode: await newestCode(server, codes.email) })
    expect(await autoSignIn()).toEqual(done)
    await signOut()
    const byCode = await signIn({
      username: codes.username,
      options: { authFlowType: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP' },
    })
    expect(byCode).toMatchObject({ nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE' } })
    expect(await confirmSignIn({ challengeResponse: await newestCode(server, codes.email) })).toEqual(done)
  }, 120_000)

  test('a device is remembered, signs in without a code, is listed and forgotten', async () => {
    // A browser's, which the client reads the device's name from.
    vi.stubGlobal('navigator', { userAgent: 'a browser' })
    use(new Device())
    const { poolId, clientId } = await makePool(admin, deviceTrackingPool)
    Amplify.configure({
      Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: server.url } },
    })
    const phone = '+15550100300'
    await makeUserWithPhone(admin, poolId, { Username: 'hedy', Password: FIRST_PASSWORD, phone })
    const withCode = async () => {
      expect(await signInWith('hedy', FIRST_PASSWORD)).toMatchObject({
        nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_SMS_CODE' },
      })
      return confirmSignIn({ challengeResponse: await newestCode(server, phone) })
    }
    expect(await withCode()).toMatchObject({ isSignedIn: true })
    await rememberDevice()
    const [device] = await fetchDevices()
    expect(device).toMatchObject({ attributes: { device_status: 'valid' }, createDate: expect.any(Date) })
    await signOut()

    expect(await signInWith('hedy', FIRST_PASSWORD)).toMatchObject({ isSignedIn: true })
    const { tokens } = await fetchAuthSession({ forceRefresh: true })
    expect(tokens?.accessToken.payload).toMatchObject({ device_key: device?.id })

    // Forgotten elsewhere: the client drops it and answers again without.
    const DeviceKey = device?.id
    await admin.send(new AdminForgetDeviceCommand({ UserPoolId: poolId, Username: 'hedy', DeviceKey }))
    await signOut()
    expect(await withCode()).toMatchObject({ isSignedIn: true })
    expect(await fetchDevices()).toHaveLength(1)
    await forgetDevice()
    expect(await fetchDevices()).toEqual([])
    await signOut()
    expect(await withCode()).toMatchObject({ isSignedIn: true })
  }, 120_000)

  expectWalks('aws-amplify.test.ts', record)
})
