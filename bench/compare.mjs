// Compares two commits: both servers run at once and the load alternates between them in short turns, so that a
// slowdown of the machine affects both.
import { buildCommit } from './builds.mjs'
import { median, prepare, slice, warmUp } from './measure.mjs'
import { startCognomen, startLoad } from './servers.mjs'
import { openWorld, startDatabase } from './worlds.mjs'

const ROUNDS = 10

export async function compareWith({ build, folder, pace, operations }, revision, { engine, users }) {
  const before = buildCommit(folder, revision)
  const postgres = engine === 'postgres' ? await startDatabase() : undefined
  const sides = []
  try {
    sides.push(await openSide('before', { build: before, engine, users, folder, postgres }, pace))
    sides.push(await openSide('now', { build, engine, users, folder, postgres }, pace))
    const lines = [
      `CPU ms for each operation, ${engine}, ${users.toLocaleString('en')} users; before is ${revision}`,
      '',
    ]
    lines.push(row('operation', 'before', 'now', 'now/before', 'rounds from–to', ...(postgres ? ['database'] : [])))
    for (const operation of operations) lines.push(await compareOperation(sides, operation, pace))
    process.stdout.write(`${lines.join('\n')}\n`)
  } finally {
    for (const { load, server } of sides) {
      await load.stop()
      await server.stop()
    }
    await postgres?.stop()
  }
}

async function openSide(name, { folder, ...parts }, pace) {
  const world = await openWorld({ ...parts, folder: `${folder}/${name}`, keep: false })
  const server = await startCognomen({ build: parts.build, env: world.env, functions: true })
  const load = await startLoad()
  await prepare(load, server, world, pace.sessions)
  return { name, server, load, databasePid: parts.postgres?.pid }
}

async function compareOperation(sides, operation, pace) {
  process.stderr.write(`${operation.name}…\n`)
  for (const side of sides) await warmUp(side.load, operation, pace)
  const slices = sides.map(() => [])
  for (let round = 0; round < ROUNDS; round++) {
    // Alternate which of the two goes first.
    const order = round % 2 === 0 ? [0, 1] : [1, 0]
    for (const side of order) slices[side].push(await slice(sides[side], operation, pace.sliceSeconds))
  }
  const [before, now] = slices.map((all) => all.map(({ cpuMs }) => cpuMs))
  const ratios = before.map((cost, round) => now[round] / cost)
  return row(
    operation.name,
    median(before).toFixed(3),
    median(now).toFixed(3),
    median(ratios).toFixed(2),
    `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    ...(sides[0].databasePid ? [databaseCost(slices)] : []),
  )
}

const databaseCost = (slices) =>
  slices.map((all) => median(all.map(({ databaseCpuMs }) => databaseCpuMs)).toFixed(3)).join(' → ')

const row = (name, ...figures) => `${name.padEnd(26)}${figures.map((figure) => figure.padStart(16)).join('')}`
