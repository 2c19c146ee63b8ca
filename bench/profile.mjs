// Where the time of one operation goes: CPU of each thread, and the functions of the main thread with the most self time.
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cores, moveThreadTo, threadsCpuMs } from './machine.mjs'
import { prepare, warmUp } from './measure.mjs'
import { operationNamed } from './operations.mjs'
import { startCognomen, startLoad } from './servers.mjs'
import { openWorld, startDatabase } from './worlds.mjs'

const SHOWN = 45
const WARM_SECONDS = 6
const PROFILE_SECONDS = 6

export async function profileOperation({ build, place, pace }, name, { engine, users }) {
  const operation = operationNamed(name)
  const postgres = engine === 'postgres' ? await startDatabase() : undefined
  const world = await openWorld({ build, engine, users, postgres, ...place })
  const server = await startCognomen({ build, env: world.env, functions: true, probe: true })
  const load = await startLoad()
  try {
    await prepare(load, server, world, pace.sessions)
    await warmUp(load, operation, { warmSeconds: WARM_SECONDS })
    const threads = await threadsDuring(server.pid, () =>
      load.ask('closed', { operation: operation.name, seconds: PROFILE_SECONDS / 2 }),
    )
    const file = join(tmpdir(), `cognomen-${name.replace(/\W+/g, '-')}.cpuprofile`)
    // On one core a function that wakes another thread would look as long as that thread then runs.
    for (const { id } of threadsCpuMs(server.pid).slice(1)) moveThreadTo(cores.load, id)
    await server.ask('startProfile')
    const { completed } = await load.ask('closed', { operation: operation.name, seconds: PROFILE_SECONDS })
    await server.ask('stopProfile', { file })
    process.stdout.write(
      [
        `${operation.name}, ${engine}, ${users.toLocaleString('en')} users`,
        '',
        'CPU µs for each operation, by thread (without the profiler):',
        ...threads.map(({ name, us }) => line(us, name)),
        '',
        `Main thread, self time in µs for each operation (${file} opens in the developer tools of a browser):`,
        ...byGroup(file, completed).map(([group, us]) => line(us, group)),
        '',
        ...byFunction(file, completed).map(([place, us]) => line(us, place)),
        '',
      ].join('\n'),
    )
  } finally {
    await load.stop()
    await server.stop()
    await postgres?.stop()
  }
}

const line = (us, text) => `${us.toFixed(1).padStart(9)}  ${text}`

async function threadsDuring(pid, work) {
  const before = new Map(threadsCpuMs(pid).map(({ id, cpuMs }) => [id, cpuMs]))
  const { completed } = await work()
  const groups = new Map()
  threadsCpuMs(pid).forEach(({ id, cpuMs }, position) => {
    const us = ((cpuMs - (before.get(id) ?? 0)) * 1000) / completed
    const name = threadGroup(position)
    groups.set(name, (groups.get(name) ?? 0) + us)
  })
  return [...groups].map(([name, us]) => ({ name, us }))
}

// Threads have no names in Node.js 20, but start in this order: main, five of V8, one for signals, four of libuv, workers.
function threadGroup(position) {
  if (position === 0) return 'main thread'
  if (position <= 5) return "V8's threads: garbage collector, compiler"
  return position <= 10 ? "libuv's threads: signatures, flushes" : 'worker threads: exponentiations'
}

function selfTimes(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])))
  return samples.map((id, i) => ({
    frame: byId.get(id).callFrame,
    caller: callers.get(id)?.callFrame,
    us: timeDeltas[i],
  }))
}

function summed(file, completed, keyOf) {
  const sums = new Map()
  for (const { frame, caller, us } of selfTimes(file)) {
    // Waiting, and the profiler's own stopping.
    if (frame.functionName === '(idle)' || caller?.url.startsWith('node:inspector')) continue
    const key = keyOf(frame, caller)
    sums.set(key, (sums.get(key) ?? 0) + us / completed)
  }
  return [...sums].sort((a, b) => b[1] - a[1])
}

const byFunction = (file, completed) =>
  summed(file, completed, (frame, caller) =>
    // A native function says little without who calls it.
    frame.url === '' && caller?.url ? `${frame.functionName} of ${placeOf(caller)}` : placeOf(frame),
  ).slice(0, SHOWN)

const placeOf = ({ functionName, url, lineNumber }) =>
  url === '' ? functionName : `${functionName || '(anonymous)'} ${shortName(url)}:${lineNumber + 1}`

/** By package, or by folder of the server. */
const byGroup = (file, completed) =>
  summed(file, completed, ({ functionName, url }) => {
    // (program) is native code outside of functions, such as that of libuv.
    if (url === '') return functionName.startsWith('(') ? functionName : 'native functions'
    if (url.startsWith('node:')) return `${url.split('/')[0]}${url.includes('/') ? `/${url.split('/')[1]}` : ''}`
    return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? shortName(url).split('/').slice(0, 2).join('/')
  })

const shortName = (url) => url.replace(/^.*\/node_modules\//, '').replace(/^.*\/server\/dist\//, '')
