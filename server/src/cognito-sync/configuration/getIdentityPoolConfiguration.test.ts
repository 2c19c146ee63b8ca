import { GetIdentityPoolConfigurationCommand, SetIdentityPoolConfigurationCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { applicationArn, ROLE, useSyncWorld } from '../../../test/sync-pool.ts'

describe('GetIdentityPoolConfiguration', () => {
  const server = useTestServer()
  const sync = useSyncWorld(server)
  const get = (IdentityPoolId = sync.poolId) =>
    sync.admin.send(new GetIdentityPoolConfigurationCommand({ IdentityPoolId }))

  it('of a pool that nothing was set for has its id alone', async () => {
    const { $metadata: _, ...answer } = await get()
    expect(answer).toEqual({ IdentityPoolId: sync.poolId })
  })

  it('has what was set last', async () => {
    const PushSync = { ApplicationArns: [applicationArn('APNS')], RoleArn: ROLE }
    await sync.admin.send(new SetIdentityPoolConfigurationCommand({ IdentityPoolId: sync.poolId, PushSync }))
    expect(await get()).toMatchObject({ PushSync })
  })

  it('is for developers, and for pools that exist', async () => {
    const { client } = await sync.guest()
    const command = new GetIdentityPoolConfigurationCommand({ IdentityPoolId: sync.poolId })
    await expectRefusal(client.send(command), 'NotAuthorizedException')
    await expectRefusal(get(`${server.region}:00000000-0000-0000-0000-000000000000`), 'ResourceNotFoundException')
  })
})
