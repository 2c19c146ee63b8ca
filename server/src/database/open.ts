// Opens the configured engine and brings its tables up to date.
import type { Config } from '../config/config.ts'
import type { Database } from './database.ts'
import { openPostgres } from './engines/postgres.ts'
import { openSqlite } from './engines/sqlite.ts'
import { migrate } from './migrations/migrate.ts'

/** Opens and migrates. `onIdleError` hears of connections that broke while nothing ran on them. Throws DatabaseUnavailable. */
export async function openDatabase(
  settings: Config['database'],
  onIdleError: (error: Error) => void,
): Promise<Database> {
  const database =
    settings.engine === 'postgres'
      ? await openPostgres(settings.url, settings.connections, onIdleError)
      : openSqlite(settings.path)
  await migrate(database)
  return database
}
