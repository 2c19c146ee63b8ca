import {
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  type ConfirmSignUpCommandInput,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { countOutcomes, otherCode, signUpConfirmed, signUpUser } from '../../../test/sign-up.ts'

const HOUR_MS = 60 * 60 * 1000
const MISMATCH = 'Invalid verification code provided, please try again.'
const EXPIRED = 'Invalid code provided, please request a code again.'
const LIMIT = 'Attempt limit exceeded, please try after some time.'

describe.each(engines)('ConfirmSignUp on %s', (engine) => {
  const server = useTestServer({ engine })
  const settings = { AutoVerifiedAttributes: ['email', 'phone_number'], AliasAttributes: ['email', 'phone_number'] }
  const at = usePool(server, { pool: settings as never })
  /** A client that hides who exists. */
  let hiding: string

  beforeAll(async () => {
    hiding = (await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
  })

  const confirm = (Username: string, ConfirmationCode: string, more: Partial<ConfirmSignUpCommandInput> = {}) =>
    server.app.send(new ConfirmSignUpCommand({ ClientId: at.clientId, Username, ConfirmationCode, ...more }))
  const codeTo = (to: string) => server.outbox.latestCode(to)
  const userOf = async (Username: string) => {
    const user = await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username }))
    const attributes = Object.fromEntries((user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]))
    return { status: user.UserStatus, username: user.Username, ...attributes } as Record<string, string>
  }

  describe('ok', () => {
    it('confirms the user, who can sign in from then on, and verifies what the code was sent to', async () => {
      await signUpUser(server, at.clientId, 'ann', { email: 'ann@example.org', phone_number: '+14325550001' })
      await expectRefusal(signIn(server, at.clientId, 'ann'), 'UserNotConfirmedException', 'User is not confirmed.')
      const { $metadata: _, ...answer } = await confirm('ann', await codeTo('+14325550001'))
      expect(answer).toEqual({})
      expect(await userOf('ann')).toMatchObject({
        status: 'CONFIRMED',
        email_verified: 'false',
        phone_number_verified: 'true',
      })
      expect((await signIn(server, at.clientId, 'ann')).AccessToken).toBeTruthy()
      expect((await signIn(server, at.clientId, '+14325550001')).AccessToken).toBeTruthy()
      await expectRefusal(signIn(server, at.clientId, 'ann@example.org'), 'UserNotFoundException')
    })

    it('knows the user by its sub', async () => {
      const { UserSub } = await signUpUser(server, at.clientId, 'bysub', { email: 'bysub@example.org' })
      await confirm(UserSub as string, await codeTo('bysub@example.org'))
      expect((await userOf('bysub')).status).toBe('CONFIRMED')
    })

    it('moves an alias to its new owner with ForceAliasCreation, in one transaction', async () => {
      await signUpConfirmed(server, at.clientId, 'old', { email: 'moving@example.org' }, 'moving@example.org')
      await signUpUser(server, at.clientId, 'new', { email: 'moving@example.org' })
      const code = await codeTo('moving@example.org')
      await expectRefusal(
        confirm('new', code),
        'AliasExistsException',
        'An account with the given email already exists.',
      )
      await expectRefusal(
        confirm('new', code, { ForceAliasCreation: false }),
        'AliasExistsException',
        'An account with the given email already exists.',
      )
      expect((await userOf('moving@example.org')).username).toBe('old')
      // The refusals did not spend the code.
      await confirm('new', code, { ForceAliasCreation: true })
      expect((await userOf('moving@example.org')).username).toBe('new')
      expect(await userOf('old')).toMatchObject({ email: 'moving@example.org', email_verified: 'false' })
      expect((await signIn(server, at.clientId, 'old')).AccessToken).toBeTruthy()
    })

    it('words a taken number likewise', async () => {
      const phone_number = '+14325550009'
      await signUpConfirmed(server, at.clientId, 'phone1', { phone_number }, phone_number)
      await signUpUser(server, at.clientId, 'phone2', { phone_number })
      await expectRefusal(
        confirm('phone2', await codeTo(phone_number)),
        'AliasExistsException',
        'An account with the given phone_number already exists.',
      )
      await confirm('phone2', await codeTo(phone_number), { ForceAliasCreation: true })
      expect((await userOf(phone_number)).username).toBe('phone2')
    })
  })

  describe('refuses', () => {
    it('wrong codes, and still takes the right one', async () => {
      await signUpUser(server, at.clientId, 'wrong', { email: 'wrong@example.org' })
      const code = await codeTo('wrong@example.org')
      for (const bad of [otherCode(code), '0', code.slice(1), `${code}0`]) {
        await expectRefusal(confirm('wrong', bad), 'CodeMismatchException', MISMATCH)
      }
      await confirm('wrong', code)
    })

    it('codes of other users, other pools and other purposes', async () => {
      await signUpUser(server, at.clientId, 'mine', { email: 'mine@example.org' })
      await signUpUser(server, at.clientId, 'yours', { email: 'yours@example.org' })
      const elsewhere = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
      const otherClient = (await makeClient(server, elsewhere)).ClientId
      await signUpUser(server, otherClient, 'mine', { email: 'elsewhere@example.org' })
      await makeUser(server, at.poolId, 'resetting', { email: 'resetting@example.org', email_verified: 'true' })
      await server.app.send(new ForgotPasswordCommand({ ClientId: at.clientId, Username: 'resetting' }))
      const own = await codeTo('mine@example.org')
      for (const address of ['yours@example.org', 'elsewhere@example.org', 'resetting@example.org']) {
        const code = await codeTo(address)
        if (code !== own) await expectRefusal(confirm('mine', code), 'CodeMismatchException', MISMATCH)
      }
    })

    it('codes that are older than a day, and those that a newer one replaced', async () => {
      await signUpUser(server, at.clientId, 'late', { email: 'late@example.org' })
      const first = await codeTo('late@example.org')
      server.clock.advance(24 * HOUR_MS - 5000)
      await expectRefusal(confirm('late', otherCode(first)), 'CodeMismatchException', MISMATCH)
      server.clock.advance(6000)
      await expectRefusal(confirm('late', first), 'ExpiredCodeException', EXPIRED)
      await server.app.send(new ResendConfirmationCodeCommand({ ClientId: at.clientId, Username: 'late' }))
      const second = await codeTo('late@example.org')
      if (second !== first) await expectRefusal(confirm('late', first), 'CodeMismatchException', MISMATCH)
      await confirm('late', second)
    })

    it('a code that went to an address which the user no longer has', async () => {
      await signUpUser(server, at.clientId, 'moved', { email: 'before@example.org' })
      const code = await codeTo('before@example.org')
      await server.admin.send(
        new AdminUpdateUserAttributesCommand({
          UserPoolId: at.poolId,
          Username: 'moved',
          UserAttributes: [{ Name: 'email', Value: 'after@example.org' }],
        }),
      )
      await expectRefusal(confirm('moved', code), 'ExpiredCodeException', EXPIRED)
      expect((await userOf('moved')).email_verified).toBe('false')
    })

    it('users who are confirmed or were made by an administrator, whatever the code, saying their status', async () => {
      await signUpConfirmed(server, at.clientId, 'done', { email: 'done@example.org' }, 'done@example.org')
      for (const ClientId of [at.clientId, hiding]) {
        for (let i = 0; i < 9; i++) {
          await expectRefusal(
            confirm('done', '123456', { ClientId }),
            'NotAuthorizedException',
            'User cannot be confirmed. Current status is CONFIRMED',
          )
        }
      }
    })

    it('unknown users, with the error of the client’s PreventUserExistenceErrors', async () => {
      await expectRefusal(
        confirm('nobody', '123456'),
        'UserNotFoundException',
        'Username/client id combination not found.',
      )
      await expectRefusal(confirm('nobody', '123456', { ClientId: hiding }), 'ExpiredCodeException', EXPIRED)
    })

    it('every code after five wrong tries, and the sixteenth try of an hour, known or not', async () => {
      await signUpUser(server, at.clientId, 'guessed', { email: 'guessed@example.org' })
      server.clock.advance(24 * HOUR_MS + 1000)
      const [wrong, over] = ['CodeMismatchException', 'ExpiredCodeException']
      for (const name of ['guessed', 'guessed-nobody']) {
        const answers: string[] = []
        const attempt = async () => {
          const call = confirm(name, 'nocode', { ClientId: hiding })
          answers.push(
            await call.then(
              () => 'ok',
              ({ name: error }: Error) => error,
            ),
          )
        }
        await attempt()
        for (let i = 0; i < 2; i++) {
          await server.app.send(new ResendConfirmationCodeCommand({ ClientId: hiding, Username: name }))
          for (let tries = 0; tries < 7; tries++) await attempt()
        }
        expect(answers, name).toEqual([
          over,
          ...Array(2)
            .fill([...Array(5).fill(wrong), over, over])
            .flat(),
        ])
        await expectRefusal(confirm(name, 'nocode', { ClientId: hiding }), 'LimitExceededException', LIMIT)
      }
      server.clock.advance(HOUR_MS + 1000)
      await server.app.send(new ResendConfirmationCodeCommand({ ClientId: at.clientId, Username: 'guessed' }))
      await confirm('guessed', await codeTo('guessed@example.org'))
    })

    it('a call without the secret hash of a client with a secret', async () => {
      const { ClientId } = await makeClient(server, at.poolId, { GenerateSecret: true })
      await expectRefusal(
        confirm('ann', '123456', { ClientId, SecretHash: 'wrong' }),
        'NotAuthorizedException',
        `Unable to verify secret hash for client ${ClientId}`,
      )
    })
  })

  it('lets exactly one of 500 concurrent requests spend a code', async () => {
    await signUpUser(server, at.clientId, 'raced', { email: 'raced@example.org' })
    const code = await codeTo('raced@example.org')
    const body = { ClientId: at.clientId, Username: 'raced', ConfirmationCode: code }
    const answers = await Promise.all(Array.from({ length: 500 }, () => server.raw('ConfirmSignUp', body)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refusals = answers.filter(({ status }) => status !== 200)
    expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([400]))
    const known = ['LimitExceededException', 'ExpiredCodeException', 'NotAuthorizedException']
    expect(refusals.filter(({ json }) => !known.includes(json.__type as string))).toEqual([])
  })

  it('gives an alias that two confirm at once to one of them', async () => {
    for (let round = 0; round < 5; round++) {
      const email = `contested${round}@example.org`
      const rivals = [`red${round}`, `blue${round}`]
      const codes: string[] = []
      for (const name of rivals) {
        await signUpUser(server, at.clientId, name, { email })
        codes.push(await codeTo(email))
      }
      const outcomes = await countOutcomes(rivals.map((name, i) => confirm(name, codes[i] as string)))
      expect(outcomes).toEqual({ ok: 1, AliasExistsException: 1 })
    }
  })

  it('leaves one owner when two take an alias by force at once', async () => {
    const email = 'forced@example.org'
    await signUpConfirmed(server, at.clientId, 'holder', { email }, email)
    const codes: string[] = []
    for (const name of ['force1', 'force2']) {
      await signUpUser(server, at.clientId, name, { email })
      codes.push(await codeTo(email))
    }
    const force = { ForceAliasCreation: true }
    const outcomes = await countOutcomes(
      ['force1', 'force2'].map((name, i) => confirm(name, codes[i] as string, force)),
    )
    // One of the two may be refused after the other has taken the alias; neither leaves a partial write.
    expect(outcomes.ok).toBeGreaterThanOrEqual(1)
    expect(outcomes.InternalErrorException).toBeUndefined()
    const owners = await Promise.all(['holder', 'force1', 'force2'].map(userOf))
    const verified = owners.filter((owner) => owner.email_verified === 'true').map((owner) => owner.username)
    expect(verified).toEqual([(await userOf(email)).username])
  })
})
