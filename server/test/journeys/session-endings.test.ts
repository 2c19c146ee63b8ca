// What each event that ends a sign-in leaves alive, of everything that a user's sign-ins have given: a table of events and
// credentials. docs/reference/user-pools.md 12.6, 12.8; docs/behaviour/sessions.md, docs/behaviour/oauth.md;
// docs/reference/threats.md 14.
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminListUserSessionsCommand,
  AdminResetUserPasswordCommand,
  AdminRevokeUserSessionCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  DeleteUserCommand,
  ForgetDeviceCommand,
  ForgotPasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { deviceClient } from '../devices.ts'
import { makeProof, makeProofKey, type ProofKey } from '../dpop.ts'
import { ALL_FLOWS, claimsOf, makePool, PASSWORD as PASSWORD_OF_API, useTestServer } from '../harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeUser,
  PASSWORD,
  redeem,
  SIGNED_OUT,
  signInByPage,
  tokenCall,
} from '../oauth.ts'
import { Browser, leaving } from '../page-walker.ts'
import { setTracking } from '../user-sessions.ts'

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'
const EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token'
const STOCK = 'https://stock.example.com'
const NEW_PASSWORD = 'Other-horse-22'

type Credential =
  | 'access token'
  | 'access token at userInfo'
  | 'refresh token'
  | 'exchanged token'
  | "device's refresh token"
  | 'bound access token'
  | 'bound refresh token'
  | 'access token of the API'
  | 'refresh token of a remembered device'
  | 'browser'
  | 'code that waits'
  | 'device that waits'

const server = useTestServer()
let web: App
let tv: App
let bound: App
let orders: App
let key: ProofKey

beforeAll(async () => {
  key = await makeProofKey()
  const UserPoolTags = {
    'cognomen:device-grant:tv': 'on',
    'cognomen:dpop:bound': 'required',
    'cognomen:token-exchange:orders': STOCK,
    'cognomen:introspection': 'on',
  }
  const { Id } = await makePool(server, {
    UserPoolTags,
    AutoVerifiedAttributes: ['email'],
    DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: false },
  })
  await setTracking(server, Id, 'ENABLED', 50)
  web = await appIn(server, Id, { ClientName: 'web', ExplicitAuthFlows: ALL_FLOWS })
  tv = await appIn(server, Id, { ClientName: 'tv' })
  bound = await appIn(server, Id, { ClientName: 'bound' })
  orders = await appIn(server, Id, { ClientName: 'orders', GenerateSecret: true })
})

const credentials = ({ clientId, secret }: App): Record<string, string> => ({
  client_id: clientId,
  ...(secret !== undefined && { client_secret: secret }),
})
const post = (at: App, endpoint: string, form: Record<string, string>): Promise<Record<string, unknown>> =>
  fetch(`${at.base}${endpoint}`, { method: 'POST', body: new URLSearchParams({ ...form, ...credentials(at) }) }).then(
    (response) => response.json() as Promise<Record<string, unknown>>,
  )
const passes = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  )

/** A call of the token endpoint by the client whose tokens are bound to a key. */
async function boundCall(form: Record<string, string>) {
  const prove = (nonce?: string) =>
    makeProof(key, { htu: `${bound.base}/oauth2/token`, now: server.clock.now(), nonce })
  const first = await tokenCall(bound, { ...form, ...credentials(bound) }, { dpop: await prove() })
  const nonce = first.headers.get('dpop-nonce') ?? ''
  return tokenCall(bound, { ...form, ...credentials(bound) }, { dpop: await prove(nonce) })
}

/** A device that its user has allowed in this browser; its code is not redeemed yet. */
async function allowedDevice(browser: Browser): Promise<string> {
  const { device_code = '', user_code = '' } = (await post(tv, '/oauth2/device_authorization', {})) as Record<
    string,
    string
  >
  const typed = await browser.submit(await browser.get(`${tv.base}/device`), { user_code })
  await browser.submit(typed, { decision: 'allow' })
  return device_code
}
const redeemDevice = (device_code: string) =>
  tokenCall(tv, { grant_type: DEVICE_GRANT, device_code, ...credentials(tv) })

/** A user who has signed in in every way, with everything that came of it. */
async function makeWorld() {
  const email = `user-${crypto.randomUUID()}@example.com`
  const username = await makeUser(web, { email, email_verified: 'true' })
  const of = { UserPoolId: web.poolId, Username: username }
  await server.admin.send(new AdminSetUserPasswordCommand({ ...of, Password: PASSWORD_OF_API, Permanent: true }))
  const { tokens, device } = await deviceClient(server, web).newDevice(username)
  const byApi = tokens as { AccessToken: string; RefreshToken: string }
  await server.admin.send(new AdminSetUserPasswordCommand({ ...of, Password: PASSWORD, Permanent: true }))

  const browser = new Browser()
  const codeFor = async (at: App) =>
    (await leaving(browser.get(authorizeUrl(at)))).searchParams.get('code') ?? 'no code'
  const byCode = (code: string) => ({ grant_type: 'authorization_code', redirect_uri: CALLBACK, code })
  const { json: ofWeb } = await redeem(web, await signInByPage(web, username, {}, browser))
  const { json: ofDevice } = await redeemDevice(await allowedDevice(browser))
  const { json: ofBound } = await boundCall(byCode(await codeFor(bound)))
  const exchanged = (await post(orders, '/oauth2/token', {
    grant_type: EXCHANGE_GRANT,
    subject_token: ofWeb['access_token'] ?? '',
    subject_token_type: ACCESS,
    resource: STOCK,
  })) as Record<string, string>
  const code = await codeFor(web)
  const waiting = await allowedDevice(browser)

  const refreshed = async (at: App, { refresh_token = '' }: Record<string, string>) =>
    (await tokenCall(at, { grant_type: 'refresh_token', refresh_token, ...credentials(at) })).status === 200
  const isActive = async ({ access_token: token = '' }: Record<string, string>) =>
    (await post(orders, '/oauth2/introspect', { token }))['active'] === true
  const knowsUser = (AccessToken = '') => passes(server.app.send(new GetUserCommand({ AccessToken })))
  const AuthParameters = { REFRESH_TOKEN: byApi.RefreshToken, DEVICE_KEY: device.key }
  const checks: Record<Credential, () => Promise<boolean>> = {
    'access token': () => knowsUser(ofWeb['access_token']),
    'access token at userInfo': () =>
      fetch(`${web.base}/oauth2/userInfo`, { headers: { authorization: `Bearer ${ofWeb['access_token']}` } }).then(
        ({ ok }) => ok,
      ),
    'refresh token': () => refreshed(web, ofWeb),
    'exchanged token': () => isActive(exchanged),
    "device's refresh token": () => refreshed(tv, ofDevice),
    'bound access token': () => isActive(ofBound),
    'bound refresh token': async () =>
      (await boundCall({ grant_type: 'refresh_token', refresh_token: ofBound['refresh_token'] ?? '' })).status === 200,
    'access token of the API': () => knowsUser(byApi.AccessToken),
    'refresh token of a remembered device': () =>
      passes(
        server.app.send(
          new InitiateAuthCommand({ AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: web.clientId, AuthParameters }),
        ),
      ),
    browser: async () =>
      (await leaving(browser.get(authorizeUrl(web, { prompt: 'none' })))).searchParams.get('error') === null,
    // Good once: after all others.
    'code that waits': async () => (await tokenCall(web, { ...byCode(code), ...credentials(web) })).status === 200,
    'device that waits': async () => (await redeemDevice(waiting)).status === 200,
  }
  const idOf = (token = '') => claimsOf(token)['origin_jti'] as string
  const sessionIds: Partial<Record<Credential, string>> = {
    'refresh token': idOf(ofWeb['access_token']),
    "device's refresh token": idOf(ofDevice['access_token']),
    'bound refresh token': idOf(ofBound['access_token']),
    'access token of the API': idOf(byApi.AccessToken),
  }
  const listed = async () => (await server.admin.send(new AdminListUserSessionsCommand(of))).Sessions ?? []
  return { of, email, browser, ofWeb, ofBound, byApi, device, checks, sessionIds, listed }
}
type World = Awaited<ReturnType<typeof makeWorld>>

const WEB: Credential[] = ['access token', 'access token at userInfo', 'refresh token', 'exchanged token']
const BOUND: Credential[] = ['bound access token', 'bound refresh token']
const WAITING: Credential[] = ['code that waits', 'device that waits']
const ALL = 'everything'

const ssoIdOf = async ({ listed }: World) =>
  (await listed()).find(({ SessionType }) => SessionType === 'SSO')?.SessionId as string
const revoked = async (world: World, RevokeAssociatedSessions: 'NONE' | 'LINKED') =>
  server.admin.send(
    new AdminRevokeUserSessionCommand({ ...world.of, SessionId: await ssoIdOf(world), RevokeAssociatedSessions }),
  )
const AccessTokenOf = ({ byApi: { AccessToken } }: World) => ({ AccessToken })

/** What happens, and what is good for nothing then. */
const events: readonly [
  name: string,
  event: (world: World) => Promise<unknown>,
  dies: readonly Credential[] | typeof ALL,
][] = [
  ['nothing', async () => undefined, []],
  [
    'RevokeToken',
    ({ ofWeb }) => server.app.send(new RevokeTokenCommand({ ClientId: web.clientId, Token: ofWeb['refresh_token'] })),
    WEB,
  ],
  [
    'RevokeToken with LINKED',
    ({ ofWeb }) =>
      server.app.send(
        new RevokeTokenCommand({
          ClientId: web.clientId,
          Token: ofWeb['refresh_token'],
          RevokeAssociatedSessions: 'LINKED',
        }),
      ),
    [...WEB, 'browser', ...WAITING],
  ],
  [
    '/oauth2/revoke',
    ({ ofBound }) =>
      fetch(`${bound.base}/oauth2/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token: ofBound['refresh_token'] ?? '', ...credentials(bound) }),
      }),
    BOUND,
  ],
  [
    "RevokeUserSession of an application's",
    (world) =>
      server.app.send(
        new RevokeUserSessionCommand({ ...AccessTokenOf(world), SessionId: world.sessionIds['refresh token'] }),
      ),
    WEB,
  ],
  ["AdminRevokeUserSession of the browser's", (world) => revoked(world, 'NONE'), ['browser', ...WAITING]],
  [
    "AdminRevokeUserSession of the browser's with LINKED",
    (world) => revoked(world, 'LINKED'),
    [...WEB, ...BOUND, "device's refresh token", 'browser', ...WAITING],
  ],
  [
    '/logout',
    ({ browser }) =>
      leaving(
        browser.get(`${web.base}/logout?${new URLSearchParams({ client_id: web.clientId, logout_uri: SIGNED_OUT })}`),
      ),
    ['browser', ...WAITING],
  ],
  [
    'ForgetDevice',
    (world) => server.app.send(new ForgetDeviceCommand({ ...AccessTokenOf(world), DeviceKey: world.device.key })),
    ['refresh token of a remembered device'],
  ],
  ['GlobalSignOut', (world) => server.app.send(new GlobalSignOutCommand(AccessTokenOf(world))), ALL],
  ['AdminUserGlobalSignOut', ({ of }) => server.admin.send(new AdminUserGlobalSignOutCommand(of)), ALL],
  [
    'ChangePassword',
    (world) =>
      server.app.send(
        new ChangePasswordCommand({
          ...AccessTokenOf(world),
          PreviousPassword: PASSWORD,
          ProposedPassword: NEW_PASSWORD,
        }),
      ),
    ['browser'],
  ],
  [
    'ConfirmForgotPassword',
    async ({ of, email }) => {
      const user = { ClientId: web.clientId, Username: of.Username }
      await server.app.send(new ForgotPasswordCommand(user))
      const ConfirmationCode = await server.outbox.latestCode(email)
      await server.app.send(new ConfirmForgotPasswordCommand({ ...user, ConfirmationCode, Password: NEW_PASSWORD }))
    },
    ['browser'],
  ],
  [
    'AdminSetUserPassword',
    ({ of }) => server.admin.send(new AdminSetUserPasswordCommand({ ...of, Password: NEW_PASSWORD, Permanent: true })),
    ['browser'],
  ],
  ['AdminResetUserPassword', ({ of }) => server.admin.send(new AdminResetUserPasswordCommand(of)), ALL],
  ['AdminDisableUser', ({ of }) => server.admin.send(new AdminDisableUserCommand(of)), ALL],
  [
    'AdminDisableUser and AdminEnableUser',
    async ({ of }) => {
      await server.admin.send(new AdminDisableUserCommand(of))
      await server.admin.send(new AdminEnableUserCommand(of))
    },
    ALL,
  ],
  ['AdminDeleteUser', ({ of }) => server.admin.send(new AdminDeleteUserCommand(of)), ALL],
  ['DeleteUser', (world) => server.app.send(new DeleteUserCommand(AccessTokenOf(world))), ALL],
]

describe('what is good for nothing after', () => {
  it.each(events)('%s', async (name, event, dies) => {
    const world = await makeWorld()
    await event(world)
    const { checks, sessionIds, listed } = world
    const names = Object.keys(checks) as Credential[]
    const listing = name.endsWith('DeleteUser') ? [] : await listed()
    const dead: Credential[] = []
    for (const credential of names) if (!(await checks[credential]())) dead.push(credential)
    expect(dead.sort()).toEqual([...(dies === ALL ? names : dies)].sort())
    // The list of sessions has what is alive and nothing else; after a reset tokens wait for the new password.
    const isReset = name === 'AdminResetUserPassword'
    const alive = (Object.keys(sessionIds) as Credential[]).filter(
      (credential) => isReset || !dead.includes(credential),
    )
    const ofApps = listing.filter(({ SessionType }) => SessionType === 'TOKEN').map(({ SessionId }) => SessionId)
    expect(ofApps.sort()).toEqual(alive.map((credential) => sessionIds[credential]).sort())
    const ofBrowsers = listing.filter(({ SessionType }) => SessionType === 'SSO')
    expect(ofBrowsers).toHaveLength(dead.includes('browser') ? 0 : 1)
  })
})
