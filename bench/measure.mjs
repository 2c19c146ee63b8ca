// Takes the figures: of one operation, of starting, of memory, of what an operation does.
import { setTimeout as sleep } from 'node:timers/promises'
import { createApiClient } from './api-client.mjs'
import { childrenCpuMs, cpuMs, residentMb } from './machine.mjs'
import { floorMs } from './operations.mjs'
import { startCognomen, startLoad } from './servers.mjs'

/** How long things take. `slices` are short loads with the floor measured between them; of all figures the median counts. */
export const fullPace = { warmSeconds: 3, slices: 8, sliceSeconds: 1, openSeconds: 8, starts: 5, sessions: 2000 }
export const quickPace = { warmSeconds: 2.5, slices: 3, sliceSeconds: 0.5, openSeconds: 2, starts: 2, sessions: 200 }

const IDLE_SECONDS = 5
const COUNTED_TIMES = 5

/** The middle of some numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]

/** Tells the load where its world is served, and signs users in. */
export const prepare = (load, server, world, sessions) =>
  load.ask('prepare', { world: { ...world, url: server.url }, sessions: Math.min(world.users.length, sessions) })

/** Warm-up: runs without measuring until the code is compiled and caches are filled. */
export const warmUp = (load, operation, pace) =>
  load.ask('closed', { operation: operation.name, seconds: pace.warmSeconds })

/** One short load: operations a second, CPU milliseconds an operation, of the server, its database and the load. */
export async function slice({ load, server, databasePid }, operation, seconds) {
  const before = cpuMs(server.pid)
  const databaseBefore = databasePid && childrenCpuMs(databasePid)
  const done = await load.ask('closed', { operation: operation.name, seconds })
  const used = cpuMs(server.pid) - before
  const databaseUsed = databasePid && Math.max(0, childrenCpuMs(databasePid) - databaseBefore)
  if (done.completed === 0) throw new Error(done.firstFailure ?? 'Nothing was answered.')
  return {
    perSecond: done.completed / done.seconds,
    cpuMs: used / done.completed,
    databaseCpuMs: databasePid && databaseUsed / done.completed,
    loadBusy: done.loadCpuMs / 1000 / done.seconds,
    failed: done.failed,
    firstFailure: done.firstFailure,
  }
}

/** All figures of one operation. `floor` measures the cryptographic floor between the slices. */
export async function measureOperation(target, floor, operation, pace) {
  const { load } = target
  await warmUp(load, operation, pace)
  const slices = []
  const costs = [await floor.sample()]
  for (let n = 0; n < pace.slices; n++) {
    slices.push(await slice(target, operation, pace.sliceSeconds))
    costs.push(await floor.sample())
  }
  const middle = (name) => median(slices.map((one) => one[name]))
  const perSecond = middle('perSecond')
  const unavoidableMs = floorMs(operation, medians(costs))
  const half = await load.ask('open', { operation: operation.name, seconds: pace.openSeconds, rate: perSecond / 2 })
  const latencies = half.latencies.sort((a, b) => a - b)
  return {
    operation: operation.name,
    perSecond: round(perSecond, 1),
    cpuMs: round(middle('cpuMs'), 3),
    floorMs: round(unavoidableMs, 3),
    ofFloor: unavoidableMs === 0 ? undefined : round(unavoidableMs / middle('cpuMs'), 3),
    databaseCpuMs: target.databasePid && round(middle('databaseCpuMs'), 3),
    loadBusy: round(middle('loadBusy'), 2),
    halfLoad: {
      perSecond: round(half.completed / half.seconds, 1),
      p50Ms: round(percentile(latencies, 0.5), 2),
      p99Ms: round(percentile(latencies, 0.99), 2),
    },
    failed: slices.reduce((sum, { failed }) => sum + failed, half.failed),
    firstFailure: slices.find(({ firstFailure }) => firstFailure)?.firstFailure ?? half.firstFailure,
  }
}

/** The median of each primitive. */
export const medians = (samples) =>
  Object.fromEntries(Object.keys(samples[0]).map((name) => [name, median(samples.map((sample) => sample[name]))]))

/** Starts the server again and again on a database that is there, and looks at it when it is idle. */
export async function measureStart({ build, world, pace }) {
  const starts = []
  for (let n = 1; n < pace.starts; n++) {
    const server = await startCognomen({ build, env: world.env })
    starts.push(server.startMs)
    await server.stop()
  }
  const server = await startCognomen({ build, env: world.env })
  starts.push(server.startMs)
  await sleep(IDLE_SECONDS * 1000)
  const idleMb = residentMb(server.pid)
  const firstSignInMs = await timeFirstSignIn({ ...world, url: server.url })
  await server.stop()
  return { startMs: Math.round(median(starts)), idleMb: Math.round(idleMb), firstSignInMs: Math.round(firstSignInMs) }
}

async function timeFirstSignIn(world) {
  const client = createApiClient(world)
  const { username, password } = world.users[0]
  const startedAt = performance.now()
  await client.call('InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: world.clientId,
    AuthParameters: { USERNAME: username, PASSWORD: password },
  })
  client.close()
  return performance.now() - startedAt
}

/** What each operation does: statements, round trips, signatures, exponentiations. Not for times. */
export async function countWork({ build, world, operations }) {
  const server = await startCognomen({ build, env: world.env, functions: true, probe: true })
  const load = await startLoad()
  try {
    await prepare(load, server, world, 2)
    const counted = []
    for (const operation of operations) {
      const seen = []
      for (let times = 0; times < COUNTED_TIMES; times++) {
        await server.ask('forget')
        const { failed, firstFailure } = await load.ask('once', { operation: operation.name })
        if (failed > 0) throw new Error(`${operation.name}: ${firstFailure}`)
        seen.push(await server.ask('seen'))
      }
      // The others also filled caches of settings and keys, or met with work in the background.
      const fewest = seen.reduce((a, b) => (b.statements.length < a.statements.length ? b : a))
      counted.push({ operation: operation.name, ...fewest })
    }
    return counted
  } finally {
    await load.stop()
    await server.stop()
  }
}

export const round = (number, places) => Number(number.toFixed(places))
