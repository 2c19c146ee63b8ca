// Ids of devices, and their tokens, which are stored sealed: whoever has one may push to the device.
import type { Sealer } from '../../crypto/seal.ts'

const SEALED = 'push token'
const IDS = 'push device'

interface DeviceOf {
  readonly identityId: string
  readonly applicationArn: string
  readonly token: string
}

/**
 * The ids that a device with a token has: the current master key's, then those of previous ones. They follow from the token,
 * so that a device that registers again, or twice at once, is one device.
 */
export const deviceIds = (sealer: Sealer, { identityId, applicationArn, token }: DeviceOf): string[] =>
  sealer.macs(IDS, `${identityId}\n${applicationArn}\n${token}`).map((mac) => mac.subarray(0, 24).toString('base64url'))

/** Whether a text has the form of an id. Other text is not looked up: it may hold characters that no database stores. */
export const isDeviceId = (text: string): boolean => /^[\w-]{32}$/.test(text)

type Row = { readonly identityId: string; readonly id: string }
const boundTo = ({ identityId, id }: Row): string => `${identityId}/${id}`

export const sealToken = (sealer: Sealer, device: Row, token: string): string =>
  sealer.seal(SEALED, token, boundTo(device))

/** Undefined when the master key does not open it. */
export const openToken = (sealer: Sealer, device: Row & { readonly token: string }): string | undefined =>
  sealer.open(SEALED, device.token, boundTo(device))?.toString('utf8')
