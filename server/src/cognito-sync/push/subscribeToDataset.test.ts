import {
  SubscribeToDatasetCommand,
  type SubscribeToDatasetCommandInput,
  UnsubscribeFromDatasetCommand,
} from '@aws-sdk/client-cognito-sync'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useSyncWorld } from '../../../test/sync-pool.ts'

type Input = SubscribeToDatasetCommandInput

/** What the two do to deliveries is in push-queue.test.ts. */
const rows = [
  { operation: 'SubscribeToDataset', command: (input: Input) => new SubscribeToDatasetCommand(input) },
  { operation: 'UnsubscribeFromDataset', command: (input: Input) => new UnsubscribeFromDatasetCommand(input) },
]

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine })
  const sync = useSyncWorld(server)

  it.each(rows)('$operation answers nothing, also the second time', async ({ command }) => {
    await sync.setPlatforms('GCM')
    const guest = await sync.guest()
    const DeviceId = await sync.register(guest, 't')
    const input = { IdentityPoolId: sync.poolId, IdentityId: guest.id, DatasetName: 'a.b:c-d_e', DeviceId }
    for (let n = 0; n < 2; n++) {
      const { $metadata: _, ...answer } = await guest.client.send(command(input))
      expect(answer).toEqual({})
    }
  })

  it.each(rows)('$operation refuses devices of others, developers, pools without pushes', async ({ command }) => {
    await sync.setPlatforms('GCM')
    const [guest, other] = [await sync.guest(), await sync.guest()]
    const DeviceId = await sync.register(other, 't')
    const call = (more: Partial<Input> = {}, client = guest.client) =>
      client.send(
        command({ IdentityPoolId: sync.poolId, IdentityId: guest.id, DatasetName: 'prefs', DeviceId, ...more }),
      )
    await expectRefusal(call(), 'ResourceNotFoundException', `Device '${DeviceId}' not found.`)
    await expectRefusal(call({ DeviceId: 'a\u0000b' }), 'ResourceNotFoundException')
    await expectRefusal(call({ IdentityId: other.id }), 'NotAuthorizedException')
    await expectRefusal(call({}, sync.admin), 'NotAuthorizedException')
    await sync.setPlatforms()
    await expectRefusal(
      call(),
      'InvalidConfigurationException',
      `IdentityPool '${sync.poolId}' is not configured for push sync.`,
    )
  })
})
