import {
  DeleteResourceServerCommand,
  DescribeResourceServerCommand,
  ListResourceServersCommand,
  UpdateResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { makeResourceServer, scopesNamed } from '../../../test/resource-servers.ts'

describe.each(engines)('ListResourceServers on %s', (engine) => {
  const server = useTestServer({ engine })

  const list = (UserPoolId: string, more = {}) =>
    server.admin.send(new ListResourceServersCommand({ UserPoolId, ...more }))

  it('lists those of the pool in the order of identifiers, page by page', async () => {
    const { Id } = await makePool(server)
    await makeResourceServer(server, (await makePool(server)).Id, 'other')
    expect((await list(Id)).ResourceServers).toEqual([])
    for (const identifier of ['c', 'B', 'a']) await makeResourceServer(server, Id, identifier, 'read')
    const first = await list(Id, { MaxResults: 2 })
    expect(first.ResourceServers).toEqual(
      ['B', 'a'].map((Identifier) => ({ UserPoolId: Id, Identifier, Name: Identifier, Scopes: scopesNamed('read') })),
    )
    const second = await list(Id, { MaxResults: 2, NextToken: first.NextToken })
    expect(second.ResourceServers?.map(({ Identifier }) => Identifier)).toEqual(['c'])
    expect(second.NextToken).toBeUndefined()
  })

  it('has the one that Cognito manages where applications may register themselves, which nobody changes', async () => {
    const { Id } = await makePool(server, { DcrConfiguration: { OpenDcrEnabled: true } })
    for (const identifier of ['B', 'c']) await makeResourceServer(server, Id, identifier, 'read')
    const managed = {
      UserPoolId: Id,
      Identifier: 'aws.cognito/dcr',
      Name: 'Dynamic client registration',
      Scopes: [{ ScopeName: 'register', ScopeDescription: 'register app clients' }],
      ManagedBy: 'COGNITO',
    }
    const first = await list(Id, { MaxResults: 2 })
    expect(first.ResourceServers?.map(({ Identifier }) => Identifier)).toEqual(['B', 'aws.cognito/dcr'])
    expect(first.ResourceServers?.[1]).toEqual(managed)
    const second = await list(Id, { MaxResults: 2, NextToken: first.NextToken })
    expect(second.ResourceServers?.map(({ Identifier }) => Identifier)).toEqual(['c'])
    const key = { UserPoolId: Id, Identifier: 'aws.cognito/dcr' }
    expect((await server.admin.send(new DescribeResourceServerCommand(key))).ResourceServer).toEqual(managed)
    for (const call of [
      server.admin.send(new UpdateResourceServerCommand({ ...key, Name: 'mine' })),
      server.admin.send(new DeleteResourceServerCommand(key)),
    ])
      await expectRefusal(
        call,
        'InvalidParameterException',
        'The resource server aws.cognito/dcr is managed by Cognito.',
      )
  })

  it('has 50 on a page where no number is named', async () => {
    const { Id } = await makePool(server)
    await Promise.all(Array.from({ length: 51 }, (_, at) => makeResourceServer(server, Id, `r${at}`)))
    const first = await list(Id)
    expect(first.ResourceServers).toHaveLength(50)
    expect((await list(Id, { NextToken: first.NextToken })).ResourceServers).toHaveLength(1)
  })
})

describe('ListResourceServers', () => {
  const server = useTestServer()

  it('refuses pages that there are not, and an unsigned call', async () => {
    const UserPoolId = (await makePool(server)).Id
    for (const MaxResults of [0, 51])
      await expectRefusal(
        server.admin.send(new ListResourceServersCommand({ UserPoolId, MaxResults })),
        'InvalidParameterException',
        /'maxResults'/,
      )
    const { json } = await server.raw('ListResourceServers', { UserPoolId })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
