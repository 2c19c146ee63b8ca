// How fast a big deleted user pool is removed, and whether the last users cost what the first did:
//
//   node bench/removal.mjs [USERS] [sqlite|postgres] [DIST]        200,000 on SQLite, after npm run build
//
// Prints users a second for each tenth of the pool, statements (and on PostgreSQL buffers) of a step, and how long a read
// of one row by its key waits meanwhile: on SQLite a step's transaction holds the only connection. What the server runs,
// its queue of removals, runs here in this process, on a database of its own.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pathToFileURL } from 'node:url'
import { pino } from 'pino'
import { startPostgres } from '../scripts/postgres.mjs'
import { seed } from './servers.mjs'

const users = Number(process.argv[2] ?? 200_000)
const engine = process.argv[3] ?? 'sqlite'
const build = resolve(process.argv[4] ?? '.')
const load = (path) => import(pathToFileURL(join(build, 'server/dist', path)).href)
const { openDatabase } = await load('database/open.js')
const { insertPool, deletePool } = await load('cognito-idp/user-pools/pool-store.js')
const { newPoolSettings } = await load('cognito-idp/user-pools/new-pool-settings.js')
const { userPoolRemovals } = await load('cognito-idp/user-pools/pool-removal.js')
const { createWorker } = await load('jobs/worker.js')

const print = (line) => process.stdout.write(`${line}\n`)
const poolId = 'us-east-1_Removal01'
const folder = mkdtempSync(join(tmpdir(), 'cognomen-removal-'))
const cluster = engine === 'postgres' ? await startPostgres({ durable: true }) : undefined
const settings = cluster
  ? { engine, url: await cluster.createDatabase(), connections: 4 }
  : { engine, path: join(folder, 'cognomen.db') }

try {
  let database = await openDatabase(settings, () => {})
  const pool = { id: poolId, settings: newPoolSettings({ PoolName: 'x', UsernameAttributes: ['email'] }, 'us-east-1') }
  await insertPool(database.db, { ...pool, region: 'us-east-1', createdAt: 0, updatedAt: 0, version: 1 })
  await database.close()
  const masterKey = randomBytes(32).toString('base64')
  await seed({ build, database: settings, masterKey, poolId, users, credentials: 0 })
  database = await openDatabase(settings, () => {})
  await remove(database, { ...pool, version: 1 })
  await database.close()
} finally {
  await cluster?.stop()
  rmSync(folder, { recursive: true })
}

async function remove(database, pool) {
  const clock = { now: Date.now }
  const log = pino({ level: 'warn' })
  const watched = watch(database)
  const queue = userPoolRemovals({ database: watched.database, clock })
  await database.transaction((db) => deletePool(db, pool, clock.now() - 60_000))
  const worker = createWorker({ database: watched.database, clock, log })
  const waits = waitsOfReaders(database)
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  worker.start([queue])
  let told = { left: users, at: startedAt, steps: 0, statements: 0 }
  let buffersBefore = await buffersRead(database)
  for (let tenth = 1; tenth <= 10; tenth++) {
    let left
    const deadline = performance.now() + 120_000
    do {
      if (performance.now() > deadline) throw new Error('No tenth of the pool takes two minutes.')
      await new Promise((done) => setTimeout(done, 20))
      left = users - watched.removed()
    } while (left > users - (users * tenth) / 10)
    const at = performance.now()
    const { steps, statements } = watched.counts()
    const buffers = await buffersRead(database)
    const perStep = (after, before) => ((after - before) / (steps - told.steps)).toFixed(1)
    print(
      `${String(tenth * 10).padStart(3)} %  ${Math.round(((told.left - left) * 1000) / (at - told.at))} users/s, ` +
        `${perStep(statements, told.statements)} statements a step` +
        (buffers === undefined ? '' : `, ${perStep(buffers, buffersBefore)} buffers a step`),
    )
    told = { left, at, steps, statements }
    buffersBefore = buffers
  }
  const seconds = (performance.now() - startedAt) / 1000
  while ((await database.db.selectFrom('jobs').select('id').execute()).length > 0)
    await new Promise((done) => setTimeout(done, 20))
  const { longest, p99 } = await waits.stop()
  await worker.close()
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpuSeconds = (user + system) / 1e6
  print(`${users} users in ${seconds.toFixed(1)} s: ${Math.round(users / seconds)} users/s`)
  print(`CPU of this process: ${cpuSeconds.toFixed(1)} s, one for ${Math.round(users / cpuSeconds)} users`)
  print(`a read meanwhile: p99 ${p99.toFixed(1)} ms, longest ${longest.toFixed(1)} ms`)
  for (const table of ['users', 'user_names', 'user_search'])
    print(
      `${table}: ${(await database.db.selectFrom(table).select('user_pool_id').limit(1).execute()).length} rows left`,
    )
}

/** The database as removal sees it: counts its transactions, their statements, and the users that they deleted. */
function watch(database) {
  let steps = 0
  let statements = 0
  let removed = 0
  const count = (kind, table, result) => {
    statements++
    if (kind === 'DeleteQueryNode' && table === 'users') removed += Number(result.numAffectedRows)
  }
  const watchedDb = (db) => {
    const nodes = new Map()
    const watched = db.withPlugin({
      transformQuery: ({ node, queryId }) => {
        nodes.set(queryId, node)
        return node
      },
      transformResult: async ({ result, queryId }) => {
        const node = nodes.get(queryId)
        count(node.kind, node.from?.froms[0]?.table?.identifier.name, result)
        return result
      },
    })
    // Statements that are compiled once pass no plugin.
    const executeQuery = async (query) => {
      const result = await db.executeQuery(query)
      count(query.query?.kind, query.query?.from?.froms[0]?.table?.identifier.name, result)
      return result
    }
    return Object.assign(watched, { executeQuery })
  }
  return {
    removed: () => removed,
    counts: () => ({ steps, statements }),
    database: {
      ...database,
      transaction(work) {
        steps++
        return database.transaction((db) => work(watchedDb(db)))
      },
    },
  }
}

/** Pages that PostgreSQL has looked at so far in this database. */
async function buffersRead({ db, engine: kind }) {
  if (kind !== 'postgres') return undefined
  const { sql } = await import('kysely')
  // Each connection tells its figures some time after it has ended a transaction.
  await sql`select pg_stat_force_next_flush()`.execute(db)
  const { rows } = await sql`
    select blks_hit + blks_read as buffers from pg_stat_database where datname = current_database()`.execute(db)
  return Number(rows[0].buffers)
}

/** Reads one row by its key every few milliseconds. */
function waitsOfReaders(database) {
  const waits = []
  let stopped = false
  const reading = (async () => {
    while (!stopped) {
      const startedAt = performance.now()
      await database.db.selectFrom('meta').selectAll().where('name', '=', 'x').execute()
      waits.push(performance.now() - startedAt)
      await new Promise((done) => setTimeout(done, 3))
    }
  })()
  return {
    async stop() {
      stopped = true
      await reading
      waits.sort((one, other) => one - other)
      return { longest: waits.at(-1), p99: waits[Math.floor(waits.length * 0.99)] }
    },
  }
}
