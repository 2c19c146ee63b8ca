// How an engine would carry out the statements of a store function: for tests that a page reads one ordered index range.
import type { RootOperationNode } from 'kysely'
import type { Database, Db } from '../src/database/database.ts'
import { openDatabase } from '../src/database/open.ts'
import type { Engine } from './harness.ts'
import { postgresUrl } from './postgres.ts'

/** A database without a server. The caller closes it. */
export async function openTestDatabase(engine: Engine): Promise<Database> {
  const settings =
    engine === 'postgres'
      ? { engine, url: await postgresUrl(), connections: 4 }
      : ({ engine: 'sqlite', path: ':memory:' } as const)
  return openDatabase(settings, () => {})
}

/** Lets the planner know the tables as they are. */
export async function analyze({ db, engine }: Database): Promise<void> {
  await db.executeQuery(rawStatement(db, engine === 'postgres' ? 'vacuum analyze' : 'analyze', []))
}

/** Runs `work` and gives the plan of each statement that it ran, in the engine's words. */
export async function plansOf({ db, engine }: Database, work: (db: Db) => Promise<unknown>): Promise<string[]> {
  // Parts of a statement pass the plugin, too; only whole ones come back with a result.
  const parts = new Map<string, RootOperationNode>()
  const nodes: RootOperationNode[] = []
  const watched = db.withPlugin({
    transformQuery: ({ node, queryId }) => {
      parts.set(queryId.queryId, node)
      return node
    },
    transformResult: async ({ result, queryId }) => {
      nodes.push(parts.get(queryId.queryId) as RootOperationNode)
      return result
    },
  })
  await work(watched)
  return db.transaction().execute(async (tx) => {
    if (engine === 'postgres')
      for (const name of ELSE_CHEAPER) await tx.executeQuery(rawStatement(db, `set local ${name} = off`, []))
    const plans: string[] = []
    for (const node of nodes) {
      const { sql, parameters } = db.getExecutor().compileQuery(node, { queryId: 'plan' })
      const explain = engine === 'postgres' ? 'explain' : 'explain query plan'
      const { rows } = await tx.executeQuery(rawStatement(db, `${explain} ${sql}`, parameters))
      plans.push((rows as Record<string, string>[]).map((row) => row.detail ?? row['QUERY PLAN']).join('\n'))
    }
    return plans
  })
}

/** Runs `work` and tells which statements it ran: compiled ones (database/statement.ts) have the same mark each time. */
export async function statementsOf(db: Database['db'], work: (db: Db) => Promise<unknown>): Promise<string[]> {
  const marks: string[] = []
  const watched = db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result, queryId }) => {
      marks.push(queryId.queryId)
      return result
    },
  })
  await work(watched)
  return marks
}

// Over the few rows of a test PostgreSQL may find these cheaper. Put off, they only appear where there is no other way.
const ELSE_CHEAPER = ['enable_sort', 'enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin']

function rawStatement(db: Database['db'], sql: string, parameters: readonly unknown[]) {
  const compiled = db.selectNoFrom((eb) => eb.val(1).as('one')).compile()
  return { ...compiled, sql, parameters }
}

/**
 * True when a plan searches indexes and neither sorts nor reads a table from end to end. Of a subquery named `page` it
 * may read all: that holds a page at most.
 */
export const readsInOrder = (plan: string): boolean =>
  /USING (COVERING )?INDEX|Index (Only )?Scan/.test(plan) &&
  !/TEMP B-TREE|\bSort\b|\bSCAN (?!page\b)|Seq Scan|Bitmap|Hash/.test(plan)
