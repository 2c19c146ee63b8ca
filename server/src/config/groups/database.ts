// Where data is kept.
import type { SettingsReader } from '../settings-reader.ts'

export interface DatabaseConfig {
  /** Folder of the embedded database and of keys that a start makes. */
  readonly dataDir: string
  readonly database:
    | { readonly engine: 'sqlite'; readonly path: string }
    | { readonly engine: 'postgres'; readonly url: string; readonly connections: number }
}

export function readDatabase(read: SettingsReader): DatabaseConfig {
  const dataDir = read.checked('DATA_DIR', () => true, 'a folder')
  const url = read.text('DATABASE_URL')
  const connections = read.wholeNumber('DATABASE_CONNECTIONS', 2, 1000)
  if (url === undefined) return { dataDir, database: { engine: 'sqlite', path: `${dataDir}/cognomen.db` } }
  if (url === 'sqlite::memory:') return { dataDir, database: { engine: 'sqlite', path: ':memory:' } }
  if (!/^postgres(ql)?:\/\//.test(url))
    read.report('DATABASE_URL must start with postgres:// or be sqlite::memory:; leave it out for SQLite in DATA_DIR.')
  return { dataDir, database: { engine: 'postgres', url, connections } }
}
