// The device that a sign-in comes from: DEVICE_KEY of AuthParameters and ChallengeResponses
// (docs/reference/user-pools.md 10). A pool that does not track devices reads nothing.
import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import { isUnknown } from '../attempts/attempts.ts'
import { deviceGroupKey, isDeviceKey, tracksDevices } from '../devices/device-rules.ts'
import { type Device, findDevice } from '../devices/device-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { SignInRefused } from './refused.ts'
import type { Progress, SignInRequest, SignInState } from './sign-in.ts'

/** The key that a request names and that the sign-in does not know yet. A device that has proved itself stays the one. */
function newlyNamed({ pool, parameters }: SignInRequest, { device, proofs }: SignInState): string | undefined {
  const key = parameters.DEVICE_KEY
  if (!key || key === device?.key || !tracksDevices(pool.settings) || proofs.includes('device')) return undefined
  return key
}

/** The subject may be nobody, who has no device: the same statement runs. */
const deviceOf = async (
  { db }: Pick<Context, 'db'>,
  { pool }: Pick<SignInRequest, 'pool'>,
  subject: string,
  key: string,
): Promise<Device | undefined> =>
  isDeviceKey(key) ? findDevice(db, { userPoolId: pool.id, sub: subject, key }) : undefined

const unknownDevice = (subject: string): SignInRefused =>
  new SignInRefused('unknown-device', isUnknown(subject) ? undefined : subject)

/** A device of the subject of a sign-in. Throws SignInRefused. */
export async function requireDeviceOf(
  context: Pick<Context, 'db'>,
  request: Pick<SignInRequest, 'pool'>,
  subject: string,
  key: string,
): Promise<Device> {
  const device = await deviceOf(context, request, subject, key)
  if (!device) throw unknownDevice(subject)
  return device
}

/**
 * Throws SignInRefused when the request names a device that the subject does not have. To be called before a session or
 * secret block is spent: clients give the same answer again without the device (docs/reference/user-pools.md 23.1).
 */
export async function checkDevice(
  context: Pick<Context, 'db'>,
  request: SignInRequest,
  { subject, state }: { subject: string; state: SignInState },
): Promise<void> {
  const key = newlyNamed(request, state)
  if (key !== undefined) await requireDeviceOf(context, request, subject, key)
}

/** The state with the device that the request names. Throws SignInRefused when the user does not have it. */
export async function withDevice(
  context: Pick<Context, 'db'>,
  request: SignInRequest,
  { signer, state }: Progress,
): Promise<SignInState> {
  const key = newlyNamed(request, state)
  if (key === undefined) return state
  const device = await deviceOf(context, request, signer.subject, key)
  if (device) return { ...state, device: { key, remembered: device.remembered } }
  // Clients cannot begin SRP anew without the device, but answer its challenge without.
  if (state.proofs.length === 0) return state
  throw unknownDevice(signer.subject)
}

/** The device of new tokens: the one that has proved itself, or a new one, which its user may confirm. */
export function deviceOfTokens(
  context: Pick<Context, 'random'>,
  pool: UserPool,
  { device }: SignInState,
): { deviceKey?: string; NewDeviceMetadata?: { DeviceKey: string; DeviceGroupKey: string } } {
  if (!tracksDevices(pool.settings)) return {}
  if (device) return { deviceKey: device.key }
  const deviceKey = `${pool.region}_${newUuid(context.random)}`
  return { deviceKey, NewDeviceMetadata: { DeviceKey: deviceKey, DeviceGroupKey: deviceGroupKey(pool.id) } }
}
