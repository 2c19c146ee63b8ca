// Concurrent writes to a user pool: another write comes between what an operation reads and what it writes.
import { beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { useParts, withRival } from '../../../test/parts.ts'
import { fail } from '../../operation.ts'
import { setUserPoolMfaConfig } from '../mfa/setUserPoolMfaConfig.ts'
import { addCustomAttributes } from './addCustomAttributes.ts'
import { deleteUserPool } from './deleteUserPool.ts'
import { newPoolSettings } from './new-pool-settings.ts'
import { countPools, findPool, insertPool, replacePoolSettings, type UserPool } from './pool-store.ts'
import { updateUserPool } from './updateUserPool.ts'

describe.each(engines)('a write to a user pool on %s', (engine) => {
  const parts = useParts(engine)
  const UserPoolId = 'us-east-1_rivals'

  beforeEach(async () => {
    await parts.db.deleteFrom('user_pools').execute()
    const settings = newPoolSettings({ PoolName: 'first' }, 'us-east-1')
    await insertPool(parts.db, {
      id: UserPoolId,
      region: 'us-east-1',
      settings,
      createdAt: 1,
      updatedAt: 1,
      version: 1,
    })
  })

  const stored = async () => (await findPool(parts.db, UserPoolId)) as UserPool
  const rename = async (Name: string, more = {}) => {
    const pool = await stored()
    return replacePoolSettings(parts.db, pool, { ...pool.settings, Name, ...more }, 2)
  }
  /** A concurrent write, based on what was read before. */
  const writeStored = async () => {
    const pool = await stored()
    return () => replacePoolSettings(parts.db, pool, { ...pool.settings, Name: 'rival' }, 2)
  }
  const run = (operation: { run: unknown }, context: unknown, input: object) =>
    (operation.run as (context: unknown, request: unknown) => Promise<unknown>)(
      Object.create(context as object, { unservedNotices: { value: { notePool: () => undefined } } }),
      { input, fail, pool: { id: UserPoolId, region: 'us-east-1', replicas: [] }, caller: { region: 'us-east-1' } },
    )

  it('is refused when its settings are not the newest', async () => {
    const before = await stored()
    expect(await rename('second')).toBe(true)
    expect(await replacePoolSettings(parts.db, before, before.settings, 3)).toBe(false)
    expect((await stored()).settings.Name).toBe('second')
  })

  it('of UpdateUserPool fails with ConcurrentModificationException after a conflict, and the other write is kept', async () => {
    const context = withRival(parts, await writeStored())
    await expect(run(updateUserPool, context, { UserPoolId, PoolName: 'mine' })).rejects.toMatchObject({
      name: 'ConcurrentModificationException',
      message: `User pool ${UserPoolId} is being changed by another request.`,
    })
    expect(await context.rival()).toBe(true)
    expect((await stored()).settings.Name).toBe('rival')
    await run(updateUserPool, parts, { UserPoolId, PoolName: 'again' })
    expect((await parts.userPools.pool(UserPoolId))?.settings.Name).toBe('again')
  })

  it('of SetUserPoolMfaConfig fails likewise, and takes nothing of the other write away', async () => {
    const context = withRival(parts, await writeStored())
    const factors = { UserPoolId, MfaConfiguration: 'ON', SoftwareTokenMfaConfiguration: { Enabled: true } }
    await expect(run(setUserPoolMfaConfig, context, factors)).rejects.toMatchObject({
      name: 'ConcurrentModificationException',
      message: `User pool ${UserPoolId} is being changed by another request.`,
    })
    expect(await context.rival()).toBe(true)
    expect((await stored()).settings).toMatchObject({ Name: 'rival', MfaConfiguration: 'OFF' })
    await run(setUserPoolMfaConfig, parts, factors)
    expect((await parts.userPools.pool(UserPoolId))?.settings).toMatchObject({ Name: 'rival', MfaConfiguration: 'ON' })
  })

  it('of AddCustomAttributes is retried after a conflict', async () => {
    const context = withRival(parts, await writeStored())
    const CustomAttributes = [{ Name: 'plan', AttributeDataType: 'String' }]
    await run(addCustomAttributes, context, { UserPoolId, CustomAttributes })
    expect(await context.rival()).toBe(true)
    const { settings } = await stored()
    expect(settings.Name).toBe('rival')
    expect(settings.SchemaAttributes.at(-1)?.Name).toBe('custom:plan')
  })

  it('of DeleteUserPool spares a pool that was put under protection meanwhile', async () => {
    let protectedOnce: Promise<boolean> | undefined
    const transaction: typeof parts.database.transaction = async (work) => {
      protectedOnce ??= rename('kept', { DeletionProtection: 'ACTIVE' })
      await protectedOnce
      return parts.database.transaction(work)
    }
    const { db, clock, userPools } = parts
    const forgetful = { forget: () => undefined }
    const context = { db, clock, userPools, keys: forgetful, userCounts: forgetful, database: { transaction } }
    await expect(run(deleteUserPool, context, { UserPoolId })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('deletion protection is activated'),
    })
    expect((await stored()).settings.Name).toBe('kept')
  })

  it('counts pools no further than asked', async () => {
    const pool = await stored()
    await insertPool(parts.db, { ...pool, id: 'us-east-1_other' })
    expect(await countPools(parts.db, 1000)).toBe(2)
    expect(await countPools(parts.db, 1)).toBe(1)
  })
})
