import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { openTestDatabase } from '../../../test/statement-plans.ts'
import type { Context } from '../../context.ts'
import { Stale } from '../../database/compare-and-set.ts'
import type { Database } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { addUser, changeUser, type UserPlan } from './change-user.ts'
import { createUserCounts } from './user-counts.ts'
import { findUserBySub, insertUser, NameTaken, replaceUser, type StoredUser, touchUser } from './user-store.ts'

const pool: UserPool = {
  id: 'us-east-1_change',
  region: 'us-east-1',
  replicas: [],
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
    const userCounts = createUserCounts(database)
    context = { database, db: database.db, clock: { now: () => NOW }, userCounts } as Context
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
      identities: [],
      createdAt: 0,
      updatedAt: 0,
      version: 1,
    }
    await database.transaction((db) => insertUser(db, pool, user))
    return user
  }
  const read = (sub: string) => findUserBySub(database.db, pool.id, sub)
  const raised = (user: StoredUser): StoredUser => ({ ...user, tokenGeneration: user.tokenGeneration + 1 })
  const raise = (user: StoredUser): UserPlan => ({ user: raised(user) })

  it('writes the planned user, with the time, and returns it', async () => {
    const user = await make('one')
    const changed = await changeUser(context, pool, user, raise)
    expect(changed).toMatchObject({ tokenGeneration: 1, updatedAt: NOW, version: 2 })
    expect(await read('one')).toEqual(changed)
  })

  it('loses none of many concurrent changes', async () => {
    const user = await make('many')
    await Promise.all(Array.from({ length: 60 }, () => changeUser(context, pool, user, raise)))
    expect(await read('many')).toMatchObject({ tokenGeneration: 60, version: 61 })
  })

  /** A concurrent write of the user. */
  const write = (before: StoredUser, after: StoredUser) =>
    database.transaction((db) => replaceUser(db, pool, before, after))

  it('prepares again after a conflict', async () => {
    const user = await make('between')
    const seen: number[] = []
    await changeUser(context, pool, user, async (current) => {
      seen.push(current.tokenGeneration)
      if (seen.length === 1) await write(user, { ...user, tokenGeneration: 10 })
      return raise(current)
    })
    expect(seen).toEqual([0, 10])
    expect(await read('between')).toMatchObject({ tokenGeneration: 11, version: 3 })
  })

  it('begins with the given user, and prepares again when that one is out of date', async () => {
    const old = await make('old')
    await write(old, { ...old, tokenGeneration: 10 })
    const seen: number[] = []
    await changeUser(context, pool, old, (current) => {
      seen.push(current.tokenGeneration)
      return raise(current)
    })
    expect(seen).toEqual([0, 10])
    expect(await read('old')).toMatchObject({ tokenGeneration: 11 })
  })

  it('prepares once when only the version of the user has changed, and writes with the new one', async () => {
    const user = await make('touched')
    let prepared = 0
    const changed = await changeUser(context, pool, user, async (current) => {
      prepared++
      await touchUser(database.db, pool.id, current.sub)
      return raise(current)
    })
    expect(prepared).toBe(1)
    expect(changed).toMatchObject({ tokenGeneration: 1, version: 3 })
    expect(await read('touched')).toEqual(changed)
  })

  it('writes the same plan again when a statement throws Stale', async () => {
    const user = await make('stale')
    const runs = { prepare: 0, before: 0, after: 0 }
    await changeUser(context, pool, user, (current) => {
      runs.prepare++
      const before = async () => void runs.before++
      const after = async () => {
        if (++runs.after === 1) throw new Stale()
      }
      return { ...raise(current), before, after }
    })
    expect(runs).toEqual({ prepare: 1, before: 2, after: 2 })
    expect(await read('stale')).toMatchObject({ tokenGeneration: 1, version: 2 })
  })

  it('writes nothing when the user is kept and there is nothing else to write', async () => {
    const user = await make('same')
    expect(await changeUser(context, pool, user, (current) => ({ user: current }))).toEqual(user)
    expect(await read('same')).toEqual(user)
  })

  it('raises the version of an unchanged user when the plan has statements', async () => {
    const user = await make('kept')
    const after = async () => {}
    expect(await changeUser(context, pool, user, (current) => ({ user: current, after }))).toEqual({
      ...user,
      version: 2,
    })
    expect(await read('kept')).toEqual({ ...user, version: 2 })
  })

  it('writes nothing when the preparation or a statement refuses', async () => {
    const user = await make('refused')
    const refusal = new ApiError('NotAuthorizedException', 'no')
    const refuse = async () => {
      throw refusal
    }
    await expect(changeUser(context, pool, user, refuse)).rejects.toBe(refusal)
    for (const statements of [{ before: refuse }, { after: refuse }]) {
      const call = changeUser(context, pool, user, (current) => ({ ...raise(current), ...statements }))
      await expect(call).rejects.toBe(refusal)
    }
    expect(await read('refused')).toEqual(user)
  })

  it('returns undefined for a deleted user', async () => {
    const user = { ...(await make('nobody')), sub: 'nobody else' }
    expect(await changeUser(context, pool, user, raise)).toBeUndefined()
  })

  it('adds a user with the statements of its plan, or nothing', async () => {
    const user = { ...(await make('first')), sub: 'added', username: 'wanted' }
    const order: string[] = []
    const note = (step: string) => async () => void order.push(step)
    await addUser(context, pool, { user, before: note('before'), after: note('after') })
    expect(await read('added')).toEqual(user)
    const rival = { ...user, sub: 'rival' }
    await expect(addUser(context, pool, { user: rival, after: note('never') })).rejects.toBeInstanceOf(NameTaken)
    expect(await read('rival')).toBeUndefined()
    expect(order).toEqual(['before', 'after'])
  })
})
