// IssuerConfiguration: both issuers of a pool are discovered, tokens carry the one that is set, and this server takes either.
import { GetIdCommand } from '@aws-sdk/client-cognito-identity'
import { GetUserCommand, UpdateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import { JwtVerifier } from 'aws-jwt-verify'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import * as oidc from 'openid-client'
import { beforeAll, describe, expect, it } from 'vitest'
import { identityClient } from '../../test/aws-clients.ts'
import { claimsOf, expectRefusal, makeUser as makeApiUser, signIn, useTestServer } from '../../test/harness.ts'
import { makeIdentityPool } from '../../test/identity.ts'
import {
  type App,
  CALLBACK,
  makeApp,
  makeUser,
  PASSWORD,
  redeem,
  SIGNED_OUT,
  signInByPage,
  tokenCall,
} from '../../test/oauth.ts'
import { Browser, leaving } from '../../test/page-walker.ts'
import { inRegion, replicate, SECOND } from '../../test/regions.ts'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token'

describe('the issuer of a pool', () => {
  const server = useTestServer({ env: { FURTHER_REGIONS: SECOND } })
  let app: App
  let updated: string

  const setType = (Type: 'ORIGINAL' | 'UPDATED') =>
    server.admin.send(
      new UpdateUserPoolCommand({
        UserPoolId: app.poolId,
        IssuerConfiguration: { Type },
        UserPoolTags: { 'cognomen:introspection': 'on', 'cognomen:token-exchange:app': 'stock' },
      }),
    )
  beforeAll(async () => {
    app = await makeApp(server, {
      client: {
        GenerateSecret: true,
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      },
    })
    updated = `${server.publicUrl}/issuer/${app.poolId}`
  })

  const secret = () => ({ client_id: app.clientId, client_secret: app.secret ?? '' })
  const tokens = async (username: string) =>
    (await redeem(app, await signInByPage(app, username, { scope: 'openid aws.cognito.signin.user.admin' }), secret()))
      .json as Record<'id_token' | 'access_token' | 'refresh_token', string>
  const get = async (url: string) => (await (await fetch(url)).json()) as Record<string, unknown>

  it('has a discovery document and the same keys at either address, whichever is set', async () => {
    for (const type of ['ORIGINAL', 'UPDATED'] as const) {
      await setType(type)
      const documents = await Promise.all(
        [app.base, updated].map((issuer) => get(`${issuer}/.well-known/openid-configuration`)),
      )
      expect(documents.map(({ issuer }) => issuer)).toEqual([app.base, updated])
      expect(documents.map((one) => one['jwks_uri'])).toEqual(
        [app.base, updated].map((issuer) => `${issuer}/.well-known/jwks.json`),
      )
      expect(documents.map((one) => one['token_endpoint'])).toEqual([
        `${app.base}/oauth2/token`,
        `${app.base}/oauth2/token`,
      ])
      const keys = await Promise.all([app.base, updated].map((issuer) => get(`${issuer}/.well-known/jwks.json`)))
      expect(keys[0]).toEqual(keys[1])
    }
    // Nothing but these is below it.
    expect((await fetch(`${updated}/oauth2/userInfo`)).status).toBe(404)
  })

  it('is the one that is set in all that is signed and answered', async () => {
    const username = await makeUser(app)
    for (const [type, issuer] of [
      ['UPDATED', updated],
      ['ORIGINAL', app.base],
    ] as const) {
      await setType(type)
      const answered = await signInByPage(app, username, { scope: 'openid' })
      expect(answered.searchParams.get('iss')).toBe(issuer)
      const { json } = await redeem(app, answered, secret())
      for (const name of ['id_token', 'access_token']) expect(claimsOf(json[name] ?? '')['iss']).toBe(issuer)
      const refreshed = await tokenCall(app, {
        grant_type: 'refresh_token',
        refresh_token: json['refresh_token'] ?? '',
        ...secret(),
      })
      expect(claimsOf(refreshed.json['id_token'] ?? '')['iss']).toBe(issuer)
      const response = await fetch(`${app.base}/oauth2/introspect`, {
        method: 'POST',
        body: new URLSearchParams({ token: json['refresh_token'] ?? '', ...secret() }),
      })
      expect(await response.json()).toMatchObject({ active: true, iss: issuer })
    }
  })

  it('may be changed: tokens from before are good here', async () => {
    const username = await makeUser(app)
    const identities = identityClient(server, 'nobody')
    const { IdentityPoolId } = await makeIdentityPool(identityClient(server), {
      AllowUnauthenticatedIdentities: false,
      CognitoIdentityProviders: [
        { ProviderName: `cognito-idp.us-east-1.amazonaws.com/${app.poolId}`, ClientId: app.clientId },
      ],
    })
    const hostOf = (issuer: string) => issuer.replace(/^https?:\/\//, '')
    const found = new Set<string | undefined>()
    for (const [before, after] of [
      ['ORIGINAL', 'UPDATED'],
      ['UPDATED', 'ORIGINAL'],
    ] as const) {
      await setType(before)
      const { id_token, access_token } = await tokens(username)
      await setType(after)
      expect((await server.app.send(new GetUserCommand({ AccessToken: access_token }))).Username).toBe(username)
      const exchanged = await tokenCall(app, {
        grant_type: EXCHANGE,
        subject_token: access_token,
        subject_token_type: ACCESS,
        audience: 'stock',
        ...secret(),
      })
      expect([exchanged.status, claimsOf(exchanged.json['access_token'] ?? '')['iss']]).toEqual([
        200,
        after === 'UPDATED' ? updated : app.base,
      ])
      const logout = new URLSearchParams({
        id_token_hint: id_token,
        client_id: app.clientId,
        post_logout_redirect_uri: SIGNED_OUT,
      })
      expect((await leaving(new Browser().get(new URL(`${app.base}/logout?${logout}`)))).href).toBe(SIGNED_OUT)
      for (const provider of [
        `cognito-idp.us-east-1.amazonaws.com/${app.poolId}`,
        `issuer-cognito-idp.us-east-1.amazonaws.com/${app.poolId}`,
        hostOf(app.base),
        hostOf(updated),
      ])
        found.add(
          (await identities.send(new GetIdCommand({ IdentityPoolId, Logins: { [provider]: id_token } }))).IdentityId,
        )
    }
    expect(found.size).toBe(1)
  })

  it('is no other pool, and no token of one', async () => {
    const other = await makeApp(server)
    await setType('UPDATED')
    const { access_token } = await tokens(await makeUser(app))
    const [header, claims, signature] = access_token.split('.') as [string, string, string]
    const forged = {
      ...JSON.parse(Buffer.from(claims, 'base64url').toString()),
      iss: `${server.publicUrl}/issuer/${other.poolId}`,
    }
    const AccessToken = [header, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join('.')
    await expectRefusal(server.app.send(new GetUserCommand({ AccessToken })), 'NotAuthorizedException')
    expect((await fetch(`${server.publicUrl}/issuer/us-east-1_NoSuchPoo/.well-known/jwks.json`)).status).toBe(404)
  })

  it('of the type UPDATED is the same in every region; of the type ORIGINAL each region has its own', async () => {
    const { poolId, clientId, base } = await makeApp(server, {
      client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'] },
    })
    await makeApiUser(server, poolId, 'ada')
    await replicate(server, poolId)
    const second = inRegion(server, SECOND)
    const issuers = async () => [
      claimsOf((await signIn(server, clientId, 'ada')).IdToken)['iss'],
      claimsOf((await signIn(second, clientId, 'ada')).AccessToken)['iss'],
    ]
    const ofSecond = `${server.publicUrl}/regions/${SECOND}/${poolId}`
    expect(await issuers()).toEqual([base, ofSecond])
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: poolId, IssuerConfiguration: { Type: 'UPDATED' } }))
    const one = `${server.publicUrl}/issuer/${poolId}`
    expect(await issuers()).toEqual([one, one])
    const keys = await get(`${one}/.well-known/jwks.json`)
    expect(await get(`${ofSecond}/.well-known/jwks.json`)).toEqual(keys)
  })

  it('of the type UPDATED works with aws-jwt-verify and openid-client as they are', async () => {
    await setType('UPDATED')
    const username = await makeUser(app)
    const config = await oidc.discovery(new URL(updated), app.clientId, app.secret, undefined, {
      execute: [oidc.allowInsecureRequests],
    })
    const url = oidc.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid', state: 's' })
    const browser = new Browser()
    const answered = await leaving(browser.submit(await browser.get(url), { username, password: PASSWORD }))
    const granted = await oidc.authorizationCodeGrant(config, answered, { expectedState: 's' })
    expect(granted.claims()).toMatchObject({ iss: updated, aud: app.clientId })
    const jwksCache = new SimpleJwksCache({ fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() } })
    const verifier = JwtVerifier.create({ issuer: updated, audience: app.clientId }, { jwksCache })
    expect(await verifier.verify(granted.id_token ?? '')).toMatchObject({ iss: updated })
    const old = JwtVerifier.create({ issuer: app.base, audience: app.clientId }, { jwksCache })
    await expect(old.verify(granted.id_token ?? '')).rejects.toThrow(/issuer/i)
  })
})
