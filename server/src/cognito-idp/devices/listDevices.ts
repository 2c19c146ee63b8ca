import { operation } from '../operation.ts'
import { deviceType } from './device-type.ts'
import { pageOfDevices } from './page-of-devices.ts'

/** ListDevices: the devices of the caller, in the order of their keys (docs/reference/user-pools.md 10). */
export const listDevices = operation('ListDevices', async (context, { input, caller, pool }) => {
  const page = await pageOfDevices(context, 'ListDevices', { userPoolId: pool.id, sub: caller.user.sub }, input)
  return { Devices: page.entries.map((device) => deviceType(device)), PaginationToken: page.token }
})
