// Indexes on tables of PostgreSQL that may be full and in use are built while others write.
import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Schema } from '../schema.ts'

const ATTEMPTS = 10
const LOOK_AGAIN_MS = 200

/**
 * Builds the index `name` beside writers, however long that takes: `db` should have no time limits. `statement` is its
 * `create index if not exists`. A build that broke off leaves an index that is not used, and that `if not exists` takes for
 * the index: it is dropped and built again. While another process builds on the same table, this one waits for it, because
 * two such builds wait for each other until the server ends one of them.
 */
export async function buildIndex(db: Kysely<Schema>, name: string, statement: string): Promise<void> {
  const build = statement.replace(/^create index\b/, 'create index concurrently')
  let lostRace: unknown
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    try {
      if ((await settledState(db, name)) === 'broken')
        await sql.raw(`drop index concurrently if exists ${name}`).execute(db)
      await sql.raw(build).execute(db)
      if ((await settledState(db, name)) === 'valid') return
    } catch (error) {
      if (!LOST_RACE.test((error as { code?: string }).code ?? '')) throw error
      lostRace = error
    }
    // A random wait, so that two processes do not collide again at the next attempt.
    await setTimeout(randomInt(LOOK_AGAIN_MS * attempts))
  }
  throw new Error(
    `The index ${name} could not be built, because other processes built or dropped it at the same time.`,
    { cause: lostRace },
  )
}

// Another process was at the same index at the same moment: 42P07 and 23505 it has made it, 42704 and XX000 ("could not
// open relation", "cache lookup failed") it has dropped it, 40P01 they waited for each other.
const LOST_RACE = /^(42P07|23505|42704|XX000|40P01)$/

/** The state of an index once nobody builds on its table. */
async function settledState(db: Kysely<Schema>, name: string): Promise<'absent' | 'valid' | 'broken'> {
  for (;;) {
    const { rows } = await sql<{ valid: boolean; building: boolean }>`
      select i.indisvalid as valid, exists (
        select 1 from pg_stat_progress_create_index p where p.relid = i.indrelid and p.datname = current_database()
      ) as building from pg_index i where i.indexrelid = to_regclass(${name})`.execute(db)
    const [seen] = rows
    if (!seen) return 'absent'
    if (seen.valid) return 'valid'
    if (!seen.building) return 'broken'
    await setTimeout(LOOK_AGAIN_MS)
  }
}
