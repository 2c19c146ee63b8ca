// What the operations on devices share: finding a device, changing one, and forgetting one.
import type { Context } from '../../context.ts'
import type { DeviceRememberedStatusType } from '../../contract/cognito-idp.types.ts'
import { ApiError } from '../../errors.ts'
import { deviceForgotten } from '../../events.ts'
import { refreshTokenExpiry, revokeSignIn } from '../tokens/revocation-store.ts'
import { MAX_REFRESH_SECONDS } from '../user-pool-clients/token-validity-rules.ts'
import { type Device, type DeviceId, deleteDevice, findDevice, setRemembered } from './device-store.ts'

/** Clients forget what they know of a device by this very text (docs/reference/user-pools.md 3.3, 23). */
export const NO_SUCH_DEVICE_MESSAGE = 'Device does not exist.'

export const noSuchDeviceError = (): ApiError => new ApiError('ResourceNotFoundException', NO_SUCH_DEVICE_MESSAGE)

/** A device of a user. Throws ResourceNotFoundException. */
export async function requireDevice(context: Pick<Context, 'db'>, id: DeviceId): Promise<Device> {
  const device = await findDevice(context.db, id)
  if (!device) throw noSuchDeviceError()
  return device
}

/** Remembers a device, or no longer; an absent status changes nothing. Throws ResourceNotFoundException. */
export async function changeStatus(
  context: Pick<Context, 'db' | 'clock'>,
  id: DeviceId,
  status: DeviceRememberedStatusType | undefined,
): Promise<void> {
  if (status === undefined) await requireDevice(context, id)
  else if (!(await setRemembered(context.db, id, status === 'remembered', context.clock.now())))
    throw noSuchDeviceError()
}

/** Removes a device and ends its refresh tokens. Throws ResourceNotFoundException. */
export async function forgetDevice(
  context: Pick<Context, 'database' | 'clock' | 'log' | 'metrics'>,
  id: DeviceId,
  by: 'user' | 'administrator',
): Promise<void> {
  const { userPoolId, sub, key } = id
  // Tokens that were given out before may live for as long as any client may have let them.
  const lastTokenEnds = refreshTokenExpiry(context.clock.now() + MAX_REFRESH_SECONDS * 1000)
  await context.database.transaction(async (db) => {
    if (!(await deleteDevice(db, id))) throw noSuchDeviceError()
    await revokeSignIn(db, { userPoolId, sub, originJti: key }, lastTokenEnds)
  })
  deviceForgotten(context, { pool: userPoolId, sub, device: key, by })
}
