import { createHmac } from 'node:crypto'
import { GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, engines, startTestServer, useTestServer } from '../../test/harness.ts'
import { useIdentityWorld } from '../../test/identity-world.ts'
import { useParts } from '../../test/parts.ts'
import type { Context } from '../context.ts'
import { createWorkPool } from '../crypto/work-pool.ts'
import { createKeyRing } from '../signing/signing-keys.ts'
import { webIdentityOfToken } from '../sts/web-identity/web-identity.ts'
import { issuePoolToken, type PoolTokenSpec, tagsOf, verifyPoolToken } from './identity-pool-token.ts'

const POOL = 'us-east-1:11111111-2222-4333-8444-555555555555'
const IDENTITY = 'us-east-1:66666666-7777-4888-8999-aaaaaaaaaaaa'
const spec = (more: Partial<PoolTokenSpec> = {}): PoolTokenSpec => ({
  identityId: IDENTITY,
  poolId: POOL,
  amr: ['authenticated', 'login.example', 'login.example:detail'],
  seconds: 600,
  ...more,
})

describe.each(engines)('a token of an identity pool on %s', (engine) => {
  const parts = useParts(engine)
  let context: Pick<Context, 'clock' | 'config' | 'publicUrl' | 'work' | 'keys'>

  beforeAll(() => {
    context = {
      clock: parts.clock,
      config: parts.config,
      publicUrl: 'https://id.example',
      work: createWorkPool(),
      keys: createKeyRing(parts, 0),
    }
    return () => context.work.close()
  })

  it('has the header and the claims of the service, in its order', async () => {
    parts.clock.freeze()
    const token = await issuePoolToken(context, spec({ tags: { team: 'blue' } }))
    const now = Math.floor(parts.clock.now() / 1000)
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).toBe(
      '{"kid":"us-east-11","typ":"JWS","alg":"RS512"}',
    )
    expect(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).toBe(
      JSON.stringify({
        sub: IDENTITY,
        aud: POOL,
        amr: ['authenticated', 'login.example', 'login.example:detail'],
        'https://aws.amazon.com/tags': { principal_tags: { team: ['blue'] } },
        iss: 'https://id.example/cognito-identity',
        'https://cognito-identity.amazonaws.com/identity-pool-arn': `arn:aws:cognito-identity:us-east-1:000000000000:identitypool/${POOL}`,
        exp: now + 600,
        iat: now,
      }),
    )
    parts.clock.thaw()
  })

  it('has no claim of tags without tags', async () => {
    expect(Object.keys(claimsOf(await issuePoolToken(context, spec({ tags: {} }))))).toEqual([
      'sub',
      'aud',
      'amr',
      'iss',
      'https://cognito-identity.amazonaws.com/identity-pool-arn',
      'exp',
      'iat',
    ])
  })

  it('verifies, and gives the condition keys of trust policies', async () => {
    const tags = JSON.parse('{"__proto__":"p","constructor":"c"}') as Record<string, string>
    const verified = await verifyPoolToken(context, await issuePoolToken(context, spec({ tags })))
    if (verified.refused !== undefined) throw new Error(verified.refused)
    expect(tagsOf(verified.claims)).toEqual(tags)
    expect(webIdentityOfToken(verified.claims)).toEqual({
      federatedPrincipal: 'cognito-identity.amazonaws.com',
      keys: {
        'cognito-identity.amazonaws.com:sub': [IDENTITY],
        'cognito-identity.amazonaws.com:aud': [POOL],
        'cognito-identity.amazonaws.com:amr': spec().amr,
      },
      subject: IDENTITY,
      audience: POOL,
      tags,
    })
  })

  it('is refused when it is changed, expired, of another issuer or signed otherwise', async () => {
    const token = await issuePoolToken(context, spec())
    const [header = '', claims = '', signature = ''] = token.split('.')
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const refusalOf = async (text: string) => (await verifyPoolToken(context, text)).refused
    for (const text of ['', 'x', 'a.b.c', `${token}.x`, ` ${token}`, `${header}.${claims}.`, `${token}=`])
      expect([text, await refusalOf(text)]).toEqual([text, 'malformed'])
    const forged = encode({ ...claimsOf(token), sub: 'us-east-1:other' })
    expect(await refusalOf(`${header}.${forged}.${signature}`)).toBe('signature')
    for (const alg of ['none', 'RS256', 'HS512'])
      expect(await refusalOf(`${encode({ kid: 'us-east-11', typ: 'JWS', alg })}.${claims}.${signature}`)).toBe(
        'signature',
      )
    for (const other of [{ kid: 'us-east-12' }, { kid: 1 }, { kid: 'us-east-11', crit: ['x'] }, {}])
      expect(await refusalOf(`${encode({ alg: 'RS512', ...other })}.${claims}.${signature}`)).toBe('signature')
    const hmac = createHmac('sha512', 'x').update(`${header}.${claims}`).digest('base64url')
    expect(await refusalOf(`${header}.${claims}.${hmac}`)).toBe('signature')
    for (const publicUrl of ['https://other.example', 'https://id.example/'])
      expect((await verifyPoolToken({ ...context, publicUrl }, token)).refused).toBe('foreign-issuer')
    parts.clock.advance(599_000)
    expect(await refusalOf(token)).toBeUndefined()
    parts.clock.advance(1000)
    expect(await verifyPoolToken(context, token)).toEqual({
      refused: 'expired',
      now: Math.floor(parts.clock.now() / 1000),
      expiredAt: claimsOf(token)['exp'],
    })
  })

  it('still verifies after a key rotation, and new ones have the new key', async () => {
    const old = await issuePoolToken(context, spec({ seconds: 86_400 }))
    await context.keys.rotate('cognito-identity.us-east-1', 0)
    const fresh = await issuePoolToken(context, spec())
    expect([old, fresh].map((token) => decodeProtectedHeader(token).kid)).toEqual(['us-east-11', 'us-east-12'])
    for (const token of [old, fresh]) expect((await verifyPoolToken(context, token)).refused).toBeUndefined()
  })
})

describe('the published keys of identity pools', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  const issuer = () => `${server.publicUrl}/cognito-identity`

  it('are found from the issuer and verify a token, as libraries do it', async () => {
    const discovery = await fetch(`${issuer()}/.well-known/openid-configuration`)
    expect([
      discovery.headers.get('access-control-allow-origin'),
      discovery.headers.get('cache-control'),
      await discovery.json(),
    ]).toEqual([
      '*',
      'public, max-age=300',
      {
        issuer: issuer(),
        jwks_uri: `${issuer()}/.well-known/jwks_uri`,
        response_types_supported: ['token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS512'],
      },
    ])
    const answer = await fetch(`${issuer()}/.well-known/jwks_uri`)
    const { keys } = (await answer.json()) as { keys: object[] }
    expect(keys).toEqual([
      { alg: 'RS512', e: 'AQAB', kid: 'us-east-11', kty: 'RSA', n: expect.any(String), use: 'sig' },
    ])
    const { Token } = await world.app.send(new GetOpenIdTokenCommand({ IdentityId: await world.getId() }))
    const { payload } = await jwtVerify(Token ?? '', createRemoteJWKSet(new URL(`${issuer()}/.well-known/jwks_uri`)), {
      issuer: issuer(),
      audience: world.poolId,
      algorithms: ['RS512'],
    })
    expect(payload['amr']).toEqual(['unauthenticated'])
  })

  it('are published beside new ones after a rotation', async () => {
    await server.rotateSigningKeys(`cognito-identity.${server.region}`, 0)
    const { keys } = (await (await fetch(`${issuer()}/.well-known/jwks_uri`)).json()) as { keys: { kid: string }[] }
    expect(keys.map(({ kid }) => kid)).toEqual(['us-east-11', 'us-east-12'])
  })

  it('are below PUBLIC_URL, whatever the Host header', async () => {
    const other = await startTestServer({ env: { PUBLIC_URL: 'https://id.example/auth' } })
    try {
      const answer = await fetch(`${other.url}/cognito-identity/.well-known/openid-configuration`, {
        headers: { 'x-forwarded-host': 'evil.example' },
      })
      expect(await answer.json()).toMatchObject({ issuer: 'https://id.example/auth/cognito-identity' })
    } finally {
      await other.stop()
    }
  })
})
