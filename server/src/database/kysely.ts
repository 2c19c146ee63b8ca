// Kysely's values, out of its CommonJS files: loading the same 280 files as ES modules takes 60 ms more, an eighth of the
// start. Types come from the package itself.
import { createRequire } from 'node:module'

export const {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} = createRequire(import.meta.url)('kysely') as typeof import('kysely')
