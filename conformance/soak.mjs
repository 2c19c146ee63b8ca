// Holds a started server under load with a database of constant size, and shows whether anything grows: resident memory,
// open descriptors, rows of each table. By hand, after `npm run build`:
//
//   node conformance/soak.mjs 120              # minutes; SQLite
//   DATABASE_URL=postgres://… node conformance/soak.mjs 120
//
// Each round is the life of a user: sign-up, code, sign-in, refresh, GetUser, sign-out, deletion; beside it a guest of an
// identity pool with credentials, who is deleted, too. A sample is taken twenty times; growth is the slope of the line
// through the samples of the second half, when caches are full. At the end the server is stopped and every table counted.
// The exit code is 1 when a call fails, the memory grows by more than 20 MB an hour, descriptors grow, or a table keeps a row
// of each round (those of `EXPIRING` may: their rows go when their time is over).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as identity from '@aws-sdk/client-cognito-identity'
import * as idp from '@aws-sdk/client-cognito-identity-provider'
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import sqlite from '@photostructure/sqlite'
import pg from 'pg'

const minutes = Number(process.argv[2] ?? 120)
const CLIENTS = 4
const SAMPLES = 20
const MAX_MB_PER_HOUR = 20
// Keys, settings and roles of an installation with two pools are some dozens of rows.
const MAX_ROWS = 100
const EXPIRING = ['attempts', 'budgets', 'spent_ids', 'jobs']
const PASSWORD = 'Correct-horse-1'

const dataDir = mkdtempSync(join(tmpdir(), 'cognomen-soak-'))
const program = fileURLToPath(new URL('../server/bin/cognomen.js', import.meta.url))
const { PATH, DATABASE_URL } = process.env
const server = spawn(process.execPath, [program], {
  env: {
    PATH,
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    COGNOMEN_DEV_CODE: '123456',
    // All sign-ups of the load are in one pool.
    EMAIL_BUDGETS: 'pool 0/hour 0/day',
    ...(DATABASE_URL && { DATABASE_URL }),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
})
process.on('exit', () => {
  server.kill('SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})
const endpoint = await new Promise((resolve, reject) => {
  let text = ''
  server.stdout.on('data', (bytes) => {
    text += bytes
    const url = / is ready at (http:\S+)/.exec(text)?.[1]
    if (url) resolve(url)
  })
  server.on('exit', (code) => reject(new Error(`The server ended with code ${code}.`)))
})

const key = readFileSync(join(dataDir, 'credentials'), 'utf8')
const settingOf = (name) => new RegExp(`^${name} = (.+)$`, 'm').exec(key)[1]
const credentials = { accessKeyId: settingOf('aws_access_key_id'), secretAccessKey: settingOf('aws_secret_access_key') }
const settings = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }
const admin = new idp.CognitoIdentityProviderClient(settings)
const pools = new identity.CognitoIdentityClient(settings)
const { UserPool } = await admin.send(
  new idp.CreateUserPoolCommand({ PoolName: 'soak', AutoVerifiedAttributes: ['email'] }),
)
const UserPoolId = UserPool.Id
const { UserPoolClient } = await admin.send(
  new idp.CreateUserPoolClientCommand({
    UserPoolId,
    ClientName: 'app',
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  }),
)
const { ClientId } = UserPoolClient
const { IdentityPoolId } = await pools.send(
  new identity.CreateIdentityPoolCommand({ IdentityPoolName: 'soak', AllowUnauthenticatedIdentities: true }),
)
const trust = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId } },
    },
  ],
}
const { Role } = await new IAMClient(settings).send(
  new CreateRoleCommand({ RoleName: 'Guest', AssumeRolePolicyDocument: JSON.stringify(trust) }),
)
await pools.send(new identity.SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { unauthenticated: Role.Arn } }))

async function lifeOfAUser(Username) {
  const UserAttributes = [{ Name: 'email', Value: `${Username}@example.com` }]
  await admin.send(new idp.SignUpCommand({ ClientId, Username, Password: PASSWORD, UserAttributes }))
  await admin.send(new idp.ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode: '123456' }))
  const AuthParameters = { USERNAME: Username, PASSWORD }
  const { AuthenticationResult: tokens } = await admin.send(
    new idp.InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }),
  )
  await admin.send(
    new idp.InitiateAuthCommand({
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
    }),
  )
  await admin.send(new idp.GetUserCommand({ AccessToken: tokens.AccessToken }))
  await admin.send(new idp.GlobalSignOutCommand({ AccessToken: tokens.AccessToken }))
  await admin.send(new idp.AdminDeleteUserCommand({ UserPoolId, Username }))
}

async function lifeOfAGuest() {
  const { IdentityId } = await pools.send(new identity.GetIdCommand({ IdentityPoolId }))
  await pools.send(new identity.GetCredentialsForIdentityCommand({ IdentityId }))
  await pools.send(new identity.DeleteIdentitiesCommand({ IdentityIdsToDelete: [IdentityId] }))
}

const until = Date.now() + minutes * 60_000
let rounds = 0
const failures = new Map()
const clients = Array.from({ length: CLIENTS }, async (_, client) => {
  for (let round = 0; Date.now() < until; round++) {
    await Promise.all([lifeOfAUser(`user-${client}-${round}`), lifeOfAGuest()]).then(
      () => rounds++,
      ({ name, message }) => failures.set(`${name}: ${message}`, (failures.get(`${name}: ${message}`) ?? 0) + 1),
    )
  }
})

const megabytes = () => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024
const samples = []
process.stdout.write('minute  rounds  memory MB  descriptors\n')
for (let sample = 1; sample <= SAMPLES; sample++) {
  await new Promise((resolve) => setTimeout(resolve, (minutes * 60_000) / SAMPLES))
  const at = (minutes * sample) / SAMPLES
  const taken = { at, memory: megabytes(), descriptors: readdirSync(`/proc/${server.pid}/fd`).length }
  samples.push(taken)
  const columns = [at.toFixed(1).padStart(6), String(rounds).padStart(6), taken.memory.toFixed(0).padStart(9)]
  process.stdout.write(`${columns.join('  ')}  ${String(taken.descriptors).padStart(11)}\n`)
}
await Promise.all(clients)

/** Growth in an hour: the slope of the line through the second half of the samples, by least squares. */
function growthOf(member) {
  const half = samples.slice(SAMPLES / 2)
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [at, value] = [mean(half.map((sample) => sample.at)), mean(half.map((sample) => sample[member]))]
  const across = half.reduce((sum, sample) => sum + (sample.at - at) * (sample[member] - value), 0)
  return (60 * across) / half.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0)
}

const { UserPool: after } = await admin.send(new idp.DescribeUserPoolCommand({ UserPoolId }))
const { Users } = await admin.send(new idp.ListUsersCommand({ UserPoolId }))
const { Identities } = await pools.send(new identity.ListIdentitiesCommand({ IdentityPoolId, MaxResults: 60 }))
const growth = { memory: growthOf('memory'), descriptors: growthOf('descriptors') }
for (const [failure, times] of failures) process.stdout.write(`${times} times ${failure}\n`)
process.stdout.write(
  `${rounds} rounds in ${minutes} minutes; in an hour memory ${growth.memory.toFixed(1)} MB, descriptors ${growth.descriptors.toFixed(1)}; ` +
    `users left ${Users.length} (counted ${after.EstimatedNumberOfUsers}), identities left ${Identities.length}\n`,
)
server.kill('SIGTERM')
await once(server, 'exit')
const rows = DATABASE_URL ? await rowsOfPostgres() : rowsOfSqlite()
const counted = [...rows].filter(([, count]) => count > 0).map(([table, count]) => `${table} ${count}`)
process.stdout.write(`Rows: ${counted.join(', ')}\n`)
const kept = [...rows].filter(([table, count]) => count > MAX_ROWS && !EXPIRING.includes(table))
for (const [table, count] of kept) process.stdout.write(`${table} has ${count} rows: they are not deleted.\n`)
const left = Users.length + Identities.length + kept.length
const flat = growth.memory <= MAX_MB_PER_HOUR && Math.abs(growth.descriptors) * (minutes / 120) <= CLIENTS
// A short run fills caches the whole time: it only shows that the script works.
const judged = minutes >= 60 ? flat : true
process.exit(failures.size === 0 && left === 0 && rounds > 0 && judged ? 0 : 1)

/** The number of rows of each table; the server must have ended, as it holds the file alone. */
function rowsOfSqlite() {
  const [file] = readdirSync(dataDir).filter((name) => name.endsWith('.db'))
  const database = new sqlite.DatabaseSync(join(dataDir, file))
  const tables = database.prepare("select name from sqlite_schema where type = 'table' order by name").all()
  return new Map(
    tables.map(({ name }) => [name, database.prepare(`select count(*) as rows from "${name}"`).get().rows]),
  )
}

async function rowsOfPostgres() {
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  const tables = await client.query("select tablename as name from pg_tables where schemaname = 'public' order by 1")
  const rows = new Map()
  for (const { name } of tables.rows) {
    const counted = await client.query(`select count(*)::int as rows from "${name}"`)
    rows.set(name, counted.rows[0].rows)
  }
  await client.end()
  return rows
}
