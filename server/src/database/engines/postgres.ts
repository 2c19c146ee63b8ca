// PostgreSQL 14+ and engines that speak its wire protocol, through pg.
import pg from 'pg'
import { type Database, DatabaseUnavailable, retryingTransaction } from '../database.ts'
import { Kysely, PostgresDialect } from '../kysely.ts'
import type { Schema } from '../schema.ts'

// 40001 serialization failure (also at COMMIT), 40P01 deadlock, 08* lost connection, 57P01 shut down by the administrator.
const PASSING_ERROR = /^(40001|40P01|08\w{3}|57P01)$/
const LOST_CONNECTION = /^(ECONNRESET|EPIPE|ECONNREFUSED)$|Connection terminated/

/** Opens a pool of at most `connections` connections. Throws DatabaseUnavailable when the server does not answer. */
export async function openPostgres(
  url: string,
  connections: number,
  onIdleError: (error: Error) => void,
): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    types: { getTypeParser: parserFor },
  })
  pool.on('error', onIdleError)
  try {
    ;(await pool.connect()).release()
  } catch (error) {
    await pool.end()
    throw new DatabaseUnavailable(
      `PostgreSQL at ${withoutPassword(url)} cannot be reached: ${(error as Error).message}. Check DATABASE_URL and that the server runs.`,
    )
  }
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return {
    engine: 'postgres',
    db,
    exclusive: false,
    transaction: retryingTransaction(db, isPassing),
    durable: () => Promise.resolve(),
    close: () => db.destroy(),
  }
}

function isPassing(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return PASSING_ERROR.test(code ?? '') || LOST_CONNECTION.test(code ?? '') || LOST_CONNECTION.test(message ?? '')
}

const INT8 = 20

// bigint columns hold epoch milliseconds and counters: exact as numbers.
function parserFor(oid: number, format?: 'text' | 'binary'): never {
  return (oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text')) as never
}

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL'
  const parsed = new URL(url)
  return `${parsed.hostname}:${parsed.port || 5432}${parsed.pathname}`
}
