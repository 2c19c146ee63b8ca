import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import { Stale } from '../../database/compare-and-set.ts'
import type { Database } from '../../database/database.ts'
import {
  deleteIdentities,
  deleteIdentity,
  disableIdentity,
  findIdentity,
  findOwnerId,
  findOwnerIds,
  findOwners,
  type Identity,
  type IdentityPlace,
  insertIdentity,
  listIdentities,
  updateLogins,
} from './identity-store.ts'
import { loginKey } from './login-rules.ts'

const POOL = 'us-east-1:pool'
const ada = { provider: 'a', subject: 'ada' }
const bea = { provider: 'a', subject: 'bea' }

describe.each(engines)('identities and their logins on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database.close())
  const read = async (id: string) => (await findIdentity(database.db, id)) as Identity
  const make = async (id: string, logins = [ada], poolId = POOL) => {
    expect(await insertIdentity(database.db, { id, poolId, logins }, 1)).toBe(true)
  }

  it('lead from a login to one identity of the pool', async () => {
    const { db } = database
    await make('one', [ada, { provider: 'b', subject: 'ada' }])
    await make('elsewhere', [ada], 'us-east-1:other')
    expect(await findOwnerId(db, POOL, ada)).toBe('one')
    expect(await findOwnerId(db, 'us-east-1:other', ada)).toBe('elsewhere')
    expect(await findOwnerId(db, POOL, bea)).toBeUndefined()
    expect(await findOwnerIds(db, POOL, [bea, ada])).toEqual([undefined, 'one'])
    const second = database.transaction(async (tx) => {
      expect(await insertIdentity(tx, { id: 'two', poolId: POOL, logins: [bea, ada] }, 1)).toBe(false)
      throw new Stale()
    })
    await expect(second).rejects.toThrow(Stale)
    expect(await findIdentity(db, 'two')).toBeUndefined()
    expect((await findOwners(db, POOL, [ada, bea])).map(({ id, logins }) => [id, logins.length])).toEqual([['one', 2]])
    expect(await findOwners(db, POOL, [])).toEqual([])
    // Provider and subject do not run into each other.
    expect(loginKey({ provider: 'a', subject: 'b","c' })).not.toBe(loginKey({ provider: 'a","b', subject: 'c' }))
  })

  it('are written with compare-and-set', async () => {
    const { db } = database
    await make('three', [bea])
    const before = await read('three')
    expect(before).toMatchObject({ linked: true, disabled: false, logins: [bea], version: 1 })
    const other = { provider: 'c', subject: 'bea' }
    expect(await updateLogins(db, before, [bea, other], 2)).toBe(true)
    expect(await updateLogins(db, before, [], 3)).toBe(false)
    expect(await disableIdentity(db, before, 'one', 3)).toBe(false)
    expect(await deleteIdentity(db, before)).toBe(false)
    expect(await read('three')).toMatchObject({ logins: [bea, other], disabled: false, updatedAt: 2 })
    expect(await updateLogins(db, await read('three'), [bea], 3)).toBe(true)
    expect(await findOwnerIds(db, POOL, [bea, other])).toEqual(['three', undefined])
    const one = await read('one')
    expect(await updateLogins(db, await read('three'), [bea, ada], 4)).toBe(false)
    expect(await disableIdentity(db, one, 'three', 4)).toBe(true)
    expect(await findOwnerId(db, POOL, ada)).toBeUndefined()
    const three = await read('three')
    expect(await updateLogins(db, { ...three, logins: [bea] }, [bea, ...one.logins], 4)).toBe(true)
    expect(await read('one')).toMatchObject({ disabled: true, mergedInto: 'three', logins: [], updatedAt: 4 })
    expect((await read('three')).logins).toHaveLength(3)
    expect(await deleteIdentity(db, await read('three'))).toBe(true)
    expect(await findIdentity(db, 'three')).toBeUndefined()
    expect(await findOwnerId(db, POOL, ada)).toBeUndefined()
  })

  it('are read consistently, or refused as stale', async () => {
    const { db } = database
    await make('four', [bea])
    // As after a concurrent unlinking between the two reads.
    await db.updateTable('identities').set({ logins: '[]' }).where('identity_id', '=', 'four').execute()
    await expect(findOwners(db, POOL, [bea])).rejects.toThrow(Stale)
    await db.deleteFrom('identities').where('identity_id', '=', 'four').execute()
    await expect(findOwners(db, POOL, [bea])).rejects.toThrow(Stale)
  })

  it('are removed from a position on, with their logins', async () => {
    const { db } = database
    const pool = 'us-east-1:removed'
    const loginOf = (i: number) => ({ provider: 'p', subject: `${i}` })
    for (let i = 0; i < 5; i++)
      await make(`removed-${i}`, i === 4 ? [] : [loginOf(i), { provider: 'q', subject: `${i}` }], pool)
    await disableIdentity(db, await read('removed-1'), 'removed-0', 2)
    const places: (IdentityPlace | undefined)[] = []
    do {
      const range = { hideDisabled: false, after: places.at(-1), limit: 2 }
      const identities = await listIdentities(db, pool, range)
      await deleteIdentities(db, pool, identities)
      const last = identities.at(-1)
      places.push(last && { disabled: last.disabled, id: last.id })
    } while (places.at(-1))
    expect(places).toEqual([
      { disabled: false, id: 'removed-2' },
      { disabled: false, id: 'removed-4' },
      { disabled: true, id: 'removed-1' },
      undefined,
    ])
    for (const table of ['identities', 'identity_logins'] as const)
      expect(await db.selectFrom(table).select('identity_id').where('identity_pool_id', '=', pool).execute()).toEqual(
        [],
      )
  })

  it('are read in the order of an index', async () => {
    const { db } = database
    const pool = 'us-east-1:large'
    for (let start = 0; start < 2000; start += 200) {
      const rows = Array.from({ length: 200 }, (_, i) => String(start + i).padStart(6, '0'))
      await db
        .insertInto('identities')
        .values(
          rows.map((number) => ({
            identity_id: `id-${number}`,
            identity_pool_id: pool,
            disabled: Number(number) % 2,
            merged_into: '',
            linked: 1,
            logins: JSON.stringify([['p', number]]),
            created_at: 1,
            updated_at: 1,
            version: 1,
          })),
        )
        .execute()
      await db
        .insertInto('identity_logins')
        .values(
          rows.map((number) => ({
            login_key: loginKey({ provider: 'p', subject: number }),
            identity_pool_id: pool,
            identity_id: `id-${number}`,
          })),
        )
        .execute()
    }
    await analyze(database)
    const after = { disabled: false, id: 'id-000500' }
    for (const hideDisabled of [true, false]) {
      const [page] = await plansOf(database, (watched) =>
        listIdentities(watched, pool, { hideDisabled, after, limit: 60 }),
      )
      expect(readsInOrder(page as string), page).toBe(true)
    }
    const others = await plansOf(database, async (watched) => {
      await findOwners(watched, pool, [{ provider: 'p', subject: '000001' }])
      await listIdentities(watched, pool, { hideDisabled: true, after: undefined, limit: 60 })
    })
    for (const plan of others) expect(plan).not.toMatch(/Seq Scan|\bSCAN (?!page)/)
    const all = await listIdentities(db, pool, {
      hideDisabled: false,
      after: { disabled: false, id: 'id-001998' },
      limit: 2,
    })
    expect(all.map(({ id, disabled }) => [id, disabled])).toEqual([
      ['id-000001', true],
      ['id-000003', true],
    ])
  })
})
