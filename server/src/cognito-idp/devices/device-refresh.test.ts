// Refresh tokens of devices: good with the device's key, and until the device is forgotten.
import {
  AdminForgetDeviceCommand,
  ConfirmDeviceCommand,
  ForgetDeviceCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { deviceClient, secretOf } from '../../../test/devices.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makeUser,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'

const INVALID = ['NotAuthorizedException', 'Invalid Refresh Token'] as const
const REVOKED = ['NotAuthorizedException', 'Refresh Token has been revoked'] as const
let count = 0

describe.each(engines)('the refresh tokens of a device on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { DeviceConfiguration: { ChallengeRequiredOnNewDevice: false } } })
  const { begin, newDevice, answer } = deviceClient(server, at)
  let name: string
  beforeEach(async () => {
    name = `user-${++count}`
    await makeUser(server, at.poolId, name)
  })

  const doors = {
    REFRESH_TOKEN_AUTH: (REFRESH_TOKEN = '', DEVICE_KEY?: string) =>
      server.app.send(
        new InitiateAuthCommand({
          AuthFlow: 'REFRESH_TOKEN_AUTH',
          ClientId: at.clientId,
          AuthParameters: { REFRESH_TOKEN, ...(DEVICE_KEY !== undefined && { DEVICE_KEY }) },
        }),
      ),
    GetTokensFromRefreshToken: (RefreshToken = '', DeviceKey?: string, ClientId = at.clientId) =>
      server.app.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken, DeviceKey })),
  }
  const entries = Object.entries(doors)

  it.each(entries)('%s: are good with its key, confirmed or not, and keep it', async (_, refresh) => {
    const unconfirmed = (await begin(name)).AuthenticationResult
    const { device, tokens } = await newDevice(name)
    for (const [key, token] of [
      [unconfirmed?.NewDeviceMetadata?.DeviceKey, unconfirmed?.RefreshToken],
      [device.key, tokens?.RefreshToken],
    ]) {
      const { AuthenticationResult } = await refresh(token, key)
      expect(claimsOf(AuthenticationResult?.AccessToken as string)).toMatchObject({ device_key: key })
      expect(AuthenticationResult?.NewDeviceMetadata).toBeUndefined()
    }
  })

  it.each(entries)('%s: are refused without its key and with another', async (_, refresh) => {
    const { tokens } = await newDevice(name)
    const { device: other } = await newDevice(name)
    await expectRefusal(refresh(tokens?.RefreshToken), ...INVALID)
    await expectRefusal(refresh(tokens?.RefreshToken, other.key), ...INVALID)
  })

  it.each(entries)('%s: end when it is forgotten, and those of other devices stay', async (_, refresh) => {
    const { device, tokens } = await newDevice(name)
    const later = (await answer(name, device, (await begin(name, device.key)).Session)).AuthenticationResult
    const other = await newDevice(name)
    await server.app.send(new ForgetDeviceCommand({ AccessToken: later?.AccessToken, DeviceKey: device.key }))
    for (const { RefreshToken } of [tokens ?? {}, later ?? {}])
      await expectRefusal(refresh(RefreshToken, device.key), ...REVOKED)
    expect((await refresh(other.tokens?.RefreshToken, other.device.key)).AuthenticationResult).toBeDefined()
    await server.admin.send(
      new AdminForgetDeviceCommand({ UserPoolId: at.poolId, Username: name, DeviceKey: other.device.key }),
    )
    await expectRefusal(refresh(other.tokens?.RefreshToken, other.device.key), ...REVOKED)
    // The access token of the sign-in does not bring the device back.
    const again = new ConfirmDeviceCommand({
      AccessToken: tokens?.AccessToken as string,
      DeviceKey: device.key,
      DeviceSecretVerifierConfig: secretOf(device),
    })
    await expectRefusal(server.app.send(again), 'ResourceNotFoundException', 'Device does not exist.')
  })

  it('rotate with its key alone', async () => {
    const { ClientId } = await makeClient(server, at.poolId, {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    })
    const { device, tokens } = await newDevice(name, undefined, ClientId)
    const rotate = (token?: string, key?: string) => doors.GetTokensFromRefreshToken(token, key, ClientId)
    // A refused call does not count as a use.
    await expectRefusal(rotate(tokens?.RefreshToken), ...INVALID)
    const rotated = (await rotate(tokens?.RefreshToken, device.key)).AuthenticationResult?.RefreshToken
    await expectRefusal(rotate(rotated), ...INVALID)
    expect((await rotate(rotated, device.key)).AuthenticationResult?.RefreshToken).toBeDefined()
  })
})

describe('a refresh token of no device', () => {
  const server = useTestServer()
  const at = usePool(server, { users: ['ann'] })
  const { begin } = deviceClient(server, at)

  it('is good whatever key a client still has', async () => {
    const { RefreshToken } = (await begin('ann')).AuthenticationResult ?? {}
    const { AuthenticationResult } = await server.app.send(
      new GetTokensFromRefreshTokenCommand({ ClientId: at.clientId, RefreshToken, DeviceKey: 'us-east-1_0' }),
    )
    expect(claimsOf(AuthenticationResult?.AccessToken as string)).not.toHaveProperty('device_key')
  })
})
