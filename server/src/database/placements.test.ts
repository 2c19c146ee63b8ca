import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Engine, engines } from '../../test/harness.ts'
import { openTestDatabase } from '../../test/statement-plans.ts'
import type { Database } from './database.ts'
import {
  colocationOf,
  type Placement,
  type Placements,
  placementStatements,
  placements,
  type TableName,
} from './placements.ts'

/** Columns of a table's primary key, in its order, with their types. */
type Catalogue = ReadonlyMap<string, readonly { name: string; type: string }[]>

const inCatalogue: {
  readonly [Name in Engine]: ReturnType<typeof sql<{ table: string; name: string; type: string }>>
} = {
  sqlite: sql`
    select tables.name as "table", columns.name as name, columns.type as type
    from sqlite_schema as tables left join pragma_table_info(tables.name) as columns on columns.pk > 0
    where tables.type = 'table' and tables.name not like 'sqlite_%'
    order by tables.name, columns.pk`,
  postgres: sql`
    select tables.relname as "table", columns.attname as name, columns.atttypid::regtype::text as type
    from pg_class as tables
    left join pg_index as keys on keys.indrelid = tables.oid and keys.indisprimary
    left join unnest(keys.indkey) with ordinality as places (attnum, place) on true
    left join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum = places.attnum
    where tables.relkind = 'r' and tables.relnamespace = current_schema()::regnamespace
    order by tables.relname, places.place`,
}

describe.each(engines)('placements of the tables of %s', (engine) => {
  let database: Database
  let keys: Catalogue
  beforeAll(async () => {
    database = await openTestDatabase(engine)
    const { rows } = await inCatalogue[engine].execute(database.db)
    keys = new Map(rows.map(({ table }) => [table, rows.filter((row) => row.table === table)]))
  })
  afterAll(() => database.close())

  it('are there for every table but that of migrations, and for no other', () => {
    expect([...keys.keys()].sort()).toEqual([...Object.keys(placements), 'migrations'].sort())
  })

  it('spread a table by the first column of its primary key, beside one that lies by itself', () => {
    const distributed = Object.entries<Placement>(placements).filter(([, placement]) => placement !== 'reference')
    expect(distributed.length).toBeGreaterThan(10)
    for (const [table, placement] of distributed as [TableName, Exclude<Placement, 'reference'>][]) {
      const [first] = keys.get(table) ?? []
      expect(first?.name, table).toBe(placement.by)
      const head = colocationOf(table) as TableName
      expect(colocationOf(head), table).toBe(head)
      expect(first?.type, table).toBe(keys.get(head)?.[0]?.type)
    }
  })
})

it('a table without a placement does not compile', () => {
  const { users, ...others } = placements
  // @ts-expect-error: `users` is missing.
  const incomplete: Placements = others
  // @ts-expect-error: `users` has no such column.
  const wrong: Placements = { ...placements, users: { by: 'subject' } }
  expect([incomplete.users, wrong.users]).not.toContain(users)
})

it('tables that lie together have one at their head', () => {
  expect(colocationOf('attempts')).toBe('users')
  expect(colocationOf('users')).toBe('users')
  expect(colocationOf('user_names')).toBe('user_names')
  expect(colocationOf('groups')).toBeUndefined()
})

describe('the statements that place tables', () => {
  const statements = placementStatements()

  it('are one for each table, after the one that it lies beside', () => {
    expect(statements).toHaveLength(Object.keys(placements).length + 1)
    expect(statements).toContain("select create_reference_table('user_pools')")
    expect(statements).toContain("select create_reference_table('migrations')")
    const head = statements.indexOf("select create_distributed_table('users', 'user_sub', colocate_with => 'none')")
    const beside = statements.indexOf(
      "select create_distributed_table('attempts', 'subject', colocate_with => 'users')",
    )
    expect(head).toBeGreaterThanOrEqual(0)
    expect(beside).toBeGreaterThan(head)
  })

  it('are what scripts/placements.mjs prints', () => {
    const script = resolve(import.meta.dirname, '../../../scripts/placements.mjs')
    const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' })
    expect(stdout, stderr).toBe(statements.map((statement) => `${statement};\n`).join(''))
  })
})
