import { operation } from '../operation.ts'
import { arnOf } from '../replicas/place-rules.ts'
import { NO_SUCH_USER_MESSAGE } from '../users/require-user.ts'
import { findUser } from '../users/user-store.ts'
import { adminDeviceType } from './device-type.ts'
import { requireDevice } from './require-device.ts'

/** AdminGetDevice. An unknown user is a resource that is not found: no other error is declared. */
export const adminGetDevice = operation('AdminGetDevice', async (context, { input, pool, fail }) => {
  const user = await findUser(context.db, pool, input.Username)
  if (!user) throw fail('ResourceNotFoundException', NO_SUCH_USER_MESSAGE)
  const device = await requireDevice(context, { userPoolId: pool.id, sub: user.sub, key: input.DeviceKey })
  return { Device: adminDeviceType(device, user.username, arnOf(pool, context.config.accountId)) }
})
