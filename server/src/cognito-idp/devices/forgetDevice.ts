import { operation } from '../operation.ts'
import { forgetDevice as forget } from './require-device.ts'

/** ForgetDevice: a device of the caller is known no more, and its refresh tokens end (docs/reference/user-pools.md 10). */
export const forgetDevice = operation('ForgetDevice', async (context, { input, caller, pool }) => {
  await forget(context, { userPoolId: pool.id, sub: caller.user.sub, key: input.DeviceKey }, 'user')
})
