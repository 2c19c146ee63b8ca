import { ChangePasswordCommand, GetUserCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
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
import { countOutcomes } from '../../../test/sign-up.ts'

const NEW_PASSWORD = 'An0ther!pass'
const WRONG = 'Incorrect username or password.'

describe.each(engines)('ChangePassword on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)

  const change = (AccessToken: string, PreviousPassword: string | undefined, ProposedPassword = NEW_PASSWORD) =>
    server.app.send(new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword }))
  const tokenOf = async (name: string) => {
    await makeUser(server, at.poolId, name)
    return (await signIn(server, at.clientId, name)).AccessToken
  }

  it('changes the password; the old one is refused from then on, tokens stay valid', async () => {
    const token = await tokenOf('ann')
    const { $metadata: _, ...answer } = await change(token, PASSWORD)
    expect(answer).toEqual({})
    await expectRefusal(signIn(server, at.clientId, 'ann'), 'NotAuthorizedException', WRONG)
    expect((await signIn(server, at.clientId, 'ann', NEW_PASSWORD)).AccessToken).toBeTruthy()
    expect((await server.app.send(new GetUserCommand({ AccessToken: token }))).Username).toBe('ann')
  })

  describe('refuses', () => {
    it('a wrong or missing previous password', async () => {
      const token = await tokenOf('wrong')
      await expectRefusal(change(token, 'Wr0ng!pass'), 'NotAuthorizedException', WRONG)
      await expectRefusal(
        change(token, undefined),
        'InvalidParameterException',
        "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member must not be null",
      )
      expect((await signIn(server, at.clientId, 'wrong')).AccessToken).toBeTruthy()
    })

    it('a new password against constraints or the policy, which does not count as a try', async () => {
      const token = await tokenOf('picky')
      await expectRefusal(
        change(token, PASSWORD, 'short'),
        'InvalidParameterException',
        "1 validation error detected: Value at 'proposedPassword' failed to satisfy constraint: Member must have length greater than or equal to 6",
      )
      for (let i = 0; i < 7; i++) {
        await expectRefusal(
          change(token, PASSWORD, 'alllower1!'),
          'InvalidPasswordException',
          'Password did not conform with policy: Password must have uppercase characters',
        )
      }
      await change(token, PASSWORD)
    })

    it('passwords that PasswordHistorySize forbids to reuse', async () => {
      const policy = { PasswordPolicy: { MinimumLength: 8, PasswordHistorySize: 2 } }
      const pool = (await makePool(server, { Policies: policy })).Id
      const { ClientId } = await makeClient(server, pool)
      await makeUser(server, pool, 'ann')
      const { AccessToken } = await signIn(server, ClientId, 'ann')
      const reused = 'PasswordHistoryPolicyViolationException'
      await expectRefusal(change(AccessToken, PASSWORD, PASSWORD), reused, 'Password has previously been used')
      await change(AccessToken, PASSWORD, 'second-one')
      await expectRefusal(change(AccessToken, 'second-one', PASSWORD), reused)
      await change(AccessToken, 'second-one', 'third-one')
      await change(AccessToken, 'third-one', PASSWORD)
    })

    it('the sixth try of an hour', async () => {
      const token = await tokenOf('eager')
      let password = PASSWORD
      for (let i = 0; i < 5; i++) {
        await change(token, password, `Eager-pass-${i}`)
        password = `Eager-pass-${i}`
      }
      await expectRefusal(
        change(token, password, 'Eager-pass-6'),
        'LimitExceededException',
        'Attempt limit exceeded, please try after some time.',
      )
    })

    it('guesses at the previous password like guesses at sign-in, with one count for both', async () => {
      const token = await tokenOf('guessed')
      for (let i = 0; i < 3; i++) await expectRefusal(change(token, 'Wr0ng!pass'), 'NotAuthorizedException', WRONG)
      for (let i = 0; i < 2; i++) {
        await expectRefusal(signIn(server, at.clientId, 'guessed', 'Wr0ng!pass'), 'NotAuthorizedException', WRONG)
      }
      await expectRefusal(change(token, PASSWORD), 'NotAuthorizedException', 'Password attempts exceeded')
      server.clock.advance(1500)
      await change(token, PASSWORD)
      // The right password has cleared the count.
      for (let i = 0; i < 4; i++) {
        await expectRefusal(signIn(server, at.clientId, 'guessed', 'Wr0ng!pass'), 'NotAuthorizedException', WRONG)
      }
      expect((await signIn(server, at.clientId, 'guessed', NEW_PASSWORD)).AccessToken).toBeTruthy()
    })

    it('what is no access token', async () => {
      await makeUser(server, at.poolId, 'carol')
      const { IdToken } = await signIn(server, at.clientId, 'carol')
      await expectRefusal(change(IdToken, PASSWORD), 'NotAuthorizedException', 'Invalid Access Token')
    })
  })

  it('lets one of several concurrent changes from the same password succeed', async () => {
    for (let round = 0; round < 3; round++) {
      const name = `raced${round}`
      const token = await tokenOf(name)
      const passwords = ['First-pass-1', 'Second-pass-2', 'Third-pass-3']
      const calls = passwords.map((password) => change(token, PASSWORD, password))
      expect(await countOutcomes(calls)).toEqual({ ok: 1, NotAuthorizedException: 2 })
      const settled = await Promise.allSettled(calls)
      const winner = passwords[settled.findIndex((call) => call.status === 'fulfilled')] as string
      expect((await signIn(server, at.clientId, name, winner)).AccessToken).toBeTruthy()
    }
  })
})
