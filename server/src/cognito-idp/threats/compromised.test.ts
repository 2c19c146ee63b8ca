// Compromised credentials through every door (docs/reference/user-pools.md 15).
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  SetRiskConfigurationCommand,
  type SetRiskConfigurationCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { responder, srpBeginner } from '../../../test/challenges.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  type TestPool,
  useTestServer,
} from '../../../test/harness.ts'
import { signUpUser } from '../../../test/sign-up.ts'
import { srpAnswer } from '../../../test/srp-client.ts'
import { AUDIT, ENFORCED, eventsOf } from '../../../test/threats.ts'
import { makeFilter } from '../../breached-passwords/make-filter.ts'

const REFUSED = 'Provided password cannot be used for security reasons.'
const RESET = 'Password reset required for the user'
/** In the file; each fulfils the policy. */
const BREACHED = 'Breached-1-password'
const LATER = 'Breached-2-password'
const FINE = 'Nobody-has-this-1'

const folder = mkdtempSync(join(tmpdir(), 'breached-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'filter')
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()
writeFileSync(join(folder, 'list'), `${sha1(BREACHED)}:42\r\n${LATER}\n`)
await makeFilter(join(folder, 'list'), file)

describe.each(engines)('compromised credentials (%s)', (engine) => {
  const server = useTestServer({ engine, env: { BREACHED_PASSWORDS_FILE: file } })
  let pool: TestPool
  const makeProtected = async (settings: Parameters<typeof makePool>[1] = ENFORCED): Promise<TestPool> => {
    const { Id } = await makePool(server, { AutoVerifiedAttributes: ['email'], ...settings })
    return { poolId: Id, clientId: (await makeClient(server, Id)).ClientId }
  }
  beforeEach(async () => {
    pool = await makeProtected()
  })
  const configure = (input: Omit<SetRiskConfigurationCommandInput, 'UserPoolId'>, { poolId } = pool) =>
    server.admin.send(new SetRiskConfigurationCommand({ UserPoolId: poolId, ...input }))
  const only = (...EventFilter: ('SIGN_IN' | 'SIGN_UP' | 'PASSWORD_CHANGE')[]) => ({
    CompromisedCredentialsRiskConfiguration: { EventFilter, Actions: { EventAction: 'BLOCK' as const } },
  })
  /** A user whose password the file has, set while sign-ins alone are checked. */
  const userWith = async (password: string, { poolId } = pool, attributes = {}): Promise<void> => {
    await configure(only('SIGN_IN'))
    await makeUser(server, poolId, 'ann', attributes)
    await server.admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId: poolId, Username: 'ann', Password: password, Permanent: true }),
    )
  }
  const statusOf = async () =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: 'ann' }))).UserStatus

  it('a sign-up with one is refused, and another password is taken', async () => {
    const { clientId } = pool
    await expectRefusal(
      signUpUser(server, clientId, 'ann', {}, { Password: BREACHED }),
      'InvalidPasswordException',
      REFUSED,
    )
    await signUpUser(server, clientId, 'ann', {}, { Password: FINE })
  })

  it('the commonest are refused without a file, whatever their case', async () => {
    await expectRefusal(
      signUpUser(server, pool.clientId, 'ann', {}, { Password: 'P@SSw0rd123' }),
      'InvalidPasswordException',
      REFUSED,
    )
  })

  it('a sign-in with one ends; the password is good no more until the user has set another by a code', async () => {
    await userWith(BREACHED, pool, { email: 'ann@example.com', email_verified: 'true' })
    // A guess learns nothing of it.
    await expectRefusal(signIn(server, pool.clientId, 'ann', LATER), 'NotAuthorizedException')
    expect(await statusOf()).toBe('CONFIRMED')
    await expectRefusal(signIn(server, pool.clientId, 'ann', BREACHED), 'PasswordResetRequiredException', RESET)
    expect(await statusOf()).toBe('RESET_REQUIRED')
    expect((await eventsOf(server, pool.poolId))[0]).toMatchObject({
      EventResponse: 'Fail',
      EventRisk: { RiskDecision: 'Block', CompromisedCredentialsDetected: true },
    })
    await expectRefusal(signIn(server, pool.clientId, 'ann', BREACHED), 'PasswordResetRequiredException', RESET)
    await server.app.send(new ForgotPasswordCommand({ ClientId: pool.clientId, Username: 'ann' }))
    const reset = (Password: string, ConfirmationCode: string) =>
      server.app.send(
        new ConfirmForgotPasswordCommand({ ClientId: pool.clientId, Username: 'ann', ConfirmationCode, Password }),
      )
    const code = await server.outbox.latestCode('ann@example.com')
    await configure({})
    await expectRefusal(reset(LATER, code), 'InvalidPasswordException', REFUSED)
    await reset(FINE, code)
    expect(await signIn(server, pool.clientId, 'ann', FINE)).toHaveProperty('AccessToken')
    expect(await statusOf()).toBe('CONFIRMED')
  })

  it('the same through AdminInitiateAuth; SRP has no plain password and passes', async () => {
    await userWith(BREACHED)
    const { start, challenge } = await srpBeginner(server, pool)('ann')
    const answer = srpAnswer(pool.poolId, start, challenge, BREACHED)
    const { AuthenticationResult } = await responder(server, pool)('PASSWORD_VERIFIER', answer)
    expect(AuthenticationResult).toHaveProperty('AccessToken')
    await expectRefusal(
      server.admin.send(
        new AdminInitiateAuthCommand({
          UserPoolId: pool.poolId,
          ClientId: pool.clientId,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ann', PASSWORD: BREACHED },
        }),
      ),
      'PasswordResetRequiredException',
      RESET,
    )
  })

  it('neither a user nor an administrator sets one', async () => {
    await makeUser(server, pool.poolId, 'ann')
    const { AccessToken } = await signIn(server, pool.clientId, 'ann')
    const change = (ProposedPassword: string) =>
      server.app.send(new ChangePasswordCommand({ AccessToken, PreviousPassword: PASSWORD, ProposedPassword }))
    await expectRefusal(change(BREACHED), 'InvalidPasswordException', REFUSED)
    await expectRefusal(
      server.admin.send(
        new AdminSetUserPasswordCommand({
          UserPoolId: pool.poolId,
          Username: 'ann',
          Password: LATER,
          Permanent: true,
        }),
      ),
      'InvalidPasswordException',
      REFUSED,
    )
    await change(FINE)
    expect(await signIn(server, pool.clientId, 'ann', FINE)).toHaveProperty('AccessToken')
  })

  it('a temporary one is replaced as ever, and not by another one', async () => {
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: pool.poolId,
        Username: 'ann',
        TemporaryPassword: BREACHED,
        MessageAction: 'SUPPRESS',
      }),
    )
    const { Session } = await server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: pool.clientId,
        AuthParameters: { USERNAME: 'ann', PASSWORD: BREACHED },
      }),
    )
    const answer = (NEW_PASSWORD: string) =>
      responder(server, pool)('NEW_PASSWORD_REQUIRED', { USERNAME: 'ann', NEW_PASSWORD }, Session)
    await expectRefusal(answer(LATER), 'InvalidPasswordException', REFUSED)
    expect((await answer(FINE)).AuthenticationResult).toHaveProperty('AccessToken')
  })

  it('EventFilter, NO_ACTION and the configuration of the app client decide', async () => {
    await configure(only('PASSWORD_CHANGE'))
    await signUpUser(server, pool.clientId, 'bob', {}, { Password: BREACHED })
    await configure({ ...only('SIGN_UP'), ClientId: pool.clientId })
    await expectRefusal(
      signUpUser(server, pool.clientId, 'cid', {}, { Password: BREACHED }),
      'InvalidPasswordException',
      REFUSED,
    )
    await configure({
      ClientId: pool.clientId,
      CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'NO_ACTION' } },
    })
    await signUpUser(server, pool.clientId, 'cid', {}, { Password: BREACHED })
  })

  it.each([['without threat protection', {}] as const, ['that audits', AUDIT] as const])(
    'a pool %s refuses none',
    async (which, settings) => {
      const other = await makeProtected(settings)
      await signUpUser(server, other.clientId, 'ann', {}, { Password: BREACHED })
      await makeUser(server, other.poolId, 'bob')
      const Permanent = true
      await server.admin.send(
        new AdminSetUserPasswordCommand({ UserPoolId: other.poolId, Username: 'bob', Password: BREACHED, Permanent }),
      )
      expect(await signIn(server, other.clientId, 'bob', BREACHED)).toHaveProperty('AccessToken')
      if (which === 'without threat protection') return
      // What is not refused is noted.
      for (const name of ['ann', 'bob'])
        expect(await eventsOf(server, other.poolId, name)).toMatchObject([
          { EventResponse: 'Pass', EventRisk: { RiskDecision: 'NoRisk', CompromisedCredentialsDetected: true } },
        ])
    },
  )
})
