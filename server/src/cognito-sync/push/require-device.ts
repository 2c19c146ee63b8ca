// What the operations on subscriptions share.
import type { Context } from '../../context.ts'
import { hasDevice } from '../../datasets/device-store.ts'
import { ApiError } from '../../errors.ts'
import { isDeviceId } from './device-tokens.ts'

/**
 * Throws InvalidConfigurationException when the pool pushes to no device, and ResourceNotFoundException when the identity has
 * no such device.
 */
export async function requireDevice(
  { db, syncPools }: Pick<Context, 'db' | 'syncPools'>,
  poolId: string,
  { IdentityId, DeviceId }: { IdentityId: string; DeviceId: string },
): Promise<void> {
  const { PushSync } = (await syncPools.get(poolId)).settings
  if (!PushSync?.ApplicationArns?.length)
    throw new ApiError('InvalidConfigurationException', `IdentityPool '${poolId}' is not configured for push sync.`)
  if (!isDeviceId(DeviceId) || !(await hasDevice(db, IdentityId, DeviceId)))
    throw new ApiError('ResourceNotFoundException', `Device '${DeviceId}' not found.`)
}
