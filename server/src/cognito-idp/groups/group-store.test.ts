import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { runDue } from '../../../test/queue-runs.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import type { Database } from '../../database/database.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { insertUser, type StoredUser } from '../users/user-store.ts'
import { groupRemovals } from './group-removal.ts'
import {
  countNewGroup,
  deleteGroup,
  findGroup,
  type Group,
  groupsOfUser,
  insertGroup,
  insertMember,
  listGroups,
  listGroupsOfUser,
  listMembers,
} from './group-store.ts'
import { findMembersAfter } from './removal-store.ts'

const pool: UserPool = {
  id: 'us-east-1_groups',
  region: 'us-east-1',
  replicas: [],
  settings: { Name: 'p', SchemaAttributes: [] },
  createdAt: 0,
  updatedAt: 0,
  version: 1,
}

const group = (name: string, incarnation = 1): Group => ({
  id: `${name}#${incarnation}`,
  name,
  userPoolId: pool.id,
  description: undefined,
  roleArn: undefined,
  precedence: undefined,
  createdAt: 0,
  updatedAt: 0,
  version: 1,
})

const user = (sub: string): StoredUser => ({
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
})

const subOf = (number: number): string => `user-${String(number).padStart(6, '0')}`

describe.each(engines)('groups on %s', (engine) => {
  let database: Database

  beforeAll(async () => {
    database = await openTestDatabase(engine)
    for (const sub of ['ann', 'bob']) await database.transaction((db) => insertUser(db, pool, user(sub)))
  })
  afterAll(() => database?.close())

  const remove = (gone: Group, now = 0) => database.transaction((db) => deleteGroup(db, gone, now))
  const memberRows = (groupId: string) =>
    database.db.selectFrom('group_members').select('user_sub').where('group_id', '=', groupId).execute()

  it('ignores member rows of a deleted group of its name, even ones written after the deletion', async () => {
    const { db } = database
    const first = group('reborn')
    await insertGroup(db, first)
    await insertMember(db, first, 'ann', 0)
    await remove(first)
    // A request that had found the group before it was deleted.
    await insertMember(db, first, 'bob', 0)
    const second = group('reborn', 2)
    await insertGroup(db, second)
    expect(await listMembers(db, second, '', 10)).toEqual([])
    expect(await groupsOfUser(db, pool.id, 'ann')).toEqual([])
    await insertMember(db, second, 'ann', 0)
    expect((await listMembers(db, second, '', 10)).map(({ sub }) => sub)).toEqual(['ann'])
    expect((await groupsOfUser(db, pool.id, 'ann')).map(({ id }) => id)).toEqual([second.id])
    expect(await groupsOfUser(db, pool.id, 'bob')).toEqual([])
  })

  it('is deleted as itself only', async () => {
    await insertGroup(database.db, group('self', 2))
    expect(await remove(group('self', 1))).toBe(false)
    expect(await findGroup(database.db, pool.id, 'self')).toEqual(group('self', 2))
  })

  it('counts the groups of a pool up to a limit, and deleted ones no more', async () => {
    const count = () => countNewGroup(database.db, 'us-east-1_counted', 3)
    expect([await count(), await count(), await count(), await count()]).toEqual([true, true, true, false])
    const gone = { ...group('counted'), userPoolId: 'us-east-1_counted' }
    await insertGroup(database.db, gone)
    await remove(gone)
    expect([await count(), await count()]).toEqual([true, false])
  })

  it('allows no more groups than the limit to concurrent requests', async () => {
    const tries = Array.from({ length: 12 }, () =>
      database.transaction((db) => countNewGroup(db, 'us-east-1_rivals', 5)),
    )
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(5)
  })

  it('loses its member rows a while after its deletion, and other groups keep theirs', async () => {
    const { db } = database
    const gone = group('gone')
    const kept = group('kept')
    for (const made of [gone, kept]) await insertGroup(db, made)
    const rows = Array.from({ length: 1100 }, (_, number) => ({
      user_sub: subOf(number),
      user_pool_id: pool.id,
      group_name: gone.name,
      group_id: gone.id,
      created_at: 0,
    }))
    await db.insertInto('group_members').values(rows).execute()
    await insertMember(db, kept, subOf(1), 0)
    await remove(gone, 1_000_000)
    const run = (now: number, steps?: number) => {
      const parts = { database, clock: { now: () => now } }
      return runDue(parts, groupRemovals(parts), steps)
    }
    await run(1_000_000 + 59_000)
    expect(await memberRows(gone.id)).toHaveLength(1100)
    await run(1_000_000 + 61_000, 1)
    expect(await memberRows(gone.id)).toHaveLength(600)
    await run(1_000_000 + 61_000)
    expect(await memberRows(gone.id)).toEqual([])
    expect(await memberRows(kept.id)).toHaveLength(1)
    expect(await db.selectFrom('jobs').select('id').where('owner', '=', gone.id).execute()).toEqual([])
  })

  it('is read in the order of an index, page by page', async () => {
    const { db } = database
    const large = group('large')
    const many = Array.from({ length: 2000 }, (_, number) => group(`many-${number}`))
    for (let start = 0; start < many.length; start += 200) {
      const rows = many.slice(start, start + 200).map((made) => ({
        group_name: made.name,
        user_pool_id: pool.id,
        group_id: made.id,
        description: null,
        role_arn: null,
        precedence: null,
        created_at: 0,
        updated_at: 0,
        version: 1,
      }))
      await db.insertInto('groups').values(rows).execute()
      const members = Array.from({ length: 200 }, (_, offset) => ({
        user_sub: subOf(start + offset),
        user_pool_id: pool.id,
        group_name: large.name,
        group_id: large.id,
        created_at: 0,
      }))
      await db.insertInto('group_members').values(members).execute()
      const users = members.map(({ user_sub }) => ({
        user_sub,
        user_pool_id: pool.id,
        username: user_sub,
        status: 'CONFIRMED',
        enabled: 1,
        attributes: '{}',
        credential_sealed: 'x'.repeat(1800),
        credential_set_at: 0,
        credential_history_sealed: '',
        token_generation: 0,
        mfa: '{}',
        identities: '[]',
        created_at: 0,
        updated_at: 0,
        version: 1,
      }))
      await db.insertInto('users').values(users).execute()
    }
    await analyze(database)
    const plans = [
      ...(await plansOf(database, (watched) => listGroups(watched, pool.id, 'many-3', 61))),
      ...(await plansOf(database, (watched) => listMembers(watched, large, subOf(500), 61))),
      ...(await plansOf(database, (watched) => findMembersAfter(watched, large.id, subOf(500), 61))),
    ]
    expect(plans).toHaveLength(3)
    for (const plan of plans) expect(readsInOrder(plan), plan).toBe(true)
    // At most 100 groups of one user: a sort of so few does no harm, a scan would.
    const [own] = await plansOf(database, (watched) => listGroupsOfUser(watched, pool.id, subOf(1), '', 61))
    expect(own).not.toMatch(/Seq Scan|\bSCAN\b/)
  })
})
