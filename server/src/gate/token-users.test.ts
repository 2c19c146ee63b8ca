// The gate, asked about requests of users with a token.
import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  CreateGroupCommand,
  GlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { IAMClient } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { RESOURCE, useGate } from '../../test/gate.ts'
import { makeClient, makePool, makeUser, signIn, type TestServer } from '../../test/harness.ts'
import { makeRole } from '../../test/iam.ts'

const { parts, viaNginx } = useGate()
let server: TestServer
let iam: IAMClient
beforeAll(() => {
  ;({ server, iam } = parts())
})

describe('users with a token', () => {
  const user = async (name: string, withRole: boolean) => {
    const { Id: UserPoolId } = await makePool(server)
    const { ClientId } = await makeClient(server, UserPoolId)
    const sub = await makeUser(server, UserPoolId, name)
    if (withRole) {
      const RoleArn = await makeRole(
        iam,
        `Shop-${name}`,
        { Principal: { AWS: server.accountId } },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
        { Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:shop/live/*/users/${cognomen:sub}/*' },
      )
      await server.admin.send(new CreateGroupCommand({ UserPoolId, GroupName: 'shop,team-ä', RoleArn, Precedence: 1 }))
      await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: name, GroupName: 'shop,team-ä' }))
    }
    return { UserPoolId, ClientId, sub, tokens: await signIn(server, ClientId, name) }
  }
  const bearer = (token: string): [string, string][] => [['authorization', `Bearer ${token}`]]

  it('act under the role of their groups, and reach only their own resources', async () => {
    const { sub, ClientId, UserPoolId, tokens } = await user('ada', true)
    const own = await viaNginx(bearer(tokens.AccessToken), { uri: `/users/${sub}/cart` })
    expect(own.status).toBe(200)
    expect(own.headers).toMatchObject({
      'x-cognomen-sub': sub,
      'x-cognomen-username': 'ada',
      'x-cognomen-client-id': ClientId,
      'x-cognomen-issuer': `${server.publicUrl}/${UserPoolId}`,
      'x-cognomen-groups': 'shop%2Cteam-%C3%A4',
      'x-cognomen-scopes': 'aws.cognito.signin.user.admin',
      'x-cognomen-arn': `arn:aws:sts::${server.accountId}:assumed-role/Shop-ada/${sub}`,
    })
    expect((await viaNginx(bearer(tokens.AccessToken), { uri: '/users/someone/cart' })).status).toBe(403)
  })

  it('have tokens of either issuer of their pool, and policies name either', async () => {
    const { Id: UserPoolId } = await makePool(server, { IssuerConfiguration: { Type: 'UPDATED' } })
    const { ClientId } = await makeClient(server, UserPoolId)
    const sub = await makeUser(server, UserPoolId, 'ada')
    const host = server.publicUrl.replace('http://', '')
    const role = await makeRole(
      iam,
      'Issued',
      { Principal: { AWS: server.accountId } },
      {
        Action: 'execute-api:Invoke',
        Resource: '*',
        Condition: {
          StringEquals: { [`${host}/${UserPoolId}:sub`]: sub, [`${host}/issuer/${UserPoolId}:aud`]: ClientId },
        },
      },
    )
    const address = `/authorize/nginx?action=execute-api:Invoke&resource=${RESOURCE}&role=${role}`
    const { AccessToken } = await signIn(server, ClientId, 'ada')
    const { status, headers } = await viaNginx(bearer(AccessToken), { uri: '/x', address })
    expect([status, headers['x-cognomen-issuer']]).toEqual([200, `${server.publicUrl}/issuer/${UserPoolId}`])
  })

  it('reach no other segment of the path by how they are named', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const { ClientId } = await makeClient(server, UserPoolId)
    const role = await makeRole(
      iam,
      'Named',
      { Principal: { AWS: server.accountId } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      { Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:shop/live/*/users/${cognomen:username}/*' },
    )
    const address = `/authorize/nginx?action=execute-api:Invoke&resource=${RESOURCE}&role=${role}`
    const reaches = async (name: string, uri: string) => {
      const { AccessToken } = await signIn(server, ClientId, name)
      return (await viaNginx(bearer(AccessToken), { uri, address })).status === 200
    }
    for (const name of ['ada', 'ada/orders', 'ä', '%C3%A4', '*', 'x:y']) await makeUser(server, UserPoolId, name)
    expect(await reaches('ada', '/users/ada/orders/1')).toBe(true)
    expect(await reaches('ada/orders', '/users/ada/orders/1')).toBe(false)
    expect(await reaches('ä', '/users/%C3%A4/cart')).toBe(true)
    expect(await reaches('%C3%A4', '/users/%C3%A4/cart')).toBe(false)
    expect(await reaches('*', '/users/ada/cart')).toBe(false)
    expect(await reaches('x:y', '/users/x:y/cart')).toBe(true)
    expect(await reaches('x:y', '/users/x%3Ay/cart')).toBe(true)
  })

  it('need an access token that is valid and not revoked', async () => {
    const { sub, UserPoolId, tokens } = await user('grace', true)
    const uri = `/users/${sub}/cart`
    const status = async (token: string) => (await viaNginx(bearer(token), { uri })).status
    expect(await status(tokens.AccessToken)).toBe(200)
    expect(await status(tokens.RefreshToken)).toBe(401)
    expect(await status(`${tokens.AccessToken.slice(0, -4)}AAAA`)).toBe(401)
    await server.app.send(new GlobalSignOutCommand({ AccessToken: tokens.AccessToken }))
    expect(await status(tokens.AccessToken)).toBe(401)
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId, Username: 'grace' }))
    expect(await status(tokens.AccessToken)).toBe(401)
  })

  it('are refused when their groups have no role, and on a route without a role', async () => {
    const { UserPoolId, tokens } = await user('linus', false)
    const refused = await viaNginx(bearer(tokens.AccessToken))
    expect([refused.status, JSON.parse(refused.body).message]).toEqual([
      401,
      'The groups of the user name no role, or several.',
    ])
    const role = await makeRole(iam, 'Everybody', { Principal: { AWS: server.accountId } }, { Action: 'shop:Look' })
    const route = `/authorize/nginx?action=shop:Look&resource=*&role=${encodeURIComponent(role)}`
    const at = async (more: string) => (await viaNginx(bearer(tokens.AccessToken), { address: route + more })).status
    expect(await at('')).toBe(200)
    expect(await at(`&userPool=${UserPoolId}`)).toBe(200)
    expect(await at('&userPool=us-east-1_other')).toBe(401)
    expect(await at('&client=other')).toBe(401)
    expect(await at('&scope=aws.cognito.signin.user.admin&scope=x')).toBe(200)
    expect(await at('&scope=orders/read')).toBe(401)
    expect(
      (await viaNginx(bearer(tokens.AccessToken), { address: '/authorize/nginx?action=shop:Look&resource=*' })).status,
    ).toBe(401)
  })
})
