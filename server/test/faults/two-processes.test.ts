// Two servers on one PostgreSQL answer as one: what must be unique, counted, revoked or changed in one is so in the other.
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminListUserSessionsCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListUserSessionsCommand,
  ListUsersCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
  SetUserPoolSessionConfigurationCommand,
  SignUpCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type StartedServer, startServer } from '../../../conformance/start-server.ts'
import { adminClient, makePool, type PoolAndClient } from '../../../conformance/user-pool.ts'
import { postgresUrl } from '../postgres.ts'
import { sessionIdOf } from '../user-sessions.ts'

const PASSWORD = 'Passw0rd!x'
/** How long a process may go on with settings that another one changed. */
const SETTINGS_LIFETIME_MS = 1_000

const servers: StartedServer[] = []
let both: [CognitoIdentityProviderClient, CognitoIdentityProviderClient]
let pool: PoolAndClient

beforeAll(async () => {
  const env = {
    DATABASE_URL: await postgresUrl(),
    DATABASE_CONNECTIONS: '16',
    PUBLIC_URL: 'http://cognomen.test',
    COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
    COGNOMEN_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    COGNOMEN_SECRET_ACCESS_KEY: 'a-secret-key-for-tests-only',
  }
  // At once: of two first starts one makes the tables, and neither fails.
  servers.push(...(await Promise.all([startServer({ env }), startServer({ env })])))
  both = servers.map((server) => adminClient(server)) as typeof both
  pool = await makePool(both[0])
})

afterAll(async () => {
  for (const sdk of both ?? []) sdk.destroy()
  await Promise.all(servers.map((server) => server.stop()))
})

test('of 100 sign-ups with one name over both, one succeeds', async () => {
  const outcomes = await alternately(100, (sdk, turn) =>
    sdk.send(
      new SignUpCommand({
        ClientId: pool.clientId,
        Username: 'ada',
        Password: PASSWORD,
        UserAttributes: [{ Name: 'email', Value: `ada-${turn}@example.com` }],
      }),
    ),
  )
  expect(outcomes.sort()).toEqual([...times(99, 'UsernameExistsException: User already exists'), 'ok'])
  const { Users } = await both[1].send(new ListUsersCommand({ UserPoolId: pool.poolId, Filter: 'username = "ada"' }))
  expect(Users).toHaveLength(1)
})

test('of 60 users made at once with one e-mail alias over both, one is made', async () => {
  const { poolId: UserPoolId } = await makePool(both[0], { AliasAttributes: ['email'] })
  const outcomes = await alternately(60, (sdk, turn) =>
    sdk.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: `grace-${turn}`,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: 'grace@example.com' },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
    ),
  )
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome.startsWith('UsernameExistsException: '))).toHaveLength(59)
  const { Users } = await both[1].send(new ListUsersCommand({ UserPoolId }))
  expect(Users).toHaveLength(1)
  expect(await both[1].send(new AdminGetUserCommand({ UserPoolId, Username: 'grace@example.com' }))).toMatchObject({
    Username: Users?.[0]?.Username,
  })
})

test('of 200 wrong guesses at once over both, only as many are evaluated as one after the other', async () => {
  await makeUser('guessed')
  const startedAt = performance.now()
  const outcomes = await alternately(200, (sdk) => signIn(sdk, 'guessed', 'Wrong0ne!'))
  const seconds = (performance.now() - startedAt) / 1000
  const evaluated = outcomes.filter((outcome) => outcome === 'NotAuthorizedException: Incorrect username or password.')
  // Five before the first lock; one more after each lock that may have run out by now, of 1, 2, 4 … seconds.
  expect(evaluated.length).toBeLessThanOrEqual(5 + Math.floor(Math.log2(seconds + 1)))
  expect(evaluated.length).toBeGreaterThan(0)
  const refused = outcomes.filter((outcome) => outcome === 'NotAuthorizedException: Password attempts exceeded')
  expect(refused.length).toBeGreaterThan(100)
})

test('failures in both add up to a lock in both', async () => {
  // The first lock lasts a second: a machine that is too slow to look within it tries again with another user.
  for (let attempt = 0; ; attempt++) {
    const username = `locked-${attempt}`
    await makeUser(username)
    let lastFailureAt = 0
    for (let failure = 0; failure < 5; failure++) {
      lastFailureAt = performance.now()
      expect(await outcomeOf(signIn(both[failure % 2] as CognitoIdentityProviderClient, username, 'Wrong0ne!'))).toBe(
        'NotAuthorizedException: Incorrect username or password.',
      )
    }
    const outcomes = await Promise.all(both.map((sdk) => outcomeOf(signIn(sdk, username, PASSWORD))))
    if (performance.now() - lastFailureAt > 1000 && attempt < 20) continue
    const locked = 'NotAuthorizedException: Password attempts exceeded'
    expect(outcomes).toEqual([locked, locked])
    return
  }
})

test('tokens that one process ends are refused by the other at once', async () => {
  const [a, b] = both
  const sub = await makeUser('leaving')
  for (let round = 0; round < 5; round++) {
    const [revoked, signedOut] = [await signIn(a, 'leaving'), await signIn(b, 'leaving')]
    // The other process knows them as good.
    await b.send(new GetUserCommand({ AccessToken: revoked.AccessToken }))
    await b.send(new RevokeTokenCommand({ ClientId: pool.clientId, Token: revoked.RefreshToken }))
    expect(await refusals(a, revoked)).toEqual(endedTokens)
    // The other sign-in of the same user is not touched.
    await a.send(new GetUserCommand({ AccessToken: signedOut.AccessToken }))
    await a.send(new GlobalSignOutCommand({ AccessToken: signedOut.AccessToken }))
    expect(await refusals(b, signedOut)).toEqual(endedTokens)
    const third = await signIn(a, 'leaving')
    await b.send(new AdminUserGlobalSignOutCommand({ UserPoolId: pool.poolId, Username: 'leaving' }))
    expect(await refusals(a, third)).toEqual(endedTokens)
  }
  expect(sub).toMatch(/^[\da-f-]{36}$/)
})

test('of sign-ins at once over both, only as many sessions stay alive as the pool allows', async () => {
  const tracking = await makeTrackingPool(1)
  await makeUser('tracked', tracking)
  const named = { UserPoolId: tracking.poolId, Username: 'tracked' }
  // Nobody is signed in at the beginning of a round, so that neither of two sign-ins has a session to end but the other's.
  for (let round = 0; round < 12; round++) {
    await both[0].send(new AdminUserGlobalSignOutCommand(named))
    const rivals = await Promise.all(both.map((sdk) => signIn(sdk, 'tracked', PASSWORD, tracking.clientId)))
    const fates = await Promise.all(
      rivals.map((tokens, turn) => refusals(both[1 - turn] as (typeof both)[0], tokens, tracking.clientId)),
    )
    expect(fates).toContainEqual(['ok', 'ok'])
    expect(fates).toContainEqual(endedTokens)
    const winner = rivals[fates.findIndex(([fate]) => fate === 'ok')] as Tokens
    const { Sessions } = await both[1].send(new AdminListUserSessionsCommand(named))
    expect(Sessions?.map(({ SessionId }) => SessionId)).toEqual([sessionIdOf(winner)])
  }
})

test('a session that one process revokes is refused by the other at once, also while it is refreshed there', async () => {
  const [a, b] = both
  const tracking = await makeTrackingPool(20)
  await makeUser('revoking', tracking)
  for (let round = 0; round < 3; round++) {
    const own = await signIn(a, 'revoking', PASSWORD, tracking.clientId)
    const other = await signIn(b, 'revoking', PASSWORD, tracking.clientId)
    expect(await refusals(a, other, tracking.clientId)).toEqual(['ok', 'ok'])
    const SessionId = sessionIdOf(other)
    const outcomes = await alternately(12, (sdk, turn) =>
      turn < 4
        ? sdk.send(new RevokeUserSessionCommand({ AccessToken: own.AccessToken, SessionId }))
        : refreshOnce(sdk, other, tracking.clientId),
    )
    expect(outcomes.slice(0, 4).filter((outcome) => outcome === 'ok')).toHaveLength(1)
    for (const sdk of both) expect(await refusals(sdk, other, tracking.clientId)).toEqual(endedTokens)
    const { Sessions } = await b.send(new ListUserSessionsCommand({ AccessToken: own.AccessToken }))
    expect(Sessions?.map(({ SessionId: id }) => id)).not.toContain(SessionId)
  }
})

test('a refresh token that rotates is won by one of many requests over both', async () => {
  const clientId = await makeRotatingClient()
  await makeUser('rotating')
  for (let round = 0; round < 10; round++) {
    const rotate = async (sdk: CognitoIdentityProviderClient, RefreshToken: string): Promise<string> => {
      const command = new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken })
      return (await sdk.send(command)).AuthenticationResult?.RefreshToken as string
    }
    let { RefreshToken } = await signIn(both[0], 'rotating', PASSWORD, clientId)
    // The first rotation of a sign-in, and later ones.
    for (let earlier = 0; earlier < round % 3; earlier++) RefreshToken = await rotate(both[1], RefreshToken)
    const winners: string[] = []
    const outcomes = await alternately(16, async (sdk) => winners.push(await rotate(sdk, RefreshToken)))
    expect(winners).toHaveLength(1)
    const losers = outcomes.filter((outcome) => outcome !== 'ok')
    // The first to come late is told of the reuse, which ends the sign-in; whoever comes after that finds it ended.
    expect(losers.some((outcome) => outcome.startsWith('RefreshTokenReuseException'))).toBe(true)
    for (const outcome of losers) expect(outcome).toMatch(/^(RefreshTokenReuse|NotAuthorized)Exception: /)
  }
})

test('a change of settings is seen by the other process within a second', async () => {
  const [a, b] = both
  const { poolId, clientId } = await makePool(a)
  await a.send(new AdminCreateUserCommand({ UserPoolId: poolId, Username: 'eve', MessageAction: 'SUPPRESS' }))
  const weak = new AdminSetUserPasswordCommand({
    UserPoolId: poolId,
    Username: 'eve',
    Password: 'password',
    Permanent: true,
  })
  const flow = new InitiateAuthCommand({
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: clientId,
    AuthParameters: { USERNAME: 'eve', PASSWORD: 'password' },
  })
  // Both processes know the settings before the change.
  for (const sdk of both) expect(await outcomeOf(sdk.send(weak))).toMatch(/^InvalidPasswordException: /)

  await a.send(new UpdateUserPoolCommand({ UserPoolId: poolId, Policies: { PasswordPolicy: { MinimumLength: 6 } } }))
  expect(await outcomeOf(a.send(weak))).toBe('ok')
  await sleep(SETTINGS_LIFETIME_MS)
  expect(await outcomeOf(b.send(weak))).toBe('ok')

  for (const sdk of both) expect(await outcomeOf(sdk.send(flow))).toBe('ok')
  await b.send(
    new UpdateUserPoolClientCommand({
      UserPoolId: poolId,
      ClientId: clientId,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    }),
  )
  expect(await outcomeOf(b.send(flow))).toBe(
    'InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client',
  )
  await sleep(SETTINGS_LIFETIME_MS)
  expect(await outcomeOf(a.send(flow))).toBe(
    'InvalidParameterException: USER_PASSWORD_AUTH flow not enabled for this client',
  )
})

test('of settings changed in both at once, one change that was acknowledged stands', async () => {
  const { poolId: UserPoolId } = await makePool(both[0])
  const outcomes = await alternately(20, (sdk, turn) =>
    sdk.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTags: { turn: String(turn) } })),
  )
  for (const outcome of outcomes) expect(outcome).toMatch(/^(ok|ConcurrentModificationException: .*)$/)
  await sleep(SETTINGS_LIFETIME_MS)
  const read = await Promise.all(both.map((sdk) => sdk.send(new DescribeUserPoolCommand({ UserPoolId }))))
  const [turn, sameTurn] = read.map(({ UserPool }) => UserPool?.UserPoolTags?.['turn'])
  expect(outcomes[Number(turn)]).toBe('ok')
  expect(sameTurn).toBe(turn)
})

test('neither process met an error of its own', () => {
  for (const server of servers) expect(server.output()).not.toContain('"level":50')
})

// Small things

interface Tokens {
  AccessToken: string
  RefreshToken: string
}

const endedTokens = [
  'NotAuthorizedException: Access Token has been revoked',
  'NotAuthorizedException: Refresh Token has been revoked',
]

async function refusals(
  sdk: CognitoIdentityProviderClient,
  tokens: Tokens,
  clientId = pool.clientId,
): Promise<string[]> {
  return [
    await outcomeOf(sdk.send(new GetUserCommand({ AccessToken: tokens.AccessToken }))),
    await outcomeOf(refreshOnce(sdk, tokens, clientId)),
  ]
}

const refreshOnce = (
  sdk: CognitoIdentityProviderClient,
  { RefreshToken }: Tokens,
  ClientId: string,
): Promise<unknown> =>
  sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId,
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    }),
  )

/** A pool that tracks sessions, known as such to both processes. */
async function makeTrackingPool(MaxPerUser: number): Promise<PoolAndClient> {
  const made = await makePool(both[0])
  const TokenSession = { MaxPerUser }
  await both[0].send(
    new SetUserPoolSessionConfigurationCommand({
      UserPoolId: made.poolId,
      UserSessionTracking: 'ENABLED',
      TokenSession,
    }),
  )
  return made
}

async function makeRotatingClient(): Promise<string> {
  const { UserPoolClient } = await both[0].send(
    new CreateUserPoolClientCommand({
      UserPoolId: pool.poolId,
      ClientName: 'rotating',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    }),
  )
  return UserPoolClient?.ClientId as string
}

async function makeUser(username: string, { poolId } = pool): Promise<string> {
  const [sdk] = both
  const { User } = await sdk.send(
    new AdminCreateUserCommand({ UserPoolId: poolId, Username: username, MessageAction: 'SUPPRESS' }),
  )
  await sdk.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: poolId,
      Username: username,
      Password: PASSWORD,
      Permanent: true,
    }),
  )
  return User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value as string
}

async function signIn(
  sdk: CognitoIdentityProviderClient,
  username: string,
  password = PASSWORD,
  clientId = pool.clientId,
): Promise<Tokens> {
  const { AuthenticationResult } = await sdk.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  )
  return AuthenticationResult as Tokens
}

/** All at once, half to each process; the outcome of each. Whom a busy process did not look at tries again. */
function alternately(
  count: number,
  call: (sdk: CognitoIdentityProviderClient, turn: number) => Promise<unknown>,
): Promise<string[]> {
  const rival = async (_: unknown, turn: number): Promise<string> => {
    for (;;) {
      const outcome = await outcomeOf(call(both[turn % 2] as CognitoIdentityProviderClient, turn))
      if (outcome !== 'TooManyRequestsException: Rate exceeded') return outcome
      await sleep(50)
    }
  }
  return Promise.all(Array.from({ length: count }, rival))
}

const times = (count: number, text: string): string[] => Array.from({ length: count }, () => text)

const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: Error) => `${error.name}: ${error.message}`,
  )
