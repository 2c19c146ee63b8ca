import { operation } from '../operation.ts'
import { arnOf } from '../replicas/place-rules.ts'
import { NO_SUCH_USER_MESSAGE } from '../users/require-user.ts'
import { findUser } from '../users/user-store.ts'
import { adminDeviceType } from './device-type.ts'
import { pageOfDevices } from './page-of-devices.ts'

/** AdminListDevices, in the order of keys. An unknown user is a resource that is not found: no other error is declared. */
export const adminListDevices = operation('AdminListDevices', async (context, { input, pool, fail }) => {
  const user = await findUser(context.db, pool, input.Username)
  if (!user) throw fail('ResourceNotFoundException', NO_SUCH_USER_MESSAGE)
  const page = await pageOfDevices(context, 'AdminListDevices', { userPoolId: pool.id, sub: user.sub }, input)
  const arn = arnOf(pool, context.config.accountId)
  return {
    Devices: page.entries.map((device) => adminDeviceType(device, user.username, arn)),
    PaginationToken: page.token,
  }
})
