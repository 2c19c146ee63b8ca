import {
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  RevokeTokenCommand,
  SetUserPoolClientSessionConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { claimsOf, engines, useTestServer } from '../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  makeApp,
  makeUser,
  PASSWORD,
  redeem,
  signInByPage,
  tokenCall,
} from '../../test/oauth.ts'
import { Browser, leaving } from '../../test/page-walker.ts'
import { setTracking } from '../../test/user-sessions.ts'

const silently = async (app: App, browser: Browser): Promise<string> => {
  const answered = await leaving(browser.get(authorizeUrl(app, { prompt: 'none' })))
  return answered.searchParams.get('error') ?? 'code'
}

const isRefreshed = async (app: App, refresh_token = ''): Promise<boolean> =>
  (await tokenCall(app, { grant_type: 'refresh_token', client_id: app.clientId, refresh_token })).status === 200

describe.each(engines)('a session of a browser on %s', (engine) => {
  const server = useTestServer({ engine })

  it('ends when the user is signed out everywhere, and when the password changes', async () => {
    const app = await makeApp(server)
    const endings = [
      (UserPoolId: string, Username: string) =>
        server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId, Username })),
      (UserPoolId: string, Username: string) =>
        server.admin.send(
          new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: `${PASSWORD}x`, Permanent: true }),
        ),
    ]
    for (const end of endings) {
      const browser = new Browser()
      const username = await makeUser(app)
      await signInByPage(app, username, {}, browser)
      expect(await silently(app, browser)).toBe('code')
      await end(app.poolId, username)
      expect(await silently(app, browser)).toBe('login_required')
    }
  })

  it("is listed beside its applications' sessions, and ends with them where that is asked", async () => {
    const app = await makeApp(server)
    await setTracking(server, app.poolId)
    const other = await appIn(server, app.poolId)
    const browser = new Browser()
    const Username = await makeUser(app)
    const first = await redeem(app, await signInByPage(app, Username, {}, browser))
    const second = await redeem(other, await leaving(browser.get(authorizeUrl(other))))
    const list = async () =>
      (await server.admin.send(new AdminListUserSessionsCommand({ UserPoolId: app.poolId, Username }))).Sessions ?? []
    const sessions = await list()
    const sso = sessions.find(({ SessionType }) => SessionType === 'SSO')
    expect(
      sessions.map(({ SessionType, ClientId, OriginSessionId }) => [SessionType, ClientId, OriginSessionId]),
    ).toEqual(
      expect.arrayContaining([
        ['SSO', app.clientId, undefined],
        ['TOKEN', app.clientId, sso?.SessionId],
        ['TOKEN', other.clientId, sso?.SessionId],
      ]),
    )
    expect(sessions).toHaveLength(3)
    const SessionId = claimsOf(second.json['access_token'] as string)['origin_jti'] as string
    const of = { UserPoolId: app.poolId, Username }
    await server.admin.send(new AdminRevokeUserSessionCommand({ ...of, SessionId }))
    expect(await silently(app, browser)).toBe('code')
    await server.admin.send(
      new AdminRevokeUserSessionCommand({ ...of, SessionId: sso?.SessionId, RevokeAssociatedSessions: 'LINKED' }),
    )
    expect([await silently(app, browser), await isRefreshed(app, first.json['refresh_token'])]).toEqual([
      'login_required',
      false,
    ])
    expect(await list()).toEqual([])
  })
})

describe('a session of a browser', () => {
  const server = useTestServer()

  it('ends when its user has signed in with 25 browsers since, as the list has no more', async () => {
    const app = await makeApp(server)
    await setTracking(server, app.poolId)
    const Username = await makeUser(app)
    const [first, second] = [new Browser(), new Browser()]
    for (const browser of [first, second, ...Array.from({ length: 24 }, () => new Browser())]) {
      server.clock.advance(1000)
      await signInByPage(app, Username, {}, browser)
    }
    const of = { UserPoolId: app.poolId, Username }
    const { Sessions } = await server.admin.send(new AdminListUserSessionsCommand(of))
    expect(Sessions?.filter(({ SessionType }) => SessionType === 'SSO')).toHaveLength(25)
    expect([await silently(app, first), await silently(app, second)]).toEqual(['login_required', 'code'])
  })

  it('ends with the revocation of a token where that is asked', async () => {
    const app = await makeApp(server)
    const browser = new Browser()
    const username = await makeUser(app)
    const revoke = async (RevokeAssociatedSessions: 'NONE' | 'LINKED') => {
      const { json } = await redeem(app, await leaving(browser.get(authorizeUrl(app))))
      const ClientId = app.clientId
      await server.app.send(
        new RevokeTokenCommand({ ClientId, Token: json['refresh_token'], RevokeAssociatedSessions }),
      )
      return silently(app, browser)
    }
    await signInByPage(app, username, {}, browser)
    expect(await revoke('NONE')).toBe('code')
    expect(await revoke('LINKED')).toBe('login_required')
  })

  it('is taken for as long as each client says, in a pool that tracks sessions', async () => {
    const app = await makeApp(server)
    await setTracking(server, app.poolId)
    const [never, long] = [await appIn(server, app.poolId), await appIn(server, app.poolId)]
    for (const [{ clientId: ClientId }, MaxValidityMinutes] of [
      [never, 0],
      [long, 600],
    ] as const)
      await server.admin.send(
        new SetUserPoolClientSessionConfigurationCommand({
          UserPoolId: app.poolId,
          ClientId,
          SSOSession: { MaxValidityMinutes },
        }),
      )
    const browser = new Browser()
    await signInByPage(never, await makeUser(app), {}, browser)
    const outcomes = async () => [
      await silently(never, browser),
      await silently(app, browser),
      await silently(long, browser),
    ]
    expect(await outcomes()).toEqual(['login_required', 'code', 'code'])
    server.clock.advance(61 * 60_000)
    expect(await outcomes()).toEqual(['login_required', 'login_required', 'code'])
    server.clock.advance(540 * 60_000)
    expect(await outcomes()).toEqual(['login_required', 'login_required', 'login_required'])
  })
})
