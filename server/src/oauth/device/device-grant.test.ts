// Concurrent changes of one device grant, between whose reads and writes others come.
import { describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import type { Place } from '../../cognito-idp/sign-in/sign-in.ts'
import { OAuthError } from '../oauth-error.ts'
import { allowDevice, beginDeviceGrant, denyDevice, findTypedDevice, takeDeviceGrant } from './device-grant.ts'

const place = { pool: { id: 'us-east-1_Pool00000' }, client: { clientId: 'client' } } as Place
const poolId = place.pool.id
const allowed = { sub: 'sub', signIn: { eventId: 'event', originJti: 'jti', authTime: 1 } }

const outcome = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return (await work) ?? 'done'
  } catch (error) {
    if (error instanceof OAuthError) return error.code
    throw error
  }
}
const times = <T>(count: number, work: () => Promise<T>): Promise<T>[] => Array.from({ length: count }, work)

describe.each(engines)('a device grant on %s', (engine) => {
  const parts = useParts(engine)
  const begin = async () => {
    const { deviceCode, userCode } = await beginDeviceGrant(parts, place, 'response_type=code')
    const key = (await findTypedDevice(parts, poolId, userCode))?.key
    if (!key) throw new Error('not found')
    return { deviceCode, userCode, key }
  }

  it('is redeemed by one of many questions that read it at the same time', async () => {
    const { deviceCode, key } = await begin()
    await allowDevice(parts, poolId, key, allowed)
    const all = await Promise.all(times(20, () => outcome(takeDeviceGrant(parts, place, deviceCode))))
    expect(all.filter((one) => one !== 'invalid_grant')).toEqual([allowed])
  })

  it('is allowed for one of many users who were asked at the same time', async () => {
    const { deviceCode, key } = await begin()
    let count = 0
    const allow = () => outcome(allowDevice(parts, poolId, key, { ...allowed, sub: `sub-${++count}` }))
    const all = await Promise.all(times(20, allow))
    expect(all.filter((one) => one === 'done')).toHaveLength(1)
    const winner = all.indexOf('done')
    expect(await takeDeviceGrant(parts, place, deviceCode)).toEqual({ ...allowed, sub: `sub-${winner + 1}` })
  })

  it('is found by nobody who types its code when it is decided', async () => {
    const [first, second] = [await begin(), await begin()]
    await allowDevice(parts, poolId, first.key, allowed)
    await denyDevice(parts, poolId, second.key)
    for (const { userCode } of [first, second]) expect(await findTypedDevice(parts, poolId, userCode)).toBeUndefined()
    // What is allowed is not taken back by a page that was left open.
    await denyDevice(parts, poolId, first.key)
    expect(await takeDeviceGrant(parts, place, first.deviceCode)).toEqual(allowed)
  })

  it('has a code that no other waiting device has', async () => {
    let calls = 0
    // The same bytes twice.
    const random = { bytes: (count: number) => Buffer.alloc(count, calls++ < 4 ? 1 : 2) }
    const one = await beginDeviceGrant({ ...copy(), random }, place, 'a')
    const other = await beginDeviceGrant({ ...copy(), random }, place, 'b')
    expect([one.userCode, other.userCode]).toEqual(['CCCCCCCC', 'DDDDDDDD'])
    expect((await findTypedDevice(parts, poolId, 'CCCCCCCC'))?.parameters).toBe('a')
  })

  it('is none when all codes that are tried are taken', async () => {
    const random = { bytes: (count: number) => Buffer.alloc(count, 3) }
    await beginDeviceGrant({ ...copy(), random }, place, 'a')
    await expect(beginDeviceGrant({ ...copy(), random }, place, 'b')).rejects.toThrow('No user code is free.')
  })

  const copy = () => ({ db: parts.db, sealer: parts.sealer, clock: parts.clock })
})
