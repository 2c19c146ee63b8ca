// Applications are told when the session of a browser ends, by tokens that they verify with the pool's published keys.
import {
  AdminDeleteUserCommand,
  AdminUserGlobalSignOutCommand,
  DeleteUserCommand,
  DescribeUserPoolClientCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
  UntagResourceCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimsOf, engines, makePool, useTestServer } from '../../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeUser,
  redeem,
  SIGNED_OUT,
  signInByPage,
} from '../../../test/oauth.ts'
import { until } from '../../../test/outbox-parts.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'
import { sessionsOf, setTracking } from '../../../test/user-sessions.ts'

const URI = 'https://app.example.com/backchannel?x=1'
const OTHER_URI = 'https://other.example.com/backchannel'

interface Post {
  readonly url: string
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>> | undefined
}

describe.each(engines)('back-channel logout on %s', (engine) => {
  /** What no statement has to do with. */
  const once = it.runIf(engine === 'sqlite')
  let posts: Post[] = []
  let statuses: number[] = []
  const server = useTestServer({
    engine,
    effects: {
      web: {
        send: async ({ url, body, headers }) => {
          posts.push({ url, body: String(body), headers })
          return { status: statuses.shift() ?? 204, contentType: '', body: Buffer.alloc(0) }
        },
      },
    },
  })
  let poolArn: string
  let app: App
  let other: App
  let plain: App
  let username: string
  let browser: Browser

  beforeAll(async () => {
    const UserPoolTags = {
      'cognomen:backchannel-logout:told': URI,
      'cognomen:backchannel-logout:other': OTHER_URI,
    }
    const { Id, Arn = '' } = await makePool(server, { UserPoolTags, DcrConfiguration: { OpenDcrEnabled: true } })
    poolArn = Arn
    app = await appIn(server, Id, { ClientName: 'told' })
    other = await appIn(server, Id, { ClientName: 'other' })
    plain = await appIn(server, Id, { ClientName: 'plain' })
    await setTracking(server, Id)
  })
  beforeEach(async () => {
    posts = []
    statuses = []
    username = await makeUser(app)
    browser = new Browser()
  })

  /** The tokens of a sign-in, in this browser for each application. */
  async function signIn(of: readonly App[] = [app], by = browser): Promise<Record<string, string>[]> {
    const all: Record<string, string>[] = []
    for (const one of of) {
      const answered =
        all.length === 0 ? await signInByPage(one, username, {}, by) : await leaving(by.get(authorizeUrl(one)))
      all.push((await redeem(one, answered)).json)
    }
    return all
  }
  const sidOf = (tokens: Record<string, string> | undefined) => claimsOf(tokens?.['id_token'] as string)['sid']
  const told = async (count: number): Promise<string[]> => {
    await until(() => posts.length >= count)
    return posts.map(({ body }) => new URLSearchParams(body).get('logout_token') ?? '')
  }
  const verified = async (token: string, of = app): Promise<Record<string, unknown>> => {
    const keys = createRemoteJWKSet(new URL(`${app.base}/.well-known/jwks.json`))
    const options = {
      issuer: app.base,
      audience: of.clientId,
      typ: 'logout+jwt',
      currentDate: new Date(server.clock.now()),
    }
    return (await jwtVerify(token, keys, options)).payload
  }
  const signOut = (by = browser) =>
    leaving(by.get(`${app.base}/logout?${new URLSearchParams({ client_id: app.clientId, logout_uri: SIGNED_OUT })}`))

  it('tells every application of the session that wants it, of this session alone', async () => {
    const elsewhere = new Browser()
    await signIn([app], elsewhere)
    const [first, second, third] = await signIn([app, other, plain])
    expect(sidOf(first)).toBe(sidOf(second))
    expect(sidOf(third)).toBeUndefined()
    await signOut()
    const tokens = await told(2)
    expect(posts.map(({ url }) => url).sort()).toEqual([URI, OTHER_URI].sort())
    expect(posts[0]?.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' })
    for (const [index, { url }] of posts.entries()) {
      const claims = await verified(tokens[index] ?? '', url === URI ? app : other)
      expect(claims).toEqual({
        iss: app.base,
        aud: url === URI ? app.clientId : other.clientId,
        iat: expect.any(Number),
        exp: (claims['iat'] as number) + 120,
        jti: expect.any(String),
        sub: claimsOf(first?.['id_token'] as string)['sub'],
        sid: sidOf(first),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      })
      expect(Object.keys(decodeProtectedHeader(tokens[index] ?? '')).sort()).toEqual(['alg', 'kid', 'typ'])
    }
    // It is no ID token.
    const hint = new URLSearchParams({ id_token_hint: tokens[0] ?? '', client_id: app.clientId })
    expect((await browser.get(`${app.base}/logout?${hint}`)).url.searchParams.get('error')).toBe('invalid_request')
  })

  it.each(['GlobalSignOut', 'AdminUserGlobalSignOut'])('tells of every session at %s, once', async (operation) => {
    const elsewhere = new Browser()
    const [one] = await signIn([app], elsewhere)
    const [two] = await signIn([app])
    const AccessToken = two?.['access_token'] as string
    await (operation === 'GlobalSignOut'
      ? server.app.send(new GlobalSignOutCommand({ AccessToken }))
      : server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: app.poolId, Username: username })))
    const tokens = await told(2)
    const sids = await Promise.all(tokens.map(async (token) => (await verified(token))['sid']))
    expect(sids.sort()).toEqual([sidOf(one), sidOf(two)].sort())
    await signOut()
    await signIn()
    await signOut()
    expect(await told(3)).toHaveLength(3)
  })

  it('tells when the session is revoked: by the list of sessions, and by a refresh token that takes it along', async () => {
    const elsewhere = new Browser()
    const [one] = await signIn([app], elsewhere)
    const [two] = await signIn([app])
    const AccessToken = two?.['access_token'] as string
    const sessions = await sessionsOf(server, { AccessToken })
    const { SessionId } = sessions.find(({ SessionId: id }) => id === sidOf(one)) ?? {}
    await server.app.send(new RevokeUserSessionCommand({ AccessToken, SessionId }))
    expect((await verified((await told(1))[0] ?? ''))['sid']).toBe(sidOf(one))
    const Token = two?.['refresh_token'] as string
    const revoke = { ClientId: app.clientId, Token, RevokeAssociatedSessions: 'LINKED' } as const
    await server.app.send(new RevokeTokenCommand(revoke))
    expect((await verified((await told(2))[1] ?? ''))['sid']).toBe(sidOf(two))
  })

  it('tells when the user is deleted, by an administrator or by themselves', async () => {
    const [first] = await signIn()
    await server.admin.send(new AdminDeleteUserCommand({ UserPoolId: app.poolId, Username: username }))
    expect((await verified((await told(1))[0] ?? ''))['sid']).toBe(sidOf(first))
    username = await makeUser(app)
    browser = new Browser()
    const [second] = await signIn()
    await server.app.send(new DeleteUserCommand({ AccessToken: second?.['access_token'] as string }))
    expect((await verified((await told(2))[1] ?? ''))['sid']).toBe(sidOf(second))
  })

  once('tries again until it is answered, and not after a refusal', async () => {
    statuses = [500]
    await signIn()
    await signOut()
    await told(1)
    server.clock.advance(10_000)
    const tokens = await told(2)
    const ids = await Promise.all(tokens.map(async (token) => (await verified(token))['jti']))
    expect(new Set(ids).size).toBe(2)
    statuses = [400]
    await signIn()
    await signOut()
    await told(3)
    server.clock.advance(3_600_000)
    await signIn()
    await signOut()
    const [, , refused, next] = await told(4)
    expect((await verified(next ?? ''))['sid']).not.toBe(claimsOf(refused ?? '')['sid'])
    expect(posts).toHaveLength(4)
  })

  once('is asked for by an application that registers itself', async () => {
    const register = async (more: Record<string, unknown>) => {
      const response = await fetch(`${app.base}/oauth2/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: [CALLBACK], client_name: 'told', ...more }),
      })
      return { status: response.status, json: (await response.json()) as Record<string, unknown> }
    }
    for (const uri of ['http://app.example.com/', 'https://app.example.com/#x', 'javascript:1', ''])
      expect((await register({ backchannel_logout_uri: uri })).json['error']).toBe('invalid_client_metadata')
    const { status, json } = await register({ backchannel_logout_uri: 'https://agent.example.com/out' })
    expect([status, json['backchannel_logout_uri']]).toEqual([201, 'https://agent.example.com/out'])
    const ClientId = json['client_id'] as string
    const shown = await server.admin.send(new DescribeUserPoolClientCommand({ UserPoolId: app.poolId, ClientId }))
    expect(JSON.stringify(shown.UserPoolClient)).not.toContain('agent.example.com')
    const { LastModifiedDate, CreationDate, ClientSecret, ...settings } = shown.UserPoolClient ?? {}
    await server.admin.send(new UpdateUserPoolClientCommand({ UserPoolId: app.poolId, ClientId, ...settings } as never))
    const consent = await signInPage(ClientId)
    const { json: tokens } = await redeem({ ...app, clientId: ClientId }, consent, {
      client_secret: json['client_secret'] as string,
    })
    expect(sidOf(tokens)).toEqual(expect.any(String))
    await signOut()
    await until(() => posts.some(({ url }) => url === 'https://agent.example.com/out'))
    // The tag is about clients that administrators named, and not about one that took their name.
    expect((await register({})).status).toBe(201)
  })

  async function signInPage(clientId: string): Promise<URL> {
    const page = await browser.get(authorizeUrl({ ...app, clientId }))
    const consent = await browser.submit(page, { username, password: 'Correct-horse-1' })
    return leaving(browser.submit(consent, { decision: 'allow' }))
  }

  once('is named by discovery, and goes with the tag', async () => {
    const document = async (base: string) =>
      (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as Record<string, unknown>
    expect(await document(app.base)).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    })
    const { Id = '' } = await makePool(server)
    expect(await document(`${server.publicUrl}/${Id}`)).not.toHaveProperty('backchannel_logout_supported')
    await signIn([other])
    await server.admin.send(
      new UntagResourceCommand({ ResourceArn: poolArn, TagKeys: ['cognomen:backchannel-logout:other'] }),
    )
    browser = new Browser()
    const [after] = await signIn([app])
    expect(sidOf(after)).toEqual(expect.any(String))
    await signOut()
    await told(1)
    expect(posts.every(({ url }) => url === URI)).toBe(true)
  })
})
