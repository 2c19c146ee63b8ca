import { describe, expect, it } from 'vitest'
import { sqlOf } from '../../../test/executed-statements.ts'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import { type UserTable, userTables } from '../../database/owned-tables.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { newUser } from './new-user.ts'
import { findRemovableUsers, removeUsers } from './user-removal-store.ts'
import {
  deleteUser,
  findNameHolder,
  findUser,
  findUserBySub,
  insertUser,
  NameTaken,
  replaceUser,
  type StoredUser,
  touchUser,
} from './user-store.ts'

const poolNamed = (id: string, more: Partial<UserPoolSettings> = {}): UserPool => ({
  id: `us-east-1_${id}`,
  region: 'us-east-1',
  replicas: [],
  settings: { Name: id, SchemaAttributes: [], ...more },
  createdAt: 0,
  updatedAt: 0,
  version: 1,
})

let made = 0
const makeUser = (pool: UserPool, username: string, attributes: Record<string, string> = {}): StoredUser => ({
  ...newUser(
    {
      sub: `${(++made).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
      userPoolId: pool.id,
      username,
      status: 'CONFIRMED',
      attributes,
    },
    10,
    { credential: 'sealed', credentialSetAt: 5, credentialHistory: '' },
  ),
  tokenGeneration: 2,
  mfa: { PreferredMfaSetting: 'SMS_MFA' },
  updatedAt: 20,
})

describe.each(engines)('user-store on %s', (engine) => {
  const parts = useParts(engine)
  const insert = (pool: UserPool, user: StoredUser) => parts.database.transaction((db) => insertUser(db, pool, user))
  const replace = (pool: UserPool, before: StoredUser, after: Partial<StoredUser>) =>
    parts.database.transaction((db) => replaceUser(db, pool, before, { ...before, ...after }))
  const names = async (user: StoredUser) =>
    (await parts.db.selectFrom('user_names').select('name_key').where('user_sub', '=', user.sub).execute())
      .map((row) => row.name_key)
      .sort()
  const keys = async (user: StoredUser) => {
    const query = parts.db.selectFrom('user_search').selectAll()
    const rows = await query.where('user_sub', '=', user.sub).where('user_pool_id', '=', user.userPoolId).execute()
    const [row] = rows.map(({ user_sub, user_pool_id, ...columns }) => columns)
    return row && Object.fromEntries(Object.entries(row).filter(([, key]) => key !== null))
  }

  /** How many rows a user has in each table of users. */
  async function rowsOf(user: StoredUser): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const [table, column] of Object.entries(userTables)) {
      const owner = column === 'subject' ? column : 'user_sub'
      const query = parts.db.selectFrom(table as 'users').select('user_pool_id')
      counts[table] = (await query.where(owner as 'user_sub', '=', user.sub).execute()).length
    }
    return counts
  }

  /** A row of the user in every table of users that has none. */
  async function fillTables(user: StoredUser): Promise<void> {
    const counts = await rowsOf(user)
    for (const { name, columns } of await parts.database.db.introspection.getTables()) {
      if (counts[name] !== 0) continue
      const row = columns.map((column) => [column.name, /int/i.test(column.dataType) ? 0 : 'x'])
      const owner = { user_pool_id: user.userPoolId, [userTables[name as UserTable]]: user.sub }
      await parts.db
        .insertInto(name as 'users')
        .values({ ...Object.fromEntries(row), ...owner })
        .execute()
    }
  }

  it('reads back what was written, by every name, in its own pool only', async () => {
    const pool = poolNamed('read', { AliasAttributes: ['email'] })
    const user = makeUser(pool, 'Ann', { email: 'ann@x', email_verified: 'true' })
    await insert(pool, user)
    for (const name of ['Ann', 'ann@x', user.sub]) expect(await findUser(parts.db, pool, name)).toEqual(user)
    for (const name of ['ann', 'ANN@x', '', 'a\0b', '\ud800']) {
      expect(await findUser(parts.db, pool, name)).toBeUndefined()
    }
    const other = poolNamed('other', { AliasAttributes: ['email'] })
    for (const name of ['Ann', 'ann@x', user.sub]) expect(await findUser(parts.db, other, name)).toBeUndefined()
  })

  it('runs the same statements for an unknown user', async () => {
    const pool = poolNamed('nobody')
    await insert(pool, makeUser(pool, 'ann'))
    const find = (name: string) => sqlOf(() => findUser(parts.db, pool, name))
    await find('ann')
    expect(await find('ghost')).toEqual(await find('ann'))
    expect(await find('ghost')).toHaveLength(2)
  })

  it('keeps one holder for a name, whatever its kind', async () => {
    const pool = poolNamed('taken', { AliasAttributes: ['email', 'preferred_username'] })
    const ann = makeUser(pool, 'ann', { preferred_username: 'boss' })
    await insert(pool, ann)
    expect(await findNameHolder(parts.db, pool.id, '=boss')).toEqual({ sub: ann.sub, kind: 'preferred_username' })
    const rival = makeUser(pool, 'boss')
    await expect(insert(pool, rival)).rejects.toMatchObject({ kind: 'username' })
    await expect(insert(pool, rival)).rejects.toBeInstanceOf(NameTaken)
    expect(await findUserBySub(parts.db, pool.id, rival.sub)).toBeUndefined()
    expect(await names(rival)).toEqual([])
    const late = makeUser(pool, 'late')
    await insert(pool, late)
    await expect(replace(pool, late, { attributes: { preferred_username: 'ann' } })).rejects.toMatchObject({
      kind: 'preferred_username',
    })
  })

  it('says which of several names is taken, and then reserves none', async () => {
    const pool = poolNamed('several', { UsernameAttributes: ['email', 'phone_number'] })
    const holder = makeUser(pool, 'x', { email: 'held@x', phone_number: '+1' })
    await insert(pool, { ...holder, username: holder.sub })
    const rival = makeUser(pool, 'y', { email: 'free@x', phone_number: '+1' })
    await expect(insert(pool, { ...rival, username: rival.sub })).rejects.toMatchObject({ kind: 'phone_number' })
    const both = makeUser(pool, 'z', { email: 'held@x', phone_number: '+1' })
    await expect(insert(pool, { ...both, username: both.sub })).rejects.toMatchObject({ kind: 'email' })
    expect([await names(rival), await names(both)]).toEqual([[], []])
  })

  it('finds a user whose username is the sub without a reserved name', async () => {
    const pool = poolNamed('by-sub', { UsernameAttributes: ['email'] })
    const made = makeUser(pool, 'x', { email: 'ann@x' })
    const user = { ...made, username: made.sub }
    await insert(pool, user)
    expect(await names(user)).toEqual(['=ann@x'])
    for (const name of [user.sub, 'ann@x']) expect(await findUser(parts.db, pool, name)).toEqual(user)
  })

  it('refuses the sub of another user as a name', async () => {
    const pool = poolNamed('subs', { AliasAttributes: ['preferred_username'] })
    const ann = makeUser(pool, 'ann')
    await insert(pool, ann)
    await expect(insert(pool, makeUser(pool, ann.sub))).rejects.toMatchObject({ kind: 'username' })
    const bob = makeUser(pool, 'bob')
    await insert(pool, bob)
    await expect(replace(pool, bob, { attributes: { preferred_username: ann.sub } })).rejects.toBeInstanceOf(NameTaken)
    await replace(pool, bob, { attributes: { preferred_username: bob.sub } })
    const elsewhere = poolNamed('subs2')
    await insert(elsewhere, makeUser(elsewhere, ann.sub))
  })

  it('writes only over the version that was read', async () => {
    const pool = poolNamed('versions')
    const user = makeUser(pool, 'ann')
    await insert(pool, user)
    expect(await replace(pool, user, { status: 'RESET_REQUIRED' })).toBe(true)
    expect(await replace(pool, user, { status: 'CONFIRMED' })).toBe(false)
    const now = await findUserBySub(parts.db, pool.id, user.sub)
    expect(now).toMatchObject({ status: 'RESET_REQUIRED', version: 2 })
    expect(await touchUser(parts.db, pool.id, user.sub)).toBe(true)
    expect(await replace(pool, now as StoredUser, { enabled: false })).toBe(false)
    expect(await touchUser(parts.db, pool.id, 'nobody')).toBe(false)
  })

  it('keeps names and search keys in step with every change', async () => {
    const pool = poolNamed('step', { AliasAttributes: ['email'] })
    const user = makeUser(pool, 'ann', { email: 'One@x', email_verified: 'true', name: 'A' })
    await insert(pool, user)
    expect(await names(user)).toEqual(['=One@x', '=ann'])
    const attributes = { email: 'two@x', email_verified: 'true', given_name: 'G' }
    await replace(pool, user, { attributes, enabled: false })
    expect(await names(user)).toEqual(['=ann', '=two@x'])
    expect(await keys(user)).toEqual({ username: 'ann', email: 'two@x', given_name: 'g' })
    await replace(pool, { ...user, attributes, enabled: false, version: 2 }, { attributes: { email: 'two@x' } })
    expect(await names(user)).toEqual(['=ann'])
  })

  it('deletes a user with every row that belongs to it, once', async () => {
    const pool = poolNamed('delete')
    const users = ['a', 'b', 'c'].map((name) => makeUser(pool, name))
    for (const user of users) await insert(pool, user)
    const [gone, kept] = users as [StoredUser, StoredUser]
    for (const user of [gone, kept]) await fillTables(user)
    const remove = () => parts.database.transaction((db) => deleteUser(db, pool, gone.sub))
    expect([await remove(), await remove()]).toEqual([true, false])
    const counted = Object.keys(userTables).map((table) => [table, 1])
    expect(await rowsOf(kept)).toEqual(Object.fromEntries(counted))
    expect(await rowsOf(gone)).toEqual(Object.fromEntries(counted.map(([table]) => [table, 0])))
    await insert(pool, makeUser(pool, 'a'))
  })

  it('frees the names that a user has when it is deleted, not those of an earlier version', async () => {
    const pool = poolNamed('renamed', { AliasAttributes: ['email'] })
    const user = makeUser(pool, 'ann', { email: 'one@x', email_verified: 'true' })
    await insert(pool, user)
    await replace(pool, user, { attributes: { email: 'two@x', email_verified: 'true' } })
    const other = makeUser(pool, 'bob', { email: 'one@x', email_verified: 'true' })
    await insert(pool, other)
    await parts.database.transaction((db) => deleteUser(db, pool, user.sub))
    expect([await names(user), await names(other)]).toEqual([[], ['=bob', '=one@x']])
  })

  it('removes users of a deleted pool without its settings, with every name, in the order of subs', async () => {
    const pool = poolNamed('lost', {
      AliasAttributes: ['email', 'preferred_username'],
      UsernameConfiguration: { CaseSensitive: false },
    })
    const attributes = { email: 'Ann@X', email_verified: 'true', preferred_username: 'Boss' }
    const users = [makeUser(pool, 'Ann', attributes), makeUser(pool, 'Bob'), makeUser(pool, 'Cyd')] as const
    for (const user of users) await insert(pool, user)
    for (const user of users.slice(0, 2)) await fillTables(user)
    expect(await names(users[0])).toEqual(['=ann', '=ann@x', '=boss'])
    const found = await findRemovableUsers(parts.db, pool.id, '', 2)
    expect(found.map(({ sub }) => sub)).toEqual([users[0].sub, users[1].sub])
    for (let twice = 0; twice < 2; twice++) await removeUsers(parts.db, pool.id, found)
    for (const user of users.slice(0, 2)) expect(new Set(Object.values(await rowsOf(user)))).toEqual(new Set([0]))
    expect(await names(users[2])).toEqual(['=cyd'])
    expect((await findRemovableUsers(parts.db, pool.id, found[1]?.sub ?? '', 2)).map(({ sub }) => sub)).toEqual([
      users[2].sub,
    ])
  })
})
