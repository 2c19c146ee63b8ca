// Every flow and every challenge, on both engines: the AWS SDK walks all of them, by the public operations and by the Admin
// ones; Amplify and amazon-cognito-identity-js walk here what their own files do not. sign-in-walks.ts is the table.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AuthFlowType,
  ChallengeNameType,
  type CognitoIdentityProviderClient,
  CompleteWebAuthnRegistrationCommand,
  ConfirmSignUpCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  StartWebAuthnRegistrationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from 'amazon-cognito-identity-js'
import { Amplify } from 'aws-amplify'
import { confirmSignIn, getCurrentUser, type SignInInput, signIn, signOut } from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { ConsoleLogger, sharedInMemoryStorage } from 'aws-amplify/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Authenticator, type CreationOptions } from '../server/test/authenticator.ts'
import { type Person, sdkWalker } from './sdk-walker.ts'
import { challenges, clients, expectWalks, flows, useSignInRecord } from './sign-in-walks.ts'
import { engines, type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool, newestCode, type PoolAndClient } from './user-pool.ts'

// It warns of every endpoint that is not AWS's.
ConsoleLogger.LOG_LEVEL = 'ERROR'

const PASSWORD = 'First.Passw0rd'

test('the tables of walks have a row for all that the SDK can name, walked by a client or more', () => {
  for (const [names, table] of [
    [AuthFlowType, flows],
    [ChallengeNameType, challenges],
  ] as const) {
    const rows: Readonly<Record<string, object>> = table
    for (const name of Object.values(names)) expect(rows, name).toHaveProperty([name])
    for (const [name, row] of Object.entries(table)) {
      const files = clients.flatMap((client) => ('file' in row[client] ? [row[client].file] : []))
      expect(files, name).not.toEqual([])
      for (const file of files) expect(existsSync(fileURLToPath(new URL(file, import.meta.url))), file).toBe(true)
    }
  }
})

const TRIGGER = 'arn:aws:lambda:us-east-1:123456789012:function:custom-challenge'
const SmsConfiguration = { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' }
const ALL: Partial<CreateUserPoolClientCommandInput> = {
  ExplicitAuthFlows: [
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_USER_AUTH',
    'ALLOW_CUSTOM_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ],
}
const ROTATING: Partial<CreateUserPoolClientCommandInput> = {
  ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
}
/** The pools, each shaped for some of the challenges. */
const POOLS = {
  plain: { UserPoolTags: {} },
  choice: {
    SmsConfiguration,
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] } },
  },
  custom: {
    LambdaConfig: {
      DefineAuthChallenge: TRIGGER,
      CreateAuthChallenge: TRIGGER,
      VerifyAuthChallengeResponse: TRIGGER,
    },
  },
  factors: {},
  apps: {},
  emails: {},
  devices: { DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: false } },
} satisfies Record<string, Partial<CreateUserPoolCommandInput>>
const SECOND_FACTORS = {
  factors: {
    SmsMfaConfiguration: { SmsConfiguration },
    EmailMfaConfiguration: {},
    SoftwareTokenMfaConfiguration: { Enabled: true },
  },
  apps: { SoftwareTokenMfaConfiguration: { Enabled: true } },
  emails: { EmailMfaConfiguration: {} },
}

describe.each(engines)('on %s', (engine) => {
  const record = useSignInRecord()
  const folder = mkdtempSync(join(tmpdir(), 'walks-'))
  const at = {} as Record<keyof typeof POOLS | 'rotating', PoolAndClient>
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  let app: CognitoIdentityProviderClient
  let count = 0

  beforeAll(async () => {
    const file = join(folder, 'triggers.json')
    const module = fileURLToPath(new URL('custom-challenge-trigger.mjs', import.meta.url))
    writeFileSync(file, JSON.stringify({ [TRIGGER]: { module } }))
    server = await startServer({ engine, env: { TRIGGERS_FILE: file } })
    admin = record.sdk(adminClient(server))
    app = record.sdk(adminClient(server, { credentials: undefined }))
    for (const [name, pool] of Object.entries(POOLS)) at[name as keyof typeof POOLS] = await makePool(admin, pool, ALL)
    at.rotating = await makePool(admin, {}, ROTATING)
    for (const [name, factors] of Object.entries(SECOND_FACTORS)) {
      const UserPoolId = at[name as keyof typeof SECOND_FACTORS].poolId
      await admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: 'ON', ...factors }))
    }
    const WebAuthnConfiguration = { RelyingPartyId: 'example.com' }
    await admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId: at.choice.poolId, WebAuthnConfiguration }))
  }, 120_000)
  afterAll(async () => {
    for (const client of [admin, app]) client?.destroy()
    await server?.stop()
    rmSync(folder, { recursive: true })
  })

  /** A user of a pool: confirmed, unless the password is temporary. */
  async function person(
    { poolId }: PoolAndClient,
    has: Partial<Person> & { temporary?: true } = {},
    name = `user${++count}`,
  ): Promise<Person> {
    const { temporary, ...rest } = has
    const contacts = { email: has.email, phone_number: has.phone }
    const UserAttributes = Object.entries(contacts).flatMap(([Name, Value]) =>
      Value
        ? [
            { Name, Value },
            { Name: `${Name}_verified`, Value: 'true' },
          ]
        : [],
    )
    const user = { UserPoolId: poolId, Username: name }
    const TemporaryPassword = temporary && PASSWORD
    await admin.send(
      new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS', UserAttributes, TemporaryPassword }),
    )
    if (!temporary) await admin.send(new AdminSetUserPasswordCommand({ ...user, Password: PASSWORD, Permanent: true }))
    return { name, password: PASSWORD, ...rest }
  }
  const email = () => `user${++count}@example.com`
  const phone = () => `+1555010${1000 + ++count}`

  describe.each(['public', 'admin'] as const)('the AWS SDK by the %s operations', (door) => {
    let sdk: ReturnType<typeof sdkWalker>
    beforeAll(() => {
      sdk = sdkWalker(server, app, door === 'admin' ? admin : undefined)
    })
    const plainFlow = door === 'admin' ? 'ADMIN_USER_PASSWORD_AUTH' : 'USER_PASSWORD_AUTH'
    /** The challenges of a sign-in that ends in tokens of its user. */
    async function pathOf(...[place, who, ...rest]: Parameters<typeof sdk.walk>): Promise<string[]> {
      const { path, tokens } = await sdk.walk(place, who, ...rest)
      const { Username } = await app.send(new GetUserCommand({ AccessToken: tokens.AccessToken }))
      expect(Username).toBe(who.name)
      return path
    }

    test('passwords, and what renews tokens', async () => {
      const ada = await person(at.plain)
      const SRP = { SRP_A: '' }
      expect(await pathOf(at.plain, ada, 'USER_SRP_AUTH', SRP)).toEqual(['PASSWORD_VERIFIER'])
      const plain =
        door === 'admin' ? (['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'] as const) : ([plainFlow] as const)
      for (const flow of plain) expect(await pathOf(at.plain, ada, flow, { PASSWORD })).toEqual([])
      const grace = await person(at.plain, { temporary: true })
      expect(await pathOf(at.plain, grace, plainFlow, { PASSWORD })).toEqual(['NEW_PASSWORD_REQUIRED'])
      expect(await pathOf(at.plain, grace, plainFlow, { PASSWORD: `New.${PASSWORD}` })).toEqual([])

      const { tokens } = await sdk.walk(at.plain, ada, plainFlow, { PASSWORD })
      for (const flow of ['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'] as const)
        expect(await pathOf(at.plain, ada, flow, { REFRESH_TOKEN: tokens.RefreshToken as string })).toEqual([])
      const hedy = await person(at.rotating)
      let { RefreshToken } = (await sdk.walk(at.rotating, hedy, 'USER_SRP_AUTH', SRP)).tokens
      for (let time = 0; time < 2; time++) {
        const old = RefreshToken
        const { AuthenticationResult } = await app.send(
          new GetTokensFromRefreshTokenCommand({ ClientId: at.rotating.clientId, RefreshToken }),
        )
        ;({ RefreshToken } = AuthenticationResult ?? {})
        expect(RefreshToken).not.toBe(old)
      }
    }, 60_000)

    test('first factors, chosen and preferred, and the session of a sign-up', async () => {
      const authenticator = new Authenticator()
      const joan = await person(at.choice, { email: email(), phone: phone(), authenticator })
      const { AccessToken } = (await sdk.walk(at.choice, joan, plainFlow, { PASSWORD })).tokens
      const options = await app.send(new StartWebAuthnRegistrationCommand({ AccessToken }))
      const Credential = authenticator.create(options.CredentialCreationOptions as unknown as CreationOptions)
      await app.send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential: Credential as never }))
      const ways = {
        PASSWORD: [['PASSWORD'], { PASSWORD }, []],
        PASSWORD_SRP: [['PASSWORD_SRP', 'PASSWORD_VERIFIER'], { SRP_A: '' }, ['PASSWORD_VERIFIER']],
        EMAIL_OTP: [['EMAIL_OTP'], {}, ['EMAIL_OTP']],
        SMS_OTP: [['SMS_OTP'], {}, ['SMS_OTP']],
        WEB_AUTHN: [['WEB_AUTHN'], {}, ['WEB_AUTHN']],
      } as const
      for (const [choice, [chosen, more, preferred]] of Object.entries(ways)) {
        const path = await pathOf(at.choice, { ...joan, choice }, 'USER_AUTH')
        expect(path).toEqual(['SELECT_CHALLENGE', ...chosen])
        const preference = { PREFERRED_CHALLENGE: choice, ...more }
        expect(await pathOf(at.choice, joan, 'USER_AUTH', preference)).toEqual(preferred)
      }

      const newcomer = { name: `user${++count}`, password: PASSWORD, email: email() }
      const named = { ClientId: at.choice.clientId, Username: newcomer.name }
      const UserAttributes = [{ Name: 'email', Value: newcomer.email }]
      const { Session } = await app.send(new SignUpCommand({ ...named, UserAttributes }))
      const ConfirmationCode = await newestCode(server, newcomer.email)
      const confirmed = await app.send(new ConfirmSignUpCommand({ ...named, ConfirmationCode, Session }))
      expect(await pathOf(at.choice, newcomer, 'USER_AUTH', {}, confirmed.Session)).toEqual([])
    }, 60_000)

    test('custom challenges, alone and after a password', async () => {
      const ida = await person(at.custom)
      expect(await pathOf(at.custom, ida, 'CUSTOM_AUTH')).toEqual(['CUSTOM_CHALLENGE'])
      const afterSrp = await pathOf(at.custom, ida, 'CUSTOM_AUTH', { CHALLENGE_NAME: 'SRP_A', SRP_A: '' })
      expect(afterSrp).toEqual(['PASSWORD_VERIFIER', 'CUSTOM_CHALLENGE'])
      const backend = await person(at.custom, {}, `backend${++count}`)
      const begun = pathOf(at.custom, backend, 'CUSTOM_AUTH')
      if (door === 'admin') expect(await begun).toEqual(['ADMIN_NO_SRP_AUTH', 'CUSTOM_CHALLENGE'])
      else await expect(begun).rejects.toMatchObject({ name: 'InvalidLambdaResponseException' })
    }, 60_000)

    test('second factors, and their set-up', async () => {
      const path = (place: PoolAndClient, who: Person) => pathOf(place, who, plainFlow, { PASSWORD })
      expect(await path(at.factors, await person(at.factors, { phone: phone() }))).toEqual(['SMS_MFA'])
      expect(await path(at.factors, await person(at.factors, { email: email() }))).toEqual(['EMAIL_OTP'])
      for (const choice of ['SMS_MFA', 'EMAIL_OTP']) {
        const both = await person(at.factors, { phone: phone(), email: email(), choice })
        expect(await path(at.factors, both)).toEqual(['SELECT_MFA_TYPE', choice])
      }
      const mary = await person(at.apps)
      expect(await path(at.apps, mary)).toEqual(['MFA_SETUP'])
      expect(await path(at.apps, mary)).toEqual(['SOFTWARE_TOKEN_MFA'])
      const { name } = await person(at.emails)
      const ruth = { name, password: PASSWORD, email: email() }
      expect(await path(at.emails, ruth)).toEqual(['MFA_SETUP', 'EMAIL_OTP'])
      expect(await path(at.emails, ruth)).toEqual(['EMAIL_OTP'])
    }, 60_000)

    test('a device that proves itself', async () => {
      const hedy = await person(at.devices)
      const first = await sdk.walk(at.devices, hedy, plainFlow, { PASSWORD })
      expect(first.path).toEqual([])
      await sdk.keepDevice(hedy, first.tokens)
      const proof = ['DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER']
      expect(await pathOf(at.devices, hedy, plainFlow, { PASSWORD })).toEqual(proof)
      expect(await pathOf(at.devices, hedy, 'USER_SRP_AUTH', { SRP_A: '' })).toEqual(['PASSWORD_VERIFIER', ...proof])
    }, 60_000)
  })

  test('aws-amplify: custom challenges, and a code by SMS as the first factor', async () => {
    const use = ({ poolId, clientId }: PoolAndClient): void => {
      cognitoUserPoolsTokenProvider.setKeyValueStorage(sharedInMemoryStorage)
      Amplify.configure({
        Auth: { Cognito: { userPoolId: poolId, userPoolClientId: clientId, userPoolEndpoint: server.url } },
      })
    }
    /** Signs in with one answer to one challenge. */
    const enter = async (input: SignInInput, signInStep: string, answer: () => string | Promise<string>) => {
      expect(await signIn(input)).toMatchObject({ isSignedIn: false, nextStep: { signInStep } })
      expect(await confirmSignIn({ challengeResponse: await answer() })).toMatchObject({ isSignedIn: true })
      expect(await getCurrentUser()).toMatchObject({ username: input.username })
      await signOut()
    }
    use(at.custom)
    const { name: username } = await person(at.custom)
    const CUSTOM = 'CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE'
    await enter({ username, options: { authFlowType: 'CUSTOM_WITHOUT_SRP' } }, CUSTOM, () => 'sesame')
    const withSrp: SignInInput = { username, password: PASSWORD, options: { authFlowType: 'CUSTOM_WITH_SRP' } }
    await enter(withSrp, CUSTOM, () => 'sesame')
    await signIn(withSrp)
    await expect(confirmSignIn({ challengeResponse: 'wrong' })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    })

    use(at.choice)
    const joan = await person(at.choice, { phone: phone() })
    const preferring: SignInInput = {
      username: joan.name,
      options: { authFlowType: 'USER_AUTH', preferredChallenge: 'SMS_OTP' },
    }
    await enter(preferring, 'CONFIRM_SIGN_IN_WITH_SMS_CODE', () => newestCode(server, joan.phone as string))
  }, 60_000)

  test('amazon-cognito-identity-js: custom challenges, alone and after a password', async () => {
    const { name: Username } = await person(at.custom)
    const Pool = new CognitoUserPool({
      UserPoolId: at.custom.poolId,
      ClientId: at.custom.clientId,
      endpoint: server.url,
    })
    const details = new AuthenticationDetails({ Username, Password: PASSWORD })
    for (const way of ['initiateAuth', 'authenticateUser'] as const) {
      const enter = (answer: string) =>
        new Promise<CognitoUserSession>((resolve, reject) => {
          const user = new CognitoUser({ Username, Pool })
          user.setAuthenticationFlowType('CUSTOM_AUTH')
          const callbacks = {
            onSuccess: resolve,
            onFailure: reject,
            customChallenge: () => user.sendCustomChallengeAnswer(answer, callbacks),
          }
          user[way](details, callbacks)
        })
      await expect(enter('wrong')).rejects.toMatchObject({ code: 'NotAuthorizedException' })
      expect((await enter('sesame')).getAccessToken().payload).toMatchObject({ username: Username })
    }
  }, 60_000)

  expectWalks('sign-in-walks.test.ts', record)
})
