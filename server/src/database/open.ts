// Opens the configured engine and brings its tables up to date.
import type { Config } from '../config/config.ts'
import type { Database } from './database.ts'
import { migrate } from './migrations/migrate.ts'

/**
 * Opens and migrates. `onIdleError` gets errors outside of statements, as of idle connections. Throws
 * DatabaseUnavailable.
 */
export async function openDatabase(
  settings: Config['database'],
  onIdleError: (error: Error) => void,
): Promise<Database> {
  const database = await openEngine(settings, onIdleError)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

// Only the configured engine is imported: a start on SQLite need not load the packages of PostgreSQL.
async function openEngine(settings: Config['database'], onIdleError: (error: Error) => void): Promise<Database> {
  if (settings.engine === 'sqlite')
    return (await import('./engines/sqlite.ts')).openSqlite(settings.path, { onIdleError })
  const { openPostgres } = await import('./engines/postgres.ts')
  return openPostgres(settings, onIdleError)
}
