import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  EXPIRED_SESSION,
  INVALID_SESSION,
  responder,
  srpBeginner,
  USED_SESSION,
  WRONG_PASSWORD,
} from '../../../../test/challenges.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  usePool,
  useTestServer,
} from '../../../../test/harness.ts'
import { signUpUser } from '../../../../test/sign-up.ts'
import { srpAnswer } from '../../../../test/srp-client.ts'
import { computeSecretHash } from '../../../crypto/secret-hash.ts'

describe.each(engines)('PASSWORD_VERIFIER on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let sequence = 0
  const newName = (): string => `user${++sequence}`
  const respond = responder(server, at)
  const begin = srpBeginner(server, at)

  const answerOf = async (
    name: string,
    password = PASSWORD,
    ClientId = at.clientId,
  ): Promise<Record<string, string>> => {
    const { start, challenge } = await begin(name, ClientId)
    return srpAnswer(at.poolId, start, challenge, password)
  }

  it('gives tokens for the right password, by username or alias', async () => {
    const pool = await makePool(server, { AliasAttributes: ['email'] })
    const { ClientId } = await makeClient(server, pool.Id)
    const name = newName()
    const email = `${name}@example.com`
    const sub = await makeUser(server, pool.Id, name, { email, email_verified: 'true' })
    for (const [called, USERNAME] of [
      [name, name],
      [email, name],
      [email, email],
    ] as const) {
      const { start, challenge } = await begin(called, ClientId)
      const answer = { ...srpAnswer(pool.Id, start, challenge, PASSWORD), USERNAME }
      const { AuthenticationResult } = await respond('PASSWORD_VERIFIER', answer, undefined, ClientId)
      expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ sub, username: name })
    }
  })

  it('takes a sub as a name only where it is the username', async () => {
    const name = newName()
    const sub = await makeUser(server, at.poolId, name)
    await expectRefusal(answerOf(sub), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(
      respond('PASSWORD_VERIFIER', { ...(await answerOf(name)), USERNAME: sub }),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    const pool = await makePool(server, { UsernameAttributes: ['email'] })
    const { ClientId } = await makeClient(server, pool.Id)
    const own = await makeUser(server, pool.Id, `${name}@example.com`)
    const { start, challenge } = await begin(own, ClientId)
    const answer = srpAnswer(pool.Id, start, challenge, PASSWORD)
    expect((await respond('PASSWORD_VERIFIER', answer, undefined, ClientId)).AuthenticationResult).toBeDefined()
  })

  it('tells an unconfirmed user so, whatever the password and the client', async () => {
    const name = newName()
    await signUpUser(server, at.clientId, name)
    const hiding = (await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
    const answered = async (password: string, ClientId: string) =>
      respond('PASSWORD_VERIFIER', await answerOf(name, password, ClientId), undefined, ClientId)
    for (const client of [at.clientId, hiding])
      for (const password of [PASSWORD, 'Wr0ng!pass'])
        await expectRefusal(answered(password, client), 'UserNotConfirmedException', 'User is not confirmed.')
  })

  it('refuses a wrong password', async () => {
    const name = newName()
    await makeUser(server, at.poolId, name)
    await expectRefusal(
      respond('PASSWORD_VERIFIER', await answerOf(name, 'Wr0ng!pass')),
      'NotAuthorizedException',
      WRONG_PASSWORD,
    )
  })

  it('takes an answer once, right or wrong', async () => {
    const name = newName()
    await makeUser(server, at.poolId, name)
    const right = await answerOf(name)
    await respond('PASSWORD_VERIFIER', right)
    await expectRefusal(respond('PASSWORD_VERIFIER', right), 'NotAuthorizedException', USED_SESSION)
    const wrong = await answerOf(name, 'Wr0ng!pass')
    await expectRefusal(respond('PASSWORD_VERIFIER', wrong), 'NotAuthorizedException', WRONG_PASSWORD)
    await expectRefusal(respond('PASSWORD_VERIFIER', wrong), 'NotAuthorizedException', USED_SESSION)
    const raced = await answerOf(name)
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => respond('PASSWORD_VERIFIER', raced)))
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  })

  it('refuses a block that was invented, changed, of another client or pool, or too old', async () => {
    const name = newName()
    await makeUser(server, at.poolId, name)
    const otherClient = (await makeClient(server, at.poolId)).ClientId
    const otherPool = (await makePool(server)).Id
    const foreign = (await makeClient(server, otherPool)).ClientId
    const answer = await answerOf(name)
    const block = answer.PASSWORD_CLAIM_SECRET_BLOCK as string
    const changed = Buffer.from(block, 'base64')
    changed[40] = (changed[40] as number) ^ 1
    for (const wrong of ['aW52ZW50ZWQ=', changed.toString('base64'), 'x', `${block}AA`]) {
      await expectRefusal(
        respond('PASSWORD_VERIFIER', { ...answer, PASSWORD_CLAIM_SECRET_BLOCK: wrong }),
        'NotAuthorizedException',
        WRONG_PASSWORD,
      )
    }
    for (const ClientId of [otherClient, foreign])
      await expectRefusal(
        respond('PASSWORD_VERIFIER', answer, undefined, ClientId),
        'NotAuthorizedException',
        WRONG_PASSWORD,
      )
    server.clock.advance(3 * 60 * 1000 + 1)
    await expectRefusal(respond('PASSWORD_VERIFIER', answer), 'NotAuthorizedException', EXPIRED_SESSION)
  })

  it('refuses a timestamp of another day or form, and any that was not signed', async () => {
    const name = newName()
    await makeUser(server, at.poolId, name)
    const { start, challenge } = await begin(name)
    const old = srpAnswer(at.poolId, start, challenge, PASSWORD, new Date(server.clock.now() - 2 * 86_400_000))
    await expectRefusal(respond('PASSWORD_VERIFIER', old), 'NotAuthorizedException', WRONG_PASSWORD)
    for (const change of [
      (text: string) => text.replace(/^\w+/, (weekday) => (weekday === 'Mon' ? 'Tue' : 'Mon')),
      (text: string) => text.replace(/^(\w+ \w+) /, '$1  '),
    ]) {
      const again = await begin(name)
      const spelled = srpAnswer(at.poolId, again.start, again.challenge, PASSWORD, new Date(server.clock.now()), change)
      await expectRefusal(respond('PASSWORD_VERIFIER', spelled), 'NotAuthorizedException', WRONG_PASSWORD)
    }
    const next = await answerOf(name)
    await expectRefusal(
      respond('PASSWORD_VERIFIER', {
        ...next,
        TIMESTAMP: next.TIMESTAMP?.replace(/\d UTC/, (digit) => `${digit === '0 UTC' ? 1 : 0} UTC`) as string,
      }),
      'NotAuthorizedException',
      WRONG_PASSWORD,
    )
  })

  it.each(['USERNAME', 'PASSWORD_CLAIM_SECRET_BLOCK', 'PASSWORD_CLAIM_SIGNATURE', 'TIMESTAMP'])(
    'asks for %s',
    async (missing) => {
      const answer: Record<string, string> = {
        USERNAME: 'x',
        PASSWORD_CLAIM_SECRET_BLOCK: 'x',
        PASSWORD_CLAIM_SIGNATURE: 'x',
        TIMESTAMP: 'x',
      }
      delete answer[missing]
      await expectRefusal(
        respond('PASSWORD_VERIFIER', answer),
        'InvalidParameterException',
        `Missing required parameter ${missing}`,
      )
    },
  )

  it('locks after five wrong passwords, for a second', async () => {
    const name = newName()
    await makeUser(server, at.poolId, name)
    for (let i = 0; i < 5; i++)
      await expectRefusal(
        respond('PASSWORD_VERIFIER', await answerOf(name, 'Wr0ng!pass')),
        'NotAuthorizedException',
        WRONG_PASSWORD,
      )
    await expectRefusal(
      respond('PASSWORD_VERIFIER', await answerOf(name)),
      'NotAuthorizedException',
      'Password attempts exceeded',
    )
    server.clock.advance(1001)
    expect((await respond('PASSWORD_VERIFIER', await answerOf(name))).AuthenticationResult).toBeDefined()
  })

  it('refuses who was disabled or deleted, or whose password changed, since the challenge', async () => {
    const [disabled, deleted, changed] = [newName(), newName(), newName()]
    for (const name of [disabled, deleted, changed]) await makeUser(server, at.poolId, name)
    const answers = [await answerOf(disabled), await answerOf(deleted), await answerOf(changed)] as const
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: disabled }))
    await server.admin.send(new AdminDeleteUserCommand({ UserPoolId: at.poolId, Username: deleted }))
    await server.admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: at.poolId,
        Username: changed,
        Password: 'Another1!x',
        Permanent: true,
      }),
    )
    await expectRefusal(respond('PASSWORD_VERIFIER', answers[0]), 'NotAuthorizedException', 'User is disabled.')
    await expectRefusal(respond('PASSWORD_VERIFIER', answers[1]), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(respond('PASSWORD_VERIFIER', answers[2]), 'NotAuthorizedException', WRONG_PASSWORD)
  })

  it('refuses an unknown user at the end of a simulated challenge', async () => {
    const { ClientId } = await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })
    const { start, challenge } = await begin('nobody', ClientId)
    await expectRefusal(
      respond('PASSWORD_VERIFIER', srpAnswer(at.poolId, start, challenge, PASSWORD), undefined, ClientId),
      'NotAuthorizedException',
      WRONG_PASSWORD,
    )
  })

  it('checks SECRET_HASH over the name in the answer', async () => {
    const name = newName()
    const sub = await makeUser(server, at.poolId, name)
    const { ClientId, ClientSecret = '' } = await makeClient(server, at.poolId, { GenerateSecret: true })
    const hash = (username: string) => ({ SECRET_HASH: computeSecretHash(ClientSecret, username, ClientId) })
    const { start, challenge } = await begin(name, ClientId, hash(name))
    const answer = srpAnswer(at.poolId, start, challenge, PASSWORD)
    await expectRefusal(
      respond('PASSWORD_VERIFIER', answer, undefined, ClientId),
      'NotAuthorizedException',
      `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
    )
    await expectRefusal(
      respond('PASSWORD_VERIFIER', { ...answer, ...hash(sub) }, undefined, ClientId),
      'NotAuthorizedException',
      `Unable to verify secret hash for client ${ClientId}`,
    )
    expect(
      (await respond('PASSWORD_VERIFIER', { ...answer, ...hash(name) }, undefined, ClientId)).AuthenticationResult,
    ).toBeDefined()
  })
})
