import { subscriptionIn } from '../../push/subscription.ts'
import { enforce } from '../../refusal-rules.ts'
import { applicationOf } from '../configuration/configuration-rules.ts'
import { operation } from '../operation.ts'
import { tokenRefusal } from './device-rules.ts'
import { storeDevice } from './store-device.ts'

/**
 * Registers a device of an identity for pushes; the same token again is the same device. It declares
 * InvalidConfigurationException for pools without an application of the platform
 * (docs/reference/identity-pools-sts-iam-sync.md 19.2, 21.1).
 */
export const registerDevice = operation('RegisterDevice', async (context, { input, pool, fail }) => {
  const { syncPools, pusher, config } = context
  const { IdentityId: identityId, Platform: platform, Token: token } = input
  const { PushSync = {} } = (await syncPools.get(pool.id)).settings
  const applicationArn = applicationOf(PushSync, platform)
  if (applicationArn === undefined)
    throw fail(
      'InvalidConfigurationException',
      `IdentityPool '${pool.id}' has no application of the platform ${platform}.`,
    )
  if (config.production && !pusher.knows(applicationArn))
    throw fail('InvalidConfigurationException', `Nothing pushes to ${applicationArn}: PUSH_FILE does not name it.`)
  enforce(
    fail,
    tokenRefusal(platform, token, (text) => subscriptionIn(text) !== undefined),
  )
  if (!pusher.accepts(applicationArn, token))
    throw fail('InvalidParameterException', 'The endpoint of the PushSubscription is of no push service in PUSH_FILE.')
  return { DeviceId: await storeDevice(context, { poolId: pool.id, identityId, applicationArn, platform }, token) }
})
