// The secret by which a device proves itself: salt and verifier of a password that the device alone knows. As ConfirmDevice
// sends it, and as it is stored. docs/reference/user-pools.md 10.
import type { Context } from '../../context.ts'
import { isUsableVerifier } from '../../crypto/srp.ts'
import { decodeBase64 } from '../../encodings.ts'
import { limits } from '../limits.ts'
import type { Device, DeviceId } from './device-store.ts'

/** What a device's password is checked against. `salt` counts as a number, as in every SRP of Cognito. */
export interface DeviceSecret {
  readonly salt: Uint8Array
  readonly verifier: Uint8Array
}

/** Salt and verifier as ConfirmDevice sends them, in base64; undefined when they are missing or not usable. */
export function deviceSecret(config: { Salt?: string; PasswordVerifier?: string } = {}): DeviceSecret | undefined {
  const salt = decodeBase64(config.Salt ?? '')
  const verifier = decodeBase64(config.PasswordVerifier ?? '')
  if (!salt || salt.byteLength === 0 || salt.byteLength > limits.deviceSalt.max) return undefined
  return verifier && isUsableVerifier(verifier) ? { salt, verifier } : undefined
}

const PURPOSE = 'device-secret'

const boundTo = ({ userPoolId, sub, key }: DeviceId): string => `${userPoolId} ${sub} ${key}`

/** The secret as it is stored. */
export const sealDeviceSecret = ({ sealer }: Pick<Context, 'sealer'>, id: DeviceId, secret: DeviceSecret): string =>
  sealer.sealJson(
    PURPOSE,
    {
      salt: Buffer.from(secret.salt).toString('base64'),
      verifier: Buffer.from(secret.verifier).toString('base64'),
    },
    boundTo(id),
  )

/** The secret of a device. Throws Error when the master key is not the right one. */
export function openDeviceSecret({ sealer }: Pick<Context, 'sealer'>, device: Device): DeviceSecret {
  const opened = sealer.openJson(PURPOSE, device.sealedSecret, boundTo(device)) as
    | { salt: string; verifier: string }
    | undefined
  if (!opened) throw new Error(`The secret of device ${device.key} does not open with this master key.`)
  return { salt: Buffer.from(opened.salt, 'base64'), verifier: Buffer.from(opened.verifier, 'base64') }
}
