// ConfirmDevice: the device that a sign-in began gets the secret by which it proves itself from now on
// (docs/reference/user-pools.md 10). Its key is in the access token, so that nobody confirms another's.
import { deviceConfirmed } from '../../events.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { isRevoked } from '../tokens/revocation-store.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { touchUser } from '../users/user-store.ts'
import { remembersOnPrompt, tracksDevices } from './device-rules.ts'
import { deviceSecret, sealDeviceSecret } from './device-secret.ts'
import { deleteSurplusDevices, insertDevice } from './device-store.ts'
import { noSuchDeviceError } from './require-device.ts'

export const confirmDevice = operation(
  'ConfirmDevice',
  async (context, { input, caller, pool, remoteAddress, fail }) => {
    if (!tracksDevices(pool.settings))
      throw fail('InvalidUserPoolConfigurationException', 'The user pool does not track devices.')
    const { sub } = caller.user
    const id = { userPoolId: pool.id, sub, key: input.DeviceKey }
    if (caller.claims.device_key !== id.key) throw noSuchDeviceError()
    const secret = deviceSecret(input.DeviceSecretVerifierConfig)
    if (!secret) throw fail('InvalidParameterException', 'Invalid device secret verifier configuration.')
    const now = context.clock.now()
    const onPrompt = remembersOnPrompt(pool.settings)
    const device = {
      ...id,
      name: input.DeviceName,
      remembered: !onPrompt,
      sealedSecret: sealDeviceSecret(context, id, secret),
      lastIp: remoteAddress,
      createdAt: now,
      updatedAt: now,
      authenticatedAt: now,
    }
    await context.database.transaction(async (db) => {
      // The user's row as well, so that no device outlives its user.
      if (!(await touchUser(db, pool.id, sub))) throw noSuchUserError()
      if (!(await insertDevice(db, device))) throw fail('DeviceKeyExistsException', 'Device already exists.')
      // Forgotten ones do not come back: their refresh tokens have ended.
      if (await isRevoked(db, { userPoolId: pool.id, sub, originJti: id.key })) throw noSuchDeviceError()
      await deleteSurplusDevices(db, id, limits.devicesPerUser.max)
    })
    deviceConfirmed(context, { pool: pool.id, sub, device: id.key })
    return { UserConfirmationNecessary: onPrompt }
  },
)
