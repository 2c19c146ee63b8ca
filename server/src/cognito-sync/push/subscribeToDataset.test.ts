import { SubscribeToDatasetCommand, UnsubscribeFromDatasetCommand } from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useSyncWorld } from '../../../test/sync-pool.ts'

describe.each(engines)('SubscribeToDataset and UnsubscribeFromDataset on %s', (engine) => {
  const server = useTestServer({ engine })
  const sync = useSyncWorld(server)
  const commands = [SubscribeToDatasetCommand, UnsubscribeFromDatasetCommand] as const

  it.each(commands)('%o answers nothing, also the second time', async (Command) => {
    await sync.setPlatforms('GCM')
    const guest = await sync.guest()
    const DeviceId = await sync.register(guest, 't')
    const input = { IdentityPoolId: sync.poolId, IdentityId: guest.id, DatasetName: 'a.b:c-d_e', DeviceId }
    for (let n = 0; n < 2; n++) {
      const { $metadata: _, ...answer } = await guest.client.send(new Command(input) as SubscribeToDatasetCommand)
      expect(answer).toEqual({})
    }
  })

  it.each(commands)('%o refuses devices of others, developers, and pools without pushes', async (Command) => {
    await sync.setPlatforms('GCM')
    const [guest, other] = [await sync.guest(), await sync.guest()]
    const DeviceId = await sync.register(other, 't')
    const call = (IdentityId: string, client = guest.client) =>
      client.send(
        new Command({
          IdentityPoolId: sync.poolId,
          IdentityId,
          DatasetName: 'prefs',
          DeviceId,
        }) as SubscribeToDatasetCommand,
      )
    await expectRefusal(call(guest.id), 'ResourceNotFoundException', `Device '${DeviceId}' not found.`)
    const odd = new Command({
      IdentityPoolId: sync.poolId,
      IdentityId: guest.id,
      DatasetName: 'prefs',
      DeviceId: 'a\u0000b',
    })
    await expectRefusal(guest.client.send(odd as SubscribeToDatasetCommand), 'ResourceNotFoundException')
    await expectRefusal(call(other.id), 'NotAuthorizedException')
    await expectRefusal(call(guest.id, sync.admin), 'NotAuthorizedException')
    await sync.setPlatforms()
    await expectRefusal(
      call(guest.id),
      'InvalidConfigurationException',
      `IdentityPool '${sync.poolId}' is not configured for push sync.`,
    )
  })
})
