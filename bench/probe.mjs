// Loaded into the server (`node --import`) to see what an operation does: which statements it sends and in how many round
// trips, how often it signs, verifies, exponentiates and flushes; and, on request, where the time of its main thread goes.
// Figures of time are not taken with it, except for profiles.
import crypto from 'node:crypto'
import fs from 'node:fs'
import { Session } from 'node:inspector/promises'
import { syncBuiltinESMExports } from 'node:module'
import { Worker } from 'node:worker_threads'
import { watchStatements } from './watch-statements.mjs'

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

function startCounting() {
  forget()
  watchStatements({ sent, began: () => running++, ended: () => running-- })
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
