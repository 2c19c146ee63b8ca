import { sql } from 'kysely'
import { afterEach, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { openTestDatabase } from '../../../test/statement-plans.ts'
import type { Database } from '../database.ts'
import { migrate } from './migrate.ts'

const opened: Database[] = []
afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})

describe.each(engines)('migrations on %s', (engine) => {
  async function open(): Promise<Database> {
    const database = await openTestDatabase(engine)
    opened.push(database)
    return database
  }

  it('may stop after a step before it is noted: every step can be done again', async () => {
    const database = await open()
    await sql`delete from migrations`.execute(database.db)
    await migrate(database)
    const noted = await sql<{ name: string }>`select name from migrations`.execute(database.db)
    expect(noted.rows.length).toBeGreaterThan(20)
    await migrate(database)
  })

  it('take over the codes of a database from before tries were counted', async () => {
    const database = await open()
    await sql`drop index codes_by_expiry`.execute(database.db)
    await sql`alter table codes drop column tries`.execute(database.db)
    await sql`delete from migrations where name like '0002%'`.execute(database.db)
    await sql`insert into codes (user_sub, user_pool_id, purpose, code_mac, attribute, value_sealed, created_at, expires_at)
      values ('s', 'p', 'sign-up', 'm', 'email', 'v', 1, 2)`.execute(database.db)
    await migrate(database)
    expect(await database.db.selectFrom('codes').select(['user_sub', 'tries']).execute()).toEqual([
      { user_sub: 's', tries: 0 },
    ])
  })
})
