// A clock that was ahead and is set back: what was made meanwhile does not outlive its time, and nothing that ended comes
// back to life.
import {
  AdminCreateUserCommand,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  startTestServer,
  useTestServer,
} from '../harness.ts'
import { postgresUrl } from '../postgres.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

describe.each(engines)('a clock that is set back on %s', (engine) => {
  const server = useTestServer({ engine })
  let poolId: string
  let clientId: string

  beforeEach(async () => {
    poolId = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
    clientId = (await makeClient(server, poolId)).ClientId
    await makeUser(server, poolId, 'ann', { email: 'ann@example.com', email_verified: 'true' })
  })

  /** Runs `work` on a clock that is ahead. */
  const ahead = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
    server.clock.advance(ms)
    return work().finally(() => server.clock.advance(-ms))
  }

  const refresh = (token: string, client = clientId) =>
    server.app.send(
      new InitiateAuthCommand({
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        ClientId: client,
        AuthParameters: { REFRESH_TOKEN: token },
      }),
    )

  test('by two seconds: a refresh token that was rotated away stays refused', async () => {
    const rotating = await makeClient(server, poolId, {
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    })
    const { RefreshToken } = await signIn(server, rotating.ClientId, 'ann')
    const rotate = new GetTokensFromRefreshTokenCommand({ ClientId: rotating.ClientId, RefreshToken })
    await ahead(2000, () => server.app.send(rotate))
    await expectRefusal(server.app.send(rotate), 'RefreshTokenReuseException')
  })

  test('by ten minutes: a code of the future is expired, and a new one is right', async () => {
    const ask = () => server.app.send(new ForgotPasswordCommand({ ClientId: clientId, Username: 'ann' }))
    const confirm = async () =>
      server.app.send(
        new ConfirmForgotPasswordCommand({
          ClientId: clientId,
          Username: 'ann',
          Password: 'An0ther!pass',
          ConfirmationCode: await server.outbox.latestCode('ann@example.com'),
        }),
      )
    await ahead(10 * MINUTE, ask)
    await expectRefusal(confirm(), 'ExpiredCodeException')
    await ask()
    await confirm()
  })

  test('by ten minutes: a session of the future is expired', async () => {
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: poolId,
        Username: 'new',
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    )
    const begin = new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: 'new', PASSWORD },
    })
    const { Session } = await ahead(10 * MINUTE, () => server.app.send(begin))
    const respond = (session?: string) =>
      server.app.send(
        new RespondToAuthChallengeCommand({
          ClientId: clientId,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          ChallengeResponses: { USERNAME: 'new', NEW_PASSWORD: 'An0ther!pass' },
          Session: session,
        }),
      )
    await expectRefusal(respond(Session), 'NotAuthorizedException', 'Invalid session for the user, session is expired.')
    await respond((await server.app.send(begin)).Session)
  })

  test('by ten minutes: tokens of the future are refused; by two seconds they are good', async () => {
    const future = await ahead(10 * MINUTE, () => signIn(server, clientId, 'ann'))
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken: future.AccessToken })),
      'NotAuthorizedException',
      'Invalid Access Token',
    )
    await expectRefusal(refresh(future.RefreshToken), 'NotAuthorizedException', 'Invalid Refresh Token')
    const near = await ahead(2000, () => signIn(server, clientId, 'ann'))
    expect((await server.app.send(new GetUserCommand({ AccessToken: near.AccessToken }))).Username).toBe('ann')
    await refresh(near.RefreshToken)
  })
})

test('a clock that is two days ahead for a while purges no revocation that is needed, and purging goes on', async () => {
  const url = await postgresUrl()
  const server = await startTestServer({ engine: 'postgres', env: { DATABASE_URL: url } })
  const other = new pg.Client(url)
  await other.connect()
  try {
    const poolId = (await makePool(server)).Id
    const { ClientId } = await makeClient(server, poolId, {
      RefreshTokenValidity: 60,
      TokenValidityUnits: { RefreshToken: 'minutes' },
    })
    await makeUser(server, poolId, 'ann')
    const { AccessToken, RefreshToken } = await signIn(server, ClientId, 'ann')
    await server.app.send(new RevokeTokenCommand({ ClientId, Token: RefreshToken }))
    const dueAt = async (): Promise<number> =>
      Number((await other.query("select due_at from jobs where queue = 'purge'")).rows[0]?.due_at)
    server.clock.advance(2 * DAY)
    // The purge has run: the next one was put off by a minute of this clock.
    const jumped = server.clock.now()
    await expect.poll(dueAt, { timeout: 20_000 }).toBeGreaterThan(jumped + MINUTE / 2)
    server.clock.advance(-2 * DAY)
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken })),
      'NotAuthorizedException',
      'Access Token has been revoked',
    )
    await expect.poll(dueAt, { timeout: 20_000 }).toBeLessThan(server.clock.now() + DAY)
  } finally {
    await other.end()
    await server.stop()
  }
})
