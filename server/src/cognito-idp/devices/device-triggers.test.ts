// What triggers are told of devices (docs/reference/user-pools.md 10, 13.2).
import { expect, it } from 'vitest'
import { deviceClient } from '../../../test/devices.ts'
import { claimsOf, usePool, useTestServer } from '../../../test/harness.ts'
import type { TriggerEvent } from '../../../test/triggers.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:tokens'
const sources: string[] = []
const server = useTestServer({
  triggers: {
    [ARN]: async (given) => {
      const event = given as TriggerEvent
      sources.push(event.triggerSource)
      return { ...event, response: { claimsOverrideDetails: { claimsToAddOrOverride: { device_key: 'forged' } } } }
    },
  },
})
const at = usePool(server, {
  pool: { DeviceConfiguration: { ChallengeRequiredOnNewDevice: false }, LambdaConfig: { PreTokenGeneration: ARN } },
  users: ['ann'],
})
const { begin, newDevice, answer } = deviceClient(server, at)

it('PreTokenGeneration is told that a device has proved itself, and does not change which one', async () => {
  const { device } = await newDevice('ann')
  const { AuthenticationResult } = await answer('ann', device, (await begin('ann', device.key)).Session)
  expect(sources).toEqual(['TokenGeneration_Authentication', 'TokenGeneration_AuthenticateDevice'])
  expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ device_key: device.key })
})
