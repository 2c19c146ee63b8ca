// Records the statements that a piece of work runs, on whichever database, transaction or server of this process: for
// tests of the statements themselves.
import { type CompiledQuery, DefaultQueryExecutor, type QueryExecutor } from 'kysely'
import { SqliteExecutor } from '../src/database/engines/sqlite-handles.ts'

export interface ExecutedStatement {
  readonly query: CompiledQuery
  /** The file below server/src and the function that ran it. */
  readonly origin: string
  /** Built once by statement() or rowStatement(). */
  readonly prepared: boolean
}

/** Runs `work` and gives the statements that began meanwhile, in order. Begins and ends of transactions are not among them. */
export async function statementsOf(work: () => Promise<unknown>): Promise<ExecutedStatement[]> {
  const executed: ExecutedStatement[] = []
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  const restore = executors.map((executor) => {
    const { executeQuery } = executor
    executor.executeQuery = function watched(this: QueryExecutor, query) {
      executed.push({ query, origin: originOf(new Error().stack ?? ''), prepared: 'oneRow' in query })
      return executeQuery.call(this, query)
    } as QueryExecutor['executeQuery']
    return () => {
      executor.executeQuery = executeQuery
    }
  })
  try {
    await work()
  } finally {
    for (const undo of restore) undo()
    Error.stackTraceLimit = stackTraceLimit
  }
  return executed
}

/** The SQL of the statements that `work` runs, in order. */
export const sqlOf = async (work: () => Promise<unknown>): Promise<string[]> =>
  (await statementsOf(work)).map(({ query }) => query.sql)

// What all executors inherit from, and SQLite's, which sends single statements by itself.
const executors: Pick<QueryExecutor, 'executeQuery'>[] = [
  Object.getPrototypeOf(DefaultQueryExecutor.prototype),
  SqliteExecutor.prototype,
]

// What statements pass on their way to the executor.
const PASSED = /^database\/(statement|transaction-guard|database|engines\/.+)\.ts$/
const FRAME = /^\s*at (?:async )?(?:(.+?) \()?.*\/server\/src\/(.+?\.ts)/

function originOf(stack: string): string {
  for (const line of stack.split('\n')) {
    const [, name, file] = FRAME.exec(line) ?? []
    // `Object.insertMessage [as enqueue]` is insertMessage.
    if (file && !PASSED.test(file)) return `${file} ${name?.replace(/ \[.*|^.*\./g, '') ?? ''}`.trim()
  }
  return 'unknown'
}
