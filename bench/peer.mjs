// The peer: cognito-local, the best known emulator of user pools, with the same load. It stores users in a JSON file that
// it writes anew for each change, compares passwords as they are, has no SRP, and lists without pages.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createApiClient } from './api-client.mjs'
import { residentMb } from './machine.mjs'
import { measureOperation, prepare } from './measure.mjs'
import { startLoad, startPeer } from './servers.mjs'
import { emailOf, passwordOf, person } from './world-names.mjs'
import { makePool, names } from './worlds.mjs'

const note = (text) => process.stderr.write(`${text}\n`)

/** Making its users through its API stops after this time; then it has fewer. */
const SEED_SECONDS = 90

export async function measurePeer({ folder, floor, operations, pace, users: wanted }) {
  const { version } = createRequire(import.meta.url)('cognito-local/package.json')
  const server = await startPeer({ folder: join(folder, 'peer') })
  const target = {
    url: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }
  const load = await startLoad()
  try {
    const pool = await makePool(target)
    const users = await makeUsers(target, pool.poolId, wanted)
    const world = { ...target, ...pool, users, ...names(users.length), ignoresLimit: true }
    await prepare(load, server, world, 100)
    const results = []
    for (const operation of operations) {
      note(`cognito-local: ${operation.name}…`)
      try {
        results.push(await measureOperation({ load, server }, floor, operation, pace))
      } catch (error) {
        results.push({ operation: operation.name, error: error.message })
      }
    }
    return {
      version,
      users: users.length,
      startMs: Math.round(server.startMs),
      loadedMb: Math.round(residentMb(server.pid)),
      results,
    }
  } finally {
    await load.stop()
    await server.stop()
  }
}

async function makeUsers(target, poolId, wanted) {
  note(`Making users of cognito-local…`)
  const client = createApiClient(target)
  const users = []
  const giveUpAt = performance.now() + SEED_SECONDS * 1000
  for (let i = 0; i < wanted && performance.now() < giveUpAt; i++) {
    const user = { username: emailOf(i), password: passwordOf(i) }
    const UserAttributes = Object.entries(person(i)).map(([Name, Value]) => ({ Name, Value }))
    const named = { UserPoolId: poolId, Username: user.username }
    await client.call('AdminCreateUser', { ...named, UserAttributes, MessageAction: 'SUPPRESS' }, { signed: true })
    await client.call('AdminSetUserPassword', { ...named, Password: user.password, Permanent: true }, { signed: true })
    users.push(user)
  }
  client.close()
  return users
}
