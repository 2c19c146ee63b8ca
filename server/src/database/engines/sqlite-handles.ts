// Kysely's handles on the one SQLite connection. What is written through a handle is noted for it, so that a request waits
// for the flush of its own writes alone.
import {
  type CompiledQuery,
  type ConnectionProvider,
  DefaultQueryExecutor,
  type Dialect,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Schema } from '../schema.ts'
import type { SqliteDriver, Written } from './sqlite-connection.ts'

/** A function that makes handles; each notes in `written`, if it is given, what is written through it. */
export function handlesOn(driver: SqliteDriver): (written?: Written) => Kysely<Schema> {
  const adapter = new SqliteAdapter()
  const compiler = new SqliteQueryCompiler()
  const dialect: Dialect = {
    createAdapter: () => adapter,
    createDriver: () => driver,
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => compiler,
  }
  return (written) => {
    const executor = new SqliteExecutor(compiler, adapter, providerOf(driver, written), (query) =>
      driver.execute(query, written),
    )
    return new Kysely<Schema>({ config: { dialect }, dialect, driver, executor })
  }
}

/** Lends the connection to transactions. */
const providerOf = (driver: SqliteDriver, written: Written | undefined): ConnectionProvider => ({
  async provideConnection(consumer) {
    const connection = await driver.acquireConnection(written)
    try {
      return await consumer(connection)
    } finally {
      driver.release()
    }
  },
})

type Execute = <R>(query: CompiledQuery) => Promise<QueryResult<R>>

/** Sends single statements straight to the driver: lending a connection takes Kysely longer than SQLite the statement. */
export class SqliteExecutor extends DefaultQueryExecutor {
  readonly #execute: Execute

  constructor(compiler: SqliteQueryCompiler, adapter: SqliteAdapter, provider: ConnectionProvider, execute: Execute) {
    super(compiler, adapter, provider)
    this.#execute = execute
  }

  override executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return this.#execute(query)
  }
}
