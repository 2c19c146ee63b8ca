// The database and the data folder.
import type { SettingsReader } from '../settings-reader.ts'

export interface DatabaseConfig {
  /** Folder of the embedded database and of keys that a start makes. */
  readonly dataDir: string
  readonly database: { readonly engine: 'sqlite'; readonly path: string } | PostgresConfig
}

/** Milliseconds each; what is absent or 0 has no limit of ours. docs/decisions/postgres-connections.md */
export interface PostgresConfig {
  readonly engine: 'postgres'
  readonly url: string
  readonly connections: number
  /** False for poolers that do not know them. */
  readonly preparedStatements?: boolean
  readonly connectTimeoutMs?: number
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
  readonly idleTransactionTimeoutMs?: number
}

const DAY_MS = 24 * 60 * 60 * 1000

export function readDatabase(read: SettingsReader): DatabaseConfig {
  const dataDir = read.checked('DATA_DIR', () => true, 'a folder')
  const url = read.text('DATABASE_URL')
  const postgres = readPostgres(read)
  if (url === undefined) return { dataDir, database: { engine: 'sqlite', path: `${dataDir}/cognomen.db` } }
  if (url === 'sqlite::memory:') return { dataDir, database: { engine: 'sqlite', path: ':memory:' } }
  if (!/^postgres(ql)?:\/\//.test(url))
    read.report('DATABASE_URL must start with postgres:// or be sqlite::memory:; leave it out for SQLite in DATA_DIR.')
  return { dataDir, database: { engine: 'postgres', url, ...postgres } }
}

const readPostgres = (read: SettingsReader): Omit<PostgresConfig, 'engine' | 'url'> => ({
  connections: read.wholeNumber('DATABASE_CONNECTIONS', 2, 1000),
  preparedStatements:
    read.checked('DATABASE_PREPARED_STATEMENTS', (value) => /^(true|false)$/.test(value), 'true or false') === 'true',
  connectTimeoutMs: read.wholeNumber('DATABASE_CONNECT_TIMEOUT_MS', 100, 600_000),
  statementTimeoutMs: read.wholeNumber('DATABASE_STATEMENT_TIMEOUT_MS', 0, DAY_MS),
  lockTimeoutMs: read.wholeNumber('DATABASE_LOCK_TIMEOUT_MS', 0, DAY_MS),
  idleTransactionTimeoutMs: read.wholeNumber('DATABASE_IDLE_TRANSACTION_TIMEOUT_MS', 0, DAY_MS),
})
