// A page of the devices of a user, for ListDevices and AdminListDevices.
import type { Context } from '../../context.ts'
import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { type Device, type DeviceId, listDevices } from './device-store.ts'

/** The devices of a page, and the token of the next one. Throws InvalidParameterException for a foreign page token. */
export async function pageOfDevices(
  context: Context,
  operation: string,
  user: Omit<DeviceId, 'key'>,
  { Limit, PaginationToken }: { Limit?: number; PaginationToken?: string },
): Promise<{ entries: Device[]; token: string | undefined }> {
  const scope = { operation, request: [user.userPoolId, user.sub] }
  const size = pageSize(Limit)
  const [after = ''] = positionOf(context, scope, PaginationToken) ?? []
  const devices = await listDevices(context.db, user, after, size + 1)
  return pageOf(context, scope, devices, size, (device) => [device.key])
}
