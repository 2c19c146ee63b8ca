// Statements of migrations as the engine writes them.

import { sql } from 'kysely'
import type { Database } from '../database.ts'

/**
 * A function from a statement of a migration to the engine's form of it. `key_text` is text compared by bytes: SQLite's
 * default, PostgreSQL's collation "C", and what engines without collations have (older versions of CockroachDB). Whether
 * there is one is tried: such engines name versions of PostgreSQL that they do not have every part of.
 */
export async function spellingOf(database: Database): Promise<(statement: string) => string> {
  if (database.engine === 'sqlite')
    return (statement) => statement.replaceAll(/\bkey_text\b/g, 'text').replaceAll(/\bbigint\b/g, 'integer')
  const keyText = (await hasCollation(database)) ? 'text collate "C"' : 'text'
  return (statement) => statement.replaceAll(/\bkey_text\b/g, keyText).replace(/ without rowid$/, '')
}

// 0A not supported, 22 values and 42 names that it does not know. Anything else says nothing about collations.
const REFUSED = /^(0A|22|42)\w{3}$/

// As statements compare: a column that has it with a parameter, which has none.
async function hasCollation({ db }: Database): Promise<boolean> {
  try {
    await sql`select 1 from (select cast('a' as text) collate "C" as name) as t where name < cast('b' as text)`.execute(
      db,
    )
    return true
  } catch (error) {
    if (REFUSED.test((error as { code?: string }).code ?? '')) return false
    throw error
  }
}
