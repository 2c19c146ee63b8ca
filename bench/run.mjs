// `npm run bench`: what the hot operations cost, beside the cryptography that they cannot avoid and beside a peer.
// README.md says what is measured and how; this file reads the options and calls the parts in order.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import '../scripts/node-version.mjs'
import { buildCheckout } from './builds.mjs'
import { compareWith } from './compare.mjs'
import { cores, machineFacts, moveTo, residentMb, root } from './machine.mjs'
import { countWork, fullPace, measureOperation, measureStart, medians, prepare, quickPace } from './measure.mjs'
import { operations } from './operations.mjs'
import { measurePeer } from './peer.mjs'
import { profileOperation } from './profile.mjs'
import { textReport, writeReport } from './report.mjs'
import { startCognomen, startFloor, startLoad, useNodeOptions } from './servers.mjs'
import { openWorld, startDatabase } from './worlds.mjs'

const help = `Usage: npm run bench -- [options]

  --quick               short measurements: for a look, not for a record
  --engine NAMES        sqlite,postgres (the default is both)
  --users NUMBERS       sizes of the pool (default 1000,1000000 on SQLite and 1000 on PostgreSQL; 1000 with --quick)
  --only TEXTS          only operations whose names hold one of these, such as sign-in,GetUser
  --no-peer             leave cognito-local out
  --compare REV         this checkout against a commit, in turns
  --profile OPERATION   where the time of one operation goes
  --data FOLDER         keep large seeded databases there and use them again
  --node "OPTIONS"      options of Node.js for the server, such as --max-semi-space-size=32
  --save                write results/ and the tables of README.md (by default only a whole run does)
  --help
`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    engine: { type: 'string' },
    users: { type: 'string' },
    only: { type: 'string' },
    'no-peer': { type: 'boolean' },
    compare: { type: 'string' },
    profile: { type: 'string' },
    data: { type: 'string' },
    node: { type: 'string' },
    save: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
})

const note = (text) => process.stderr.write(`${text}\n`)
const list = (text) => text?.split(',').map((part) => part.trim())

const pace = options.quick ? quickPace : fullPace
const engines = list(options.engine) ?? ['sqlite', 'postgres']
const defaultSizes = { sqlite: options.quick ? [1000] : [1000, 1_000_000], postgres: [1000] }
const sizesOf = (engine) => list(options.users)?.map(Number) ?? defaultSizes[engine]
const wanted = list(options.only)?.map((text) => text.toLowerCase())
const chosen = operations.filter(({ name }) => !wanted || wanted.some((text) => name.toLowerCase().includes(text)))

function problemOfOptions() {
  if (process.platform !== 'linux') return 'CPU time is read from /proc: the bench runs on Linux.'
  const unknown = engines.find((engine) => !(engine in defaultSizes))
  if (unknown) return `There is no engine ${unknown}: sqlite, postgres.`
  if (engines.some((engine) => sizesOf(engine).some((users) => !(users >= 100))))
    return '--users takes numbers from 100 on.'
  // The record holds what others committed: short measurements must not take its place.
  if (options.quick && options.save) return '--quick is for a look: --save needs the full measurements.'
  if (chosen.length === 0)
    return `No operation holds ${options.only}: ${operations.map(({ name }) => name).join('; ')}.`
  return undefined
}

async function main() {
  if (options.help) return void process.stdout.write(help)
  const problem = problemOfOptions()
  if (problem) {
    note(problem)
    process.exitCode = 2
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'cognomen-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      note(`Ended by ${signal}.`)
      process.exit(1)
    })
  }
  const build = await buildCheckout(folder)
  if (cores.server === undefined) note('No second core, or no taskset: server and load share what there is.')
  moveTo(cores.load)
  if (options.node) useNodeOptions(options.node.split(/\s+/))
  if (options.data) mkdirSync(options.data, { recursive: true })
  const place = { folder: options.data ? resolve(options.data) : folder, keep: options.data !== undefined }
  const run = { build, folder, place, pace, operations: chosen }
  if (options.compare) return compareWith(run, options.compare, { engine: engines[0], users: sizesOf(engines[0])[0] })
  if (options.profile)
    return profileOperation(run, options.profile, { engine: engines[0], users: sizesOf(engines[0])[0] })
  await measureAll(run)
}

async function measureAll(run) {
  const floor = await startFloor()
  const report = { machine: machineFacts(), pace, floor: undefined, worlds: [], peer: undefined }
  const samples = []
  for (let n = 0; n < 20; n++) samples.push(await floor.sample())
  report.floor = medians(samples)
  const postgres = engines.includes('postgres') ? await startDatabase() : undefined
  try {
    for (const engine of engines) {
      for (const users of sizesOf(engine))
        report.worlds.push(await measureWorld({ ...run, floor, postgres, engine, users }))
    }
  } finally {
    await postgres?.stop()
  }
  if (!options['no-peer']) {
    const peerOperations = run.operations.filter(({ peer = true }) => peer)
    report.peer = await measurePeer({ ...run, floor, operations: peerOperations, users: options.quick ? 100 : 1000 })
  }
  await floor.stop()
  process.stdout.write(textReport(report))
  const whole =
    !options.quick && !options.only && !options.users && !options.engine && !options['no-peer'] && !options.node
  if (whole || options.save) {
    const results = join(root, 'bench/results')
    mkdirSync(results, { recursive: true })
    writeFileSync(join(results, 'latest.json'), `${JSON.stringify(report, undefined, 2)}\n`)
    writeReport(report)
    note(`Written: ${results}, ${join(root, 'bench/README.md')}`)
  }
}

async function measureWorld({ build, place, pace, operations, floor, postgres, engine, users }) {
  const world = await openWorld({ build, engine, users, postgres, ...place })
  note(`${engine}, ${users.toLocaleString('en')} users: start…`)
  const start = await measureStart({ build, world, pace })
  const work = await countWork({ build, world, operations })
  const server = await startCognomen({ build, env: world.env, functions: true })
  const load = await startLoad()
  const target = { load, server, databasePid: engine === 'postgres' ? postgres.pid : undefined }
  const results = []
  try {
    await prepare(load, server, world, pace.sessions)
    for (const operation of operations) {
      note(`${engine}, ${users.toLocaleString('en')} users: ${operation.name}…`)
      results.push(await measureOperation(target, floor, operation, pace))
    }
  } finally {
    await load.stop()
  }
  const loadedMb = Math.round(residentMb(server.pid))
  await server.stop()
  return { engine, users, firstStartMs: Math.round(world.firstStartMs), ...start, loadedMb, results, work }
}

await main()
