// DPoP through the front door: tokens that are bound to a key, and what a thief without the key can do with them.
import {
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeProof, makeProofKey, type ProofKey, type Proving } from '../../../test/dpop.ts'
import { claimsOf, engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeUser,
  redeem,
  signInByPage,
  type TokenResponse,
  tokenCall,
} from '../../../test/oauth.ts'
import { Browser } from '../../../test/page-walker.ts'

const ROTATES = {
  RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
  ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
} satisfies Parameters<typeof appIn>[2]

describe.each(engines)('DPoP on %s', (engine) => {
  const server = useTestServer({ engine })
  let app: App
  let service: App
  let bound: App
  let plain: App
  let username: string
  let key: ProofKey

  beforeAll(async () => {
    key = await makeProofKey()
    const UserPoolTags = {
      'cognomen:dpop:app': 'on',
      'cognomen:dpop:bound': 'required',
      'cognomen:introspection': 'on',
      'cognomen:pushed-authorization': 'on',
    }
    const { Id } = await makePool(server, { UserPoolTags })
    app = await appIn(server, Id, { ClientName: 'app', ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'] })
    service = await appIn(server, Id, { ClientName: 'app', GenerateSecret: true })
    bound = await appIn(server, Id, { ClientName: 'bound' })
    plain = await appIn(server, Id, { ClientName: 'plain' })
    username = await makeUser(app, { email: 'ann@example.com' })
  })

  const htu = () => `${app.base}/oauth2/token`
  const proofAt = (of: Partial<Proving> = {}, by = key) => makeProof(by, { htu: htu(), now: server.clock.now(), ...of })

  /** A nonce, as a client gets it: from the refusal of its first proof. */
  const nonceOf = async (at = app): Promise<string> => {
    const answer = await tokenCall(at, { grant_type: 'refresh_token', ...credentials(at) }, { dpop: await proofAt() })
    expect([answer.status, answer.json['error']]).toEqual([400, 'use_dpop_nonce'])
    return answer.headers.get('dpop-nonce') ?? ''
  }
  const credentials = ({ clientId, secret }: App): Record<string, string> => ({
    client_id: clientId,
    ...(secret !== undefined && { client_secret: secret }),
  })
  const call = async (form: Record<string, string>, of: Partial<Proving> = {}, by = key): Promise<TokenResponse> =>
    tokenCall(app, form, { dpop: await proofAt({ nonce: await nonceOf(), ...of }, by) })
  const codeForm = async (at: App, parameters = {}): Promise<Record<string, string>> => ({
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code: (await signInByPage(at, username, parameters)).searchParams.get('code') ?? '',
    ...credentials(at),
  })
  const tokens = async (at = app): Promise<TokenResponse> => {
    const given = await call(await codeForm(at))
    expect([given.status, given.json['token_type']]).toEqual([200, 'DPoP'])
    return given
  }
  const refresh = (at: App, token = ''): Record<string, string> => ({
    grant_type: 'refresh_token',
    refresh_token: token,
    ...credentials(at),
  })
  const userInfo = async (authorization: string, dpop?: string) => {
    const headers = { authorization, ...(dpop !== undefined && { dpop }) }
    const response = await fetch(`${app.base}/oauth2/userInfo`, { headers })
    return {
      status: response.status,
      headers: response.headers,
      json: (await response.json()) as Record<string, string>,
    }
  }
  const infoProof = (accessToken: string, of: Partial<Proving> = {}, by = key) =>
    proofAt({ htm: 'GET', htu: `${app.base}/oauth2/userInfo`, accessToken, ...of }, by)

  it('binds tokens to the key, gives the next nonce, and is in discovery', async () => {
    const { json, headers } = await tokens()
    expect(claimsOf(json['access_token'] as string)['cnf']).toEqual({ jkt: key.jkt })
    expect(claimsOf(json['id_token'] as string)).not.toHaveProperty('cnf')
    expect(headers.get('dpop-nonce')).toBeTruthy()
    expect(headers.get('access-control-expose-headers')).toContain('DPoP-Nonce')
    const discovery = await fetch(`${app.base}/.well-known/openid-configuration`)
    expect(await discovery.json()).toMatchObject({
      dpop_signing_alg_values_supported: ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
    })
  })

  it('is passed over, and not in discovery, where it is off', async () => {
    const given = await tokenCall(plain, await codeForm(plain), { dpop: await proofAt() })
    expect([given.status, given.json['token_type']]).toEqual([200, 'Bearer'])
    expect(claimsOf(given.json['access_token'] as string)).not.toHaveProperty('cnf')
    const { Id } = await makePool(server)
    const discovery = await fetch(`${server.publicUrl}/${Id}/.well-known/openid-configuration`)
    expect(await discovery.json()).not.toHaveProperty('dpop_signing_alg_values_supported')
  })

  it('is not asked of a client that may but does not', async () => {
    const given = await redeem(app, await signInByPage(app, username))
    expect([given.status, given.json['token_type']]).toEqual([200, 'Bearer'])
  })

  it('is asked of a client that must, which gets no tokens by the implicit flow', async () => {
    const answered = await signInByPage(bound, username)
    const without = await redeem(bound, answered)
    expect([without.status, without.json['error']]).toEqual([400, 'invalid_dpop_proof'])
    const code = answered.searchParams.get('code') ?? ''
    const form = { grant_type: 'authorization_code', redirect_uri: CALLBACK, code, ...credentials(bound) }
    // The refusal has not used the code.
    expect((await call(form)).json['token_type']).toBe('DPoP')
    const implicit = new Browser().get(authorizeUrl(bound, { response_type: 'token' }))
    await expect(implicit).rejects.toThrow(/error=unauthorized_client/)
  })

  it('needs a nonce of this pool that is not old', async () => {
    const form = refresh(app, (await tokens()).json['refresh_token'])
    const nonce = await nonceOf()
    const refused = async (given: string) => (await call(form, { nonce: given })).json['error']
    for (const other of ['', 'x', `${nonce}x`, nonce.replace(/^./, '0'), `0${nonce}`])
      expect([other, await refused(other)]).toEqual([other, 'use_dpop_nonce'])
    server.clock.advance(301_000)
    expect(await refused(nonce)).toBe('use_dpop_nonce')
    expect((await call(form)).status).toBe(200)
  })

  it('takes each proof once, of many at a time', async () => {
    const form = refresh(app, (await tokens()).json['refresh_token'])
    const dpop = await proofAt({ nonce: await nonceOf() })
    const answers = await Promise.all(Array.from({ length: 20 }, () => tokenCall(app, form, { dpop })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const others = answers.filter(({ status }) => status !== 200).map(({ json }) => json['error_description'])
    expect(new Set(others)).toEqual(new Set(['the proof was used before']))
  })

  it.each([
    ['of another endpoint', { htu: 'http://localhost/oauth2/token' }],
    ['of another method', { htm: 'GET' }],
    ['of another time', { claims: { iat: 1 } }],
    ['of another type', { header: { typ: 'jwt' } }],
  ])('refuses a proof %s', async (_, of) => {
    const { status, json } = await call(refresh(app, 'x'), of)
    expect([status, json['error']]).toEqual([400, 'invalid_dpop_proof'])
  })

  it('binds the refresh token of a public client to the key, at the endpoint and at the API', async () => {
    const token = (await tokens()).json['refresh_token'] as string
    const again = await call(refresh(app, token))
    expect(claimsOf(again.json['access_token'] as string)['cnf']).toEqual({ jkt: key.jkt })
    const thief = await call(refresh(app, token), {}, await makeProofKey())
    expect([thief.status, thief.json['error']]).toEqual([400, 'invalid_grant'])
    expect((await tokenCall(app, refresh(app, token))).json['error']).toBe('invalid_grant')
    const AuthParameters = { REFRESH_TOKEN: token }
    const initiate = { AuthFlow: 'REFRESH_TOKEN_AUTH', ClientId: app.clientId, AuthParameters } as const
    const text = 'Invalid Refresh Token'
    await expectRefusal(server.app.send(new InitiateAuthCommand(initiate)), 'NotAuthorizedException', text)
    const renew = { ClientId: app.clientId, RefreshToken: token }
    await expectRefusal(server.app.send(new GetTokensFromRefreshTokenCommand(renew)), 'NotAuthorizedException', text)
  })

  it('binds the refresh token of a public client also through rotations, and one that was free from its first proof on', async () => {
    const rotating = await appIn(server, app.poolId, { ClientName: 'app', ...ROTATES })
    const first = (await redeem(rotating, await signInByPage(rotating, username))).json['refresh_token'] as string
    const second = (await call(refresh(rotating, first))).json['refresh_token'] as string
    expect((await tokenCall(app, refresh(rotating, second))).json['error']).toBe('invalid_grant')
    const third = await call(refresh(rotating, second))
    expect([third.status, third.json['token_type']]).toEqual([200, 'DPoP'])
  })

  it('leaves the refresh token of a confidential client to the client, whose key may change', async () => {
    const token = (await tokens(service)).json['refresh_token'] as string
    const other = await makeProofKey()
    const again = await call(refresh(service, token), {}, other)
    expect(claimsOf(again.json['access_token'] as string)['cnf']).toEqual({ jkt: other.jkt })
    expect((await tokenCall(app, refresh(service, token))).json['token_type']).toBe('Bearer')
  })

  it('binds a code to the key that the request named', async () => {
    const form = await codeForm(app, { dpop_jkt: key.jkt })
    expect((await tokenCall(app, form)).json['error']).toBe('invalid_grant')
    expect((await call(form, {}, await makeProofKey())).json['error']).toBe('invalid_grant')
    // Neither has used the code.
    expect((await call(form)).status).toBe(200)
    const malformed = new Browser().get(authorizeUrl(app, { dpop_jkt: 'short' }))
    await expect(malformed).rejects.toThrow(/error=invalid_request/)
  })

  it('binds a code to the key that the pushed request proved', async () => {
    const push = async (form: Record<string, string>, of: Partial<Proving> = {}) => {
      const body = new URLSearchParams({ response_type: 'code', redirect_uri: CALLBACK, ...credentials(app), ...form })
      const dpop = await proofAt({ htu: `${app.base}/oauth2/par`, nonce: await nonceOf(), ...of })
      const response = await fetch(`${app.base}/oauth2/par`, { method: 'POST', body, headers: { dpop } })
      return (await response.json()) as Record<string, string>
    }
    const { request_uri } = await push({})
    const parameters = { request_uri, response_type: undefined, redirect_uri: undefined }
    const form = await codeForm(app, parameters)
    expect((await tokenCall(app, form)).json['error']).toBe('invalid_grant')
    expect((await call(form)).status).toBe(200)
    expect((await push({ dpop_jkt: 'x'.repeat(43) }))['error']).toBe('invalid_request')
    expect((await push({}, { htu: htu() }))['error']).toBe('invalid_dpop_proof')
  })

  it('opens userInfo with a proof, once', async () => {
    const token = (await tokens()).json['access_token'] as string
    const proof = await infoProof(token)
    expect(await userInfo(`DPoP ${token}`, proof)).toMatchObject({ status: 200, json: { username } })
    const again = await userInfo(`DPoP ${token}`, proof)
    expect([again.status, again.json['error']]).toEqual([401, 'invalid_dpop_proof'])
    expect(again.headers.get('www-authenticate')).toMatch(/^DPoP algs="ES256 .*error="invalid_dpop_proof"/)
    const nonce = (await tokens()).headers.get('dpop-nonce') ?? ''
    expect((await userInfo(`DPoP ${token}`, await infoProof(token, { nonce }))).status).toBe(200)
    const old = await userInfo(`DPoP ${token}`, await infoProof(token, { nonce: 'old' }))
    expect([old.status, old.json['error']]).toEqual([401, 'use_dpop_nonce'])
    expect(old.headers.get('dpop-nonce')).toBeTruthy()
  })

  it('refuses a bound token without its proof, and a proof without a bound token', async () => {
    const token = (await tokens()).json['access_token'] as string
    const stranger = await makeProofKey()
    const free = (await redeem(app, await signInByPage(app, username))).json['access_token'] as string
    const tries: [string, string | undefined, string][] = [
      [`Bearer ${token}`, undefined, 'invalid_token'],
      [`Bearer ${token}`, await infoProof(token), 'invalid_token'],
      [`DPoP ${token}`, undefined, 'invalid_dpop_proof'],
      [`DPoP ${token}`, await infoProof(token, {}, stranger), 'invalid_token'],
      [`DPoP ${token}`, await infoProof('other'), 'invalid_dpop_proof'],
      [`DPoP ${token}`, await infoProof(token, { htm: 'POST' }), 'invalid_dpop_proof'],
      [`DPoP ${free}`, await infoProof(free), 'invalid_token'],
    ]
    for (const [authorization, proof, error] of tries) {
      const { status, json } = await userInfo(authorization, proof)
      expect([authorization.slice(0, 6), status, json['error']]).toEqual([authorization.slice(0, 6), 401, error])
    }
    const body = new URLSearchParams({ access_token: token })
    expect((await fetch(`${app.base}/oauth2/userInfo`, { method: 'POST', body })).status).toBe(401)
  })

  it('opens no operation of the API, which has no place for a proof', async () => {
    const AccessToken = (await tokens()).json['access_token'] as string
    await expectRefusal(
      server.app.send(new GetUserCommand({ AccessToken })),
      'NotAuthorizedException',
      'Access Token is bound to a key that was not proven',
    )
  })

  it('is told by introspection', async () => {
    const given = await tokens(service)
    const ask = async (token = '') => {
      const body = new URLSearchParams({ token, ...credentials(service) })
      return (await fetch(`${app.base}/oauth2/introspect`, { method: 'POST', body })).json()
    }
    const cnf = { jkt: key.jkt }
    expect(await ask(given.json['access_token'])).toMatchObject({ active: true, token_type: 'DPoP', cnf })
    expect(await ask(given.json['refresh_token'])).not.toHaveProperty('cnf')
  })

  it('binds the tokens of applications themselves', async () => {
    const machine = await appIn(server, app.poolId, {
      ClientName: 'app',
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: ['aws.cognito/dcr/register'],
    })
    const given = await call({ grant_type: 'client_credentials', ...credentials(machine) })
    expect(given.json['token_type']).toBe('DPoP')
    const claims = claimsOf(given.json['access_token'] as string)
    expect([claims['cnf'], claims['sub']]).toEqual([{ jkt: key.jkt }, machine.clientId])
  })

  it('may be sent by scripts of other origins', async () => {
    const response = await fetch(htu(), { method: 'OPTIONS' })
    expect(response.headers.get('access-control-allow-headers')).toContain('DPoP')
  })
})
