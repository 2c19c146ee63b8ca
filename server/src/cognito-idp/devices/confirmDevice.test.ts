import {
  ConfirmDeviceCommand,
  GetDeviceCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { deviceClient, secretOf } from '../../../test/devices.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { fail } from '../../operation.ts'
import { confirmDevice } from './confirmDevice.ts'
import { findDevice } from './device-store.ts'

const NO_DEVICE = ['ResourceNotFoundException', 'Device does not exist.'] as const

describe.each(engines)('ConfirmDevice on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, {
    pool: { DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: false } },
    users: ['ann', 'bob'],
  })
  const onPrompt = usePool(server, {
    pool: { DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: true } },
    users: ['ann'],
  })

  /** A sign-in that began a device, and what would confirm it. */
  async function begun(username = 'ann', pool = at) {
    const tokens = (await deviceClient(server, pool).begin(username)).AuthenticationResult
    const { DeviceKey: key = '', DeviceGroupKey: groupKey = '' } = tokens?.NewDeviceMetadata ?? {}
    return { AccessToken: tokens?.AccessToken as string, DeviceKey: key, device: { key, groupKey, password: 'secret' } }
  }
  const confirm = (input: { AccessToken: string; DeviceKey: string }, config?: { Salt?: string }) =>
    server.app.send(
      new ConfirmDeviceCommand({
        AccessToken: input.AccessToken,
        DeviceKey: input.DeviceKey,
        DeviceSecretVerifierConfig: config,
      }),
    )

  it.each([
    ['remembers the device', at, false],
    ['leaves that to the user where the pool says so', onPrompt, true],
  ] as const)('%s', async (_, pool, UserConfirmationNecessary) => {
    const { newDevice } = deviceClient(server, pool)
    expect(await newDevice('ann')).toMatchObject({ UserConfirmationNecessary })
  })

  it('confirms a device once, also of calls at once, with the first secret', async () => {
    const sign = await begun()
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => confirm(sign, secretOf(sign.device))))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectRefusal(confirm(sign, secretOf(sign.device)), 'DeviceKeyExistsException', 'Device already exists.')
  })

  it('confirms the device of the access token alone', async () => {
    const own = await begun()
    const others = await begun('bob')
    await expectRefusal(confirm({ ...own, DeviceKey: others.DeviceKey }, secretOf(others.device)), ...NO_DEVICE)
    await expectRefusal(confirm({ ...own, DeviceKey: 'us-east-1_0' }, secretOf(own.device)), ...NO_DEVICE)
    await confirm(own, secretOf(own.device))
  })

  it('refuses a secret that is missing or not usable, and writes nothing then', async () => {
    const own = await begun()
    const message = 'Invalid device secret verifier configuration.'
    for (const config of [undefined, {}, { ...secretOf(own.device), Salt: '' }])
      await expectRefusal(confirm(own, config), 'InvalidParameterException', message)
    await expectRefusal(server.app.send(new GetDeviceCommand(own)), ...NO_DEVICE)
  })

  it('is refused where devices are tracked no more', async () => {
    const other = { poolId: (await makePool(server, { DeviceConfiguration: {} })).Id, clientId: '' }
    other.clientId = (await makeClient(server, other.poolId)).ClientId
    await makeUser(server, other.poolId, 'ann')
    const own = await begun('ann', other)
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId: other.poolId }))
    await expectRefusal(
      confirm(own, secretOf(own.device)),
      'InvalidUserPoolConfigurationException',
      'The user pool does not track devices.',
    )
  })
})

describe.each(engines)('ConfirmDevice of a user who is deleted meanwhile, on %s', (engine) => {
  const parts = useParts(engine)

  it('writes no device that would outlive its user', async () => {
    const id = { userPoolId: 'us-east-1_gone', sub: 'gone', key: 'us-east-1_0aaaaaaa-0000-4000-8000-000000000000' }
    const pool = { id: id.userPoolId, settings: { DeviceConfiguration: {} } }
    const caller = { kind: 'user', user: id, claims: { device_key: id.key } }
    const secret = secretOf({ key: id.key, groupKey: '-group', password: 'secret' })
    const input = { DeviceKey: id.key, DeviceSecretVerifierConfig: secret }
    const run = confirmDevice.run as (context: unknown, request: unknown) => Promise<unknown>
    await expect(run(parts, { input, caller, pool, fail })).rejects.toMatchObject({ name: 'UserNotFoundException' })
    expect(await findDevice(parts.db, id)).toBeUndefined()
  })
})
