import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  ResendConfirmationCodeCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { countOutcomes, otherCode, signUpUser } from '../../../test/sign-up.ts'

const HOUR_MS = 60 * 60 * 1000
const MISMATCH = 'Invalid verification code provided, please try again.'
const EXPIRED = 'Invalid code provided, please request a code again.'
const NEW_PASSWORD = 'An0ther!pass'

describe.each(engines)('ConfirmForgotPassword on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email'], AliasAttributes: ['email'] } })
  /** A client that hides who exists. */
  let hiding: string

  beforeAll(async () => {
    hiding = (await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
  })

  const addressOf = (name: string) => `${name}@example.org`
  const forgot = (Username: string, ClientId = at.clientId) =>
    server.app.send(new ForgotPasswordCommand({ ClientId, Username }))
  const confirm = (Username: string, ConfirmationCode: string, Password = NEW_PASSWORD, ClientId = at.clientId) =>
    server.app.send(new ConfirmForgotPasswordCommand({ ClientId, Username, ConfirmationCode, Password }))
  const statusOf = async (Username: string) =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username }))).UserStatus

  /** A confirmed user with a verified address who forgot the password. Returns the code. */
  async function forgetful(name: string): Promise<string> {
    await makeUser(server, at.poolId, name, { email: addressOf(name), email_verified: 'true' })
    await forgot(name)
    return server.outbox.latestCode(addressOf(name))
  }

  describe('ok', () => {
    it('sets the password; the old one is refused from then on, tokens stay valid', async () => {
      const code = await forgetful('ann')
      const { AccessToken } = await signIn(server, at.clientId, 'ann')
      const { $metadata: _, ...answer } = await confirm('ann', code)
      expect(answer).toEqual({})
      await expectRefusal(
        signIn(server, at.clientId, 'ann'),
        'NotAuthorizedException',
        'Incorrect username or password.',
      )
      expect((await signIn(server, at.clientId, 'ann', NEW_PASSWORD)).AccessToken).toBeTruthy()
      expect((await server.app.send(new GetUserCommand({ AccessToken }))).Username).toBe('ann')
    })

    it('finishes a reset that an administrator began, and confirms an unconfirmed user', async () => {
      await makeUser(server, at.poolId, 'reset', { email: addressOf('reset'), email_verified: 'true' })
      await server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: at.poolId, Username: 'reset' }))
      expect(await statusOf('reset')).toBe('RESET_REQUIRED')
      await confirm('reset', await server.outbox.latestCode(addressOf('reset')))
      expect(await statusOf('reset')).toBe('CONFIRMED')

      await signUpUser(server, at.clientId, 'early', { email: addressOf('early') })
      const UserAttributes = [{ Name: 'email_verified', Value: 'true' }]
      await server.admin.send(
        new AdminUpdateUserAttributesCommand({ UserPoolId: at.poolId, Username: 'early', UserAttributes }),
      )
      await forgot('early')
      await confirm('early', await server.outbox.latestCode(addressOf('early')))
      expect(await statusOf('early')).toBe('CONFIRMED')
      expect((await signIn(server, at.clientId, 'early', NEW_PASSWORD)).AccessToken).toBeTruthy()
    })

    it('lets a user in who was locked out by guessing the forgotten password', async () => {
      const code = await forgetful('lockedout')
      for (let i = 0; i < 6; i++)
        await expectRefusal(signIn(server, at.clientId, 'lockedout', 'Wr0ng!pass'), 'NotAuthorizedException')
      await expectRefusal(
        signIn(server, at.clientId, 'lockedout'),
        'NotAuthorizedException',
        'Password attempts exceeded',
      )
      await confirm('lockedout', code)
      expect((await signIn(server, at.clientId, 'lockedout', NEW_PASSWORD)).AccessToken).toBeTruthy()
    })
  })

  describe('refuses', () => {
    it('passwords against the policy, which neither count as tries nor spend the code', async () => {
      const code = await forgetful('picky')
      for (let i = 0; i < 20; i++) {
        await expectRefusal(
          confirm('picky', code, 'alllower1!'),
          'InvalidPasswordException',
          'Password did not conform with policy: Password must have uppercase characters',
        )
      }
      await expectRefusal(confirm('picky', code, 'short'), 'InvalidParameterException', /greater than or equal to 6/)
      await confirm('picky', code)
    })

    it('wrong codes and codes for something else, and still takes the right one', async () => {
      const code = await forgetful('wrong')
      await expectRefusal(confirm('wrong', otherCode(code)), 'CodeMismatchException', MISMATCH)
      const foreign = await forgetful('foreign')
      if (foreign !== code) await expectRefusal(confirm('wrong', foreign), 'CodeMismatchException', MISMATCH)
      await signUpUser(server, at.clientId, 'signing-up', { email: addressOf('signing-up') })
      const signUpCode = await server.outbox.latestCode(addressOf('signing-up'))
      await expectRefusal(confirm('signing-up', signUpCode), 'ExpiredCodeException', EXPIRED)
      expect((await signIn(server, at.clientId, 'wrong')).AccessToken).toBeTruthy()
      await confirm('wrong', code)
    })

    it('codes that were never asked for, were used, are older than an hour or were replaced', async () => {
      await makeUser(server, at.poolId, 'never', { email: addressOf('never'), email_verified: 'true' })
      await expectRefusal(confirm('never', '123456'), 'ExpiredCodeException', EXPIRED)
      const used = await forgetful('used')
      await confirm('used', used)
      await expectRefusal(confirm('used', used, 'Y3t-another'), 'ExpiredCodeException', EXPIRED)
      const old = await forgetful('old')
      server.clock.advance(HOUR_MS + 1000)
      await expectRefusal(confirm('old', old), 'ExpiredCodeException', EXPIRED)
      await forgot('old')
      const newer = await server.outbox.latestCode(addressOf('old'))
      if (newer !== old) await expectRefusal(confirm('old', old), 'CodeMismatchException', MISMATCH)
      await confirm('old', newer)
    })

    it('a code that went to an address which the user no longer has, whoever changed it', async () => {
      const UserAttributes = [{ Name: 'email', Value: 'elsewhere@example.org' }]
      const byAdmin = await forgetful('moved')
      await server.admin.send(
        new AdminUpdateUserAttributesCommand({ UserPoolId: at.poolId, Username: 'moved', UserAttributes }),
      )
      const byUser = await forgetful('mover')
      const { AccessToken } = await signIn(server, at.clientId, 'mover')
      await server.app.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }))
      await expectRefusal(confirm('moved', byAdmin), 'ExpiredCodeException', EXPIRED)
      await expectRefusal(confirm('mover', byUser), 'ExpiredCodeException', EXPIRED)
      for (const name of ['moved', 'mover']) expect((await signIn(server, at.clientId, name)).AccessToken).toBeTruthy()
    })

    it('a code for an address that another user has taken over as an alias', async () => {
      const code = await forgetful('robbed')
      await signUpUser(server, at.clientId, 'taker', { email: addressOf('robbed') })
      const ConfirmationCode = await server.outbox.latestCode(addressOf('robbed'))
      const take = { ClientId: at.clientId, Username: 'taker', ConfirmationCode, ForceAliasCreation: true }
      await server.app.send(new ConfirmSignUpCommand(take))
      await expectRefusal(confirm('robbed', code), 'ExpiredCodeException', EXPIRED)
      expect((await signIn(server, at.clientId, 'robbed')).AccessToken).toBeTruthy()
    })

    it('users who were disabled or got a temporary password since they asked', async () => {
      const code = await forgetful('disabled')
      await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'disabled' }))
      await expectRefusal(confirm('disabled', code), 'NotAuthorizedException', 'User is disabled.')
      await expectRefusal(confirm('disabled', code, NEW_PASSWORD, hiding), 'CodeMismatchException', MISMATCH)
      await server.admin.send(new AdminEnableUserCommand({ UserPoolId: at.poolId, Username: 'disabled' }))
      await confirm('disabled', code)

      const other = await forgetful('temporary')
      const set = { UserPoolId: at.poolId, Username: 'temporary', Password: 'T3mporary!', Permanent: false }
      await server.admin.send(new AdminSetUserPasswordCommand(set))
      // The code may be gone with the old password; either way it does not replace the administrator's.
      const outcomes = await countOutcomes([confirm('temporary', other)])
      expect(outcomes.ok).toBeUndefined()
      expect(await statusOf('temporary')).toBe('FORCE_CHANGE_PASSWORD')
    })

    it('passwords that PasswordHistorySize forbids to reuse', async () => {
      const policy = { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 2 } }
      const pool = (await makePool(server, { Policies: policy })).Id
      const { ClientId } = await makeClient(server, pool)
      await makeUser(server, pool, 'ann', { email: 'history@example.org', email_verified: 'true' })
      const reset = async (password: string) => {
        await forgot('ann', ClientId)
        return confirm('ann', await server.outbox.latestCode('history@example.org'), password, ClientId)
      }
      const reused = 'PasswordHistoryPolicyViolationException'
      await expectRefusal(reset(PASSWORD), reused, 'Password has previously been used')
      // The refusal did not spend the code.
      await confirm('ann', await server.outbox.latestCode('history@example.org'), 'second-one', ClientId)
      await expectRefusal(reset(PASSWORD), reused)
      await reset('third-one')
      await reset(PASSWORD)
      await signIn(server, ClientId, 'ann')
    })

    it('unknown users', async () => {
      await expectRefusal(
        confirm('nobody', '123456'),
        'UserNotFoundException',
        'Username/client id combination not found.',
      )
    })

    it('every code after five wrong tries, and the sixteenth try of an hour', async () => {
      const code = await forgetful('guessed')
      for (let i = 0; i < 5; i++) await expectRefusal(confirm('guessed', otherCode(code)), 'CodeMismatchException')
      await expectRefusal(confirm('guessed', code), 'ExpiredCodeException', EXPIRED)
      // A new code has tries of its own.
      await forgot('guessed')
      const second = await server.outbox.latestCode(addressOf('guessed'))
      for (let i = 0; i < 4; i++) await expectRefusal(confirm('guessed', otherCode(second)), 'CodeMismatchException')
      for (let i = 0; i < 5; i++) {
        await expectRefusal(confirm('guessed', second, PASSWORD.toLowerCase()), 'InvalidPasswordException')
      }
      await expectRefusal(confirm('guessed', otherCode(second)), 'CodeMismatchException')
      for (let i = 0; i < 4; i++) await expectRefusal(confirm('guessed', second), 'ExpiredCodeException', EXPIRED)
      await forgot('guessed')
      const third = await server.outbox.latestCode(addressOf('guessed'))
      await expectRefusal(
        confirm('guessed', third),
        'LimitExceededException',
        'Attempt limit exceeded, please try after some time.',
      )
      expect((await signIn(server, at.clientId, 'guessed')).AccessToken).toBeTruthy()
    })

    it('a client that does not prove its secret', async () => {
      const { ClientId } = await makeClient(server, at.poolId, { GenerateSecret: true })
      await expectRefusal(
        confirm('ann', '123456', NEW_PASSWORD, ClientId),
        'NotAuthorizedException',
        `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
      )
    })
  })

  it('answers the same for known and unknown users to a client that hides who exists', async () => {
    await forgetful('present')
    await makeUser(server, at.poolId, 'idle', { email: addressOf('idle'), email_verified: 'true' })
    await makeUser(server, at.poolId, 'noaddress')
    await makeUser(server, at.poolId, 'off', { email: addressOf('off'), email_verified: 'true' })
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'off' }))
    const attempt = (name: string) => confirm(name, 'nocode', NEW_PASSWORD, hiding)
    // A decoy code for a sign-up is not one for a password.
    await server.app.send(new ResendConfirmationCodeCommand({ ClientId: hiding, Username: 'absent' }))
    for (const name of ['idle', 'absent', 'noaddress', 'off']) {
      await expectRefusal(attempt(name), 'ExpiredCodeException', EXPIRED)
      await forgot(name, hiding)
    }
    const everybody = ['present', 'idle', 'absent', 'noaddress', 'off']
    for (const name of everybody) {
      const answers: string[] = []
      for (let i = 0; i < 12; i++)
        answers.push(
          await attempt(name).then(
            () => 'ok',
            (error: Error) => error.name,
          ),
        )
      const [wrong, void_] = ['CodeMismatchException', 'ExpiredCodeException']
      expect(answers, name).toEqual([...Array(5).fill(wrong), ...Array(7).fill(void_)])
      await forgot(name, hiding)
      await expectRefusal(attempt(name), 'CodeMismatchException', MISMATCH)
      if (name === 'present') await expectRefusal(attempt(name), 'CodeMismatchException', MISMATCH)
      await expectRefusal(attempt(name), 'CodeMismatchException', MISMATCH)
      await expectRefusal(attempt(name), 'LimitExceededException')
    }
    server.clock.advance(HOUR_MS + 1000)
    for (const name of everybody) await expectRefusal(attempt(name), 'ExpiredCodeException', EXPIRED)
  })

  it('counts spellings of an unknown user as one name, with or without regard to case as for known users', async () => {
    for (const CaseSensitive of [true, false]) {
      const pool = (await makePool(server, { UsernameConfiguration: { CaseSensitive } })).Id
      const { ClientId } = await makeClient(server, pool, { PreventUserExistenceErrors: 'ENABLED' })
      await makeUser(server, pool, 'bob', { email: 'bob@example.org', email_verified: 'true' })
      for (const name of ['bob', 'rob']) {
        const attempt = (spelling: string) => confirm(spelling, 'nocode', NEW_PASSWORD, ClientId)
        for (let i = 0; i < 15; i++) await expectRefusal(attempt(name.toUpperCase()), 'ExpiredCodeException')
        await expectRefusal(attempt(name.toUpperCase()), 'LimitExceededException')
        await expectRefusal(attempt(name), CaseSensitive ? 'ExpiredCodeException' : 'LimitExceededException')
      }
    }
  })

  it('lets exactly one of many concurrent requests spend a code', async () => {
    const code = await forgetful('raced')
    const passwords = Array.from({ length: 100 }, (_, i) => `Raced-pass-${i}`)
    const calls = passwords.map((password) => confirm('raced', code, password))
    const outcomes = await countOutcomes(calls)
    expect(outcomes.ok).toBe(1)
    const known = ['ok', 'LimitExceededException', 'ExpiredCodeException']
    expect(Object.keys(outcomes).filter((name) => !known.includes(name))).toEqual([])
    const settled = await Promise.allSettled(calls)
    const winner = passwords[settled.findIndex((call) => call.status === 'fulfilled')] as string
    expect((await signIn(server, at.clientId, 'raced', winner)).AccessToken).toBeTruthy()
  })
})
