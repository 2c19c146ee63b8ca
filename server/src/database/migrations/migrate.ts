// Runs the migrations that a database has not seen, in order, at every start.
//
// Several processes may start at once, and engines differ in what DDL may do inside a transaction, so there is no lock
// and no transaction. Each step is one idempotent statement (`if not exists`); in a race with another process it either
// changes nothing or fails with "already exists", which counts as success. A step is recorded when it is done. Adding a
// column has no `if not exists` on every engine, and counts as idempotent all the same.
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { withAttempts } from '../attempts.ts'
import type { Database } from '../database.ts'
import type { Schema } from '../schema.ts'
import { firstTables } from './0001-first-tables.ts'
import { codeTries } from './0002-code-tries.ts'
import { iam } from './0003-iam.ts'
import { identityPools } from './0004-identity-pools.ts'
import { softwareTokens } from './0005-software-tokens.ts'
import { passkeys } from './0006-passkeys.ts'
import { devices } from './0007-devices.ts'
import { userSessions } from './0008-user-sessions.ts'
import { customSignIns } from './0010-custom-sign-ins.ts'
import { authEvents } from './0011-auth-events.ts'
import { userPoolDomains } from './0012-user-pool-domains.ts'
import { resourceServers } from './0013-resource-servers.ts'
import { identityProviders } from './0014-identity-providers.ts'
import { recoveryCodes } from './0015-recovery-codes.ts'
import { branding } from './0016-branding.ts'
import { requestRates } from './0019-request-rates.ts'
import { authorizationCodes } from './0020-authorization-codes.ts'
import { syncDatasets } from './0021-sync-datasets.ts'
import { syncPools } from './0022-sync-pools.ts'
import { sessionEnds } from './0023-session-ends.ts'
import { consents } from './0024-consents.ts'
import { deviceGrants } from './0025-device-grants.ts'
import { userImport } from './0026-user-import.ts'
import { userPoolReplicas } from './0027-user-pool-replicas.ts'
import { rateExpiry } from './0029-rate-expiry.ts'
import { buildIndex } from './build-index.ts'
import { spellingOf } from './spelling.ts'
import type { Step } from './steps.ts'

const steps: readonly Step[] = [
  ...firstTables,
  ...codeTries,
  ...iam,
  ...identityPools,
  ...softwareTokens,
  ...passkeys,
  ...devices,
  ...userSessions,
  ...customSignIns,
  ...authEvents,
  ...userPoolDomains,
  ...resourceServers,
  ...identityProviders,
  ...recoveryCodes,
  ...authorizationCodes,
  ...branding,
  ...requestRates,
  ...syncDatasets,
  ...deviceGrants,
  ...syncPools,
  ...sessionEnds,
  ...consents,
  ...userImport,
  ...userPoolReplicas,
  ...rateExpiry,
]

// PostgreSQL: duplicate table, duplicate object, unique violation in its catalogue (two `create if not exists` at once),
// duplicate column.
const ALREADY_THERE = new Set(['42P07', '42710', '23505', '42701'])

// SQLite has neither a code of its own for this nor `add column if not exists`.
const COLUMN_ALREADY_THERE = /^duplicate column name\b/

// A change of a table waits for those who use it, and everybody who comes later waits behind it. So it keeps the limit for
// locks, gives up, and asks again.
const LOCKED = '55P03'

/** Runs `work` with a database that has no time limits, not even for locks. */
export type Unlimited = (work: (db: Kysely<Schema>) => Promise<void>) => Promise<void>

/** Whether nothing is left to apply. False also when that cannot be read, as in a database without tables. */
export async function isMigrated({ db }: Pick<Database, 'db'>): Promise<boolean> {
  const done = await recorded(db).catch(() => new Set())
  return steps.every(({ name }) => done.has(name))
}

const recorded = async (db: Kysely<Schema>): Promise<ReadonlySet<string>> =>
  new Set((await sql<{ name: string }>`select name from migrations`.execute(db)).rows.map(({ name }) => name))

/**
 * Applies all steps not yet recorded in `migrations`. Safe with several processes at once. On PostgreSQL an index of a table
 * that was there before is built beside writers, in `unlimited`.
 */
export async function migrate(database: Database, unlimited: Unlimited = (work) => work(database.db)): Promise<void> {
  const { db, engine } = database
  const spell = await spellingOf(database)
  await runStep(db, spell('create table if not exists migrations (name text primary key)'))
  const done = await recorded(db)
  /** Tables that this run made: next to nobody writes to them yet, so a plain index is there at once. */
  const made = new Set<string>()
  for (const { name, statement, table, index } of steps) {
    if (done.has(name)) continue
    if (index && engine === 'postgres' && !made.has(index.table))
      await unlimited((without) => buildIndex(without, index.name, spell(statement)))
    else await runStep(db, spell(statement))
    if (table) made.add(table)
    await sql`insert into migrations (name) values (${name}) on conflict (name) do nothing`.execute(db)
  }
}

async function runStep(db: Kysely<Schema>, statement: string): Promise<void> {
  try {
    await withAttempts(
      () => sql.raw(statement).execute(db),
      (error) => (error as { code?: string }).code === LOCKED,
    )
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (!ALREADY_THERE.has(code ?? '') && !COLUMN_ALREADY_THERE.test(message)) throw error
  }
}
