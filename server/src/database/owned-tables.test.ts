import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../test/harness.ts'
import { openTestDatabase } from '../../test/statement-plans.ts'
import type { Database } from './database.ts'
import { poolTables, tablesThatOutlive, userTables } from './owned-tables.ts'

describe.each(engines)('the lists of who owns which rows on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database?.close())

  const columns = async (): Promise<Map<string, string[]>> => {
    const tables = await database.db.introspection.getTables()
    return new Map(tables.map((table) => [table.name, table.columns.map((column) => column.name)]))
  }

  it('name every table with a user or a user pool in it, once', async () => {
    const listed = [...Object.keys(userTables), ...poolTables, ...Object.keys(tablesThatOutlive)].sort()
    const owned = [...(await columns())].filter(
      ([, names]) => names.includes('user_sub') || names.includes('user_pool_id'),
    )
    expect(listed).toEqual(owned.map(([name]) => name).sort())
  })

  it('name the columns that find the rows', async () => {
    const found = await columns()
    for (const [table, column] of Object.entries(userTables))
      expect(found.get(table), table).toEqual(expect.arrayContaining([column, 'user_pool_id']))
    for (const table of poolTables) expect(found.get(table), table).toContain('user_pool_id')
  })
})
