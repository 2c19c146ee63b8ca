import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { openTestDatabase } from '../../../test/statement-plans.ts'
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Database } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeUser } from './change-user.ts'
import { findUserBySub, insertUser, replaceUser, type StoredUser } from './user-store.ts'

const pool: UserPool = {
  id: 'us-east-1_change',
  settings: { Name: 'p', SchemaAttributes: [] },
  createdAt: 0,
  updatedAt: 0,
  version: 1,
}
const NOW = 99

describe.each(engines)('changeUser on %s', (engine) => {
  let database: Database
  let context: Context

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    context = { database, db: database.db, clock: { now: () => NOW } } as Context
  })
  afterAll(() => database?.close())

  const make = async (sub: string): Promise<StoredUser> => {
    const user: StoredUser = {
      sub,
      userPoolId: pool.id,
      username: sub,
      status: 'CONFIRMED',
      enabled: true,
      attributes: {},
      credential: '',
      credentialSetAt: 0,
      credentialHistory: '',
      tokenGeneration: 0,
      mfa: {},
      createdAt: 0,
      updatedAt: 0,
      version: 1,
    }
    await database.transaction((db) => insertUser(db, pool, user))
    return user
  }
  const read = (sub: string) => findUserBySub(database.db, pool.id, sub)
  const raise = (user: StoredUser): StoredUser => ({ ...user, tokenGeneration: user.tokenGeneration + 1 })

  it('writes what is decided, with the time, and gives it back', async () => {
    await make('one')
    const changed = await changeUser(context, pool, 'one', raise)
    expect(changed).toMatchObject({ tokenGeneration: 1, updatedAt: NOW, version: 2 })
    expect(await read('one')).toEqual(changed)
  })

  it('loses none of many changes at once', async () => {
    await make('many')
    await Promise.all(Array.from({ length: 60 }, () => changeUser(context, pool, 'many', raise)))
    expect(await read('many')).toMatchObject({ tokenGeneration: 60, version: 61 })
  })

  it('decides anew when another write came between', async () => {
    const user = await make('between')
    let seen: number[] = []
    await changeUser(context, pool, 'between', async (current, db) => {
      seen = [...seen, current.tokenGeneration]
      // On the same connection, as a rival between reading and writing.
      if (seen.length === 1) await replaceUser(db, pool, user, { ...user, tokenGeneration: 10 })
      return raise(current)
    })
    expect(seen).toEqual([0, 0])
    expect(await read('between')).toMatchObject({ tokenGeneration: 1 })
  })

  it('writes nothing when the user is returned as it was given, or the decision throws', async () => {
    const user = await make('same')
    expect(await changeUser(context, pool, 'same', (current) => current)).toEqual(user)
    const refusal = new ApiError('NotAuthorizedException', 'no')
    const call = changeUser(context, pool, 'same', async (current, db) => {
      await replaceUser(db, pool, current, raise(current))
      throw refusal
    })
    await expect(call).rejects.toBe(refusal)
    expect(await read('same')).toEqual(user)
  })

  it('finds nobody in nobody', async () => {
    expect(await changeUser(context, pool, 'nobody', raise)).toBeUndefined()
  })
})

describe('withRetries', () => {
  it('tries again while it is undone, and gives up at last', async () => {
    let attempts = 0
    const answer = await withRetries(async () => {
      if (++attempts < 5) throw new Stale()
      return 'done'
    })
    expect([answer, attempts]).toEqual(['done', 5])
    const never = withRetries(async () => {
      attempts++
      throw new Stale()
    })
    await expect(never).rejects.toThrow('Rows changed 20 times')
    expect(attempts).toBe(25)
  })
})
