import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeRole, type Statement } from '../../../test/iam.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { startTokenIssuer, type TokenIssuer } from '../../../test/token-issuer.ts'
import { assumerWithToken, NO_KEY, NOT_ALLOWED } from '../../../test/web-identity.ts'
import { providerEndpoints } from '../../effects/provider-endpoints.ts'

describe('AssumeRoleWithWebIdentity with a login at a social provider', () => {
  const endpoints = { ...providerEndpoints }
  const server = useTestServer({ effects: { providerEndpoints: endpoints } })
  const world = useIdentityWorld(server)
  const assume = assumerWithToken(server)

  let google: TokenIssuer
  let facebook: { url: string; close(): void }

  beforeAll(async () => {
    google = await startTokenIssuer('')
    endpoints.google = google.url
    const graph = createServer((request, response) => {
      const good = request.url?.includes('access_token=good')
      response.writeHead(good ? 200 : 400, { 'content-type': 'application/json' })
      response.end(JSON.stringify(request.url?.startsWith('/app') ? { id: 'app-1' } : { id: '100123', name: 'Ada' }))
    })
    await new Promise<void>((resolve) => graph.listen(0, '127.0.0.1', resolve))
    const { port } = graph.address() as AddressInfo
    facebook = { url: `http://127.0.0.1:${port}`, close: () => graph.close() }
    endpoints.facebook = facebook.url
  })
  afterAll(async () => {
    facebook.close()
    await google.close()
  })

  const trust = (Federated: string, Condition: NonNullable<Statement['Condition']>) => ({
    Principal: { Federated },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
  })

  it('Google needs no provider in IAM', async () => {
    const StringEquals = { 'accounts.google.com:aud': 'android', 'accounts.google.com:oaud': 'web' }
    const role = await makeRole(world.iam, 'Google', trust('accounts.google.com', { StringEquals }))
    const exp = Math.floor(server.clock.now() / 1000) + 600
    const token = await google.token({ sub: '1234567890', aud: 'web', azp: 'android', exp })
    expect(await assume(role, token)).toMatchObject({
      Provider: 'accounts.google.com',
      Audience: 'android',
      SubjectFromWebIdentityToken: '1234567890',
    })
    const other = await google.token({ sub: '1234567890', aud: 'web', azp: 'other', exp })
    await expectRefusal(assume(role, other), ...NOT_ALLOWED)
    const forged = await google.forgedToken({ sub: '1234567890', aud: 'web', exp })
    await expectRefusal(assume(role, forged), 'InvalidIdentityTokenException', NO_KEY)
  })

  it('Facebook is named by ProviderId', async () => {
    const StringEquals = { 'graph.facebook.com:app_id': 'app-1', 'graph.facebook.com:id': '100123' }
    const role = await makeRole(world.iam, 'Facebook', trust('graph.facebook.com', { StringEquals }))
    const ProviderId = 'graph.facebook.com'
    expect(await assume(role, 'good-token', { ProviderId })).toMatchObject({
      Provider: ProviderId,
      Audience: 'app-1',
      SubjectFromWebIdentityToken: '100123',
    })
    const rejected = ['IDPRejectedClaimException', 'The identity provider rejected the token.'] as const
    await expectRefusal(assume(role, 'bad-token', { ProviderId }), ...rejected)
    const unknown = { ProviderId: 'login.example.com' }
    await expectRefusal(
      assume(role, 'good-token', unknown),
      'ValidationError',
      'Unsupported provider: login.example.com',
    )
  })
})
