// Loaded into the server (`node --import`) to see what an operation does: which statements it sends and in how many round
// trips, how often it signs, verifies, exponentiates and flushes; and, on request, where the time of its main thread goes.
// Figures of time are not taken with it, except for profiles.
import crypto from 'node:crypto'
import fs from 'node:fs'
import { Session } from 'node:inspector/promises'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { Worker } from 'node:worker_threads'

const SAMPLING_MICROSECONDS = 250

/** Exponentiations of the jobs of crypto/jobs.ts. */
const EXPONENTIATIONS = { srpVerifier: 1, passwordMatches: 1, srpEphemeral: 1, srpKey: 2 }

let seen
let running = 0

const forget = () => {
  seen = { statements: [], roundTrips: 0, signatures: 0, verifications: 0, exponentiations: 0, flushes: 0 }
}

function sent(text) {
  seen.statements.push(text)
  // Statements that run side by side share a round trip.
  if (running === 0) seen.roundTrips++
}

function wrap(object, name, before) {
  const original = object[name]
  object[name] = function (...args) {
    before(...args)
    return original.apply(this, args)
  }
}

/** A module of SQLite whose statements are counted. Its own classes cannot be changed. */
const counted = (sqlite) => ({
  ...sqlite,
  DatabaseSync: class extends sqlite.DatabaseSync {
    prepare(text) {
      const statement = super.prepare(text)
      const run =
        (name) =>
        (...values) => {
          sent(text)
          return statement[name](...values)
        }
      return {
        setReturnArrays: (enabled) => statement.setReturnArrays(enabled),
        columns: () => statement.columns(),
        ...Object.fromEntries(['all', 'get', 'run'].map((name) => [name, run(name)])),
      }
    }
  },
})

/** Whichever of the two runs (database/engines/sqlite-driver.ts). */
function countOnSqlite(require) {
  const { getBuiltinModule } = process
  process.getBuiltinModule = (name) => {
    const module = getBuiltinModule(name)
    return name === 'node:sqlite' && module ? counted(module) : module
  }
  const file = require.resolve('@photostructure/sqlite')
  const sqlite = require(file)
  require.cache[file].exports = counted(sqlite)
}

function startCounting() {
  forget()
  const require = createRequire(import.meta.url)
  countOnSqlite(require)
  const { Client } = require('pg')
  const { query } = Client.prototype
  Client.prototype.query = function (...args) {
    // The server makes a query with a callback; pg's own queries of a new connection have none.
    const [statement] = args
    const { callback } = statement
    if (callback) {
      sent(statement.text)
      running++
      statement.callback = (...answer) => {
        running--
        callback(...answer)
      }
    }
    return query.apply(this, args)
  }
  wrap(crypto, 'sign', () => seen.signatures++)
  wrap(crypto, 'verify', () => seen.verifications++)
  // Of passkeys, by @simplewebauthn/server.
  wrap(crypto.webcrypto.subtle, 'verify', () => seen.verifications++)
  wrap(fs, 'fdatasync', () => seen.flushes++)
  wrap(Worker.prototype, 'postMessage', ({ job }) => {
    seen.exponentiations += EXPONENTIATIONS[job] ?? 0
  })
  syncBuiltinESMExports()
}

const session = new Session()

const commands = {
  forget: () => forget(),
  seen: () => seen,
  async startProfile() {
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS })
    await session.post('Profiler.start')
  },
  async stopProfile({ file }) {
    const { profile } = await session.post('Profiler.stop')
    fs.writeFileSync(file, JSON.stringify(profile))
    session.disconnect()
  },
}

startCounting()
process.on('message', async ({ command, ...parameters }) => {
  process.send({ result: (await commands[command](parameters)) ?? null })
})
process.channel.unref()
