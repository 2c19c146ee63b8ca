// How fast users are imported, by one server as it runs, what of that the database itself takes, and memory:
//
//   node bench/import.mjs [USERS] [sqlite|postgres] [plain|hash|sorted] [DIST]    100,000 on SQLite, after npm run build
//
// Prints users a second for each tenth of the file, then of the whole run with the CPU of this process, which is server
// and client in one, and of PostgreSQL, the statements, and the most memory of this process; then the floor: the CPU that
// the same database takes for the same rows when something writes them that does nothing else. `hash` has a bcrypt hash in
// each row; `sorted` has the rows in the order of their names, which the indexes have as well.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import {
  CognitoIdentityProviderClient,
  CreateUserImportJobCommand,
  CreateUserPoolCommand,
  DescribeUserImportJobCommand,
  StartUserImportJobCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import pg from 'pg'
import { startPostgres } from '../scripts/postgres.mjs'
import { childrenCpuMs, childrenOf } from './machine.mjs'
import { watchStatements } from './watch-statements.mjs'

const users = Number(process.argv[2] ?? 100_000)
const engine = process.argv[3] ?? 'sqlite'
const withHash = process.argv[4] === 'hash'
const isSorted = process.argv[4] === 'sorted'
const build = resolve(process.argv[5] ?? '.')
let statements = 0
watchStatements({ sent: () => statements++ })
const { start } = await import(pathToFileURL(join(build, 'server/dist/bundle/server.js')).href)

const HASH = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
const print = (line) => process.stdout.write(`${line}\n`)
const megabytes = (bytes) => Math.round(bytes / 2 ** 20)

/** Eight hexadecimal digits, each name once; where it is not asked for, the order of rows is not theirs, as in real files. */
const nameOf = (i) => (isSorted ? i : Math.imul(i + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')

/** CPU in microseconds of this process, of that the system's, and of PostgreSQL. */
function cpuNow() {
  const { user, system } = process.cpuUsage()
  const postgres = cluster ? childrenOf(process.pid).reduce((sum, id) => sum + childrenCpuMs(id), 0) * 1000 : 0
  return { own: user + system, system, postgres }
}

const since = (before) => {
  const now = cpuNow()
  return Object.fromEntries(Object.keys(now).map((key) => [key, now[key] - before[key]]))
}

const FLOOR_USERS = 20_000
const STEP = 256
const TABLES = ['users', 'user_names', 'user_search']

/** Microseconds a user of `write`, which gets the rows of some users of another pool, step by step, in their order. */
async function floorOf(read, write) {
  const rows = {}
  for (const table of TABLES) {
    rows[table] = (await read(table)).map((row) => ({ ...row, user_pool_id: 'us-east-1_Floor0000' }))
    rows[table].sort((one, other) => (one.user_sub < other.user_sub ? -1 : 1))
  }
  const count = rows.users.length
  const before = cpuNow()
  for (let from = 0; from < count; from += STEP) {
    const part = (table) => {
      const all = rows[table]
      const share = all.length / count
      return all.slice(Math.round(from * share), Math.round(Math.min(count, from + STEP) * share))
    }
    await write(TABLES.map((table) => [table, part(table)]))
  }
  const { own, postgres } = since(before)
  return (own + postgres) / count
}

/** SQLite: one prepared statement for each table, run once for each row. */
async function sqliteFloor(file) {
  const { connectSqlite } = await import(
    pathToFileURL(join(build, 'server/dist/database/engines/sqlite-driver.js')).href
  )
  const db = connectSqlite(file)
  for (const pragma of ['locking_mode=EXCLUSIVE', 'journal_mode=WAL', 'synchronous=NORMAL', 'cache_size=-32768'])
    db.exec(`PRAGMA ${pragma}`)
  const inserts = new Map()
  const read = (table) =>
    db
      .prepare(
        `select * from ${table} where user_sub in (select user_sub from users order by user_sub limit ${FLOOR_USERS})`,
      )
      .all()
  const floor = await floorOf(read, (parts) => {
    db.exec('begin immediate')
    for (const [table, rows] of parts)
      for (const row of rows) {
        const columns = Object.keys(row)
        const marks = columns.map(() => '?').join(', ')
        if (!inserts.has(table))
          inserts.set(table, db.prepare(`insert into ${table} (${columns.join(', ')}) values (${marks})`))
        inserts.get(table).run(...Object.values(row))
      }
    db.exec('commit')
  })
  db.close()
  return floor
}

/** PostgreSQL: one statement for each table and step, with the rows as one value. */
async function postgresFloor(url) {
  const client = new pg.Client(url)
  await client.connect()
  const read = async (table) =>
    (
      await client.query(
        `select * from ${table} where user_sub in (select user_sub from users order by user_sub limit ${FLOOR_USERS})`,
      )
    ).rows
  const floor = await floorOf(read, async (parts) => {
    await client.query('begin')
    for (const [table, rows] of parts)
      await client.query({
        name: table,
        text: `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`,
        values: [JSON.stringify(rows)],
      })
    await client.query('commit')
  })
  await client.end()
  return floor
}

/** The file in pieces, so that this process does not hold it. */
function* pieces() {
  const columns = ['cognito:username', 'cognito:mfa_enabled', 'email', 'email_verified', 'given_name', 'family_name']
  yield `${[...columns, ...(withHash ? ['cognito:password_hash'] : [])].join(',')}\n`
  for (let i = 0; i < users; ) {
    let piece = ''
    for (const end = Math.min(users, i + 1000); i < end; i++) {
      const name = nameOf(i)
      piece += `${name},false,${name}@example.com,true,Given ${name},Family ${name}${withHash ? `,${HASH}` : ''}\n`
    }
    yield piece
  }
}

const folder = mkdtempSync(join(tmpdir(), 'cognomen-import-'))
const cluster = engine === 'postgres' ? await startPostgres({ durable: true }) : undefined
const database = cluster ? { DATABASE_URL: await cluster.createDatabase() } : { DATABASE_URL: undefined }
const bounds = { IMPORT_MAX_USERS: String(users), IMPORT_MAX_MEGABYTES: '10000' }
const keys = { COGNOMEN_ACCESS_KEY_ID: 'AKIABENCHBENCHBENCH1', COGNOMEN_SECRET_ACCESS_KEY: 'for the bench only' }
const master = { COGNOMEN_MASTER_KEY: Buffer.alloc(32, 1).toString('base64') }
const server = await start({
  env: { DATA_DIR: folder, ...database, ...bounds, ...keys, ...master },
  checkOutputs: false,
})
try {
  const { url: endpoint, region, credentials } = server
  const admin = new CognitoIdentityProviderClient({ endpoint, region, credentials })
  const { UserPool } = await admin.send(
    new CreateUserPoolCommand({ PoolName: 'bench', AutoVerifiedAttributes: ['email'], AliasAttributes: ['email'] }),
  )
  const UserPoolId = UserPool.Id
  const input = { UserPoolId, JobName: 'bench', CloudWatchLogsRoleArn: 'arn:aws:iam::000000000000:role/import' }
  const { UserImportJob } = await admin.send(
    new CreateUserImportJobCommand({ ...input, ...(withHash && { PasswordHashingAlgorithm: 'BCRYPT' }) }),
  )
  const uploadedFrom = performance.now()
  const body = ReadableStream.from(pieces()).pipeThrough(new TextEncoderStream())
  const uploaded = await fetch(UserImportJob.PreSignedUrl, { method: 'PUT', body, duplex: 'half' })
  if (uploaded.status !== 200) throw new Error(`The upload was refused: ${await uploaded.text()}`)
  print(`uploaded in ${((performance.now() - uploadedFrom) / 1000).toFixed(1)} s`)
  const job = { UserPoolId, JobId: UserImportJob.JobId }
  const startedAt = performance.now()
  const cpuBefore = cpuNow()
  statements = 0
  await admin.send(new StartUserImportJobCommand(job))
  let told = { at: startedAt, users: 0 }
  let most = 0
  for (let tenth = 1; tenth <= 10; ) {
    await setTimeout(50)
    const { UserImportJob: now } = await admin.send(new DescribeUserImportJobCommand(job))
    most = Math.max(most, process.memoryUsage.rss())
    if (now.ImportedUsers >= (users * tenth) / 10) {
      const at = performance.now()
      const speed = Math.round(((now.ImportedUsers - told.users) * 1000) / (at - told.at))
      print(`${String(tenth * 10).padStart(3)} %  ${speed} users/s`)
      told = { at, users: now.ImportedUsers }
      tenth = Math.floor((now.ImportedUsers * 10) / users) + 1
    }
    if (now.CompletionDate && now.ImportedUsers < users) throw new Error(now.CompletionMessage)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const cpu = since(cpuBefore)
  const perUser = (value) => (value / users).toFixed(0)
  print(
    `${users} users in ${seconds.toFixed(1)} s: ${Math.round(users / seconds)} users/s, ${Math.round((users / seconds) * 3600).toLocaleString('en')} an hour; ` +
      `${perUser(cpu.own)} µs CPU a user (${perUser(cpu.system)} of them in the system)${cluster ? ` and ${perUser(cpu.postgres)} µs of PostgreSQL` : ''}; ` +
      `${((statements / users) * STEP).toFixed(1)} statements for ${STEP} users; ${megabytes(most)} MB at most`,
  )
  admin.destroy()
  await server.stop()
  const floor = cluster ? await postgresFloor(database.DATABASE_URL) : await sqliteFloor(join(folder, 'cognomen.db'))
  const total = (cpu.own + cpu.postgres) / users
  print(
    `floor: ${floor.toFixed(0)} µs CPU for the rows of a user alone, ${Math.round((100 * floor) / total)} % of what an import takes`,
  )
} finally {
  await server.stop().catch(() => undefined)
  await cluster?.stop()
  rmSync(folder, { recursive: true })
}
