// Scopes of resource servers at app clients: which a client may name, and what becomes of those that are deleted.
import {
  DeleteResourceServerCommand,
  DescribeUserPoolClientCommand,
  type ExplicitAuthFlowsType,
  GetClientTokenCommand,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { claimsOf, engines, expectRefusal, makeClient, makePool, useTestServer } from '../../../test/harness.ts'
import { makeResourceServer, scopesNamed } from '../../../test/resource-servers.ts'

const CLIENT_TOKENS = ['ALLOW_CLIENT_TOKEN_AUTH' as ExplicitAuthFlowsType]

describe.each(engines)('scopes of resource servers on %s', (engine) => {
  const server = useTestServer({ engine })

  const machine = async (UserPoolId: string, ...AllowedOAuthScopes: string[]) => {
    const { ClientId, ClientSecret } = await makeClient(server, UserPoolId, {
      GenerateSecret: true,
      ExplicitAuthFlows: CLIENT_TOKENS,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes,
    })
    return { ClientId, Secret: ClientSecret as string }
  }
  const scopeOf = async (own: { ClientId: string; Secret: string }, Scopes?: string[]) => {
    const { ClientAuthenticationResult } = await server.admin.send(new GetClientTokenCommand({ ...own, Scopes }))
    return claimsOf(ClientAuthenticationResult?.AccessToken as string)['scope']
  }

  it('may be named by clients of the pool, and by no others', async () => {
    const [one, other] = [await makePool(server), await makePool(server)]
    await makeResourceServer(server, one.Id, 'https://api.example.com', 'read')
    const scope = 'https://api.example.com/read'
    const own = await machine(one.Id, scope)
    const message = (name: string) => `Invalid scope requested: ${name}`
    await expectRefusal(machine(other.Id, scope), 'ScopeDoesNotExistException', message(scope))
    for (const wrong of ['https://api.example.com/write', 'https://api.example.com', 'read'])
      await expectRefusal(machine(one.Id, scope, wrong), 'ScopeDoesNotExistException', message(wrong))
    const update = (name: string) =>
      server.admin.send(
        new UpdateUserPoolClientCommand({ UserPoolId: one.Id, ClientId: own.ClientId, AllowedOAuthScopes: [name] }),
      )
    await expectRefusal(update('x/y'), 'ScopeDoesNotExistException', message('x/y'))
    await update(scope)
  })

  it('are all in a token that requests none, and those that it requests', async () => {
    const { Id } = await makePool(server)
    await makeResourceServer(server, Id, 'photos', 'read', 'write', 'share')
    const own = await machine(Id, 'photos/write', 'photos/read')
    expect(await scopeOf(own)).toBe('photos/write photos/read')
    expect(await scopeOf(own, [])).toBe('photos/write photos/read')
    expect(await scopeOf(own, ['photos/read', 'photos/read'])).toBe('photos/read')
    for (const wrong of ['photos/share', 'photos/none', 'openid', 'aws.cognito.signin.user.admin'])
      await expectRefusal(
        scopeOf(own, ['photos/read', wrong]),
        'InvalidParameterException',
        `Invalid scope requested: ${wrong}`,
      )
  })

  it('are inactive from the moment on that the resource server loses them, and stay with the client', async () => {
    const { Id } = await makePool(server)
    await makeResourceServer(server, Id, 'photos', 'read', 'write')
    await makeResourceServer(server, Id, 'films', 'read')
    const AllowedOAuthScopes = ['photos/read', 'photos/write', 'films/read']
    const own = await machine(Id, ...AllowedOAuthScopes)
    expect(await scopeOf(own)).toBe('photos/read photos/write films/read')
    const change = (...names: string[]) =>
      server.admin.send(
        new UpdateResourceServerCommand({
          UserPoolId: Id,
          Identifier: 'photos',
          Name: 'x',
          Scopes: scopesNamed(...names),
        }),
      )
    await change('read')
    expect(await scopeOf(own)).toBe('photos/read films/read')
    await server.admin.send(new DeleteResourceServerCommand({ UserPoolId: Id, Identifier: 'films' }))
    expect(await scopeOf(own)).toBe('photos/read')
    await expectRefusal(
      scopeOf(own, ['films/read']),
      'InvalidParameterException',
      'Invalid scope requested: films/read',
    )
    const asked = { UserPoolId: Id, ClientId: own.ClientId }
    const { UserPoolClient } = await server.admin.send(new DescribeUserPoolClientCommand(asked))
    expect(UserPoolClient?.AllowedOAuthScopes).toEqual(AllowedOAuthScopes)
    await change('read', 'write')
    expect(await scopeOf(own)).toBe('photos/read photos/write')
  })
})
