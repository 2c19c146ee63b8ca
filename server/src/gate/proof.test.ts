// The gate and tokens that are bound to a key (RFC 9449 7).
import { AdminAddUserToGroupCommand, CreateGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeProof, makeProofKey, type ProofKey, type Proving } from '../../test/dpop.ts'
import { HOST, useGate } from '../../test/gate.ts'
import { makePool, type TestServer } from '../../test/harness.ts'
import { makeRole } from '../../test/iam.ts'
import { type App, appIn, CALLBACK, makeUser, redeem, signInByPage, tokenCall } from '../../test/oauth.ts'

const { parts, viaNginx } = useGate()

describe('at the gate, a token that is bound to a key', () => {
  let server: TestServer
  let key: ProofKey
  let app: App
  let username: string
  let token: string
  let free: string

  beforeAll(async () => {
    server = parts().server
    key = await makeProofKey()
    const { Id: UserPoolId } = await makePool(server, { UserPoolTags: { 'cognomen:dpop': 'on' } })
    app = await appIn(server, UserPoolId)
    username = await makeUser(app)
    const RoleArn = await makeRole(
      parts().iam,
      'Bound',
      { Principal: { AWS: server.accountId } },
      { Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:shop/live/GET/*' },
    )
    await server.admin.send(new CreateGroupCommand({ UserPoolId, GroupName: 'g', RoleArn }))
    await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: username, GroupName: 'g' }))
    free = (await redeem(app, await signInByPage(app, username))).json['access_token'] as string
    const code = (await signInByPage(app, username)).searchParams.get('code') ?? ''
    const form = { grant_type: 'authorization_code', client_id: app.clientId, code, redirect_uri: CALLBACK }
    const proof = (nonce?: string) =>
      makeProof(key, { htu: `${app.base}/oauth2/token`, now: server.clock.now(), nonce })
    const first = await tokenCall(app, form, { dpop: await proof() })
    const nonce = first.headers.get('dpop-nonce') ?? ''
    token = (await tokenCall(app, form, { dpop: await proof(nonce) })).json['access_token'] as string
  })

  const proofOf = (of: Partial<Proving> = {}, by = key): Promise<string> =>
    makeProof(by, {
      htm: 'GET',
      htu: `https://${HOST}/orders/1`,
      now: server.clock.now(),
      accessToken: token,
      ...of,
    })
  const ask = (authorization: string, ...proofs: string[]) =>
    viaNginx([['authorization', authorization], ...proofs.map((proof): [string, string] => ['dpop', proof])])

  it('is good with the proof of the request, once', async () => {
    const proof = await proofOf()
    const answer = await ask(`DPoP ${token}`, proof)
    expect([answer.status, answer.headers['x-cognomen-username']]).toEqual([200, username])
    const again = await ask(`DPoP ${token}`, proof)
    expect([again.status, JSON.parse(again.body).message]).toEqual([401, 'The DPoP proof was used before.'])
    expect(again.headers['www-authenticate']).toMatch(/^DPoP error="invalid_token", algs="ES256 /)
  })

  it('is good by http as well, as the gate is not told how the request came', async () =>
    expect((await ask(`DPoP ${token}`, await proofOf({ htu: `http://${HOST}/orders/1?page=2` }))).status).toBe(200))

  it('is refused without its proof', async () => {
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    const refused = [
      ['none', undefined],
      ['another key', await proofOf({}, await makeProofKey())],
      ['another method', await proofOf({ htm: 'POST' })],
      ['another path', await proofOf({ htu: `https://${HOST}/orders/2` })],
      ['another host', await proofOf({ htu: 'https://evil.example.com/orders/1' })],
      ['another token', await proofOf({ accessToken: free })],
      ['an old proof', await proofOf({ now: server.clock.now() - 301_000 })],
    ] as const
    for (const [name, proof] of refused) {
      const { status } = await ask(`DPoP ${token}`, ...(proof === undefined ? [] : [proof]))
      expect([name, status]).toEqual([name, 401])
    }
  })

  it('does not come about by a proof beside a token that is bound to none', async () => {
    expect((await ask(`Bearer ${free}`)).status).toBe(200)
    expect((await ask(`DPoP ${free}`, await proofOf({ accessToken: free }))).status).toBe(401)
  })
})
