import { operation } from '../operation.ts'
import { deviceType } from './device-type.ts'
import { requireDevice } from './require-device.ts'

/** GetDevice: a device of the caller (docs/reference/user-pools.md 10). */
export const getDevice = operation('GetDevice', async (context, { input, caller, pool }) => ({
  Device: deviceType(await requireDevice(context, { userPoolId: pool.id, sub: caller.user.sub, key: input.DeviceKey })),
}))
