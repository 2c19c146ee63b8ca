import { describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { useParts } from '../../../test/parts.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
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
  settings: { Name: id, SchemaAttributes: [], ...more },
  createdAt: 0,
  updatedAt: 0,
  version: 1,
})

let made = 0
const newUser = (pool: UserPool, username: string, attributes: Record<string, string> = {}): StoredUser => ({
  sub: `${(++made).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
  userPoolId: pool.id,
  username,
  status: 'CONFIRMED',
  enabled: true,
  attributes,
  credential: 'sealed',
  credentialSetAt: 5,
  credentialHistory: '',
  tokenGeneration: 2,
  mfa: { PreferredMfaSetting: 'SMS_MFA' },
  createdAt: 10,
  updatedAt: 20,
  version: 1,
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
    const query = parts.db.selectFrom('user_search').select(['attribute', 'value_key'])
    const rows = await query.where('user_sub', '=', user.sub).where('user_pool_id', '=', user.userPoolId).execute()
    return Object.fromEntries(rows.map((row) => [row.attribute, row.value_key]))
  }

  it('reads back what was written, by every name, in its own pool only', async () => {
    const pool = poolNamed('read', { AliasAttributes: ['email'] })
    const user = newUser(pool, 'Ann', { email: 'ann@x', email_verified: 'true' })
    await insert(pool, user)
    for (const name of ['Ann', 'ann@x', user.sub]) expect(await findUser(parts.db, pool, name)).toEqual(user)
    for (const name of ['ann', 'ANN@x', '', 'a\0b', '\ud800']) {
      expect(await findUser(parts.db, pool, name)).toBeUndefined()
    }
    const other = poolNamed('other', { AliasAttributes: ['email'] })
    for (const name of ['Ann', 'ann@x', user.sub]) expect(await findUser(parts.db, other, name)).toBeUndefined()
  })

  it('keeps one holder for a name, whatever its kind', async () => {
    const pool = poolNamed('taken', { AliasAttributes: ['email', 'preferred_username'] })
    const ann = newUser(pool, 'ann', { preferred_username: 'boss' })
    await insert(pool, ann)
    expect(await findNameHolder(parts.db, pool.id, '=boss')).toEqual({ sub: ann.sub, kind: 'preferred_username' })
    const rival = newUser(pool, 'boss')
    await expect(insert(pool, rival)).rejects.toMatchObject({ kind: 'username' })
    await expect(insert(pool, rival)).rejects.toBeInstanceOf(NameTaken)
    expect(await findUserBySub(parts.db, pool.id, rival.sub)).toBeUndefined()
    expect(await names(rival)).toEqual([])
    const late = newUser(pool, 'late')
    await insert(pool, late)
    await expect(replace(pool, late, { attributes: { preferred_username: 'ann' } })).rejects.toMatchObject({
      kind: 'preferred_username',
    })
  })

  it('says which of several names is taken, and then reserves none', async () => {
    const pool = poolNamed('several', { UsernameAttributes: ['email', 'phone_number'] })
    const holder = newUser(pool, 'x', { email: 'held@x', phone_number: '+1' })
    await insert(pool, { ...holder, username: holder.sub })
    const rival = newUser(pool, 'y', { email: 'free@x', phone_number: '+1' })
    await expect(insert(pool, { ...rival, username: rival.sub })).rejects.toMatchObject({ kind: 'phone_number' })
    const both = newUser(pool, 'z', { email: 'held@x', phone_number: '+1' })
    await expect(insert(pool, { ...both, username: both.sub })).rejects.toMatchObject({ kind: 'email' })
    expect([await names(rival), await names(both)]).toEqual([[], []])
  })

  it('knows a user whose username is the sub without a name for it', async () => {
    const pool = poolNamed('by-sub', { UsernameAttributes: ['email'] })
    const made = newUser(pool, 'x', { email: 'ann@x' })
    const user = { ...made, username: made.sub }
    await insert(pool, user)
    expect(await names(user)).toEqual(['=ann@x'])
    for (const name of [user.sub, 'ann@x']) expect(await findUser(parts.db, pool, name)).toEqual(user)
  })

  it('gives nobody the sub of another as a name', async () => {
    const pool = poolNamed('subs', { AliasAttributes: ['preferred_username'] })
    const ann = newUser(pool, 'ann')
    await insert(pool, ann)
    await expect(insert(pool, newUser(pool, ann.sub))).rejects.toMatchObject({ kind: 'username' })
    const bob = newUser(pool, 'bob')
    await insert(pool, bob)
    await expect(replace(pool, bob, { attributes: { preferred_username: ann.sub } })).rejects.toBeInstanceOf(NameTaken)
    await replace(pool, bob, { attributes: { preferred_username: bob.sub } })
    const elsewhere = poolNamed('subs2')
    await insert(elsewhere, newUser(elsewhere, ann.sub))
  })

  it('writes only over the version that was read', async () => {
    const pool = poolNamed('versions')
    const user = newUser(pool, 'ann')
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
    const user = newUser(pool, 'ann', { email: 'One@x', email_verified: 'true', name: 'A' })
    await insert(pool, user)
    expect(await names(user)).toEqual(['=One@x', '=ann'])
    const attributes = { email: 'two@x', email_verified: 'true', given_name: 'G' }
    await replace(pool, user, { attributes, enabled: false })
    expect(await names(user)).toEqual(['=ann', '=two@x'])
    expect(await keys(user)).toEqual({
      username: 'ann',
      status: 'Disabled',
      'cognito:user_status': 'confirmed',
      email: 'two@x',
      given_name: 'g',
    })
    await replace(pool, { ...user, attributes, enabled: false, version: 2 }, { attributes: { email: 'two@x' } })
    expect(await names(user)).toEqual(['=ann'])
  })

  it('deletes a user with all that hangs on it, once', async () => {
    const pool = poolNamed('delete')
    const users = ['a', 'b', 'c'].map((name) => newUser(pool, name))
    for (const user of users) await insert(pool, user)
    const [gone] = users as [StoredUser]
    await parts.db
      .insertInto('attempts')
      .values({ subject: gone.sub, kind: 'password', user_pool_id: pool.id, state: '{}', expires_at: 1 })
      .execute()
    const remove = () => parts.database.transaction((db) => deleteUser(db, gone))
    expect([await remove(), await remove()]).toEqual([true, false])
    expect([await names(gone), await keys(gone)]).toEqual([[], {}])
    const left = await parts.db.selectFrom('attempts').selectAll().where('subject', '=', gone.sub).execute()
    expect(left).toEqual([])
    await insert(pool, newUser(pool, 'a'))
  })
})
