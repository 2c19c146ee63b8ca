// Second factors as apps use them: amazon-cognito-identity-js and Amplify 6, unchanged, sign in with codes by SMS and e-mail
// and of an authenticator app, set an app or an address up in the middle of a sign-in, and choose between factors.
import {
  AdminCreateUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
  type ICognitoStorage,
  type UserData,
} from 'amazon-cognito-identity-js'
import { Amplify } from 'aws-amplify'
import {
  confirmSignIn,
  fetchAuthSession,
  fetchMFAPreference,
  fetchUserAttributes,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { ConsoleLogger, type KeyValueStorageInterface } from 'aws-amplify/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { app } from './authenticator-app.ts'
import { expectWalks, useSignInRecord } from './sign-in-walks.ts'
import { engines, type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool, newestCode, type PoolAndClient } from './user-pool.ts'

const PASSWORD = 'First.Passw0rd'

// It warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR'

describe.each(engines)('on %s', (engine) => {
  const record = useSignInRecord()
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  beforeAll(async () => {
    server = await startServer({ engine })
    admin = adminClient(server)
  })
  afterAll(async () => {
    admin?.destroy()
    await server?.stop()
  })

  const SMS = { SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } } }
  const TOTP = { SoftwareTokenMfaConfiguration: { Enabled: true } }
  const EMAIL = { EmailMfaConfiguration: { Subject: 'Your sign-in' } }

  async function poolWith(
    factors: Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>,
    UserPoolTags: Record<string, string> = {},
  ): Promise<PoolAndClient> {
    const ids = await makePool(admin, { UserPoolTags })
    await admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId: ids.poolId, ...factors }))
    return ids
  }
  async function makeUser({ poolId }: PoolAndClient, Username: string, attributes: Record<string, string> = {}) {
    const user = { UserPoolId: poolId, Username }
    const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
    await admin.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes }))
    await admin.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }))
  }

  const RECOVERY = { 'cognomen:recovery-codes': '2' }
  /** CreateRecoveryCodes, which no client knows: a call as docs/decisions/recovery-codes.md shows it. */
  async function recoveryCodes(AccessToken: string): Promise<[string, string]> {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.CreateRecoveryCodes',
      },
      body: JSON.stringify({ AccessToken }),
    })
    return ((await response.json()) as { RecoveryCodes: [string, string] }).RecoveryCodes
  }

  describe('amazon-cognito-identity-js', () => {
    class Storage implements ICognitoStorage {
      readonly #items = new Map<string, string>()
      setItem = (key: string, value: string): void => void this.#items.set(key, value)
      getItem = (key: string): string | null => this.#items.get(key) ?? null
      removeItem = (key: string): void => void this.#items.delete(key)
      clear = (): void => this.#items.clear()
    }

    function userOf({ poolId, clientId }: PoolAndClient, Username: string): CognitoUser {
      const storage = new Storage()
      const Pool = new CognitoUserPool({
        UserPoolId: poolId,
        ClientId: clientId,
        endpoint: server.url,
        Storage: storage,
      })
      return new CognitoUser({ Username, Pool, Storage: storage })
    }

    type Step = { at: string; session?: CognitoUserSession; parameters?: Record<string, string> }
    /** What the client calls back with: the name of the callback, and what it was given. */
    const step = (run: (callbacks: IAuthenticationCallback) => void): Promise<Step> =>
      new Promise((resolve, reject) => {
        const asked = (at: string) => (_name: string, parameters: Record<string, string>) => resolve({ at, parameters })
        run({
          onSuccess: (session) => resolve({ at: 'signed in', session }),
          onFailure: reject,
          mfaRequired: asked('mfaRequired'),
          totpRequired: asked('totpRequired'),
          mfaSetup: asked('mfaSetup'),
          selectMFAType: asked('selectMFAType'),
        })
      })
    const begin = (user: CognitoUser): Promise<Step> =>
      step((callbacks) =>
        user.authenticateUser(
          new AuthenticationDetails({ Username: user.getUsername(), Password: PASSWORD }),
          callbacks,
        ),
      )
    const send = (user: CognitoUser, code: string, type?: string): Promise<Step> =>
      step((callbacks) => user.sendMFACode(code, callbacks as never, type))

    test('a code by SMS', async () => {
      const ids = await poolWith({ MfaConfiguration: 'ON', ...SMS })
      await makeUser(ids, 'ada', { phone_number: '+15550010001' })
      const ada = userOf(ids, 'ada')
      expect(await begin(ada)).toMatchObject({
        at: 'mfaRequired',
        parameters: { CODE_DELIVERY_DESTINATION: '+*******0001', CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS' },
      })
      await expect(send(ada, '00000x')).rejects.toMatchObject({ code: 'CodeMismatchException' })
      // The client goes on with the same session.
      expect(await send(ada, await newestCode(server, '+15550010001'))).toMatchObject({ at: 'signed in' })
    }, 60_000)

    test('an app that is set up at the sign-in, asked for at the next, and chosen of two', async () => {
      const ids = await poolWith({ MfaConfiguration: 'ON', ...SMS, ...TOTP })
      await makeUser(ids, 'grace')
      const grace = userOf(ids, 'grace')
      const asked = await begin(grace)
      expect(asked.at).toBe('mfaSetup')
      expect(JSON.parse(asked.parameters?.['MFAS_CAN_SETUP'] as string)).toContain('SOFTWARE_TOKEN_MFA')
      const secret = await new Promise<string>((resolve, reject) =>
        grace.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }),
      )
      const next = app(secret)
      const session = await new Promise<CognitoUserSession>((resolve, reject) =>
        grace.verifySoftwareToken(next(), 'My phone', { onSuccess: resolve, onFailure: reject }),
      )
      expect(session.isValid()).toBe(true)

      const again = userOf(ids, 'grace')
      expect(await begin(again)).toMatchObject({
        at: 'totpRequired',
        parameters: { FRIENDLY_DEVICE_NAME: 'My phone' },
      })
      const code = next()
      expect(await send(again, code, 'SOFTWARE_TOKEN_MFA')).toMatchObject({ at: 'signed in' })
      const replayed = userOf(ids, 'grace')
      await begin(replayed)
      await expect(send(replayed, code, 'SOFTWARE_TOKEN_MFA')).rejects.toMatchObject({ code: 'ExpiredCodeException' })

      const { UserMFASettingList, PreferredMfaSetting } = await new Promise<UserData>((resolve, reject) =>
        again.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, (error) =>
          error
            ? reject(error)
            : again.getUserData((failed, data) => (failed ? reject(failed) : resolve(data as UserData)), {
                bypassCache: true,
              }),
        ),
      )
      expect([UserMFASettingList, PreferredMfaSetting]).toEqual([['SOFTWARE_TOKEN_MFA'], 'SOFTWARE_TOKEN_MFA'])
    }, 60_000)

    test('a choice between SMS and an app', async () => {
      const ids = await poolWith({ MfaConfiguration: 'OPTIONAL', ...SMS, ...TOTP })
      await makeUser(ids, 'hedy', { phone_number: '+15550010003' })
      const hedy = userOf(ids, 'hedy')
      expect((await begin(hedy)).at).toBe('signed in')
      const secret = await new Promise<string>((resolve, reject) =>
        hedy.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }),
      )
      await new Promise((resolve, reject) =>
        hedy.verifySoftwareToken(app(secret)(), 'My phone', { onSuccess: resolve, onFailure: reject }),
      )
      await new Promise((resolve, reject) =>
        hedy.setUserMfaPreference(
          { Enabled: true, PreferredMfa: false },
          { Enabled: true, PreferredMfa: false },
          (error, result) => (error ? reject(error) : resolve(result)),
        ),
      )
      const choosing = userOf(ids, 'hedy')
      const asked = await begin(choosing)
      expect(asked.at).toBe('selectMFAType')
      expect(JSON.parse(asked.parameters?.['MFAS_CAN_CHOOSE'] as string)).toEqual(['SMS_MFA', 'SOFTWARE_TOKEN_MFA'])
      const chosen = await step((callbacks) => choosing.sendMFASelectionAnswer('SMS_MFA', callbacks as never))
      expect(chosen.at).toBe('mfaRequired')
      expect(await send(choosing, await newestCode(server, '+15550010003'))).toMatchObject({ at: 'signed in' })
    }, 60_000)

    test('a recovery code in place of a code by SMS', async () => {
      const ids = await poolWith({ MfaConfiguration: 'ON', ...SMS }, RECOVERY)
      await makeUser(ids, 'ida', { phone_number: '+15550010004' })
      const ida = userOf(ids, 'ida')
      await begin(ida)
      const { session } = await send(ida, await newestCode(server, '+15550010004'))
      const [code] = await recoveryCodes(session?.getAccessToken().getJwtToken() as string)
      const again = userOf(ids, 'ida')
      expect((await begin(again)).at).toBe('mfaRequired')
      expect(await send(again, code)).toMatchObject({ at: 'signed in' })
      const late = userOf(ids, 'ida')
      await begin(late)
      await expect(send(late, code)).rejects.toMatchObject({ code: 'CodeMismatchException' })
    }, 60_000)
  })

  describe('aws-amplify', () => {
    class Device implements KeyValueStorageInterface {
      readonly #items = new Map<string, string>()
      setItem = async (key: string, value: string): Promise<void> => void this.#items.set(key, value)
      getItem = async (key: string): Promise<string | null> => this.#items.get(key) ?? null
      removeItem = async (key: string): Promise<void> => void this.#items.delete(key)
      clear = async (): Promise<void> => this.#items.clear()
    }
    /** From now on calls are about this pool, from a device that knows nobody. */
    function use({ poolId, clientId }: PoolAndClient): void {
      cognitoUserPoolsTokenProvider.setKeyValueStorage(new Device())
      Amplify.configure({
        Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: server.url } },
      })
    }
    const begin = (username: string) =>
      signIn({ username, password: PASSWORD, options: { authFlowType: 'USER_SRP_AUTH' } })
    const DONE = { isSignedIn: true, nextStep: { signInStep: 'DONE' } }

    test('a code by SMS', async () => {
      const ids = await poolWith({ MfaConfiguration: 'ON', ...SMS })
      use(ids)
      await makeUser(ids, 'ada', { phone_number: '+15550020001' })
      expect(await begin('ada')).toMatchObject({
        isSignedIn: false,
        nextStep: {
          signInStep: 'CONFIRM_SIGN_IN_WITH_SMS_CODE',
          codeDeliveryDetails: { deliveryMedium: 'SMS', destination: '+*******0001' },
        },
      })
      await expect(confirmSignIn({ challengeResponse: '00000x' })).rejects.toMatchObject({
        name: 'CodeMismatchException',
      })
      const challengeResponse = await newestCode(server, '+15550020001')
      expect(await confirmSignIn({ challengeResponse })).toEqual(DONE)
      expect(await fetchUserAttributes()).toMatchObject({ phone_number_verified: 'true' })
    }, 60_000)

    test('a recovery code in place of the app that is lost', async () => {
      const ids = await poolWith({ MfaConfiguration: 'ON', ...TOTP }, RECOVERY)
      use(ids)
      await makeUser(ids, 'ida')
      const { nextStep } = await begin('ida')
      if (nextStep.signInStep !== 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP') throw new Error(nextStep.signInStep)
      await confirmSignIn({ challengeResponse: app(nextStep.totpSetupDetails.sharedSecret)() })
      const { tokens } = await fetchAuthSession()
      const [, code] = await recoveryCodes(String(tokens?.accessToken))
      await signOut()
      expect((await begin('ida')).nextStep.signInStep).toBe('CONFIRM_SIGN_IN_WITH_TOTP_CODE')
      expect(await confirmSignIn({ challengeResponse: code.toLowerCase() })).toEqual(DONE)
    }, 60_000)

    test('an app that is set up at the sign-in, and asked for at the next', async () => {
      const ids = await poolWith({ MfaConfiguration: 'ON', ...TOTP })
      use(ids)
      await makeUser(ids, 'grace')
      const { nextStep } = await begin('grace')
      if (nextStep.signInStep !== 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP') throw new Error(nextStep.signInStep)
      expect(String(nextStep.totpSetupDetails.getSetupUri('Cognomen', 'grace'))).toMatch(/^otpauth:\/\/totp\//)
      const next = app(nextStep.totpSetupDetails.sharedSecret)
      expect(await confirmSignIn({ challengeResponse: next() })).toEqual(DONE)
      await signOut()
      expect(await begin('grace')).toMatchObject({ nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' } })
      expect(await confirmSignIn({ challengeResponse: next() })).toEqual(DONE)
    }, 60_000)

    test('preferences, and a choice between SMS, an app and e-mail', async () => {
      const ids = await poolWith({ MfaConfiguration: 'OPTIONAL', ...SMS, ...TOTP, ...EMAIL })
      use(ids)
      await makeUser(ids, 'hedy', { phone_number: '+15550020003', email: 'hedy@example.com', email_verified: 'true' })
      expect(await begin('hedy')).toEqual(DONE)
      const next = app((await setUpTOTP()).sharedSecret)
      await verifyTOTPSetup({ code: next() })
      await updateMFAPreference({ sms: 'ENABLED', totp: 'ENABLED', email: 'PREFERRED' })
      expect(await fetchMFAPreference()).toEqual({ enabled: ['SMS', 'TOTP', 'EMAIL'], preferred: 'EMAIL' })
      await signOut()

      expect(await begin('hedy')).toMatchObject({
        nextStep: {
          signInStep: 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE',
          codeDeliveryDetails: { deliveryMedium: 'EMAIL', destination: 'h***@e***' },
        },
      })
      const challengeResponse = await newestCode(server, 'hedy@example.com')
      expect(await confirmSignIn({ challengeResponse })).toEqual(DONE)
      await updateMFAPreference({ email: 'NOT_PREFERRED' })
      await signOut()

      expect(await begin('hedy')).toMatchObject({
        nextStep: {
          signInStep: 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION',
          allowedMFATypes: ['SMS', 'TOTP', 'EMAIL'],
        },
      })
      expect(await confirmSignIn({ challengeResponse: 'TOTP' })).toMatchObject({
        nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' },
      })
      expect(await confirmSignIn({ challengeResponse: next() })).toEqual(DONE)
      await updateMFAPreference({ sms: 'DISABLED', totp: 'DISABLED', email: 'DISABLED' })
      expect(await fetchMFAPreference()).toEqual({})
      await signOut()
      expect(await begin('hedy')).toEqual(DONE)
    }, 60_000)

    test('an address that is set up at the sign-in, chosen of two', async () => {
      const ids = await poolWith({ MfaConfiguration: 'ON', ...TOTP, ...EMAIL })
      use(ids)
      await makeUser(ids, 'joan')
      expect(await begin('joan')).toMatchObject({
        nextStep: {
          signInStep: 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION',
          allowedMFATypes: ['TOTP', 'EMAIL'],
        },
      })
      expect(await confirmSignIn({ challengeResponse: 'EMAIL' })).toMatchObject({
        nextStep: { signInStep: 'CONTINUE_SIGN_IN_WITH_EMAIL_SETUP' },
      })
      expect(await confirmSignIn({ challengeResponse: 'joan@example.com' })).toMatchObject({
        nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE' },
      })
      const challengeResponse = await newestCode(server, 'joan@example.com')
      expect(await confirmSignIn({ challengeResponse })).toEqual(DONE)
      expect(await fetchUserAttributes()).toMatchObject({ email: 'joan@example.com', email_verified: 'true' })
    }, 60_000)

    test('a factor that an administrator has turned on', async () => {
      const ids = await poolWith({ MfaConfiguration: 'OPTIONAL', ...EMAIL })
      use(ids)
      await makeUser(ids, 'mary', { email: 'mary@example.com' })
      await admin.send(
        new AdminSetUserMFAPreferenceCommand({
          UserPoolId: ids.poolId,
          Username: 'mary',
          EmailMfaSettings: { Enabled: true },
        }),
      )
      expect(await begin('mary')).toMatchObject({ nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE' } })
    }, 60_000)
  })

  expectWalks('second-factors.test.ts', record)
})
