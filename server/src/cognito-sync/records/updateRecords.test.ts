import { beforeAll, describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import { type Device, deviceFor, deviceOf, patch } from '../../../test/sync.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const MEGABYTE = 1024 * 1024

describe.each(engines)('UpdateRecords on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  let device: Device
  beforeAll(async () => {
    device = await deviceFor(server, world)
  })
  const refused = (push: Promise<unknown>, message: string, name = 'InvalidParameterException') =>
    expectRefusal(push, name, message)
  const conflict = (push: Promise<unknown>, message: string) => refused(push, message, 'ResourceConflictException')

  it('raises the count by one for a push of any number of records', async () => {
    const DeviceLastModifiedDate = new Date(1_500_000_000_123)
    const made = await device.push('counting', [{ ...patch('a', '1'), DeviceLastModifiedDate }, patch('ü', 'é')], {
      DeviceId: 'phone',
      ClientContext: 'e30=',
    })
    const by = { SyncCount: 1, LastModifiedBy: 'phone', LastModifiedDate: expect.any(Date) }
    expect(made).toEqual([
      { Key: 'a', Value: '1', DeviceLastModifiedDate, ...by },
      { Key: 'ü', Value: 'é', ...by },
    ])
    expect((await device.pull('counting')).Records).toEqual(made)
    expect(await device.describe('counting')).toMatchObject({ DataStorage: 6, NumRecords: 2, LastModifiedBy: 'phone' })
    const second = await device.push('counting', [patch('a', undefined, 1), patch('b', '')])
    expect(second).toEqual([
      { Key: 'a', SyncCount: 2, LastModifiedBy: device.ids.IdentityId, LastModifiedDate: expect.any(Date) },
      { Key: 'b', Value: '', SyncCount: 2, LastModifiedBy: device.ids.IdentityId, LastModifiedDate: expect.any(Date) },
    ])
    expect(await device.describe('counting')).toMatchObject({ DataStorage: 5, NumRecords: 2 })
  })

  it('without patches changes nothing', async () => {
    expect(await device.push('empty', [])).toEqual([])
    expect(await device.push('empty', undefined)).toEqual([])
    expect(await device.pull('empty')).toMatchObject({ DatasetExists: false, DatasetSyncCount: 0 })
  })

  it('refuses a new value that rests on an old one, and the whole call with it', async () => {
    await device.push('stale', [patch('a', '1'), patch('b', '1')])
    await device.push('stale', [patch('a', '2', 1)])
    const text = 'Current SyncCount for: a is: 2 not: 1'
    await conflict(device.push('stale', [patch('b', '3', 1), patch('a', '3', 1)]), text)
    await conflict(device.push('stale', [patch('a', undefined, 1)]), text)
    await conflict(device.push('stale', [patch('a', '3')]), 'Current SyncCount for: a is: 2 not: 0')
    await conflict(device.push('stale', [patch('new', '3', 7)]), 'Current SyncCount for: new is: 0 not: 7')
    expect(await device.values('stale')).toEqual({ a: '2', b: '1' })
    expect((await device.pull('stale')).DatasetSyncCount).toBe(2)
    // The same value again, as after an answer that was lost.
    expect(await device.push('stale', [patch('a', '2', 1)])).toMatchObject([{ Value: '2', SyncCount: 3 }])
    await device.push('stale', [patch('a', undefined, 3)])
    expect(await device.push('stale', [patch('a', undefined, 3)])).toMatchObject([{ SyncCount: 5 }])
    // Who never saw the key knows no count of it.
    expect(await device.push('stale', [patch('a', 'again')])).toMatchObject([{ Value: 'again', SyncCount: 6 }])
  })

  it('refuses patches that are none', async () => {
    const push = (...patches: Parameters<Device['push']>[1] & object) => device.push('wrong', patches)
    await refused(push(patch('a', '1'), patch('a', '2')), 'A record key must not be in more than one patch.')
    await refused(push({ Op: 'replace', Key: 'a', SyncCount: 0 }), 'A patch that replaces a record must have a value.')
    await refused(push(patch('a', '1', -1)), 'The SyncCount of a patch must not be negative.')
    const zero = 'Record keys and values must not contain the character U+0000.'
    await refused(push(patch('a', '\0')), zero)
    await refused(push(patch('\0', 'a')), zero)
    await refused(push(patch('é'.repeat(513), '1')), 'A record key must not be longer than 1024 bytes.')
    expect(await push(patch('é'.repeat(512), '1'))).toHaveLength(1)
    const many = Array.from({ length: 1025 }, (_, i) => patch(`k${i}`, ''))
    await refused(push(...many), 'A call can not have more than 1024 patches.', 'LimitExceededException')
  })

  it('takes the pushes of many devices at once, of different keys all of them', async () => {
    const { SyncSessionToken } = await device.pull('crowd')
    const pushes = await Promise.all(
      Array.from({ length: 80 }, (_, i) => device.push('crowd', [patch(`k${i}`, `${i}`)], { SyncSessionToken })),
    )
    const counts = pushes.flat().map(({ SyncCount = 0 }) => SyncCount)
    expect(counts.sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, i) => i + 1))
    expect(Object.keys(await device.values('crowd'))).toHaveLength(80)
    // Of one key and one count, one.
    const rivals = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => device.push('crowd', [patch('one', `${i}`)], { SyncSessionToken })),
    )
    const refusals = rivals.filter((one) => one.status === 'rejected').map(({ reason }) => reason.message)
    expect(refusals).toEqual(Array(19).fill('Current SyncCount for: one is: 81 not: 0'))
  })

  it('takes a token of a list of the same dataset only, for a day', async () => {
    const text = 'SyncSessionToken not valid for these inputs'
    const token = async (of: Device, name: string) => ({ SyncSessionToken: (await of.pull(name)).SyncSessionToken })
    const other = await deviceFor(server, world)
    const another = await token(other, 'token')
    await refused(device.push('token', [patch('a', '1')], another), text)
    await refused(device.push('token', [patch('a', '1')], await token(device, 'other')), text)
    await refused(device.push('token', [patch('a', '1')], { SyncSessionToken: 'x' }), text)
    const own = await token(device, 'token')
    await device.push('token', [patch('a', '1')], own)
    await device.push('token', [patch('a', '2', 1)], own)
    server.clock.advance(DAY_MS)
    await refused(deviceOf(syncClient(server), device.ids).push('token', [], own), text)
    device = await deviceFor(server, world)
  })

  it('makes no dataset of an identity that the pool does not have', async () => {
    const IdentityId = 'us-east-1:00000000-0000-4000-8000-000000000000'
    const developer = (ids: Partial<Device['ids']>) => deviceOf(syncClient(server), { ...device.ids, ...ids })
    const none = (ids: Partial<Device['ids']>, id: string) =>
      refused(developer(ids).push('d', [patch('a', '1')]), `Identity '${id}' not found.`, 'ResourceNotFoundException')
    await none({ IdentityId }, IdentityId)
    const IdentityPoolId = await world.makePool()
    await none({ IdentityPoolId }, device.ids.IdentityId)
    await device.push('d', [patch('a', '1')])
    await none({ IdentityPoolId }, device.ids.IdentityId)
    await expectRefusal(
      developer({ IdentityPoolId: IdentityId }).push('d', [patch('a', '1')]),
      'ResourceNotFoundException',
      `IdentityPool '${IdentityId}' not found.`,
    )
  })

  it('keeps datasets within 1,024 records and a megabyte, and lets them shrink', async () => {
    const limit = (push: Promise<unknown>, message: string) => refused(push, message, 'LimitExceededException')
    const many = Array.from({ length: 1024 }, (_, i) => patch(`key ${i}`, 'x'))
    expect(await device.push('many', many)).toHaveLength(1024)
    await limit(device.push('many', [patch('more', 'x')]), 'A dataset can not have more than 1024 records.')
    await device.push('many', [patch('key 0', undefined, 1), patch('more', 'x')])
    expect(await device.describe('many')).toMatchObject({ NumRecords: 1024 })
    const pulled = await device.pull('many')
    expect([pulled.Count, pulled.NextToken]).toEqual([1024, undefined])

    const half = 'x'.repeat(MEGABYTE / 2 - 1)
    await device.push('large', [patch('a', half)])
    await device.push('large', [patch('b', half)])
    expect(await device.describe('large')).toMatchObject({ DataStorage: MEGABYTE })
    await limit(device.push('large', [patch('b', `${half}x`, 2)]), 'A dataset can not have more than 1048576 bytes.')
    await device.push('large', [patch('b', 'x', 2), patch('c', '1')])
    expect(await device.describe('large')).toMatchObject({ DataStorage: MEGABYTE / 2 + 4, NumRecords: 3 })
    await device.push('at-once', [patch('a', 'x'.repeat(MEGABYTE - 1))])
    expect(await device.values('at-once')).toEqual({ a: 'x'.repeat(MEGABYTE - 1) })
  })

  it('lets an identity have 20 datasets, also when they are made at once', async () => {
    const rich = await deviceFor(server, world)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 24 }, (_, i) => rich.push(`d${i}`, [patch('a', '1')])),
    )
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.message)
    expect(failed).toEqual(Array(4).fill('An identity can not have more than 20 datasets.'))
    const names = await rich.names()
    expect(names).toHaveLength(20)
    await rich.delete(names[0] as string)
    await rich.push('one-more', [patch('a', '1')])
    await refused(
      rich.push('too-many', [patch('a', '1')]),
      'An identity can not have more than 20 datasets.',
      'LimitExceededException',
    )
  })
})
