import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminUserGlobalSignOutCommand,
  DeleteUserPoolClientCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makePool, useTestServer } from '../../test/harness.ts'
import {
  type App,
  appIn,
  CALLBACK,
  makeUser,
  oauthSettings,
  redeem,
  signInByPage,
  tokenCall,
} from '../../test/oauth.ts'

const UserPoolTags = { 'cognomen:introspection': 'on' }
const basic = ({ clientId, secret = '' }: Pick<App, 'clientId' | 'secret'>) => ({
  authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
})

describe('introspection', () => {
  const server = useTestServer()
  let app: App
  /** The service that asks. */
  let service: App
  let username: string

  beforeAll(async () => {
    const { Id } = await makePool(server, { UserPoolTags, DcrConfiguration: { OpenDcrEnabled: true } })
    app = await appIn(server, Id)
    service = await appIn(server, Id, { GenerateSecret: true })
    username = await makeUser(app)
  })

  const ask = async (token: string, { headers = basic(service), base = app.base, form = {} } = {}) => {
    const body = new URLSearchParams({ token, ...form })
    const response = await fetch(`${base}/oauth2/introspect`, { method: 'POST', body, headers })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
  const tokens = async (of: App = app, scope = 'openid email'): Promise<Record<string, string>> => {
    const form: Record<string, string> = of.secret === undefined ? {} : { client_secret: of.secret }
    return (await redeem(of, await signInByPage(of, username, { scope }), form)).json
  }

  it('is off, and not to be seen, in a pool without the tag', async () => {
    const { Id, Arn: ResourceArn = '' } = await makePool(server)
    const other = await appIn(server, Id, { GenerateSecret: true })
    const discovery = async () =>
      (await (await fetch(`${other.base}/.well-known/openid-configuration`)).json()) as Record<string, unknown>
    const asked = { headers: basic(other), base: other.base }
    expect((await ask('x', asked)).status).toBe(404)
    expect(await discovery()).not.toHaveProperty('introspection_endpoint')
    await server.admin.send(new TagResourceCommand({ ResourceArn, Tags: UserPoolTags }))
    expect((await ask('x', asked)).json).toEqual({ active: false })
    expect((await discovery())['introspection_endpoint']).toBe(`${other.base}/oauth2/introspect`)
    await server.admin.send(new UntagResourceCommand({ ResourceArn, TagKeys: Object.keys(UserPoolTags) }))
    expect((await ask('x', asked)).status).toBe(404)
  })

  it('tells a service of an access token what it says, of an ID token nothing', async () => {
    const given = await tokens()
    const { status, json } = await ask(given['access_token'] as string)
    expect(status).toBe(200)
    expect(json).toMatchObject({
      active: true,
      token_type: 'Bearer',
      scope: 'openid email',
      client_id: app.clientId,
      username,
      iss: app.base,
      exp: expect.any(Number),
      sub: expect.any(String),
    })
    expect((await ask(given['id_token'] as string)).json).toEqual({ active: false })
  })

  it('tells of a token of an application itself', async () => {
    const { poolId } = app
    const machine = await appIn(server, poolId, {
      ...oauthSettings,
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: ['aws.cognito/dcr/register'],
    })
    const form = { grant_type: 'client_credentials', client_id: machine.clientId, client_secret: machine.secret ?? '' }
    const token = (await tokenCall(machine, form)).json['access_token'] as string
    expect((await ask(token)).json).toMatchObject({ active: true, sub: machine.clientId, client_id: machine.clientId })
    await server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId: poolId, ClientId: machine.clientId }))
    expect((await ask(token)).json).toEqual({ active: false })
  })

  it('tells of a refresh token to the client that has it alone', async () => {
    const own = (await tokens(service))['refresh_token'] as string
    expect((await ask(own)).json).toMatchObject({ active: true, client_id: service.clientId, scope: 'openid email' })
    const foreign = (await tokens())['refresh_token'] as string
    expect((await ask(foreign)).json).toEqual({ active: false })
  })

  it('knows of refresh tokens that a rotation replaced', async () => {
    const rotating = await appIn(server, app.poolId, {
      GenerateSecret: true,
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
    })
    const headers = basic(rotating)
    const first = (await tokens(rotating))['refresh_token'] as string
    expect((await ask(first, { headers })).json['active']).toBe(true)
    const form = { grant_type: 'refresh_token', refresh_token: first }
    const second = (await tokenCall(rotating, form, headers)).json['refresh_token'] as string
    expect((await ask(first, { headers })).json).toEqual({ active: false })
    // To ask has not ended the sign-in, as a use of the old one would have.
    expect((await ask(second, { headers })).json['active']).toBe(true)
  })

  it('knows of a sign-in that has ended, a user who is disabled, and time', async () => {
    const pairOf = (given: Record<string, string>) => [given['access_token'], given['refresh_token']] as string[]
    let pair = pairOf(await tokens(service))
    const active = () => Promise.all(pair.map(async (token) => (await ask(token)).json['active']))
    const user = { UserPoolId: app.poolId, Username: username }
    expect(await active()).toEqual([true, true])
    await server.admin.send(new AdminDisableUserCommand(user))
    expect(await active()).toEqual([false, false])
    await server.admin.send(new AdminEnableUserCommand(user))
    pair = pairOf(await tokens(service))
    expect(await active()).toEqual([true, true])
    server.clock.advance(3600_000)
    expect(await active()).toEqual([false, true])
    await server.admin.send(new AdminUserGlobalSignOutCommand(user))
    expect(await active()).toEqual([false, false])
  })

  it('refuses whoever is no confidential client that an administrator made', async () => {
    const { access_token: token = '' } = await tokens()
    const wrong = await ask(token, { headers: basic({ ...service, secret: 'wrong' }) })
    expect([wrong.status, wrong.json['error']]).toEqual([401, 'invalid_client'])
    const nobody = await ask(token, { headers: {} as never })
    expect([nobody.status, nobody.json['error']]).toEqual([401, 'invalid_client'])
    const open = await ask(token, { headers: {} as never, form: { client_id: app.clientId } })
    expect([open.status, open.json['error']]).toEqual([400, 'unauthorized_client'])
    const registered = await fetch(`${app.base}/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [CALLBACK] }),
    })
    const { client_id: clientId, client_secret: secret } = (await registered.json()) as Record<string, string>
    const self = await ask(token, { headers: basic({ clientId: clientId ?? '', secret }) })
    expect([self.status, self.json['error']]).toEqual([400, 'unauthorized_client'])
    const { Id } = await makePool(server, { UserPoolTags })
    const elsewhere = await appIn(server, Id, { GenerateSecret: true })
    expect((await ask(token, { headers: basic(elsewhere), base: elsewhere.base })).json).toEqual({ active: false })
  })

  it.each(['', 'x', 'a.b.c', 'a.b.c.d.e', '\u0000'])('has nothing to tell of %j', async (token) => {
    const { status, json } = await ask(token)
    expect([status, json['active'] ?? json['error']]).toEqual(token === '' ? [400, 'invalid_request'] : [200, false])
  })
})
