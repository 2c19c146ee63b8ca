// Fills an empty pool with users, fast: a child process of the bench, with the modules of the build that is measured.
//
// What a user is in the database is the store's own business (names, search keys): `insertUser` runs against a
// database that only takes note of the statements, and their rows are then written many at once. Users come in the order
// of their subs, with names and addresses that have nothing to do with that order, and secondary indexes are built at the
// end; so the database grows at its end instead of everywhere.
import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CompiledQuery, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely'
import { emailOf, passwordOf, person } from './world-names.mjs'

const ROWS_AT_ONCE = 250
const USERS_AT_ONCE = 5000
const TABLES = ['users', 'user_names', 'user_search', 'user_counts']

/** What a statement answers that returns all it wrote. */
const rowsOf = (columns, values) =>
  Array.from({ length: values.length / columns.length }, (_, row) =>
    Object.fromEntries(columns.map((name, i) => [JSON.parse(name), values[row * columns.length + i]])),
  )

/** Rows that statements would have written, by table. */
function createRecorder() {
  const tables = new Map()
  const connection = {
    async executeQuery({ sql: text, parameters }) {
      const [, table, columnText] = /^insert into "(\w+)" \(([^)]+)\)/.exec(text) ?? []
      if (table === undefined) throw new Error(`Seeding does not understand what the store does: ${text}`)
      const columns = columnText.split(', ')
      if (!tables.has(table)) tables.set(table, { columns: columnText, width: columns.length, values: [] })
      const entry = tables.get(table)
      if (entry.columns !== columnText) throw new Error(`Two forms of rows in ${table}: ${text}`)
      const values = parameters.slice(0, parameters.length - (parameters.length % columns.length))
      entry.values.push(...values)
      return { rows: text.includes(' returning ') ? rowsOf(columns, values) : [], numAffectedRows: 1n }
    },
  }
  const db = new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createDriver: () => ({
        init: async () => {},
        acquireConnection: async () => connection,
        releaseConnection: async () => {},
        destroy: async () => {},
      }),
    },
  })
  return {
    db,
    take: () => {
      const taken = [...tables]
      tables.clear()
      return taken
    },
  }
}

async function seed({ build, database: settings, masterKey, poolId, users, credentials }) {
  const load = (path) => import(pathToFileURL(join(build, 'server/dist', path)).href)
  const { openDatabase } = await load('database/open.js')
  const { createSealer } = await load('crypto/seal.js')
  const { threadJobs } = await load('crypto/jobs.js')
  const { findPool } = await load('cognito-idp/user-pools/pool-store.js')
  const { insertUser } = await load('cognito-idp/users/user-store.js')
  const { newCredential } = await load('cognito-idp/users/credentials.js')

  const database = await openDatabase(settings, () => {})
  const pool = await findPool(database.db, poolId)
  const context = {
    clock: { now: Date.now },
    random: { bytes: randomBytes },
    sealer: createSealer({ current: Buffer.from(masterKey, 'base64') }),
    work: { run: async (job, input) => threadJobs[job](input) },
  }
  // The real ones lie everywhere among the others.
  const every = Math.max(1, Math.floor(users / credentials))
  const isReal = (i) => i % every === 0 && i / every < credentials
  const decoy = await newCredential(context, pool, { sub: randomUUID(), userPoolId: poolId, username: 'x' }, 'x')

  const subs = Array.from({ length: users }, () => randomUUID()).sort()
  const step = strideThrough(users)
  const recorder = createRecorder()
  const counts = new Map()
  const indexes = await dropIndexes(database)
  const tell = progress(users)
  const now = Date.now()
  for (let done = 0; done < users; ) {
    const end = Math.min(users, done + USERS_AT_ONCE)
    for (; done < end; done++) {
      const i = (done * step) % users
      const sub = subs[done]
      const owner = { sub, userPoolId: poolId, username: sub }
      const credential = isReal(i) ? await newCredential(context, pool, owner, passwordOf(i)) : decoy
      const createdAt = now - ((users - i) * 365 * 86_400_000) / users
      // Written out, as a build that others are compared with may know no `newUser`.
      await insertUser(recorder.db, pool, {
        ...owner,
        status: 'CONFIRMED',
        enabled: true,
        attributes: person(i),
        ...credential,
        tokenGeneration: 0,
        mfa: {},
        identities: [],
        createdAt: Math.floor(createdAt),
        updatedAt: Math.floor(createdAt),
        version: 1,
      })
    }
    await database.transaction(async (db) => {
      for (const [table, rows] of recorder.take()) {
        if (table === 'user_counts') addCounts(counts, rows)
        else await writeRows(db, database.engine, table, rows)
      }
    })
    tell(done)
  }
  // An older build, to compare with, counts users by statements of insertUser.
  if (counts.size > 0)
    await database.transaction((db) => writeRows(db, database.engine, 'user_counts', countRows(counts)))
  else await (await load('cognito-idp/users/user-count-store.js')).addToUserCount(database.db, poolId, users)
  process.stderr.write('  building indexes…\n')
  for (const statement of indexes) await sql.raw(statement).execute(database.db)
  // What a server's autovacuum does within minutes.
  if (database.engine === 'postgres') await sql.raw('vacuum analyze').execute(database.db)
  else await sql.raw('pragma wal_checkpoint(truncate)').execute(database.db)
  await database.close()
  return {
    users: Array.from({ length: Math.min(users, credentials) }, (_, n) => ({
      username: emailOf(n * every),
      password: passwordOf(n * every),
    })),
  }
}

/** A step that visits every number below `count` once, each far from the one before. */
function strideThrough(count) {
  const common = (a, b) => (b === 0 ? a : common(b, a % b))
  let step = Math.max(1, Math.floor(count * 0.618))
  while (common(step, count) !== 1) step++
  return step
}

async function writeRows(db, engine, table, { columns, width, values }) {
  for (let start = 0; start < values.length; start += ROWS_AT_ONCE * width) {
    const some = values.slice(start, start + ROWS_AT_ONCE * width)
    await db.executeQuery(CompiledQuery.raw(insertStatement(engine, table, columns, width, some.length / width), some))
  }
}

const statements = new Map()

function insertStatement(engine, table, columns, width, rows) {
  const key = `${engine} ${table} ${rows}`
  if (!statements.has(key)) {
    const mark = (n) => (engine === 'postgres' ? `$${n + 1}` : '?')
    const row = (r) => `(${Array.from({ length: width }, (_, c) => mark(r * width + c)).join(', ')})`
    const all = Array.from({ length: rows }, (_, r) => row(r)).join(', ')
    statements.set(key, `insert into "${table}" (${columns}) values ${all}`)
  }
  return statements.get(key)
}

// Each user adds 1 to a counter: (shard, pool, users).
function addCounts(counts, { columns, width, values }) {
  if (columns !== '"shard", "user_pool_id", "users"') throw new Error(`Unknown counters: ${columns}`)
  for (let i = 0; i < values.length; i += width) {
    const key = JSON.stringify([values[i], values[i + 1]])
    counts.set(key, (counts.get(key) ?? 0) + values[i + 2])
  }
}

const countRows = (counts) => ({
  columns: '"shard", "user_pool_id", "users"',
  width: 3,
  values: [...counts].flatMap(([key, users]) => [...JSON.parse(key), users]),
})

/** Drops the secondary indexes of the tables that are filled; answers the statements that make them. */
async function dropIndexes({ db, engine }) {
  const found =
    engine === 'postgres'
      ? await sql`select indexname as name, indexdef as statement, tablename as of from pg_indexes where schemaname = current_schema() and indexname not like '%_pkey'`.execute(
          db,
        )
      : await sql`select name, sql as statement, tbl_name as "of" from sqlite_master where type = 'index' and sql is not null`.execute(
          db,
        )
  const indexes = found.rows.filter(({ of }) => TABLES.includes(of))
  for (const { name } of indexes) await sql.raw(`drop index ${name}`).execute(db)
  // Half a gigabyte for as long as this process runs.
  if (engine === 'sqlite') await sql.raw('pragma cache_size=-524288').execute(db)
  return indexes.map(({ statement }) => statement)
}

function progress(total) {
  const startedAt = performance.now()
  let told = startedAt
  return (done) => {
    const now = performance.now()
    if (now - told < 5000 && done < total) return
    told = now
    const seconds = (now - startedAt) / 1000
    const left = Math.round((seconds / done) * (total - done))
    process.stderr.write(`  ${done.toLocaleString('en')} of ${total.toLocaleString('en')} users, ${left} s left\n`)
  }
}

// The parent ends this process: its exit could be reported before its last message.
process.on('message', async (parameters) => {
  try {
    process.send({ result: await seed(parameters) })
  } catch (error) {
    process.send({ error: error.stack })
  }
})
