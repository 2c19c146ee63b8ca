import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { forgetDevice } from './require-device.ts'

/** AdminForgetDevice: a device of a user is known no more, and its refresh tokens end (docs/reference/user-pools.md 10). */
export const adminForgetDevice = operation('AdminForgetDevice', async (context, { input, pool }) => {
  const { sub } = await requireUser(context, pool, input.Username)
  await forgetDevice(context, { userPoolId: pool.id, sub, key: input.DeviceKey }, 'administrator')
})
