import { GetCognitoEventsCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useSyncWorld } from '../../../test/sync-pool.ts'

describe('GetCognitoEvents', () => {
  const server = useTestServer()
  const sync = useSyncWorld(server)
  const get = (IdentityPoolId = sync.poolId) => sync.admin.send(new GetCognitoEventsCommand({ IdentityPoolId }))

  it('of a pool that names no function has no event', async () => {
    expect((await get()).Events).toEqual({})
  })

  it('is for developers, and for pools that exist', async () => {
    const { client } = await sync.guest()
    const command = new GetCognitoEventsCommand({ IdentityPoolId: sync.poolId })
    await expectRefusal(client.send(command), 'NotAuthorizedException')
    await expectRefusal(get(`${server.region}:00000000-0000-0000-0000-000000000000`), 'ResourceNotFoundException')
  })
})
