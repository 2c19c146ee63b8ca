import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminListUserSessionsCommand,
  AdminUserGlobalSignOutCommand,
  DeleteUserPoolClientCommand,
  GetTokensFromRefreshTokenCommand,
  GlobalSignOutCommand,
  ListUserSessionsCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { statementsOf } from '../../../test/executed-statements.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  signIn,
  type Tokens,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import {
  ALIVE,
  callAs,
  ENDED,
  fateOf,
  refresh,
  sessionIdOf,
  sessionsOf,
  setTracking,
} from '../../../test/user-sessions.ts'

const CHROME =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0'
const DAY_MS = 24 * 60 * 60 * 1000

describe.each(engines)('ListUserSessions on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let users = 0
  beforeAll(async () => {
    server.clock.freeze()
    await setTracking(server, at.poolId, 'ENABLED', 3)
  })

  const newUser = async (): Promise<string> => {
    const username = `user${++users}`
    await makeUser(server, at.poolId, username)
    return username
  }
  /** Signs in, a second after whatever was before. */
  const later = async (username: string, clientId = at.clientId): Promise<Tokens> => {
    server.clock.advance(1000)
    return signIn(server, clientId, username)
  }
  const idsOf = async (tokens: Tokens) => (await sessionsOf(server, tokens)).map(({ SessionId }) => SessionId)

  it('shows the sign-ins of the user, the last active first, and which is the own', async () => {
    const username = await newUser()
    const first = await later(username)
    const second = await later(username)
    const now = new Date(server.clock.now())
    const sessions = await sessionsOf(server, first)
    expect(sessions).toEqual([
      expect.objectContaining({ SessionId: sessionIdOf(second), IsCurrentSession: false }),
      expect.objectContaining({ SessionId: sessionIdOf(first), IsCurrentSession: true }),
    ])
    expect(sessions[0]).toMatchObject({
      SessionType: 'TOKEN',
      ClientId: at.clientId,
      LastIPAddress: '127.0.0.1',
    })
    // The API's times are whole seconds.
    expect(Math.floor((sessions[0]?.CreateDate?.getTime() ?? 0) / 1000)).toBe(Math.floor(now.getTime() / 1000))
    expect(sessions[0]).not.toHaveProperty('LastLocation')
    await later(await newUser())
    expect(await idsOf(second)).toEqual([sessionIdOf(second), sessionIdOf(first)])
  })

  it('shows the own one at a client without EnableTokenRevocation, too, and after a refresh', async () => {
    const { ClientId } = await makeClient(server, at.poolId, { EnableTokenRevocation: false })
    const username = await newUser()
    const [first] = [await later(username, ClientId), await later(username, ClientId)]
    expect(sessionIdOf(first)).toBeUndefined()
    const { AuthenticationResult } = await refresh(server, ClientId, first)
    for (const { AccessToken } of [first, AuthenticationResult as Tokens]) {
      const sessions = await sessionsOf(server, { AccessToken })
      expect(sessions.map(({ IsCurrentSession }) => IsCurrentSession).sort()).toEqual([false, true])
      const own = sessions.find(({ IsCurrentSession }) => IsCurrentSession)?.SessionId as string
      await expectRefusal(
        server.app.send(new RevokeUserSessionCommand({ AccessToken, SessionId: own })),
        'InvalidParameterException',
        'The current session cannot be revoked: use RevokeToken or GlobalSignOut.',
      )
    }
  })

  it('shows the program that signed in, and after a refresh the one that refreshed, and when', async () => {
    const username = await newUser()
    const { json } = await callAs(server, CHROME, 'InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: at.clientId,
      AuthParameters: { USERNAME: username, PASSWORD },
    })
    const tokens = json['AuthenticationResult'] as Tokens
    const [before] = await sessionsOf(server, tokens)
    expect(before?.DeviceType).toBe('Chrome 125 / macOS 10.15.7')
    server.clock.advance(60_000)
    await callAs(server, FIREFOX, 'InitiateAuth', {
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: at.clientId,
      AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
    })
    const [after] = await sessionsOf(server, tokens)
    expect(after?.DeviceType).toBe('Firefox 126 / Linux')
    expect(after?.CreateDate).toEqual(before?.CreateDate)
    expect(Number(after?.LastActiveDate) - Number(before?.LastActiveDate)).toBe(60_000)
  })

  it('a refresh that rotates counts as activity, too', async () => {
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    })
    const tokens = await later(await newUser(), ClientId)
    const [before] = await sessionsOf(server, tokens)
    server.clock.advance(5000)
    await server.app.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: tokens.RefreshToken }))
    const [after] = await sessionsOf(server, tokens)
    expect(Number(after?.LastActiveDate) - Number(before?.LastActiveDate)).toBe(5000)
  })

  it('one sign-in too many ends the one that was active the longest ago, with its tokens', async () => {
    const username = await newUser()
    const [first, second, third] = [await later(username), await later(username), await later(username)]
    server.clock.advance(1000)
    await refresh(server, at.clientId, first)
    const fourth = await later(username)
    expect(await fateOf(server, at.clientId, second)).toEqual(ENDED)
    expect(await idsOf(fourth)).toEqual([fourth, first, third].map(sessionIdOf))
    for (const tokens of [first, third, fourth]) expect(await fateOf(server, at.clientId, tokens)).toEqual(ALIVE)
  })

  it('of sign-ins at once no more than allowed stay', async () => {
    const username = await newUser()
    const all = await Promise.all(Array.from({ length: 12 }, () => signIn(server, at.clientId, username)))
    const fates = await Promise.all(all.map((tokens) => fateOf(server, at.clientId, tokens)))
    const alive = all.filter((_, n) => fates[n]?.[0] === 'ok')
    expect(alive).toHaveLength(3)
    expect((await idsOf(alive[0] as Tokens)).sort()).toEqual(alive.map(sessionIdOf).sort())
    for (const fate of fates) expect([ALIVE, ENDED]).toContainEqual(fate)
  })

  it('a lower number of sessions is kept at the next sign-in', async () => {
    const pool = (await makePool(server)).Id
    const { ClientId } = await makeClient(server, pool)
    await setTracking(server, pool, 'ENABLED', 5)
    await makeUser(server, pool, 'ann')
    const before = []
    for (let n = 0; n < 5; n++) before.push(await later('ann', ClientId))
    await setTracking(server, pool, 'ENABLED', 2)
    expect(await idsOf(before[0] as Tokens)).toHaveLength(5)
    const last = await later('ann', ClientId)
    expect(await idsOf(last)).toEqual([last, before[4] as Tokens].map(sessionIdOf))
    expect(await fateOf(server, ClientId, before[3] as Tokens)).toEqual(ENDED)
  })

  it('what has ended is not shown: revoked, signed out everywhere, disabled, expired, of a deleted client', async () => {
    const username = await newUser()
    const named = { UserPoolId: at.poolId, Username: username }
    const only = async (tokens: Tokens): Promise<void> => expect(await idsOf(tokens)).toEqual([sessionIdOf(tokens)])

    const listed = async () =>
      (await server.admin.send(new AdminListUserSessionsCommand(named))).Sessions?.map(({ SessionId }) => SessionId)
    const endings: [string, (tokens: Tokens) => Promise<unknown>][] = [
      ['revoked', (it) => server.app.send(new RevokeTokenCommand({ ClientId: at.clientId, Token: it.RefreshToken }))],
      ['signed out everywhere', (it) => server.app.send(new GlobalSignOutCommand(it))],
      ['signed out by the administrator', () => server.admin.send(new AdminUserGlobalSignOutCommand(named))],
      ['disabled', () => server.admin.send(new AdminDisableUserCommand(named))],
    ]
    for (const [name, end] of endings) {
      const tokens = await later(username)
      await only(tokens)
      await end(tokens)
      expect(await listed(), name).toEqual([])
    }
    await server.admin.send(new AdminEnableUserCommand(named))
    const { ClientId } = await makeClient(server, at.poolId)
    await later(username, ClientId)
    expect(await listed()).toHaveLength(1)
    await server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId: at.poolId, ClientId }))
    expect(await listed()).toEqual([])
    await later(username)
    expect(await listed()).toHaveLength(1)
    server.clock.advance(30 * DAY_MS)
    expect(await listed()).toEqual([])
  })

  it('a pool that does not track writes nothing more, and lists nothing', async () => {
    const pool = (await makePool(server)).Id
    const { ClientId } = await makeClient(server, pool)
    await makeUser(server, pool, 'ann')
    const tokens = await signIn(server, ClientId, 'ann')
    const statements = await statementsOf(async () => {
      await refresh(server, ClientId, tokens)
      await signIn(server, ClientId, 'ann')
      await server.app.send(new GlobalSignOutCommand(tokens))
    })
    expect(statements.length).toBeGreaterThan(3)
    // But for the purge, which goes through all tables by the clock.
    const asked = statements.filter(({ origin }) => !origin.startsWith('database/purge.ts'))
    expect(asked.filter(({ query }) => /user_sessions|refresh_uses/.test(query.sql))).toEqual([])
    const again = await signIn(server, ClientId, 'ann')
    const untracked = 'User session tracking is not enabled for this user pool.'
    await expectRefusal(sessionsOf(server, again), 'InvalidParameterException', untracked)
    // A sign-in from before the pool tracked goes on, and is not shown.
    await setTracking(server, pool)
    expect(await fateOf(server, ClientId, again)).toEqual(ALIVE)
    expect(await sessionsOf(server, again)).toEqual([])
  })

  it('InvalidParameterException for a page token, as there is one page', async () => {
    const { AccessToken } = await later(await newUser())
    await expectRefusal(
      server.app.send(new ListUserSessionsCommand({ AccessToken, NextToken: 'x' })),
      'InvalidParameterException',
      'Invalid pagination token',
    )
  })
})
