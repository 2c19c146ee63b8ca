// Devices in the API's form. docs/reference/user-pools.md 10.
import type { AttributeType, DeviceType } from '../../contract/cognito-idp.types.ts'
import type { Device } from './device-store.ts'

/** A device as its user sees it. */
export const deviceType = (device: Device, more: readonly AttributeType[] = []): DeviceType => ({
  DeviceKey: device.key,
  DeviceAttributes: [
    { Name: 'device_status', Value: 'valid' },
    ...(device.name === undefined ? [] : [{ Name: 'device_name', Value: device.name }]),
    ...(device.lastIp === undefined ? [] : [{ Name: 'last_ip_used', Value: device.lastIp }]),
    ...more,
  ],
  DeviceCreateDate: new Date(device.createdAt),
  DeviceLastModifiedDate: new Date(device.updatedAt),
  DeviceLastAuthenticatedDate: new Date(device.authenticatedAt),
})

/** The same for administrators, who also see whose it is and whether it is remembered. */
export function adminDeviceType(device: Device, username: string, arnOfPool: string): DeviceType {
  const owner = `${username}.${device.userPoolId}`
  const account = arnOfPool.slice(0, arnOfPool.lastIndexOf(':') + 1)
  return deviceType(device, [
    { Name: 'dev:device_arn', Value: `${account}owner/${owner}/device/${device.key}` },
    { Name: 'dev:device_owner', Value: owner },
    { Name: 'dev:device_remembered_status', Value: device.remembered ? 'remembered' : 'not_remembered' },
  ])
}
