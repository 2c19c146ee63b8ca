import {
  DescribeResourceServerCommand,
  UpdateResourceServerCommand,
  type UpdateResourceServerCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { makeResourceServer, scopesNamed } from '../../../test/resource-servers.ts'

describe('UpdateResourceServer', () => {
  const server = useTestServer()
  const at = usePool(server)

  const update = (Identifier: string, more: Partial<UpdateResourceServerCommandInput> = {}) =>
    server.admin.send(new UpdateResourceServerCommand({ UserPoolId: at.poolId, Identifier, Name: 'New', ...more }))
  const shown = async (Identifier: string) =>
    (await server.admin.send(new DescribeResourceServerCommand({ UserPoolId: at.poolId, Identifier }))).ResourceServer

  it('replaces name and scopes', async () => {
    await makeResourceServer(server, at.poolId, 'photos', 'read', 'write')
    const Scopes = scopesNamed('write', 'share')
    const expected = { UserPoolId: at.poolId, Identifier: 'photos', Name: 'New', Scopes }
    expect((await update('photos', { Scopes })).ResourceServer).toEqual(expected)
    expect(await shown('photos')).toEqual(expected)
  })

  it('leaves no scopes where none are named', async () => {
    await makeResourceServer(server, at.poolId, 'emptied', 'read')
    await update('emptied')
    expect((await shown('emptied'))?.Scopes).toEqual([])
  })

  it('refuses a scope that is given twice, and changes nothing', async () => {
    await makeResourceServer(server, at.poolId, 'kept', 'read')
    await expectRefusal(
      update('kept', { Scopes: scopesNamed('a', 'a') }),
      'InvalidParameterException',
      'The scope a is given more than once.',
    )
    expect((await shown('kept'))?.Scopes).toEqual(scopesNamed('read'))
  })

  it('ResourceNotFoundException for an unknown one, and for one of another pool', async () => {
    await makeResourceServer(server, at.poolId, 'mine', 'read')
    const other = (await makePool(server)).Id
    const message = 'A resource server with identifier mine does not exist.'
    await expectRefusal(update('mine', { UserPoolId: other }), 'ResourceNotFoundException', message)
    expect((await shown('mine'))?.Scopes).toEqual(scopesNamed('read'))
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('UpdateResourceServer', { UserPoolId: at.poolId, Identifier: 'mine', Name: 'x' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect((await shown('mine'))?.Name).not.toBe('x')
  })
})
