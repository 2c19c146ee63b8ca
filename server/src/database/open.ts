// Opens the configured engine and brings its tables up to date.
import type { Config } from '../config/config.ts'
import type { PostgresConfig } from '../config/groups/database.ts'
import { type Database, nobodyObserves, type WorkObserver } from './database.ts'
import { isMigrated, migrate } from './migrations/migrate.ts'

/**
 * Opens and migrates. `onIdleError` gets errors outside of statements, as of idle connections; `observer` hears how the
 * work goes from then on. Throws DatabaseUnavailable.
 */
export async function openDatabase(
  settings: Config['database'],
  onIdleError: (error: Error) => void,
  observer: WorkObserver = nobodyObserves,
  warn: (text: string) => void = () => undefined,
): Promise<Database> {
  // Only the configured engine is imported: a start on SQLite need not load the packages of PostgreSQL.
  if (settings.engine === 'sqlite') {
    const { openSqlite } = await import('./engines/sqlite.ts')
    const database = await openSqlite(settings.path, { onIdleError, observer, warn })
    try {
      await migrate(database)
    } catch (error) {
      await database.close()
      throw error
    }
    return database
  }
  const { openPostgres } = await import('./engines/postgres.ts')
  const database = await openPostgres(settings, onIdleError, observer)
  // Most starts have nothing to migrate, and a connection more takes as long as the rest of the opening.
  if (await isMigrated(database)) return database
  await database.close()
  await migratePostgres((limits) => openPostgres({ ...settings, connections: 1, ...limits }, onIdleError))
  return openPostgres(settings, onIdleError, observer)
}

type Limits = Pick<PostgresConfig, 'statementTimeoutMs' | 'lockTimeoutMs'>

// Migrations have connections of their own, because a limit belongs to a connection from its start: changing it on one
// that others use later would, behind a pooler, change it for anybody. They are closed before the others are made.
async function migratePostgres(open: (limits: Limits) => Promise<Database>): Promise<void> {
  const migrateWith = async (limits: Limits, work: (database: Database) => Promise<void>): Promise<void> => {
    const database = await open(limits)
    await work(database).finally(() => database.close())
  }
  await migrateWith({ statementTimeoutMs: 0 }, (database) =>
    migrate(database, (work) => migrateWith({ statementTimeoutMs: 0, lockTimeoutMs: 0 }, ({ db }) => work(db))),
  )
}
