import { operation } from '../operation.ts'
import { changeStatus } from './require-device.ts'

/** UpdateDeviceStatus: whether a device of the caller is remembered (docs/reference/user-pools.md 10). */
export const updateDeviceStatus = operation('UpdateDeviceStatus', async (context, { input, caller, pool }) => {
  const id = { userPoolId: pool.id, sub: caller.user.sub, key: input.DeviceKey }
  await changeStatus(context, id, input.DeviceRememberedStatus)
  return {}
})
