// Token exchange through the front door (RFC 8693): a service gets a token for another service in the place of the user's.
import {
  AdminAddUserToGroupCommand,
  AdminUserGlobalSignOutCommand,
  CreateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeProof, makeProofKey } from '../../../test/dpop.ts'
import { claimsOf, makePool, useTestServer } from '../../../test/harness.ts'
import { type App, appIn, makeUser, oauthSettings, redeem, signInByPage, tokenCall } from '../../../test/oauth.ts'
import { makeResourceServer } from '../../../test/resource-servers.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token'
const ID = 'urn:ietf:params:oauth:token-type:id_token'
const STOCK = 'https://stock.example.com'
const ORDERS = 'https://orders.example.com'

describe('token exchange', () => {
  const server = useTestServer()
  let web: App
  let orders: App
  let username: string

  const scopes = ['openid', 'email', 'stock/read', 'stock/write']
  beforeAll(async () => {
    const UserPoolTags = {
      'cognomen:token-exchange:orders': `${ORDERS} ${STOCK} stock`,
      'cognomen:introspection': 'on',
      'cognomen:dpop:orders': 'on',
    }
    const { Id } = await makePool(server, { UserPoolTags })
    await makeResourceServer(server, Id, 'stock', 'read', 'write')
    web = await appIn(server, Id, {
      ClientName: 'web',
      AllowedOAuthScopes: [...scopes, 'aws.cognito.signin.user.admin'],
    })
    orders = await appIn(server, Id, { ClientName: 'orders', GenerateSecret: true, AllowedOAuthScopes: scopes })
    username = await makeUser(web, { email: 'ann@example.com' })
    await server.admin.send(new CreateGroupCommand({ UserPoolId: Id, GroupName: 'staff' }))
    await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId: Id, GroupName: 'staff', Username: username }))
  })

  const tokens = async (at = web, parameters: Record<string, string> = {}): Promise<Record<string, string>> => {
    const form: Record<string, string> = at.secret === undefined ? {} : { client_secret: at.secret }
    return (await redeem(at, await signInByPage(at, username, parameters), form)).json
  }
  const userToken = async (parameters: Record<string, string> = {}): Promise<string> =>
    (await tokens(web, parameters))['access_token'] as string
  const credentials = ({ clientId, secret }: App): Record<string, string> => ({
    client_id: clientId,
    ...(secret !== undefined && { client_secret: secret }),
  })
  const exchange = (subject: string, form: Record<string, string> = {}, by = orders, headers = {}) =>
    tokenCall(
      by,
      {
        grant_type: GRANT,
        subject_token: subject,
        subject_token_type: ACCESS,
        ...(!('audience' in form) && { resource: STOCK }),
        ...credentials(by),
        ...form,
      },
      headers,
    )
  const exchanged = async (...of: Parameters<typeof exchange>): Promise<string> => {
    const { status, json } = await exchange(...of)
    expect([status, json['error_description']]).toEqual([200, undefined])
    return json['access_token'] as string
  }
  const refusal = async (...of: Parameters<typeof exchange>): Promise<unknown[]> => {
    const { status, json } = await exchange(...of)
    return [status, json['error']]
  }
  const introspect = async (token: string): Promise<Record<string, unknown>> => {
    const body = new URLSearchParams({ token, ...credentials(orders) })
    const response = await fetch(`${orders.base}/oauth2/introspect`, { method: 'POST', body })
    return (await response.json()) as Record<string, unknown>
  }

  it('gives a token of the same user for another service, and says who acts', async () => {
    const subject = await userToken()
    const { json, headers } = await exchange(subject, { scope: 'stock/read' })
    expect(json).toEqual({
      access_token: expect.any(String),
      issued_token_type: ACCESS,
      token_type: 'Bearer',
      expires_in: expect.any(Number),
      scope: 'stock/read',
    })
    expect(headers.get('cache-control')).toBe('no-store')
    const [before, claims] = [claimsOf(subject), claimsOf(json['access_token'] as string)]
    for (const kept of ['sub', 'username', 'iss', 'auth_time', 'event_id', 'origin_jti', 'token_use', 'cognito:groups'])
      expect([kept, claims[kept]]).toEqual([kept, before[kept]])
    expect(claims).toMatchObject({
      aud: STOCK,
      scope: 'stock/read',
      client_id: orders.clientId,
      act: { sub: orders.clientId },
      'cognito:groups': ['staff'],
    })
    expect(claims['jti']).not.toBe(before['jti'])
    expect(await introspect(json['access_token'] as string)).toMatchObject({
      active: true,
      act: { sub: orders.clientId },
    })
  })

  it('gives all scopes that the user granted and the client has, and none beside', async () => {
    const claims = claimsOf(await exchanged(await userToken()))
    expect((claims['scope'] as string).split(' ').sort()).toEqual([...scopes].sort())
    const narrow = await userToken({ scope: 'openid stock/read' })
    expect(claimsOf(await exchanged(narrow))['scope']).toBe('openid stock/read')
    for (const scope of ['stock/write', 'openid stock/write', 'other', 'aws.cognito.signin.user.admin'])
      expect([scope, await refusal(narrow, { scope })]).toEqual([scope, [400, 'invalid_scope']])
    const admin = await userToken({ scope: 'aws.cognito.signin.user.admin' })
    expect(await refusal(admin, { scope: 'aws.cognito.signin.user.admin' })).toEqual([400, 'invalid_scope'])
  })

  it('never gives what opens the operations of this server: the token is for another one', async () => {
    const keen = await appIn(server, web.poolId, {
      ClientName: 'orders',
      GenerateSecret: true,
      AllowedOAuthScopes: ['openid', 'aws.cognito.signin.user.admin', 'aws.cognito/dcr/register'],
    })
    const subject = await userToken({ scope: 'openid aws.cognito.signin.user.admin' })
    expect(claimsOf(await exchanged(subject, {}, keen))['scope']).toBe('openid')
    for (const scope of ['aws.cognito.signin.user.admin', 'aws.cognito/dcr/register'])
      expect(await refusal(subject, { scope }, keen)).toEqual([400, 'invalid_scope'])
  })

  it('does not outlive the token that it was made of', async () => {
    const subject = await userToken()
    server.clock.advance(3_000_000)
    const { json } = await exchange(subject)
    expect(claimsOf(json['access_token'] as string)['exp']).toBe(claimsOf(subject)['exp'])
    expect(Number(json['expires_in'])).toBeLessThanOrEqual(600)
    server.clock.advance(700_000)
    expect(await refusal(subject)).toEqual([400, 'invalid_request'])
  })

  it('ends with the sign-in of the user', async () => {
    const subject = await userToken()
    const token = await exchanged(subject)
    expect((await introspect(token))['active']).toBe(true)
    await server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: web.poolId, Username: username }))
    expect(await introspect(token)).toEqual({ active: false })
    expect(await refusal(subject)).toEqual([400, 'invalid_request'])
  })

  it('is for the audiences of the tag alone', async () => {
    const subject = await userToken()
    expect(claimsOf(await exchanged(subject, { audience: 'stock' }))['aud']).toBe('stock')
    expect(claimsOf(await exchanged(subject, { audience: 'stock', resource: STOCK }))['aud']).toEqual([STOCK, 'stock'])
    for (const audience of ['other', 'https://stock.example.com/', ''])
      expect([audience, await refusal(subject, { audience })]).toEqual([audience, [400, 'invalid_target']])
    expect(await refusal(subject, { audience: 'stock', resource: 'https://other.example.com' })).toEqual([
      400,
      'invalid_target',
    ])
  })

  it('takes a token for an audience of the client, and none for others', async () => {
    expect(await exchange(await userToken({ resource: ORDERS }))).toMatchObject({ status: 200 })
    const foreign = await userToken({ resource: 'https://bank.example.com' })
    expect(await refusal(foreign)).toEqual([400, 'invalid_request'])
  })

  it('keeps those who acted before, up to five', async () => {
    let token = await userToken()
    for (let i = 0; i < 5; i++) token = await exchanged(token)
    const nested = { sub: orders.clientId, act: { sub: orders.clientId, act: { sub: orders.clientId } } }
    expect(claimsOf(token)['act']).toMatchObject(nested)
    expect(await refusal(token)).toEqual([400, 'invalid_request'])
  })

  it('names the actor whose token the client shows, its own users and itself', async () => {
    const subject = await userToken()
    const actor = (await tokens(orders))['access_token'] as string
    const shown = { actor_token: actor, actor_token_type: ACCESS }
    expect(claimsOf(await exchanged(subject, shown))['act']).toEqual({
      sub: claimsOf(actor)['sub'],
      client_id: orders.clientId,
    })
    const foreign = await refusal(subject, { ...shown, actor_token: subject })
    expect(foreign).toEqual([400, 'invalid_request'])
    expect(await refusal(subject, { actor_token: actor })).toEqual([400, 'invalid_request'])
    expect(await refusal(subject, { actor_token_type: ACCESS })).toEqual([400, 'invalid_request'])
    expect(await refusal(subject, { ...shown, actor_token: 'x' })).toEqual([400, 'invalid_request'])
  })

  it('takes an ID token of the client, which grants no scope', async () => {
    const own = (await tokens(orders))['id_token'] as string
    const claims = claimsOf(await exchanged(own, { subject_token_type: ID }))
    expect(claims).toMatchObject({
      sub: claimsOf(own)['sub'],
      username,
      scope: '',
      aud: STOCK,
      token_use: 'access',
      'cognito:groups': ['staff'],
    })
    for (const name of ['email', 'cognito:username', 'nonce', 'at_hash']) expect(claims).not.toHaveProperty(name)
    expect(await refusal(own, { subject_token_type: ID, scope: 'stock/read' })).toEqual([400, 'invalid_scope'])
    const foreign = (await tokens())['id_token'] as string
    expect(await refusal(foreign, { subject_token_type: ID })).toEqual([400, 'invalid_request'])
    // Neither passes for the other.
    expect(await refusal(own)).toEqual([400, 'invalid_request'])
    expect(await refusal(await userToken(), { subject_token_type: ID })).toEqual([400, 'invalid_request'])
  })

  it('takes the token of an application, for which the service then acts', async () => {
    const machine = await appIn(server, web.poolId, {
      ...oauthSettings,
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: ['stock/read'],
    })
    const given = await tokenCall(machine, { grant_type: 'client_credentials', ...credentials(machine) })
    const token = await exchanged(given.json['access_token'] as string)
    expect(claimsOf(token)).toMatchObject({ sub: machine.clientId, client_id: orders.clientId, scope: 'stock/read' })
    expect(await introspect(token)).toMatchObject({ active: true, sub: machine.clientId })
  })

  it('binds the token to the key of the service', async () => {
    const key = await makeProofKey()
    const subject = await userToken()
    const proof = async (nonce?: string) =>
      makeProof(key, { htu: `${orders.base}/oauth2/token`, now: server.clock.now(), nonce })
    const first = await exchange(subject, {}, orders, { dpop: await proof() })
    const nonce = first.headers.get('dpop-nonce') ?? ''
    const { json } = await exchange(subject, {}, orders, { dpop: await proof(nonce) })
    expect(json['token_type']).toBe('DPoP')
    expect(claimsOf(json['access_token'] as string)['cnf']).toEqual({ jkt: key.jkt })
  })

  it('is for clients that the tag names and that prove themselves', async () => {
    const subject = await userToken()
    const other = await appIn(server, web.poolId, { ClientName: 'other', GenerateSecret: true })
    expect(await refusal(subject, {}, other)).toEqual([400, 'unauthorized_client'])
    const open = await appIn(server, web.poolId, { ClientName: 'orders' })
    expect(await refusal(subject, {}, open)).toEqual([400, 'unauthorized_client'])
    expect(await refusal(subject, {}, { ...orders, secret: 'wrong' })).toEqual([400, 'invalid_client'])
  })

  it.each<[string, Record<string, string>, string]>([
    ['no subject token', { subject_token: '' }, 'invalid_request'],
    ['a subject token that is none', { subject_token: 'x' }, 'invalid_request'],
    ['no type of it', { subject_token_type: '' }, 'invalid_request'],
    ['another type of it', { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }, 'invalid_request'],
    ['a wish for another type', { requested_token_type: ID }, 'invalid_request'],
    ['no audience', { audience: '' }, 'invalid_target'],
  ])('is refused with %s', async (_, form, error) =>
    expect(await refusal(await userToken(), form)).toEqual([400, error]),
  )

  it('takes no token of another pool, and no refresh token', async () => {
    const { Id } = await makePool(server)
    const elsewhere = await appIn(server, Id)
    const stranger = await makeUser(elsewhere)
    const foreign = (await redeem(elsewhere, await signInByPage(elsewhere, stranger))).json['access_token'] as string
    expect(await refusal(foreign)).toEqual([400, 'invalid_request'])
    expect(await refusal((await tokens())['refresh_token'] as string)).toEqual([400, 'invalid_request'])
  })

  it('is in discovery where it is on', async () => {
    const document = async (base: string) =>
      (await (await fetch(`${base}/.well-known/openid-configuration`)).json()) as { grant_types_supported: string[] }
    expect((await document(orders.base)).grant_types_supported).toContain(GRANT)
    const { Id } = await makePool(server)
    expect((await document(`${server.publicUrl}/${Id}`)).grant_types_supported).not.toContain(GRANT)
  })
})
