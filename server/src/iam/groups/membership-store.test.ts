// How statements on users, groups and keys are carried out when there are many; what they do is tested with operations.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../../test/statement-plans.ts'
import type { Database } from '../../database/database.ts'
import { hasAccessKeys, listAccessKeys } from '../access-keys/access-key-store.ts'
import { listEntities } from '../entity-store.ts'
import { listMembers } from './membership-store.ts'

describe.each(engines)('statements of lists (%s)', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    const { db } = database
    for (let batch = 0; batch < 10; batch++) {
      const keys = Array.from({ length: 200 }, (_, index) => `user/u${batch}-${index}`)
      const row = { kind: 'user', settings: '{}', created_at: 0, updated_at: 0, version: 1 }
      await db
        .insertInto('iam_entities')
        .values(keys.map((key) => ({ ...row, entity_key: key, path_key: key.slice(4), entity_id: key })))
        .execute()
      await db
        .insertInto('iam_memberships')
        .values(keys.map((user_key) => ({ user_key, group_key: 'group/all' })))
        .execute()
      await db
        .insertInto('iam_access_keys')
        .values(
          keys.map((user_key) => ({
            access_key_id: user_key,
            user_key,
            secret_sealed: '',
            status: 'Active',
            created_at: 0,
          })),
        )
        .execute()
    }
    await analyze(database)
  })
  afterAll(() => database.close())

  it('read one range of an index, in its order', async () => {
    const page = { pathPrefix: '/u', after: '/u4', limit: 101 }
    const plans = [
      ...(await plansOf(database, (db) => listMembers(db, 'group/all', 'user/u5', 101))),
      ...(await plansOf(database, (db) => listMembers(db, 'group/all', undefined, 1))),
      ...(await plansOf(database, (db) => listEntities(db, 'user', page))),
      ...(await plansOf(database, (db) => listAccessKeys(db, 'user/u1-1'))),
      ...(await plansOf(database, (db) => hasAccessKeys(db, 'user/u1-1'))),
    ]
    expect(plans).toHaveLength(5)
    for (const plan of plans) expect(readsInOrder(plan), plan).toBe(true)
  })
})
