import { DescribeResourceServerCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { makeResourceServer } from '../../../test/resource-servers.ts'

describe('DescribeResourceServer', () => {
  const server = useTestServer()
  const at = usePool(server)

  const show = (Identifier: string, UserPoolId = at.poolId) =>
    server.admin.send(new DescribeResourceServerCommand({ UserPoolId, Identifier }))

  it('shows the resource server as it was made', async () => {
    const { ResourceServer } = await makeResourceServer(server, at.poolId, 'photos', 'read')
    expect((await show('photos')).ResourceServer).toEqual(ResourceServer)
  })

  it('ResourceNotFoundException for an unknown one, and for one of another pool', async () => {
    await makeResourceServer(server, at.poolId, 'mine', 'read')
    const message = 'A resource server with identifier mine does not exist.'
    await expectRefusal(show('mine', (await makePool(server)).Id), 'ResourceNotFoundException', message)
    await expectRefusal(
      show('Mine'),
      'ResourceNotFoundException',
      'A resource server with identifier Mine does not exist.',
    )
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('DescribeResourceServer', { UserPoolId: at.poolId, Identifier: 'photos' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
