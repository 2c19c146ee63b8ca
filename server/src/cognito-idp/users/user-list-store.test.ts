import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import type { Database } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { newUser } from './new-user.ts'
import { type FoundUser, listUsersBySub, type SearchPosition, searchUsers } from './user-list-store.ts'
import { type KeyRange, type Search, searchOf, type UserFilter } from './user-search-rules.ts'
import { insertUser, type StoredUser } from './user-store.ts'

const USERS = 3000

const poolNamed = (id: string): UserPool => ({
  id,
  region: 'us-east-1',
  replicas: [],
  settings: { Name: id, SchemaAttributes: [] },
  createdAt: 0,
  updatedAt: 0,
  version: 1,
})

const small = poolNamed('us-east-1_small')
const large = poolNamed('us-east-1_large')

const userNumber = (pool: UserPool, number: number): StoredUser => ({
  ...newUser(
    {
      sub: `${((number * 7919) % USERS).toString(16).padStart(8, '0')}-0000-4000-8000-${pool.id.slice(-5)}0000000`,
      userPoolId: pool.id,
      username: `user${number}`,
      status: number % 3 === 0 ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
      attributes: { email: `user${number}@example.com`, name: `Name ${number % 4}` },
    },
    0,
    { credential: 'x'.repeat(500), credentialSetAt: 0, credentialHistory: '' },
  ),
  enabled: number % 100 !== 0,
})

describe.each(engines)('the statements of ListUsers on %s', (engine) => {
  let database: Database
  const users = {
    [small.id]: Array.from({ length: 1000 }, (_, number) => userNumber(small, number)),
    [large.id]: Array.from({ length: USERS }, (_, number) => userNumber(large, number)),
  }

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    for (const some of Object.values(users))
      await database.transaction(async (db) => {
        for (const user of some) await insertUser(db, user.userPoolId === small.id ? small : large, user)
      })
    await analyze(database)
  })
  afterAll(() => database?.close())

  async function everyPage(filter: UserFilter, size: number): Promise<StoredUser[]> {
    const found: StoredUser[] = []
    let after: SearchPosition | undefined
    for (;;) {
      const page: FoundUser[] = await searchUsers(database.db, large, searchOf(large.settings, filter), after, size)
      found.push(...page.map(({ user }) => user))
      const last = page.at(-1)
      if (!last || page.length < size) return found
      after = { key: last.key, sub: last.user.sub }
    }
  }

  describe('searchUsers', () => {
    it.each<[UserFilter, (user: StoredUser) => boolean]>([
      [{ attribute: 'status', compare: 'equals', value: 'Enabled' }, (user) => user.enabled],
      [{ attribute: 'status', compare: 'starts-with', value: '' }, () => true],
      [{ attribute: 'status', compare: 'starts-with', value: 'D' }, (user) => !user.enabled],
      [{ attribute: 'status', compare: 'equals', value: 'disabled' }, () => false],
      [{ attribute: 'cognito:user_status', compare: 'starts-with', value: '' }, () => true],
      [
        { attribute: 'cognito:user_status', compare: 'equals', value: 'confirmed' },
        (user) => user.status === 'CONFIRMED',
      ],
      [{ attribute: 'sub', compare: 'starts-with', value: '00000' }, (user) => user.sub.startsWith('00000')],
      [
        { attribute: 'cognito:user_status', compare: 'starts-with', value: 'Force' },
        (user) => user.status === 'FORCE_CHANGE_PASSWORD',
      ],
      [
        { attribute: 'name', compare: 'starts-with', value: 'name 1' },
        (user) => /^Name 1/.test(user.attributes.name ?? ''),
      ],
      [{ attribute: 'name', compare: 'equals', value: 'NAME 1' }, (user) => user.attributes.name === 'Name 1'],
      [
        { attribute: 'username', compare: 'starts-with', value: 'user12' },
        (user) => user.username.startsWith('user12'),
      ],
      [{ attribute: 'email', compare: 'equals', value: 'user7@example.com' }, (user) => user.username === 'user7'],
    ])('finds all of %j, each once, at any size of page', async (filter, fits) => {
      const expected = (users[large.id] as StoredUser[]).filter(fits).map((user) => user.sub)
      for (const size of [61, 7]) {
        const found = (await everyPage(filter, size)).map((user) => user.sub)
        expect(found).toHaveLength(expected.length)
        expect(new Set(found)).toEqual(new Set(expected))
      }
    })
  })

  describe('plans', () => {
    const middle: SearchPosition = { key: 'name 2', sub: '00000400' }
    const ranges: [string, UserPool, Search, SearchPosition | undefined][] = [
      ['one flag', large, { column: 'enabled', range: { equals: '0' } }, undefined],
      ['one flag that nearly all have', large, { column: 'enabled', range: { equals: '1' } }, undefined],
      ['one flag, a later page', large, { column: 'enabled', range: { equals: '1' } }, { key: '1', sub: '00000800' }],
      ['states', large, { column: 'status', range: { from: 'F', to: 'G' } }, { key: 'FORCE_CHANGE_PASSWORD', sub: '' }],
      ['one key', large, { column: 'name', range: { equals: 'name 1' } }, undefined],
      [
        'one key, a later page',
        large,
        { column: 'name', range: { equals: 'name 1' } },
        { key: 'name 1', sub: '00000800' },
      ],
      ['keys that start alike', large, { column: 'name', range: { from: 'name', to: 'namf' } }, undefined],
      ['keys that start alike, a later page', large, { column: 'name', range: { from: 'name', to: 'namf' } }, middle],
      ['every key', large, { column: 'email', range: { from: '', to: undefined } }, undefined],
      ['a small pool', small, { column: 'email', range: { from: 'user', to: 'uses' } }, { key: 'user1', sub: '' }],
    ]
    it.each(ranges)('read one index range in its order: %s', async (_title, pool, search, after) => {
      const plans = await plansOf(database, (db) => searchUsers(db, pool, search, after, 61))
      expect(plans.length).toBeLessThanOrEqual(2)
      for (const plan of plans) {
        // PostgreSQL may find it cheaper to leave out the few that have the other flag than to read another index.
        const index = search.column === 'enabled' ? '(pool|enabled)' : search.column
        expect(plan).toMatch(new RegExp(`\\b(users|user_search)_by_${index}\\b`))
        expect(readsInOrder(plan), plan).toBe(true)
      }
    })

    it.each<[string, KeyRange | undefined, string]>([
      ['all', undefined, ''],
      ['a later page', undefined, '00000400'],
      ['a prefix', { from: '00000', to: '00001' }, '00000100'],
      ['one', { equals: '00000004-0000-4000-8000-small0000000' }, ''],
    ])('read users by sub in the order of an index: %s', async (_title, range, after) => {
      for (const pool of [small, large]) {
        const plans = await plansOf(database, (db) => listUsersBySub(db, pool, range, after, 61))
        expect(plans).toHaveLength(1)
        expect(readsInOrder(plans[0] as string), plans[0]).toBe(true)
      }
    })

    it('are told from those that scan or sort', async () => {
      const [scan] = await plansOf(database, (db) =>
        db.selectFrom('users').selectAll().where('mfa', '=', 'x').execute(),
      )
      const [sort] = await plansOf(database, (db) =>
        db.selectFrom('user_search').selectAll().where('user_pool_id', '=', large.id).orderBy('email').execute(),
      )
      expect([readsInOrder(scan as string), readsInOrder(sort as string)]).toEqual([false, false])
    })
  })
})
