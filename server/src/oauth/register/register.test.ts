import {
  AddUserPoolClientSecretCommand,
  CreateResourceServerCommand,
  type DcrConfigurationType,
  DeleteUserPoolClientSecretCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientSecretsCommand,
  ListUserPoolClientsCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'
import { CALLBACK, CHALLENGE, tokenCall } from '../../../test/oauth.ts'

interface Registered {
  status: number
  headers: Headers
  json: Record<string, string> & { grant_types: string[] }
}

describe.each(engines)('dynamic client registration on %s', (engine) => {
  const server = useTestServer({ engine })
  const poolWith = async (DcrConfiguration?: DcrConfigurationType): Promise<string> => {
    const { Id } = await makePool(server, { ...(DcrConfiguration && { DcrConfiguration }) })
    await server.admin.send(
      new CreateResourceServerCommand({
        UserPoolId: Id,
        Identifier: 'api',
        Name: 'API',
        Scopes: [{ ScopeName: 'read', ScopeDescription: 'read your files' }],
      }),
    )
    return Id
  }
  const register = async (
    poolId: string,
    metadata: unknown = { redirect_uris: [CALLBACK], client_name: 'Agent' },
    headers: Record<string, string> = {},
  ): Promise<Registered> => {
    const response = await fetch(`${server.publicUrl}/${poolId}/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
    })
    return { status: response.status, headers: response.headers, json: (await response.json()) as Registered['json'] }
  }
  /** A token of a machine client of the pool with this scope. */
  const machineToken = async (poolId: string, scope: string): Promise<string> => {
    const { ClientId, ClientSecret = '' } = await makeClient(server, poolId, {
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: [scope],
    })
    const { json } = await tokenCall(
      { base: `${server.publicUrl}/${poolId}` },
      { grant_type: 'client_credentials', client_id: ClientId, client_secret: ClientSecret },
    )
    return json['access_token'] as string
  }
  const discovery = async (poolId: string) =>
    (await (await fetch(`${server.publicUrl}/${poolId}/.well-known/openid-configuration`)).json()) as Record<
      string,
      string
    >

  let open: string
  beforeAll(async () => {
    open = await poolWith({ OpenDcrEnabled: true, AllowedScopes: ['api/read'] })
  })

  it('is off, and not to be seen, in a pool that does not turn it on', async () => {
    for (const config of [undefined, { EnableStatus: 'Disabled', OpenDcrEnabled: true } as const]) {
      const poolId = await poolWith(config)
      expect((await register(poolId)).status).toBe(404)
      expect(await discovery(poolId)).not.toHaveProperty('registration_endpoint')
    }
    expect((await discovery(open))['registration_endpoint']).toBe(`${server.publicUrl}/${open}/oauth2/register`)
  })

  it('makes a client of the type DCR, which signs users in', async () => {
    const { status, json, headers } = await register(open, {
      redirect_uris: [CALLBACK],
      client_name: 'Agent',
      scope: 'openid api/read',
    })
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toEqual({
      client_id: expect.stringMatching(/^[a-z0-9]{26}$/),
      client_id_issued_at: expect.any(Number),
      client_secret: expect.stringMatching(/^[a-z0-9]{51}$/),
      client_secret_expires_at: 0,
      client_name: 'Agent',
      redirect_uris: [CALLBACK],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid api/read',
    })
    const ids = { UserPoolId: open, ClientId: json['client_id'] }
    const { UserPoolClient } = await server.admin.send(new DescribeUserPoolClientCommand(ids))
    expect(UserPoolClient).toMatchObject({ ClientType: 'DCR', AllowedOAuthFlows: ['code'], CallbackURLs: [CALLBACK] })
    const listed = await server.admin.send(new ListUserPoolClientsCommand({ UserPoolId: open, ClientType: 'DCR' }))
    expect(listed.UserPoolClients?.map(({ ClientId }) => ClientId)).toContain(json['client_id'])
    const regular = await server.admin.send(new ListUserPoolClientsCommand({ UserPoolId: open, ClientType: 'REGULAR' }))
    expect(regular.UserPoolClients).toEqual([])
    // An update by an administrator leaves it what it is.
    const updated = await server.admin.send(new UpdateUserPoolClientCommand({ ...ids, ClientName: 'Renamed' }))
    expect(updated.UserPoolClient).toMatchObject({ ClientType: 'DCR', ClientName: 'Renamed' })
  })

  it('leaves no operation on secrets, and no sign-in by the API', async () => {
    const { json } = await register(open)
    const ids = { UserPoolId: open, ClientId: json['client_id'] as string }
    for (const call of [
      new AddUserPoolClientSecretCommand(ids),
      new DeleteUserPoolClientSecretCommand({ ...ids, ClientSecretId: `${ids.ClientId}--1` }),
      new ListUserPoolClientSecretsCommand(ids),
    ])
      await expectRefusal(
        server.admin.send(call as AddUserPoolClientSecretCommand),
        'InvalidParameterException',
        'Client secrets can not be managed for a client that was made by dynamic client registration.',
      )
    const publicOne = await register(open, { redirect_uris: [CALLBACK], token_endpoint_auth_method: 'none' })
    for (const AuthFlow of ['USER_PASSWORD_AUTH', 'USER_SRP_AUTH', 'USER_AUTH', 'CUSTOM_AUTH']) {
      const AuthParameters = { USERNAME: 'x', PASSWORD: 'y', SRP_A: 'abc' }
      const answer = await server.raw('InitiateAuth', {
        ClientId: publicOne.json['client_id'],
        AuthFlow,
        AuthParameters,
      })
      expect(answer.json.message).toBe(`${AuthFlow} flow not enabled for this client`)
    }
  })

  it('needs a token where it is not open: of this pool, alive, with the scope', async () => {
    const poolId = await poolWith({})
    const none = await register(poolId)
    expect([none.status, none.json['error']]).toEqual([401, 'invalid_token'])
    expect(none.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    const machine = { grant_types: ['client_credentials'], redirect_uris: [] }
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
    const good = await machineToken(poolId, 'aws.cognito/dcr/register')
    const made = await register(poolId, undefined, bearer(good))
    expect(made.status).toBe(201)
    const withoutScopes = await register(poolId, machine, bearer(good))
    expect([withoutScopes.status, withoutScopes.json['error']]).toEqual([400, 'invalid_client_metadata'])
    const other = await machineToken(poolId, 'api/read')
    const foreign = await machineToken(open, 'aws.cognito/dcr/register')
    expect((await register(poolId, undefined, bearer(other))).json['error']).toBe('insufficient_scope')
    for (const authorization of [
      `Bearer ${foreign}`,
      `Bearer ${good}x`,
      'Bearer',
      `Basic ${good}`,
      `Bearer ${good.replace(/^.{5}/, 'xxxxx')}`,
    ]) {
      const { status, json } = await register(poolId, undefined, { authorization })
      expect([authorization.slice(0, 12), status, json['error']]).toEqual([
        authorization.slice(0, 12),
        401,
        'invalid_token',
      ])
    }
    // A bad token is not taken for none.
    expect((await register(open, undefined, bearer(good))).status).toBe(401)
    server.clock.advance(2 * 3600_000)
    expect((await register(poolId, undefined, bearer(good))).status).toBe(401)
  })

  it('gives machine clients to those with a token, and to no others', async () => {
    const machine = { grant_types: ['client_credentials'], scope: 'api/read' }
    expect((await register(open, machine)).json['error']).toBe('invalid_client_metadata')
    const token = await machineToken(open, 'aws.cognito/dcr/register')
    const { json } = await register(open, machine, { authorization: `Bearer ${token}` })
    const got = await tokenCall(
      { base: `${server.publicUrl}/${open}` },
      {
        grant_type: 'client_credentials',
        client_id: json['client_id'] as string,
        client_secret: json['client_secret'] as string,
      },
    )
    expect(got.status).toBe(200)
    // The token of a registered client registers nobody.
    const next = await register(open, machine, { authorization: `Bearer ${got.json['access_token']}` })
    expect(next.json['error']).toBe('insufficient_scope')
  })

  it('takes a list of grant types that is empty for no', async () => {
    const poolId = await poolWith({ OpenDcrEnabled: true, OpenDcrGrantTypes: [], AuthenticatedGrantTypes: [] })
    expect((await register(poolId)).status).toBe(401)
    const token = await machineToken(poolId, 'aws.cognito/dcr/register')
    const { status, json } = await register(poolId, undefined, { authorization: `Bearer ${token}` })
    expect([status, json['error']]).toEqual([403, 'access_denied'])
  })

  it.each([
    ['not JSON', '{', {}],
    ['a list', [], {}],
    ['a form', 'redirect_uris=x', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['nothing', '', {}],
  ])('refuses %s', async (_, body, headers) => {
    const { status, json } = await register(open, body, headers)
    expect([status, json['error']]).toEqual([400, 'invalid_client_metadata'])
  })

  it('refuses what is too much', async () => {
    expect((await register(open, { client_name: 'x'.repeat(70_000) })).status).toBe(413)
  })

  it('has a public client prove its code', async () => {
    const { json } = await register(open, {
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: 'none',
    })
    expect(json).not.toHaveProperty('client_secret')
    const url = new URL(`${server.publicUrl}/${open}/oauth2/authorize`)
    url.search = String(
      new URLSearchParams({ response_type: 'code', client_id: json['client_id'] as string, redirect_uri: CALLBACK }),
    )
    const refused = await fetch(url, { redirect: 'manual' })
    expect(refused.headers.get('location')).toContain('error=invalid_request')
    url.search += `&code_challenge=${CHALLENGE}&code_challenge_method=S256`
    expect((await fetch(url, { redirect: 'manual' })).headers.get('location')).toContain('/login?')
  })
})

describe('registration without a token', () => {
  const server = useTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '3', TRUSTED_PROXIES: '127.0.0.1,::1' } })
  const register = (poolId: string, headers: Record<string, string> = {}) =>
    fetch(`${server.publicUrl}/${poolId}/oauth2/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ redirect_uris: [CALLBACK] }),
    })

  it('leaves half of the clients of a pool to its administrators', async () => {
    const { Id } = await makePool(server, { DcrConfiguration: { OpenDcrEnabled: true } })
    for (let made = 0; made < 499; made++) await makeClient(server, Id)
    expect((await register(Id)).status).toBe(201)
    const full = await register(Id)
    expect([full.status, await full.json()]).toEqual([
      400,
      { error: 'invalid_client_metadata', error_description: 'A user pool can not have more than 500 app clients.' },
    ])
    await makeClient(server, Id)
  })

  it('is bounded by address', async () => {
    const { Id } = await makePool(server, { DcrConfiguration: { OpenDcrEnabled: true } })
    server.clock.freeze()
    const statuses: number[] = []
    const from = { 'x-forwarded-for': '203.0.113.7' }
    for (let call = 0; call < 5; call++) statuses.push((await register(Id, from)).status)
    expect(statuses).toEqual([201, 201, 201, 429, 429])
    expect((await register(Id, { 'x-forwarded-for': '198.51.100.7' })).status).toBe(201)
  })
})
