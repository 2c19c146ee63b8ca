// Writes a device of an identity with the identity's row compared, so that a deletion of the identity knows it.
import { raiseVersion } from '../../cognito-identity/identities/identity-store.ts'
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import { type Device, deleteDevice, findDevices, insertDevice } from '../../datasets/device-store.ts'
import { limits } from '../limits.ts'
import { deviceIds, sealToken } from './device-tokens.ts'
import { liveIdentity } from './live-identity.ts'

type NewDevice = Pick<Device, 'poolId' | 'identityId' | 'applicationArn' | 'platform'>

/**
 * The id of the device with a token, which is stored unless it is there; the oldest devices of the identity go when there are
 * too many. Throws ResourceNotFoundException for an identity that is none.
 */
export async function storeDevice(
  { db, database, clock, sealer }: Pick<Context, 'db' | 'database' | 'clock' | 'sealer'>,
  device: NewDevice,
  token: string,
): Promise<string> {
  const { poolId, identityId, applicationArn } = device
  const ids = deviceIds(sealer, { identityId, applicationArn, token })
  return withRetries(async () => {
    const identity = await liveIdentity(db, poolId, identityId)
    const devices = await findDevices(db, identityId)
    const known = devices.find(({ id }) => ids.includes(id))
    if (known) return known.id
    const id = ids[0] as string
    const sealed = sealToken(sealer, { identityId, id }, token)
    const createdAt = clock.now()
    const tooMany = devices
      .sort((one, other) => one.createdAt - other.createdAt)
      .slice(0, Math.max(0, devices.length + 1 - limits.devices.max))
    await database.transaction(async (tx) => {
      if (!(await raiseVersion(tx, identity))) throw new Stale()
      for (const oldest of tooMany) await deleteDevice(tx, identityId, oldest.id)
      await insertDevice(tx, { ...device, id, token: sealed, createdAt })
    })
    return id
  })
}
