import { randomBytes, sign } from 'node:crypto'
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  makeClient,
  makePool,
  makeUser,
  signIn,
  startTestServer,
  type TestServer,
  type Tokens,
} from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import type { Context } from '../../context.ts'
import { createSealer } from '../../crypto/seal.ts'
import type { Database } from '../../database/database.ts'
import { openDatabase } from '../../database/open.ts'
import { makeRsaKeyPair } from '../../effects/rsa-key-pair.ts'
import { createProviderKeys } from '../../federation/oidc/provider-keys.ts'
import { verifyOidcToken } from '../../federation/oidc/verify-token.ts'
import { createKeyRing } from '../../signing/signing-keys.ts'
import { createVerifiedSignatures } from '../../signing/verified-signatures.ts'
import { createUserPoolCache } from '../user-pools/user-pool-cache.ts'
import { verifyUserPoolIdToken } from './id-token.ts'

// One context issues tokens and ends sign-ins; another, with the same database and master key, verifies the tokens.
const masterKey = randomBytes(32)
const requests: string[] = []
let server: TestServer
let database: Database
let parts: Pick<Context, 'clock' | 'db' | 'keys' | 'providerKeys' | 'publicUrl' | 'sealer' | 'userPools' | 'signatures'>
const context = () => parts

beforeAll(async () => {
  const url = await postgresUrl()
  server = await startTestServer({ env: { DATABASE_URL: url, COGNOMEN_MASTER_KEY: masterKey.toString('base64') } })
  database = await openDatabase({ engine: 'postgres', url, connections: 2 }, () => undefined)
  const sealer = createSealer({ current: masterKey })
  const { clock, publicUrl } = server
  const web: Context['web'] = {
    send: async ({ url }) => {
      requests.push(url)
      return { failed: 'no-answer', detail: '' }
    },
  }
  parts = {
    clock,
    publicUrl,
    db: database.db,
    sealer,
    keys: createKeyRing({ database, sealer, clock, makeRsaKeyPair }, 365),
    userPools: createUserPoolCache(database, sealer, clock),
    signatures: createVerifiedSignatures(),
    providerKeys: createProviderKeys(web, clock),
  }
})
afterAll(async () => {
  await server.stop()
  await database.close()
})

let poolId: string
let clientId: string
let tokens: Tokens
beforeAll(async () => {
  poolId = (await makePool(server)).Id
  clientId = (await makeClient(server, poolId)).ClientId
  await makeUser(server, poolId, 'ada', { email: 'ada@example.com' })
  tokens = await signIn(server, clientId, 'ada')
})

const verify = (token: string, serverSideCheck = true) => verifyUserPoolIdToken(context(), token, { serverSideCheck })
const edit = (token: string, part: number, change: (json: Record<string, unknown>) => unknown): string =>
  token
    .split('.')
    .map((text, i) =>
      i === part
        ? Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(text, 'base64url').toString())))).toString(
            'base64url',
          )
        : text,
    )
    .join('.')

describe('an ID token of a pool of this server', () => {
  test('is accepted without an HTTP request', async () => {
    for (const check of [true, false]) {
      const verified = await verify(tokens.IdToken, check)
      expect(verified).toMatchObject({
        claims: { aud: clientId, email: 'ada@example.com', token_use: 'id' },
        pool: { id: poolId },
      })
    }
    const issuer = `${server.publicUrl}/${poolId}`
    expect(await verifyOidcToken(context(), { token: tokens.IdToken, issuer })).toMatchObject({
      audiences: [clientId],
      claims: { iss: issuer },
    })
    expect(requests).toEqual([])
  })

  test.each<[string, string, () => string]>([
    ['an access token', 'invalid-claims', () => tokens.AccessToken],
    ['a refresh token', 'not-a-jwt', () => tokens.RefreshToken],
    ['nothing', 'not-a-jwt', () => ''],
    ['a changed claim', 'bad-signature', () => edit(tokens.IdToken, 1, (claims) => ({ ...claims, aud: 'other' }))],
    ['another pool', 'wrong-issuer', () => edit(tokens.IdToken, 1, (claims) => ({ ...claims, iss: `${claims.iss}x` }))],
    ['no issuer', 'wrong-issuer', () => edit(tokens.IdToken, 1, () => ({}))],
    [
      'another server',
      'wrong-issuer',
      () => edit(tokens.IdToken, 1, (claims) => ({ ...claims, iss: 'https://cognito-idp.us-east-1.amazonaws.com/x' })),
    ],
    ['no algorithm', 'not-a-jwt', () => edit(tokens.IdToken, 0, (header) => ({ ...header, alg: 'none' }))],
    ['a shared secret', 'not-a-jwt', () => edit(tokens.IdToken, 0, (header) => ({ ...header, alg: 'HS256' }))],
    ['an unknown key', 'bad-signature', () => edit(tokens.IdToken, 0, (header) => ({ ...header, kid: 'x' }))],
    ['an unknown demand', 'not-a-jwt', () => edit(tokens.IdToken, 0, (header) => ({ ...header, crit: ['x'] }))],
  ])('%s is refused: %s', async (_case, refused, make) => {
    expect(await verify(make())).toEqual({ refused, detail: expect.any(String) })
  })

  test('a token of one pool under the issuer of another is refused', async () => {
    const other = await makePool(server)
    const moved = edit(tokens.IdToken, 1, (claims) => ({ ...claims, iss: `${server.publicUrl}/${other.Id}` }))
    expect(await verify(moved)).toMatchObject({ refused: 'bad-signature' })
    const input = { token: tokens.IdToken, issuer: `${server.publicUrl}/${other.Id}` }
    expect(await verifyOidcToken(context(), input)).toMatchObject({ refused: 'wrong-issuer' })
  })

  test('the key of access tokens signs no ID token', async () => {
    // The same claims, signed with the key for access tokens.
    const key = await context().keys.signingKey(poolId, 'access')
    const content = edit(tokens.IdToken, 0, (header) => ({ ...header, kid: key.kid }))
      .split('.')
      .slice(0, 2)
      .join('.')
    const token = `${content}.${sign('sha256', Buffer.from(content), key.privateKey).toString('base64url')}`
    expect(await verify(token)).toMatchObject({ refused: 'invalid-claims' })
  })
})

describe('with the check at the server, a sign-in that has ended is refused', () => {
  test.each<[string, RegExp, (name: string, tokens: Tokens) => Promise<unknown>]>([
    [
      'disabled',
      /disabled/,
      (Username) => server.admin.send(new AdminDisableUserCommand({ UserPoolId: poolId, Username })),
    ],
    [
      'signed out everywhere',
      /revoked/,
      (Username) => server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: poolId, Username })),
    ],
    [
      'to be reset',
      /reset/,
      (Username) => server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: poolId, Username })),
    ],
    [
      'revoked',
      /revoked/,
      (_name, { RefreshToken }) => server.app.send(new RevokeTokenCommand({ ClientId: clientId, Token: RefreshToken })),
    ],
    [
      'deleted',
      /not exist/,
      (Username) => server.admin.send(new AdminDeleteUserCommand({ UserPoolId: poolId, Username })),
    ],
  ])('%s', async (name, detail, end) => {
    const username = `user-${name.replaceAll(' ', '-')}`
    await makeUser(server, poolId, username, { email: `${username}@example.com`, email_verified: 'true' })
    const { IdToken, ...rest } = await signIn(server, clientId, username)
    expect(await verify(IdToken)).toHaveProperty('claims')
    await end(username, { IdToken, ...rest })
    expect(await verify(IdToken)).toEqual({ refused: 'revoked', detail: expect.stringMatching(detail) })
    // Without the check it counts until it expires.
    expect(await verify(IdToken, false)).toHaveProperty('claims')
  })
})

test('an expired token is refused, and says since when', async () => {
  const exp = JSON.parse(Buffer.from(tokens.IdToken.split('.')[1] as string, 'base64url').toString()).exp
  server.clock.advance(3600_000)
  expect(await verify(tokens.IdToken)).toEqual({ refused: 'expired', detail: expect.any(String), expiredAt: exp })
  expect(
    await verifyOidcToken(context(), { token: tokens.IdToken, issuer: `${server.publicUrl}/${poolId}` }),
  ).toMatchObject({ refused: 'expired' })
})
