// The gate and tokens that a service has had exchanged (RFC 8693): for which services they are, and who acts.
import { AdminAddUserToGroupCommand, CreateGroupCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { RESOURCE, useGate } from '../../test/gate.ts'
import { claimsOf, makePool, type TestServer } from '../../test/harness.ts'
import { makeRole } from '../../test/iam.ts'
import { type App, appIn, makeUser, redeem, signInByPage, tokenCall } from '../../test/oauth.ts'

const { parts, viaNginx } = useGate()
const STOCK = 'https://stock.example.com'

describe('at the gate, a token', () => {
  let server: TestServer
  let orders: App
  let token: string
  let exchanged: string

  beforeAll(async () => {
    server = parts().server
    const UserPoolTags = { 'cognomen:token-exchange:orders': `${STOCK} bank` }
    const { Id: UserPoolId } = await makePool(server, { UserPoolTags })
    const web = await appIn(server, UserPoolId)
    orders = await appIn(server, UserPoolId, { ClientName: 'orders', GenerateSecret: true })
    const Username = await makeUser(web)
    const RoleArn = await makeRole(
      parts().iam,
      'Actor',
      { Principal: { AWS: server.accountId } },
      {
        Action: 'execute-api:Invoke',
        Resource: 'arn:aws:execute-api:*:*:shop/live/GET/*',
        Condition: { StringEqualsIfExists: { 'cognomen:actor': orders.clientId } },
      },
    )
    await server.admin.send(new CreateGroupCommand({ UserPoolId, GroupName: 'g', RoleArn }))
    await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: 'g' }))
    token = (await redeem(web, await signInByPage(web, Username))).json['access_token'] as string
    exchanged = await exchange(token, STOCK)
  })

  const exchange = async (subject: string, audience: string, of = orders): Promise<string> => {
    const { json } = await tokenCall(of, {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: of.clientId,
      client_secret: of.secret ?? '',
      subject_token: subject,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience,
    })
    return json['access_token'] as string
  }
  const ask = (bearer: string, audiences: readonly string[] = []) => {
    const route = new URLSearchParams({ action: 'execute-api:Invoke', resource: RESOURCE, role: 'groups' })
    for (const audience of audiences) route.append('audience', audience)
    return viaNginx([['authorization', `Bearer ${bearer}`]], { address: `/authorize/nginx?${route}` })
  }

  it('says who acts for its user, in a header and to policies', async () => {
    const answer = await ask(exchanged)
    expect([answer.status, answer.headers['x-cognomen-actor']]).toEqual([200, orders.clientId])
    expect(answer.headers['x-cognomen-sub']).toBe(claimsOf(token)['sub'])
    const own = await ask(token)
    expect([own.status, own.headers['x-cognomen-actor']]).toEqual([200, ''])
    // The policy of the role lets no other service act.
    const other = await appIn(server, orders.poolId, { ClientName: 'orders', GenerateSecret: true })
    expect((await ask(await exchange(token, STOCK, other))).status).toBe(403)
  })

  it('counts on a route with audiences when it is for one of them', async () => {
    expect((await ask(exchanged, [STOCK, 'x'])).status).toBe(200)
    const refused = [exchanged, token, await exchange(token, 'bank')]
    const audiences = [['bank'], [STOCK], ['https://stock.example.com/', 'x']]
    for (const [i, one] of refused.entries()) {
      const { status, body } = await ask(one, audiences[i])
      expect([status, JSON.parse(body).message]).toEqual([401, 'The token is not for an audience of this route.'])
    }
  })
})
