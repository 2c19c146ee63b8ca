import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { openTestDatabase } from '../../../test/statement-plans.ts'
import type { Database } from '../../database/database.ts'
import { deleteSurplusDevices, insertDevice, listDevices } from './device-store.ts'

describe.each(engines)('the devices of a user on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database?.close())

  it('are kept up to a number, those that were used last', async () => {
    const { db } = database
    for (const sub of ['sub', 'other'])
      for (let i = 0; i < 6; i++)
        await insertDevice(db, {
          userPoolId: 'pool',
          sub,
          key: `key-${i}`,
          name: undefined,
          remembered: true,
          sealedSecret: '',
          lastIp: undefined,
          createdAt: i,
          updatedAt: i,
          authenticatedAt: i === 0 ? 100 : i,
        })
    await deleteSurplusDevices(db, { userPoolId: 'pool', sub: 'sub' }, 4)
    const keysOf = async (sub: string) =>
      (await listDevices(db, { userPoolId: 'pool', sub }, '', 10)).map(({ key }) => key)
    expect(await keysOf('sub')).toEqual(['key-0', 'key-3', 'key-4', 'key-5'])
    expect(await keysOf('other')).toHaveLength(6)
  })
})
