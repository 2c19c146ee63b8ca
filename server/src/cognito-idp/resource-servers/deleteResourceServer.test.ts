import {
  DeleteResourceServerCommand,
  DeleteUserPoolCommand,
  DescribeResourceServerCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { makeResourceServer } from '../../../test/resource-servers.ts'

describe('DeleteResourceServer', () => {
  const server = useTestServer()
  const at = usePool(server)

  const remove = (Identifier: string, UserPoolId = at.poolId) =>
    server.admin.send(new DeleteResourceServerCommand({ UserPoolId, Identifier }))
  const unknown = (identifier: string) => `A resource server with identifier ${identifier} does not exist.`

  it('deletes it, and its identifier may be used again', async () => {
    await makeResourceServer(server, at.poolId, 'photos', 'read')
    const { $metadata, ...answer } = await remove('photos')
    expect($metadata.httpStatusCode).toBe(200)
    expect(answer).toEqual({})
    const asked = { UserPoolId: at.poolId, Identifier: 'photos' }
    await expectRefusal(
      server.admin.send(new DescribeResourceServerCommand(asked)),
      'ResourceNotFoundException',
      unknown('photos'),
    )
    await makeResourceServer(server, at.poolId, 'photos', 'write')
  })

  it('ResourceNotFoundException for an unknown one, and for one of another pool', async () => {
    await makeResourceServer(server, at.poolId, 'mine', 'read')
    await expectRefusal(remove('mine', (await makePool(server)).Id), 'ResourceNotFoundException', unknown('mine'))
    await remove('mine')
    await expectRefusal(remove('mine'), 'ResourceNotFoundException', unknown('mine'))
  })

  it('does not hold the pool', async () => {
    const UserPoolId = (await makePool(server)).Id
    await makeResourceServer(server, UserPoolId, 'held', 'read')
    await server.admin.send(new DeleteUserPoolCommand({ UserPoolId }))
  })

  it('refuses an unsigned call', async () => {
    await makeResourceServer(server, at.poolId, 'signed', 'read')
    const { json } = await server.raw('DeleteResourceServer', { UserPoolId: at.poolId, Identifier: 'signed' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await remove('signed')
  })
})
