import {
  CreateResourceServerCommand,
  type CreateResourceServerCommandInput,
  DescribeResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { scopesNamed } from '../../../test/resource-servers.ts'

describe.each(engines)('CreateResourceServer on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)

  const create = (Identifier: string, more: Partial<CreateResourceServerCommandInput> = {}) =>
    server.admin.send(new CreateResourceServerCommand({ UserPoolId: at.poolId, Identifier, Name: 'API', ...more }))

  it('makes a resource server, with scopes in their order or without any', async () => {
    const Scopes = scopesNamed('write', 'read')
    const { ResourceServer } = await create('https://api.example.com', { Scopes })
    const expected = { UserPoolId: at.poolId, Identifier: 'https://api.example.com', Name: 'API', Scopes }
    expect(ResourceServer).toEqual(expected)
    const asked = { UserPoolId: at.poolId, Identifier: 'https://api.example.com' }
    expect((await server.admin.send(new DescribeResourceServerCommand(asked))).ResourceServer).toEqual(expected)
    expect((await create('bare')).ResourceServer).toEqual({
      UserPoolId: at.poolId,
      Identifier: 'bare',
      Name: 'API',
      Scopes: [],
    })
  })

  it('takes identifiers of 256 characters, and one identifier in two pools', async () => {
    await create('x'.repeat(256))
    await create('shared')
    await create('shared', { UserPoolId: (await makePool(server)).Id })
  })

  it('InvalidParameterException for an identifier that the pool has, for all but one of many at once', async () => {
    await create('twice')
    const taken = (identifier: string) => `${identifier} already exists in user pool ${at.poolId}.`
    await expectRefusal(create('twice'), 'InvalidParameterException', taken('twice'))
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => create('race')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason.message).toBe(taken('race'))
  })
})

describe('CreateResourceServer', () => {
  const server = useTestServer()
  const at = usePool(server)

  const create = (Identifier: string, more: Partial<CreateResourceServerCommandInput> = {}) =>
    server.admin.send(new CreateResourceServerCommand({ UserPoolId: at.poolId, Identifier, Name: 'API', ...more }))

  it.each([
    ['an identifier with a blank', 'a b', {}, /'identifier'.*regular expression/],
    ['an identifier that is too long', 'x'.repeat(257), {}, /'identifier'.*less than or equal to 256/],
    ['a name with other characters', 'name', { Name: 'a/b' }, /'name'.*regular expression/],
    ['a scope with a slash', 'slash', { Scopes: scopesNamed('a/b') }, /'scopes.1.member.scopeName'.*regular/],
    [
      'more than 100 scopes',
      'many',
      { Scopes: scopesNamed(...Array.from({ length: 101 }, (_, at) => `s${at}`)) },
      /'scopes'.*less than or equal to 100/,
    ],
    [
      'a scope that is given twice',
      'double',
      { Scopes: scopesNamed('a', 'b', 'a') },
      'The scope a is given more than once.',
    ],
    ['the identifier of client registration', 'aws.cognito/dcr', {}, 'The identifier aws.cognito/dcr is reserved.'],
  ])('InvalidParameterException for %s', async (_title, identifier, more, message) => {
    await expectRefusal(create(identifier, more), 'InvalidParameterException', message)
  })

  it('LimitExceededException for more than 300 in a pool', async () => {
    const UserPoolId = (await makePool(server)).Id
    await Promise.all(Array.from({ length: 300 }, (_, at) => create(`r${at}`, { UserPoolId })))
    await expectRefusal(
      create('more', { UserPoolId }),
      'LimitExceededException',
      'A user pool can not have more than 300 resource servers.',
    )
  })

  it('refuses a pool that does not exist, and an unsigned call', async () => {
    await expectRefusal(create('x', { UserPoolId: 'us-east-1_nothere12' }), 'ResourceNotFoundException')
    const input = { UserPoolId: at.poolId, Identifier: 'mallory', Name: 'API' }
    const { json } = await server.raw('CreateResourceServer', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await create('mallory')
  })
})
