import { afterEach, describe, expect, it } from 'vitest'
import { engines } from '../../test/harness.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { runDue } from '../../test/queue-runs.ts'
import { analyze, openTestDatabase, plansOf, readsInOrder } from '../../test/statement-plans.ts'
import { purging } from '../queues.ts'
import type { Database } from './database.ts'
import { openDatabase } from './open.ts'
import { purges } from './purge.ts'
import { PURGE_MARGIN_MS } from './purge-rules.ts'

const opened: Database[] = []
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})

describe.each(engines)('purging on %s', (engine) => {
  it('removes what has expired, however much, and nothing else', async () => {
    const settings =
      engine === 'postgres'
        ? ({ engine, url: await postgresUrl(), connections: 4 } as const)
        : ({ engine, path: ':memory:' } as const)
    const database = await openDatabase(settings, () => undefined)
    opened.push(database)
    const { db } = database
    const attempts = Array.from({ length: 1300 }, (_, i) => ({
      subject: `s${i}`,
      kind: 'password',
      user_pool_id: 'p',
      state: '{}',
      expires_at: i < 1250 ? i : 10_000,
    }))
    for (let i = 0; i < attempts.length; i += 500)
      await db
        .insertInto('attempts')
        .values(attempts.slice(i, i + 500))
        .execute()
    await db
      .insertInto('spent_ids')
      .values([
        { id: 'old', user_pool_id: 'p', expires_at: 1 },
        { id: 'new', user_pool_id: 'p', expires_at: 9999 },
      ])
      .execute()
    await db
      .insertInto('revoked_sign_ins')
      .values([
        { user_sub: 's', origin_jti: 'old', user_pool_id: 'p', expires_at: 1 },
        { user_sub: 's', origin_jti: 'new', user_pool_id: 'p', expires_at: 9999 },
      ])
      .execute()
    const code = { user_pool_id: 'p', code_mac: '', attribute: 'email', value_sealed: '', created_at: 0, tries: 0 }
    const codes = Array.from({ length: 600 }, (_, i) => ({
      ...code,
      user_sub: `s${i}`,
      purpose: 'sign-up',
      expires_at: i < 590 ? i : 10_000,
    }))
    await db.insertInto('codes').values(codes.slice(0, 300)).execute()
    await db.insertInto('codes').values(codes.slice(300)).execute()
    await db
      .insertInto('codes')
      .values({ ...code, user_sub: 's0', purpose: 'forgot-password', expires_at: 9999 })
      .execute()
    const parts = { database, clock: { now: () => 5000 + PURGE_MARGIN_MS } }
    await runDue(parts, purging(parts), 1)
    expect(await db.selectFrom('codes').select('user_sub').execute()).toHaveLength(101)
    expect(await db.selectFrom('jobs').select(['payload', 'lease']).execute()).toEqual([
      { payload: '[0,499]', lease: '' },
    ])
    await runDue(parts, purging(parts))
    expect(await db.selectFrom('codes').select('user_sub').execute()).toHaveLength(11)
    expect(await db.selectFrom('attempts').select('subject').execute()).toHaveLength(50)
    expect(await db.selectFrom('spent_ids').select('id').execute()).toEqual([{ id: 'new' }])
    expect(await db.selectFrom('revoked_sign_ins').select('origin_jti').execute()).toEqual([{ origin_jti: 'new' }])
    // The next round begins a minute later, with the first row.
    expect(await db.selectFrom('jobs').select(['due_at', 'payload', 'lease']).execute()).toEqual([
      { due_at: 65_000 + PURGE_MARGIN_MS, payload: '', lease: '' },
    ])
    await db.insertInto('spent_ids').values({ id: 'late', user_pool_id: 'p', expires_at: 0 }).execute()
    const later = { database, clock: { now: () => 65_000 + PURGE_MARGIN_MS } }
    await runDue(later, purging(later))
    expect(await db.selectFrom('spent_ids').select('id').execute()).toEqual([])
  })

  it('finds what has expired by an index', async () => {
    const database = await openTestDatabase(engine)
    opened.push(database)
    await analyze(database)
    const plans = await plansOf(database, async (db) => {
      for (const purge of purges) await purge.find(db, 5000, 1000, 500)
    })
    expect(plans).toHaveLength(purges.length)
    expect(plans.filter((plan) => !readsInOrder(plan))).toEqual([])
  })
})
