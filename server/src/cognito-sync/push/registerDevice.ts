import { raiseVersion } from '../../cognito-identity/identities/identity-store.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import { deleteDevice, findDevices, insertDevice } from '../../datasets/device-store.ts'
import { subscriptionIn } from '../../push/subscription.ts'
import { enforce } from '../../refusal-rules.ts'
import { applicationOf } from '../configuration/configuration-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { tokenRefusal } from './device-rules.ts'
import { deviceIds, sealToken } from './device-tokens.ts'
import { liveIdentity } from './live-identity.ts'

/**
 * Registers a device of an identity for pushes; the same token again is the same device. It declares
 * InvalidConfigurationException for pools without an application of the platform
 * (docs/reference/identity-pools-sts-iam-sync.md 19.2, 21.1).
 */
export const registerDevice = operation('RegisterDevice', async (context, { input, pool, fail }) => {
  const { db, database, clock, sealer, syncPools, pusher, config } = context
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
  const ids = deviceIds(sealer, { identityId, applicationArn, token })
  return withRetries(async () => {
    const identity = await liveIdentity(db, pool.id, identityId)
    const devices = await findDevices(db, identityId)
    const known = devices.find(({ id }) => ids.includes(id))
    if (known) return { DeviceId: known.id }
    const id = ids[0] as string
    const device = {
      id,
      identityId,
      poolId: pool.id,
      platform,
      applicationArn,
      token: sealToken(sealer, { identityId, id }, token),
      createdAt: clock.now(),
    }
    const tooMany = devices
      .sort((one, other) => one.createdAt - other.createdAt)
      .slice(0, Math.max(0, devices.length + 1 - limits.devices.max))
    await database.transaction(async (tx) => {
      // A deletion of the identity that does not know the device begins anew.
      if (!(await raiseVersion(tx, identity))) throw new Stale()
      for (const oldest of tooMany) await deleteDevice(tx, identityId, oldest.id)
      await insertDevice(tx, device)
    })
    return { DeviceId: id }
  })
})
