// Which SQLite runs: the one inside Node.js where its API has all that is used here (22.16, 24 and newer), else the same
// API over the same library from `@photostructure/sqlite`. Nothing else in the server knows which of the two it is.
import { createRequire } from 'node:module'

/** What is used of `DatabaseSync` (https://nodejs.org/api/sqlite.html). Its errors are a SqliteError. */
export interface SqliteDatabase {
  /** True between `begin` and the end of a transaction, also one that SQLite itself ended. */
  readonly isTransaction: boolean
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

/** What is used of `StatementSync`. */
export interface SqliteStatement {
  setReturnArrays(enabled: boolean): void
  /** One for each value of a row; none when the statement answers no rows. */
  columns(): { name: string }[]
  run(...parameters: SqliteValue[]): { changes: number | bigint }
  get(...parameters: SqliteValue[]): unknown
  all(...parameters: SqliteValue[]): unknown[]
}

export type SqliteValue = string | number | bigint | null

/**
 * `errcode` is SQLite's extended result code (https://sqlite.org/rescode.html); its lowest byte is the primary one. Absent
 * where `all` of @photostructure/sqlite failed: the text says which it is then (sqlite-errors.ts).
 */
export type SqliteError = Error & { errcode?: number }

interface SqliteModule {
  DatabaseSync: new (path: string) => SqliteDatabase
  StatementSync: { prototype: object }
}

let loaded: SqliteModule | undefined

/** Opens (and makes) the database file at `path`; in memory for `:memory:`. Throws a SqliteError. */
export function connectSqlite(path: string): SqliteDatabase {
  loaded ??= ofNode() ?? (createRequire(import.meta.url)('@photostructure/sqlite') as SqliteModule)
  return new loaded.DatabaseSync(path)
}

function ofNode(): SqliteModule | undefined {
  const module = withoutExperimentalWarning(() => process.getBuiltinModule('node:sqlite')) as SqliteModule | undefined
  return module && 'setReturnArrays' in module.StatementSync.prototype ? module : undefined
}

// Node.js 22 warns on the terminal when its SQLite is loaded; whoever runs a server can do nothing about it.
function withoutExperimentalWarning<T>(load: () => T): T {
  const { emitWarning } = process
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if ((rest[0] as unknown) !== 'ExperimentalWarning') emitWarning(warning, ...rest)
  }) as typeof emitWarning
  try {
    return load()
  } finally {
    process.emitWarning = emitWarning
  }
}
