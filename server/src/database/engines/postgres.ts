// PostgreSQL 14+ and engines that speak its wire protocol, through pg.

import { Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { PostgresConfig } from '../../config/groups/database.ts'
import {
  type Database,
  DatabaseUnavailable,
  nobodyObserves,
  retryingTransaction,
  type WorkObserver,
} from '../database.ts'
import type { Schema } from '../schema.ts'
import { observed, PostgresDriver } from './postgres-connection.ts'
import { type NoConnection, outcomeOf } from './postgres-errors.ts'
import { createPool } from './postgres-pool.ts'

/** How much longer than the server's own statement time-out an answer may take. */
const ANSWER_GRACE_MS = 2000

/** Opens a pool of connections. Throws DatabaseUnavailable when the server does not answer. */
export async function openPostgres(
  config: Omit<PostgresConfig, 'engine'>,
  onIdleError: (error: Error) => void,
  observer: WorkObserver = nobodyObserves,
): Promise<Database> {
  const pool = createPool(config, onIdleError, observer)
  const { preparedStatements = true, statementTimeoutMs = 0 } = config
  const driver = new PostgresDriver(pool, {
    preparedStatements,
    answerLimitMs: statementTimeoutMs > 0 ? statementTimeoutMs + ANSWER_GRACE_MS : 0,
    observer,
  })
  try {
    ;(await pool.lend()).release()
  } catch (error) {
    await pool.end()
    throw new DatabaseUnavailable(unreachable(config.url, error as NoConnection))
  }
  const db = new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  const transaction = retryingTransaction(db, (error) => outcomeOf(error) !== 'failed')
  const database: Database = {
    engine: 'postgres',
    db,
    exclusive: false,
    transaction: (work) => observed(observer, transaction(work)),
    durable: () => Promise.resolve(),
    ofRequest: () => database,
    lost: new Promise(() => undefined),
    // Not Kysely's `destroy`: what still runs then gets a DatabaseAway instead of an error of Kysely's.
    close: () => pool.end(),
  }
  return database
}

function unreachable(url: string, { cause }: NoConnection): string {
  const why = (cause as Error).message
  const advice = /startup parameter/.test(why)
    ? 'A pooler that takes no time limits: set DATABASE_STATEMENT_TIMEOUT_MS, DATABASE_LOCK_TIMEOUT_MS and DATABASE_IDLE_TRANSACTION_TIMEOUT_MS to 0.'
    : 'Check DATABASE_URL and that the server runs.'
  return `PostgreSQL at ${withoutPassword(url)} cannot be reached: ${why}. ${advice}`
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL'
  const parsed = new URL(url)
  return `${parsed.hostname}:${parsed.port || 5432}${parsed.pathname}`
}
