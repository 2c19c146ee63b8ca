// The operations that show and change devices, each for users and for administrators.
import {
  AdminForgetDeviceCommand,
  AdminGetDeviceCommand,
  AdminListDevicesCommand,
  AdminUpdateDeviceStatusCommand,
  type DeviceType,
  ForgetDeviceCommand,
  GetDeviceCommand,
  ListDevicesCommand,
  UpdateDeviceStatusCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { deviceClient } from '../../../test/devices.ts'
import {
  engines,
  expectRefusal,
  makePool,
  makeUser,
  type TestServer,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'

const NO_DEVICE = ['ResourceNotFoundException', 'Device does not exist.'] as const
const NO_USER = 'User does not exist.'

/** Whose devices: by the user's token, or by pool and name. */
interface Owner {
  AccessToken: string
  UserPoolId: string
  Username: string
}

type Status = 'remembered' | 'not_remembered' | undefined
type Send<Rest extends unknown[] = []> = (server: TestServer, owner: Owner, ...rest: Rest) => Promise<unknown>

const named = ({ UserPoolId, Username }: Owner) => ({ UserPoolId, Username })
const byToken = ({ AccessToken }: Owner) => ({ AccessToken })

const get: {
  operation: string
  send: (server: TestServer, owner: Owner, key: string) => Promise<{ Device?: DeviceType }>
}[] = [
  {
    operation: 'GetDevice',
    send: ({ app }, owner, DeviceKey) => app.send(new GetDeviceCommand({ ...byToken(owner), DeviceKey })),
  },
  {
    operation: 'AdminGetDevice',
    send: ({ admin }, owner, DeviceKey) => admin.send(new AdminGetDeviceCommand({ ...named(owner), DeviceKey })),
  },
]
const list: {
  operation: string
  send: (
    server: TestServer,
    owner: Owner,
    page?: { Limit?: number; PaginationToken?: string },
  ) => Promise<{ Devices?: DeviceType[]; PaginationToken?: string }>
}[] = [
  {
    operation: 'ListDevices',
    send: ({ app }, owner, page) => app.send(new ListDevicesCommand({ ...byToken(owner), ...page })),
  },
  {
    operation: 'AdminListDevices',
    send: ({ admin }, owner, page) => admin.send(new AdminListDevicesCommand({ ...named(owner), ...page })),
  },
]
const update: { operation: string; send: Send<[string, Status]> }[] = [
  {
    operation: 'UpdateDeviceStatus',
    send: ({ app }, owner, DeviceKey, DeviceRememberedStatus) =>
      app.send(new UpdateDeviceStatusCommand({ ...byToken(owner), DeviceKey, DeviceRememberedStatus })),
  },
  {
    operation: 'AdminUpdateDeviceStatus',
    send: ({ admin }, owner, DeviceKey, DeviceRememberedStatus) =>
      admin.send(new AdminUpdateDeviceStatusCommand({ ...named(owner), DeviceKey, DeviceRememberedStatus })),
  },
]
const forget: { operation: string; send: Send<[string]> }[] = [
  {
    operation: 'ForgetDevice',
    send: ({ app }, owner, DeviceKey) => app.send(new ForgetDeviceCommand({ ...byToken(owner), DeviceKey })),
  },
  {
    operation: 'AdminForgetDevice',
    send: ({ admin }, owner, DeviceKey) => admin.send(new AdminForgetDeviceCommand({ ...named(owner), DeviceKey })),
  },
]
let count = 0

describe.each(engines)('on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: true } } })
  const client = deviceClient(server, at)
  let owner: Owner
  let key: string
  /** A user with a device, and its owner for the calls. */
  async function arrive(deviceName?: string): Promise<{ owner: Owner; key: string }> {
    const Username = `user-${++count}`
    await makeUser(server, at.poolId, Username)
    const { device, tokens } = await client.newDevice(Username, deviceName)
    return { owner: { AccessToken: tokens?.AccessToken as string, UserPoolId: at.poolId, Username }, key: device.key }
  }
  beforeEach(async () => {
    ;({ owner, key } = await arrive('Ann’s phone'))
  })
  const rememberedStatus = async (): Promise<string | undefined> => {
    const { Device } = await server.admin.send(new AdminGetDeviceCommand({ ...named(owner), DeviceKey: key }))
    return Device?.DeviceAttributes?.find(({ Name }) => Name === 'dev:device_remembered_status')?.Value
  }
  const attributes = [
    { Name: 'device_status', Value: 'valid' },
    { Name: 'device_name', Value: 'Ann’s phone' },
    { Name: 'last_ip_used', Value: expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$|^::1$/) },
  ]

  it('GetDevice shows a device to its user', async () => {
    const { Device } = await server.app.send(new GetDeviceCommand({ ...byToken(owner), DeviceKey: key }))
    expect(Device).toEqual({
      DeviceKey: key,
      DeviceAttributes: attributes,
      DeviceCreateDate: expect.any(Date),
      DeviceLastModifiedDate: Device?.DeviceCreateDate,
      DeviceLastAuthenticatedDate: Device?.DeviceCreateDate,
    })
  })

  it('AdminGetDevice shows more of it', async () => {
    const { Device } = await server.admin.send(new AdminGetDeviceCommand({ ...named(owner), DeviceKey: key }))
    const of = `${owner.Username}.${at.poolId}`
    expect(Device?.DeviceAttributes).toEqual([
      ...attributes,
      { Name: 'dev:device_arn', Value: `arn:aws:cognito-idp:us-east-1:000000000000:owner/${of}/device/${key}` },
      { Name: 'dev:device_owner', Value: of },
      { Name: 'dev:device_remembered_status', Value: 'not_remembered' },
    ])
  })

  it.each(list)('$operation gives the devices in pages', async ({ send }) => {
    const keys = [key]
    for (let i = 0; i < 2; i++) keys.push((await client.newDevice(owner.Username)).device.key)
    keys.sort()
    const all = await send(server, owner)
    expect(all.Devices?.map(({ DeviceKey }) => DeviceKey)).toEqual(keys)
    expect(all.PaginationToken).toBeUndefined()
    const first = await send(server, owner, { Limit: 2 })
    const { PaginationToken } = first
    const second = await send(server, owner, { Limit: 2, PaginationToken })
    const found = [...(first.Devices ?? []), ...(second.Devices ?? [])].map(({ DeviceKey }) => DeviceKey)
    expect(found).toEqual(keys)
    expect(second.PaginationToken).toBeUndefined()
    // A page token of another user leads nowhere.
    const other = (await arrive()).owner
    await expectRefusal(
      send(server, other, { PaginationToken }),
      'InvalidParameterException',
      'Invalid pagination token',
    )
  })

  it.each(update)(
    '$operation remembers a device, and no longer; without a status it changes nothing',
    async ({ send }) => {
      server.clock.advance(1000)
      await send(server, owner, key, 'remembered')
      expect(await rememberedStatus()).toBe('remembered')
      await send(server, owner, key, undefined)
      expect(await rememberedStatus()).toBe('remembered')
      await send(server, owner, key, 'not_remembered')
      expect(await rememberedStatus()).toBe('not_remembered')
      const { Device } = await server.app.send(new GetDeviceCommand({ ...byToken(owner), DeviceKey: key }))
      expect(Number(Device?.DeviceLastModifiedDate)).toBeGreaterThan(Number(Device?.DeviceCreateDate))
    },
  )

  it.each(forget)('$operation removes a device, once', async ({ send }) => {
    const { device: other } = await client.newDevice(owner.Username)
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => send(server, owner, key)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectRefusal(send(server, owner, key), ...NO_DEVICE)
    const { Devices } = await server.app.send(new ListDevicesCommand(byToken(owner)))
    expect(Devices?.map(({ DeviceKey }) => DeviceKey)).toEqual([other.key])
  })

  it.each([...get, ...update, ...forget])(
    '$operation finds no device of another user, nor one that is unknown',
    async ({ send }) => {
      const others = (await arrive()).key
      const call = send as Send<[string, Status]>
      for (const foreign of [others, `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`, 'us-east-1_0'])
        for (const status of ['remembered', undefined] as const)
          await expectRefusal(call(server, owner, foreign, status), ...NO_DEVICE)
    },
  )

  it('administrators of another pool find neither user nor device', async () => {
    const { Id: UserPoolId } = await makePool(server, { DeviceConfiguration: {} })
    const elsewhere = { ...owner, UserPoolId }
    const [, adminGet] = get
    const [, adminList] = list
    await expectRefusal(
      adminGet?.send(server, elsewhere, key) as Promise<unknown>,
      'ResourceNotFoundException',
      NO_USER,
    )
    await expectRefusal(adminList?.send(server, elsewhere) as Promise<unknown>, 'ResourceNotFoundException', NO_USER)
    await expectRefusal(
      update[1]?.send(server, elsewhere, key, 'remembered') as Promise<unknown>,
      'UserNotFoundException',
      NO_USER,
    )
    await expectRefusal(forget[1]?.send(server, elsewhere, key) as Promise<unknown>, 'UserNotFoundException', NO_USER)
    // The same name in the other pool is another user.
    await makeUser(server, UserPoolId, owner.Username)
    await expectRefusal(forget[1]?.send(server, elsewhere, key) as Promise<unknown>, ...NO_DEVICE)
    expect((await adminList?.send(server, elsewhere))?.Devices).toEqual([])
  })
})

describe('operations on devices', () => {
  const server = useTestServer()
  it.each([...get, ...list, ...update, ...forget])('$operation needs a valid caller', async ({ operation }) => {
    const input = {
      UserPoolId: 'us-east-1_AbCdEfGhI',
      Username: 'ann',
      AccessToken: 'x',
      DeviceKey: 'us-east-1_0',
      DeviceRememberedStatus: 'remembered',
    }
    const { AccessToken, UserPoolId, Username, ...rest } = input
    const own = operation.startsWith('Admin') ? { UserPoolId, Username } : { AccessToken }
    const { json } = await server.raw(operation, { ...rest, ...own })
    expect(json.__type).toBe(
      operation.startsWith('Admin') ? 'MissingAuthenticationTokenException' : 'NotAuthorizedException',
    )
  })
})
