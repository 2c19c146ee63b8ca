// Runs the migrations that a database has not seen, in order, at every start.
//
// Several processes may start at once, and engines differ in what DDL may do inside a transaction, so there is no lock
// and no transaction. Each step is one idempotent statement (`if not exists`); in a race with another process it either
// changes nothing or fails with "already exists", which counts as success. A step is recorded when it is done. Adding a
// column has no `if not exists` on every engine, and counts as idempotent all the same.
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { sql } from '../kysely.ts'
import type { Schema } from '../schema.ts'
import { firstTables } from './0001-first-tables.ts'
import { codeTries } from './0002-code-tries.ts'
import { iam } from './0003-iam.ts'
import { identityPools } from './0004-identity-pools.ts'

export interface Step {
  name: string
  statement: string
}

const steps: readonly Step[] = [...firstTables, ...codeTries, ...iam, ...identityPools]

// PostgreSQL: duplicate table, duplicate object, unique violation in its catalogue (two `create if not exists` at once),
// duplicate column.
const ALREADY_THERE = new Set(['42P07', '42710', '23505', '42701'])

// SQLite has neither a code of its own for this nor `add column if not exists`.
const COLUMN_ALREADY_THERE = /^duplicate column name\b/

/** Applies all steps not yet recorded in `migrations`. Safe with several processes at once. */
export async function migrate(database: Database): Promise<void> {
  const { db } = database
  await runStep(db, database.engine, 'create table if not exists migrations (name text primary key)')
  const done = new Set(
    (await sql<{ name: string }>`select name from migrations`.execute(db)).rows.map((row) => row.name),
  )
  for (const step of steps) {
    if (done.has(step.name)) continue
    await runStep(db, database.engine, step.statement)
    await sql`insert into migrations (name) values (${step.name}) on conflict (name) do nothing`.execute(db)
  }
}

async function runStep(db: Kysely<Schema>, engine: Database['engine'], statement: string): Promise<void> {
  try {
    await sql.raw(forEngine(statement, engine)).execute(db)
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (!ALREADY_THERE.has(code ?? '') && !COLUMN_ALREADY_THERE.test(message)) throw error
  }
}

// `key` is text compared by bytes: SQLite's default, PostgreSQL's "C" collation.
function forEngine(statement: string, engine: Database['engine']): string {
  return engine === 'sqlite'
    ? statement.replaceAll(/\bkey_text\b/g, 'text').replaceAll(/\bbigint\b/g, 'integer')
    : statement.replaceAll(/\bkey_text\b/g, 'text collate "C"').replace(/ without rowid$/, '')
}
