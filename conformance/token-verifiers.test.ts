// Libraries that applications check tokens with: aws-jwt-verify and jose, from the published keys and the discovery
// document of a started server.
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { JwtVerifier } from 'aws-jwt-verify'
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier'
import { SimpleJwksCache } from 'aws-jwt-verify/jwk'
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool, type PoolAndClient } from './user-pool.ts'

const PASSWORD = 'First.Passw0rd'

interface Tokens {
  AccessToken: string
  IdToken: string
}

describe.each(engines)('on %s', (engine) => {
  let server: StartedServer
  let admin: CognitoIdentityProviderClient
  let pool: PoolAndClient
  let other: PoolAndClient
  let tokens: Tokens
  let foreign: Tokens
  let issuer: string

  beforeAll(async () => {
    server = await startServer({ engine })
    admin = adminClient(server)
    pool = await makePool(admin)
    other = await makePool(admin)
    tokens = await signedIn(pool)
    foreign = await signedIn(other)
    issuer = `${server.url}/${pool.poolId}`
  })

  afterAll(async () => {
    admin?.destroy()
    await server?.stop()
  })

  async function signedIn({ poolId: UserPoolId, clientId }: PoolAndClient): Promise<Tokens> {
    const UserAttributes = [{ Name: 'email', Value: 'ada@example.com' }]
    await admin.send(
      new AdminCreateUserCommand({ UserPoolId, Username: 'ada', MessageAction: 'SUPPRESS', UserAttributes }),
    )
    await admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username: 'ada', Password: PASSWORD, Permanent: true }),
    )
    const { AuthenticationResult } = await admin.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: 'ada', PASSWORD },
      }),
    )
    return AuthenticationResult as Tokens
  }

  describe('aws-jwt-verify', () => {
    // The library fetches over https only; its documented way around is a fetcher of one's own.
    const jwksCache = () => new SimpleJwksCache({ fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() } })

    const verifier = (tokenUse: 'id' | 'access') =>
      JwtVerifier.create(
        {
          issuer,
          // An access token names its client in client_id, not in aud.
          audience: tokenUse === 'id' ? pool.clientId : null,
          customJwtCheck: ({ payload }) => validateCognitoJwtFields(payload, { tokenUse, clientId: pool.clientId }),
        },
        { jwksCache: jwksCache() },
      )

    test('accepts both tokens', async () => {
      expect(await verifier('id').verify(tokens.IdToken)).toMatchObject({
        iss: issuer,
        email: 'ada@example.com',
        'cognito:username': 'ada',
      })
      expect(await verifier('access').verify(tokens.AccessToken)).toMatchObject({
        iss: issuer,
        username: 'ada',
        scope: 'aws.cognito.signin.user.admin',
      })
    })

    test('refuses what is not meant for it', async () => {
      await expect(verifier('id').verify(tokens.AccessToken)).rejects.toThrow()
      await expect(verifier('access').verify(tokens.IdToken)).rejects.toThrow('Token use not allowed')
      await expect(verifier('access').verify(foreign.AccessToken)).rejects.toThrow()
      await expect(verifier('access').verify(tampered(tokens.AccessToken))).rejects.toThrow('Invalid signature')
    })
  })

  describe('jose', () => {
    test('accepts both tokens by way of the discovery document', async () => {
      const discovery = await fetch(`${issuer}/.well-known/openid-configuration`)
      expect(discovery.headers.get('content-type')).toMatch(/^application\/json/)
      const document = (await discovery.json()) as { issuer: string; jwks_uri: string }
      expect(document.issuer).toBe(issuer)
      const keys = createRemoteJWKSet(new URL(document.jwks_uri))
      const expected = { issuer, algorithms: ['RS256'], requiredClaims: ['sub', 'exp', 'iat', 'jti', 'auth_time'] }
      const id = await jwtVerify(tokens.IdToken, keys, { ...expected, audience: pool.clientId })
      expect(id.payload).toMatchObject({ token_use: 'id', email: 'ada@example.com' })
      const access = await jwtVerify(tokens.AccessToken, keys, expected)
      expect(access.payload).toMatchObject({ token_use: 'access', client_id: pool.clientId })
      expect(access.protectedHeader).toEqual({ alg: 'RS256', kid: expect.any(String) })
      // The two kinds of token are signed with different keys.
      expect(access.protectedHeader.kid).not.toBe(id.protectedHeader.kid)
    })

    test('refuses what is not meant for it', async () => {
      const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
      const verify = (token: string, audience?: string) => jwtVerify(token, keys, { issuer, audience })
      await expect(verify(tampered(tokens.IdToken))).rejects.toBeInstanceOf(errors.JWSSignatureVerificationFailed)
      await expect(verify(foreign.IdToken)).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey)
      await expect(verify(tokens.IdToken, other.clientId)).rejects.toBeInstanceOf(errors.JWTClaimValidationFailed)
    })
  })

  test('the published keys are public keys only, and any page may fetch them', async () => {
    const response = await fetch(`${issuer}/.well-known/jwks.json`)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const { keys } = (await response.json()) as { keys: Record<string, string>[] }
    expect(keys.length).toBeGreaterThanOrEqual(2)
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use'])
      expect(key).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig', e: 'AQAB' })
    }
    for (const path of ['us-east-1_NoSuch000', '__proto__', '%2e%2e']) {
      expect((await fetch(`${server.url}/${path}/.well-known/jwks.json`)).status).toBe(404)
    }
  })
})

/** The same token with one claim changed. */
function tampered(token: string): string {
  const [header, payload, signature] = token.split('.') as [string, string, string]
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = Buffer.from(JSON.stringify({ ...claims, 'cognito:groups': ['admins'] })).toString('base64url')
  return `${header}.${changed}.${signature}`
}
