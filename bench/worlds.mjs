// Worlds: a database with a pool of so many users, made once for a run, and what the load has to know of it.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../scripts/postgres.mjs'
import { createApiClient } from './api-client.mjs'
import { triggerPlaces } from './functions.mjs'
import { cores, freePort, moveTo, parentOf } from './machine.mjs'
import { seed, startCognomen } from './servers.mjs'
import { DEV_CODE, emailOf, familyNames, person, usersOfName } from './world-names.mjs'

/** Users with a password of their own: those that the load signs in, spread over the whole pool. */
const MOST_CREDENTIALS = 5000
/** Worlds as large as this are kept in the folder of --data; smaller ones are made as fast as found. */
const WORTH_KEEPING = 100_000

const note = (text) => process.stderr.write(`${text}\n`)

/** Starts a durable PostgreSQL on its core; `pid` is that of its first process. */
export async function startDatabase() {
  moveTo(cores.database)
  const cluster = await startPostgres({
    durable: true,
    settings: { shared_buffers: '512MB', max_wal_size: '4GB' },
  })
  moveTo(cores.load)
  const client = new pg.Client(cluster.url)
  await client.connect()
  const { rows } = await client.query('select pg_backend_pid() as id')
  const pid = parentOf(rows[0].id)
  await client.end()
  return { ...cluster, pid }
}

/** A world, seeded and checked. Its server is not running. */
export async function openWorld({ build, engine, users, folder, keep, postgres }) {
  const place = join(folder, `${engine}-${users}`)
  const noteFile = join(place, 'world.json')
  if (keep && users >= WORTH_KEEPING && engine === 'sqlite' && existsSync(noteFile)) {
    note(`Using the ${users.toLocaleString('en')} users in ${place}.`)
    return JSON.parse(readFileSync(noteFile, 'utf8'))
  }
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  const world = await makeWorld({ build, engine, users, place, postgres })
  await check(build, world)
  writeFileSync(noteFile, JSON.stringify(world), { mode: 0o600 })
  return world
}

async function makeWorld({ build, engine, users, place, postgres }) {
  const masterKey = randomBytes(32).toString('base64')
  const credentials = {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  }
  // Where the load answers for functions of triggers.
  const functionsPort = await freePort()
  const triggersFile = join(place, 'triggers.json')
  writeFileSync(triggersFile, JSON.stringify(triggerPlaces(functionsPort)))
  const databaseUrl = engine === 'postgres' ? await postgres.createDatabase() : undefined
  const env = {
    DATA_DIR: place,
    COGNOMEN_ACCESS_KEY_ID: credentials.accessKeyId,
    COGNOMEN_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    COGNOMEN_MASTER_KEY: masterKey,
    // Sign-ups by the thousand a minute, of which every one is counted, and codes for the same few users.
    EMAIL_BUDGETS: 'pool 10000000/hour 10000000/day, destination 10000000/hour 10000000/day',
    COGNOMEN_DEV_CODE: DEV_CODE,
    TRIGGERS_FILE: triggersFile,
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  }
  const region = 'us-east-1'
  const server = await startCognomen({ build, env })
  const pool = await makePool({ url: server.url, region, credentials })
  await server.stop()

  note(`Seeding ${users.toLocaleString('en')} users (${engine})…`)
  const startedAt = performance.now()
  const seeded = await seed({
    build,
    database: databaseUrl ? { engine, url: databaseUrl, connections: 4 } : { engine, path: join(place, 'cognomen.db') },
    masterKey,
    poolId: pool.poolId,
    users,
    credentials: MOST_CREDENTIALS,
  })
  note(`  done in ${Math.round((performance.now() - startedAt) / 1000)} s`)
  return {
    engine,
    env,
    functionsPort,
    region,
    credentials,
    size: users,
    ...pool,
    ...seeded,
    ...names(users),
    firstStartMs: server.startMs,
  }
}

/** Makes a pool and a client of the usual kind: users are known by their e-mail address, which a code verifies. */
export async function makePool(target) {
  const client = createApiClient(target)
  const { UserPool } = await client.call(
    'CreateUserPool',
    { PoolName: 'bench', UsernameAttributes: ['email'], AutoVerifiedAttributes: ['email'] },
    { signed: true },
  )
  const { UserPoolClient } = await client.call(
    'CreateUserPoolClient',
    {
      UserPoolId: UserPool.Id,
      ClientName: 'bench',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    },
    { signed: true },
  )
  client.close()
  return { poolId: UserPool.Id, clientId: UserPoolClient.ClientId }
}

/** What filters look for among `users` seeded users. */
export const names = (users) => ({ familyNames, usersOfName: usersOfName(users) })

/** Checks through the API that the rows seeded directly into the database are as the API would have written them. */
async function check(build, world) {
  const server = await startCognomen({ build, env: world.env })
  const client = createApiClient({ ...world, url: server.url })
  const signed = (operation, input) => client.call(operation, { UserPoolId: world.poolId, ...input }, { signed: true })
  try {
    const { UserPool } = await signed('DescribeUserPool', {})
    must(UserPool.EstimatedNumberOfUsers === world.size, `the pool counts ${UserPool.EstimatedNumberOfUsers} users`)
    for (let sample = 0; sample < 20; sample++) {
      const i = Math.floor(Math.random() * world.size)
      const wanted = person(i)
      const found = await signed('AdminGetUser', { Username: emailOf(i) })
      must(sameAttributes(found.UserAttributes, wanted), `user ${i} is not ${JSON.stringify(wanted)}`)
      const listed = await signed('ListUsers', { Filter: `email = "${emailOf(i)}"` })
      must(listed.Users.length === 1 && listed.Users[0].Username === found.Username, `user ${i} is not listed`)
    }
    const subs = await signed('ListUsers', { Limit: 60 })
    must(subs.Users.length === Math.min(60, world.size), 'a page of users is not full')
  } finally {
    client.close()
    await server.stop()
  }
}

const sameAttributes = (list, wanted) =>
  Object.entries(wanted).every(([name, value]) => list.some(({ Name, Value }) => Name === name && Value === value))

function must(holds, otherwise) {
  if (!holds) throw new Error(`The seeded database is not right: ${otherwise}.`)
}
