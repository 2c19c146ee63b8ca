// Where the time of one operation goes: CPU of each thread, and the functions of the main thread with the most self time.
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { threadsCpuMs } from './machine.mjs'
import { warmUp } from './measure.mjs'
import { operationNamed } from './operations.mjs'
import { startCognomen, startLoad } from './servers.mjs'
import { openWorld, startDatabase } from './worlds.mjs'

const SHOWN = 45
const PROFILE_SECONDS = 6

export async function profileOperation({ build, place, pace, port }, name, { engine, users }) {
  const operation = operationNamed(name)
  const postgres = engine === 'postgres' ? await startDatabase() : undefined
  const world = await openWorld({ build, engine, users, port, postgres, ...place })
  const server = await startCognomen({ build, env: world.env, port, probe: true })
  const load = await startLoad()
  try {
    await load.ask('prepare', { world, sessions: Math.min(world.users.length, pace.sessions) })
    await warmUp(load, operation, pace)
    const threads = await threadsDuring(server.pid, () =>
      load.ask('closed', { operation: operation.name, seconds: PROFILE_SECONDS / 2 }),
    )
    const file = join(tmpdir(), `cognomen-${name.replace(/\W+/g, '-')}.cpuprofile`)
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
  return threadsCpuMs(pid)
    .map(({ id, name, cpuMs }) => ({
      name: id === pid ? 'main thread' : `thread ${id} (${name})`,
      us: ((cpuMs - (before.get(id) ?? 0)) * 1000) / completed,
    }))
    .filter(({ us }) => us >= 1)
    .sort((a, b) => b.us - a.us)
}

function selfTimes(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  return samples.map((id, i) => ({ frame: byId.get(id).callFrame, us: timeDeltas[i] }))
}

function summed(file, completed, keyOf) {
  const sums = new Map()
  for (const { frame, us } of selfTimes(file)) {
    const key = keyOf(frame)
    if (key !== '(idle)') sums.set(key, (sums.get(key) ?? 0) + us / completed)
  }
  return [...sums].sort((a, b) => b[1] - a[1])
}

const byFunction = (file, completed) =>
  summed(file, completed, ({ functionName, url, lineNumber }) =>
    url === ''
      ? functionName
      : `${functionName || '(anonymous)'}  ${shortName(url)}:${lineNumber + 1}`,
  ).slice(0, SHOWN)

/** By package, or by folder of the server. */
const byGroup = (file, completed) =>
  summed(file, completed, ({ functionName, url }) => {
    if (url === '') return functionName === '(garbage collector)' ? functionName : 'built-in functions, V8 and libuv'
    if (url.startsWith('node:')) return `${url.split('/')[0]}${url.includes('/') ? `/${url.split('/')[1]}` : ''}`
    return /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? shortName(url).split('/').slice(0, 2).join('/')
  })

const shortName = (url) => url.replace(/^.*\/node_modules\//, '').replace(/^.*\/server\/dist\//, '')
