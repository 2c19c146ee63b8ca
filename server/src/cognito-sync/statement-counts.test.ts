// How many statements the calls that devices make again and again take: what they cost most by.
import { beforeAll, describe, expect, it } from 'vitest'
import { statementsOf } from '../../test/executed-statements.ts'
import { useTestServer } from '../../test/harness.ts'
import { useIdentityWorld } from '../../test/identity-world.ts'
import { type Device, deviceFor, patch } from '../../test/sync.ts'

describe('statements of', () => {
  const server = useTestServer()
  const world = useIdentityWorld(server)
  let device: Device
  let token: { SyncSessionToken: string | undefined }
  beforeAll(async () => {
    device = await deviceFor(server, world)
    await device.push('d', [patch('a', '1')])
    token = { SyncSessionToken: (await device.pull('d')).SyncSessionToken }
  })
  // Background work of the server may run beside a call.
  const of = async (work: () => Promise<unknown>) =>
    (await statementsOf(work)).filter(({ origin }) => !/^(jobs|messages)\/|usage-store|purge/.test(origin)).length

  it('a pull of nothing new: one', async () => {
    expect(await of(() => device.pull('d', 1))).toBe(1)
    expect(await of(() => device.pull('never'))).toBe(1)
  })

  it('a pull of what has changed: two', async () => {
    expect(await of(() => device.pull('d'))).toBe(2)
  })

  it('a push: four, and two more of a hundred records', async () => {
    expect(await of(() => device.push('d', [patch('a', '2', 1)], token))).toBe(4)
    // Records are written in powers of two: 64, 32 and 4.
    const many = Array.from({ length: 100 }, (_, i) => patch(`k${i}`, '1'))
    expect(await of(() => device.push('d', many, token))).toBe(6)
  })
})
