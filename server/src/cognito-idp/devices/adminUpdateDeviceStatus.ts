import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { changeStatus } from './require-device.ts'

/** AdminUpdateDeviceStatus: whether a device of a user is remembered (docs/reference/user-pools.md 10). */
export const adminUpdateDeviceStatus = operation('AdminUpdateDeviceStatus', async (context, { input, pool }) => {
  const { sub } = await requireUser(context, pool, input.Username)
  await changeStatus(context, { userPoolId: pool.id, sub, key: input.DeviceKey }, input.DeviceRememberedStatus)
  return {}
})
