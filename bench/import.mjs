// How fast users are imported, by one server as it runs, and what memory it takes:
//
//   node bench/import.mjs [USERS] [sqlite|postgres] [plain|hash] [DIST]      100,000 on SQLite, after npm run build
//
// Prints users a second for each tenth of the file, then of the whole run with the CPU and the most memory of this
// process, which is server and client in one. `hash` has a bcrypt hash in each row.
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
import { startPostgres } from '../scripts/postgres.mjs'

const users = Number(process.argv[2] ?? 100_000)
const engine = process.argv[3] ?? 'sqlite'
const withHash = process.argv[4] === 'hash'
const build = resolve(process.argv[5] ?? '.')
const { start } = await import(pathToFileURL(join(build, 'server/dist/bundle/server.js')).href)

const HASH = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'
const print = (line) => process.stdout.write(`${line}\n`)
const megabytes = (bytes) => Math.round(bytes / 2 ** 20)

/** Eight hexadecimal digits, each name once: as in real files, the order of rows is not that of names, which indexes have. */
const nameOf = (i) => (Math.imul(i + 1, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')

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
  const cpuBefore = process.cpuUsage()
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
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpu = (user + system) / 1e6
  print(
    `${users} users in ${seconds.toFixed(1)} s: ${Math.round(users / seconds)} users/s, ${Math.round((users / seconds) * 3600).toLocaleString('en')} an hour; ` +
      `${((cpu / users) * 1e6).toFixed(0)} µs CPU a user (${(system / users).toFixed(0)} of them in the system); ${megabytes(most)} MB at most`,
  )
  admin.destroy()
} finally {
  await server.stop()
  await cluster?.stop()
  rmSync(folder, { recursive: true })
}
