// Whether the time of an answer tells who exists: for each call that anybody may make, answers for users and for names that
// nobody has, in turns, at a client that hides who exists (PreventUserExistenceErrors ENABLED). An attacker who knows both
// distributions guesses right as often as the AUC says: 0.5 is a coin.
//
//   node bench/enumeration.mjs [--samples 200] [--only TEXT]
//
// One request at a time over one connection on this machine: more than an attacker across a network ever sees.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createApiClient } from './api-client.mjs'
import { buildCheckout } from './builds.mjs'
import { compareSamples } from './compare-samples.mjs'
import { doors, makeDoorPools } from './enumeration-doors.mjs'
import { machineFacts } from './machine.mjs'
import { startCognomen } from './servers.mjs'

const { values } = parseArgs({
  options: { samples: { type: 'string', default: '200' }, only: { type: 'string', default: '' } },
})
const samples = Number(values.samples)
/** What the server does after an answer must not delay the next one. */
const PAUSE_MS = 2
/** The first pairs meet code that is not compiled and rows that are not cached yet. */
const WARM_UP = 20

const folder = mkdtempSync(join(tmpdir(), 'cognomen-enumeration-'))
const build = await buildCheckout(folder)
const credentials = { accessKeyId: 'AKIAENUMERATION00000', secretAccessKey: 'a-secret-of-the-bench-alone' }
const none = (...kinds) => kinds.map((kind) => `${kind} 0/hour 0/day`).join(', ')
const env = {
  DATA_DIR: folder,
  COGNOMEN_ACCESS_KEY_ID: credentials.accessKeyId,
  COGNOMEN_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  EMAIL_BUDGETS: none('address', 'network', 'pool', 'destination'),
  CODE_TRY_BUDGETS: none('user', 'address', 'network', 'destination', 'pool'),
}
const server = await startCognomen({ build, env, functions: true })
const client = createApiClient({ url: server.url, region: 'us-east-1', credentials })

/** An answer, whatever it is, with the milliseconds that it took. */
async function timed(operation, input) {
  const startedAt = performance.now()
  const answer = await client.call(operation, input).catch((error) => ({ error: error.message }))
  return { ms: performance.now() - startedAt, answer }
}

/** Takes both through all steps of a door in turns; the times of each step, in microseconds. */
async function sample(door, pool, count) {
  const times = door.steps.map(() => ({ known: [], unknown: [] }))
  const answers = new Set()
  for (let i = 0; i < count; i++) {
    const both = [
      { kind: 'known', name: pool.known(i), before: {} },
      { kind: 'unknown', name: pool.unknown(i), before: {} },
    ]
    for (const [step, { call }] of door.steps.entries()) {
      if (Math.random() < 0.5) both.reverse()
      for (const one of both) {
        const [operation, input] = call(pool, one.name, one.before)
        const { ms, answer } = await timed(operation, { ClientId: pool.clientId, ...input })
        one.before = answer
        if (i >= WARM_UP) times[step][one.kind].push(ms * 1000)
        answers.add(`${step} ${answer.error ?? answer.ChallengeName ?? 'ok'}`)
        await sleep(PAUSE_MS)
      }
    }
  }
  return { times, answers: [...answers].sort() }
}

try {
  const { date, commit, cpu, node } = machineFacts()
  const pools = await makeDoorPools(client, samples + WARM_UP)
  console.log(
    `${date}, ${commit}, ${cpu}, Node.js ${node}; ${samples} of each; load ${loadavg()[0].toFixed(1)} at first\n`,
  )
  console.log('| call | known, µs | unknown, µs | apart by, µs | AUC | p | |\n|---|---:|---:|---:|---:|---:|---|')
  for (const door of doors.filter(({ name }) => name.includes(values.only))) {
    const { times, answers } = await sample(door, pools[door.pool], samples + WARM_UP)
    for (const [step, { name }] of door.steps.entries()) {
      const { medians, shift, auc, p } = compareSamples(times[step].known, times[step].unknown)
      const told = door.documented ?? (Math.abs(auc - 0.5) > 0.1 && p < 0.001 ? 'apart' : '')
      const cells = [
        name,
        medians[0].toFixed(0),
        medians[1].toFixed(0),
        shift.toFixed(0),
        auc.toFixed(3),
        p.toPrecision(1),
        told,
      ]
      console.log(`| ${cells.join(' | ')} |`)
    }
    process.stderr.write(`${door.name}: ${answers.join('; ')}\n`)
  }
  console.log(`\nload ${loadavg()[0].toFixed(1)} at last`)
} finally {
  client.close()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
