// What a pool's DeviceConfiguration says, and the group key of its devices. Pure. docs/reference/user-pools.md 4, 10.
import { sha256Text } from '../../crypto/digest.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

type Settings = Pick<UserPoolSettings, 'DeviceConfiguration'>

/** Whether a pool tracks devices: DeviceConfiguration turns tracking on, also with both members false. */
export const tracksDevices = ({ DeviceConfiguration }: Settings): boolean => DeviceConfiguration !== undefined

/** Whether a remembered device takes the place of the second factor (docs/reference/user-pools.md 9.8). */
export const trustsDevices = ({ DeviceConfiguration }: Settings): boolean =>
  DeviceConfiguration?.ChallengeRequiredOnNewDevice === true

/** Whether a device is remembered only when its user asks for it. */
export const remembersOnPrompt = ({ DeviceConfiguration }: Settings): boolean =>
  DeviceConfiguration?.DeviceOnlyRememberedOnUserPrompt === true

/**
 * The DeviceGroupKey of a pool's devices: the part of SRP that a pool's name is for users. It is no secret, and follows
 * from the pool's id, as ConfirmDevice does not send it back.
 */
export const deviceGroupKey = (userPoolId: string): string =>
  `-${sha256Text(`device group of ${userPoolId}`)
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 8)}`

/** Whether a text has the form of a device's key; AuthParameters and ChallengeResponses may hold any text. */
export const isDeviceKey = (text: string): boolean => text.length <= 55 && /^[\w-]+_[0-9a-f-]+$/.test(text)
