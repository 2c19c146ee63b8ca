// What is beyond Cognito at the OAuth endpoints, by clients that have never heard of it: openid-client and oauth4webapi, unchanged, push
// their requests (RFC 9126), bind their tokens to keys (RFC 9449), sign users in on devices without a browser (RFC 8628) and
// exchange tokens (RFC 8693), as their documentation says.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import * as oauth from 'oauth4webapi'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuthorizedCaller, expressAuthorizer } from '../server/src/authorizer/authorizer.ts'
import { Browser, leaving } from '../server/test/page-walker.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient } from './user-pool.ts'

const PASSWORD = 'Correct-horse-1'
const CALLBACK = 'http://localhost:3999/callback'
const STOCK = 'https://stock.example.com'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

let server: StartedServer
let issuer: string
let app: { id: string; secret: string }
let tv: { id: string; secret: string }
let role: string

beforeAll(async () => {
  server = await startServer()
  const admin = adminClient(server)
  const UserPoolTags = {
    'cognomen:pushed-authorization:app': 'required',
    'cognomen:dpop:app': 'on',
    'cognomen:device-grant:tv': 'on',
    'cognomen:token-exchange:app': STOCK,
  }
  const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'clients', UserPoolTags }))
  const UserPoolId = UserPool?.Id as string
  issuer = `${server.url}/${UserPoolId}`
  await admin.send(
    new CreateResourceServerCommand({
      UserPoolId,
      Identifier: 'stock',
      Name: 'stock',
      Scopes: [{ ScopeName: 'read', ScopeDescription: 'read' }],
    }),
  )
  const client = async (ClientName: string, GenerateSecret: boolean) => {
    const made = await admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName,
        GenerateSecret,
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ['code'],
        AllowedOAuthScopes: ['openid', 'email', 'stock/read'],
        CallbackURLs: [CALLBACK],
        SupportedIdentityProviders: ['COGNITO'],
      }),
    )
    return { id: made.UserPoolClient?.ClientId as string, secret: made.UserPoolClient?.ClientSecret ?? '' }
  }
  const { url: endpoint, region, credentials } = server
  const iam = new IAMClient({ endpoint, region, credentials })
  const RoleName = 'stock'
  const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const AssumeRolePolicyDocument = document({ Effect: 'Deny', Action: 'sts:AssumeRole', Principal: { AWS: '*' } })
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
  role = Role?.Arn as string
  const PolicyDocument = document({ Effect: 'Allow', Action: 'stock:GET', Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'read', PolicyDocument }))
  iam.destroy()
  app = await client('app', true)
  tv = await client('tv', false)
  await admin.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ann', MessageAction: 'SUPPRESS' }))
  await admin.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ann', Password: PASSWORD, Permanent: true }),
  )
})
afterAll(() => server.stop())

const credentials = { username: 'ann', password: PASSWORD }

/** A person at the sign-in page; resolves with the address of the application that the browser comes back to. */
async function signIn(url: string | URL): Promise<URL> {
  const browser = new Browser()
  return leaving(browser.submit(await browser.get(url), credentials))
}

/** A person with a phone, who follows the address that a television shows. */
async function allowDevice(address: string): Promise<void> {
  const browser = new Browser()
  const user_code = new URL(address).searchParams.get('user_code') ?? ''
  const login = await browser.submit(await browser.get(address), { user_code })
  const asked = await browser.submit(login, credentials)
  const done = await browser.submit(asked, { decision: 'allow' })
  expect(done.text).toContain('Your device is signed in')
}

/** A service of one's own, behind the gate's middleware: it answers who calls. */
async function startService(): Promise<{ url: URL; stop(): Promise<void> }> {
  const authorize = expressAuthorizer({ url: server.url, action: 'stock:{method}', resource: '*', role })
  const service = createServer((request: IncomingMessage & { caller?: AuthorizedCaller }, response) =>
    authorize(request, response, () => response.end(JSON.stringify(request.caller))),
  )
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  const { port } = service.address() as AddressInfo
  return {
    url: new URL(`http://127.0.0.1:${port}/items/7?page=2`),
    stop: () => new Promise((resolve) => service.close(() => resolve())),
  }
}

describe('openid-client', () => {
  const discover = (client: { id: string; secret: string }) =>
    oidc.discovery(new URL(issuer), client.id, client.secret || undefined, client.secret ? undefined : oidc.None(), {
      execute: [oidc.allowInsecureRequests],
    })

  test('pushes a request, binds tokens to a key, and exchanges one', async () => {
    const config = await discover(app)
    const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair())
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
    const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()]
    const url = await oidc.buildAuthorizationUrlWithPAR(
      config,
      {
        redirect_uri: CALLBACK,
        scope: 'openid email stock/read',
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        nonce: expectedNonce,
      },
      { DPoP },
    )
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    const checks = { pkceCodeVerifier, expectedState, expectedNonce }
    const tokens = await oidc.authorizationCodeGrant(config, await signIn(url), checks, undefined, { DPoP })
    expect(tokens.token_type).toBe('dpop')
    const sub = tokens.claims()?.sub as string
    expect(await oidc.fetchUserInfo(config, tokens.access_token, sub, { DPoP })).toMatchObject({ username: 'ann' })
    await expect(oidc.fetchUserInfo(config, tokens.access_token, sub)).rejects.toThrow()
    const service = await startService()
    const atService = (more: object) =>
      oidc.fetchProtectedResource(config, tokens.access_token, service.url, 'GET', null, undefined, more)
    expect(await (await atService({ DPoP })).json()).toMatchObject({ username: 'ann', clientId: app.id })
    const stranger = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair())
    for (const more of [{}, { DPoP: stranger }]) await expect(atService(more)).rejects.toMatchObject({ status: 401 })
    await service.stop()
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token as string, undefined, { DPoP })
    expect(renewed.token_type).toBe('dpop')
    const exchanged = await oidc.genericGrantRequest(
      config,
      EXCHANGE,
      { subject_token: renewed.access_token, subject_token_type: ACCESS_TOKEN, resource: STOCK, scope: 'stock/read' },
      { DPoP },
    )
    expect(exchanged).toMatchObject({ scope: 'stock/read', issued_token_type: ACCESS_TOKEN, token_type: 'dpop' })
  })

  test('signs a user in on a device', async () => {
    const config = await discover(tv)
    const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid email' })
    await allowDevice(begun.verification_uri_complete as string)
    const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...begun, interval: 1 })
    expect(tokens.claims()?.['cognito:username']).toBe('ann')
    const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token as string)
    expect(renewed.access_token).toBeTruthy()
  })
})

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true }
  const discover = async (): Promise<oauth.AuthorizationServer> => {
    const url = new URL(issuer)
    return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, insecure))
  }
  /** As its documentation says: once more with the nonce that the refusal brought, which the handle has kept. */
  async function withNonce<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      if (!oauth.isDPoPNonceError(error)) throw error
      return call()
    }
  }

  test('pushes a request, binds tokens to a key, and exchanges one', async () => {
    const as = await discover()
    expect(as.dpop_signing_alg_values_supported).toContain('ES256')
    const client: oauth.Client = { client_id: app.id }
    const auth = oauth.ClientSecretPost(app.secret)
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
    const more = { DPoP, ...insecure }
    const verifier = oauth.generateRandomCodeVerifier()
    const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
    const parameters = {
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'openid stock/read',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    }
    const pushed = await withNonce(async () =>
      oauth.processPushedAuthorizationResponse(
        as,
        client,
        await oauth.pushedAuthorizationRequest(as, client, auth, parameters, more),
      ),
    )
    const url = new URL(as.authorization_endpoint as string)
    url.search = new URLSearchParams({ client_id: app.id, request_uri: pushed.request_uri }).toString()
    const answered = oauth.validateAuthResponse(as, client, await signIn(url), state)
    const tokens = await withNonce(async () =>
      oauth.processAuthorizationCodeResponse(
        as,
        client,
        await oauth.authorizationCodeGrantRequest(as, client, auth, answered, CALLBACK, verifier, more),
        { expectedNonce: nonce, requireIdToken: true },
      ),
    )
    expect(tokens.token_type).toBe('dpop')
    const sub = oauth.getValidatedIdTokenClaims(tokens)?.sub as string
    const info = await withNonce(async () =>
      oauth.processUserInfoResponse(
        as,
        client,
        sub,
        await oauth.userInfoRequest(as, client, tokens.access_token, more),
      ),
    )
    expect(info['username']).toBe('ann')
    const service = await startService()
    const atService = (by: typeof more) =>
      oauth.protectedResourceRequest(tokens.access_token, 'GET', service.url, undefined, undefined, by)
    expect(await (await atService(more)).json()).toMatchObject({ username: 'ann', clientId: app.id })
    const stranger = { DPoP: oauth.DPoP(client, await oauth.generateKeyPair('ES256')), ...insecure }
    await expect(atService(stranger)).rejects.toMatchObject({ status: 401 })
    await service.stop()
    const form = { subject_token: tokens.access_token, subject_token_type: ACCESS_TOKEN, resource: STOCK }
    const exchanged = await withNonce(async () =>
      oauth.processGenericTokenEndpointResponse(
        as,
        client,
        await oauth.genericTokenEndpointRequest(as, client, auth, EXCHANGE, form, more),
      ),
    )
    expect(exchanged).toMatchObject({ scope: 'openid stock/read', token_type: 'dpop' })
  })

  test('signs a user in on a device', async () => {
    const as = await discover()
    const client: oauth.Client = { client_id: tv.id }
    const auth = oauth.None()
    const begun = await oauth.processDeviceAuthorizationResponse(
      as,
      client,
      await oauth.deviceAuthorizationRequest(as, client, auth, { scope: 'openid' }, insecure),
    )
    const poll = async () =>
      oauth.processDeviceCodeResponse(
        as,
        client,
        await oauth.deviceCodeGrantRequest(as, client, auth, begun.device_code, insecure),
      )
    await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' })
    await expect(poll()).rejects.toMatchObject({ error: 'slow_down' })
    await allowDevice(begun.verification_uri_complete as string)
    const tokens = await poll()
    expect(oauth.getValidatedIdTokenClaims(tokens)?.['cognito:username']).toBe('ann')
    await expect(poll()).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
