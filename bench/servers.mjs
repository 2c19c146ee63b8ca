// The processes of a bench: Cognomen, the peer cognito-local, the load, the floor. Each on its core; each ends with us.
import { spawn } from 'node:child_process'
import { mkdirSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cores, freePort, onAllCores, onCore, root } from './machine.mjs'

const running = new Set()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

const here = (file) => join(root, 'bench', file)
const GIVE_UP_MS = 60_000

let nodeOptions = []

/** Options of Node.js for every Cognomen that is started from now on. */
export const useNodeOptions = (options) => {
  nodeOptions = options
}

/**
 * Starts Cognomen on the core of the server, with one worker thread and the log level of production, and waits for its
 * first answer. `functions` starts it by serve.mjs, with triggers of its own process, and `probe` loads probe.mjs into it.
 */
export function startCognomen({ build, env, functions = false, probe = false, tls = false }) {
  // The probe needs the files of single modules: a profile names them.
  const modules = join(build, probe ? 'server/dist' : 'server/dist/bundle')
  const program = functions ? [here('serve.mjs'), modules] : [join(build, 'server/bin/cognomen.js')]
  return startServer({
    args: [...nodeOptions, ...(probe ? ['--import', here('probe.mjs')] : []), ...program],
    cwd: build,
    env: { ...env, CRYPTO_WORKERS: '1', LOG_LEVEL: 'info' },
    health: '/health/ready',
    ipc: probe,
    tls,
  })
}

/** Starts cognito-local as its README says, with its data in `folder`. */
export function startPeer({ folder }) {
  mkdirSync(folder, { recursive: true })
  const require = createRequire(import.meta.url)
  return startServer({
    args: [require.resolve('cognito-local/lib/bin/start.js')],
    cwd: folder,
    env: { NODE_ENV: 'production' },
    health: '/health',
  })
}

async function startServer({ args, cwd, env, health, ipc = false, tls = false }) {
  const port = await freePort()
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  const startedAt = performance.now()
  const log = openSync('/dev/null', 'w')
  const child = start(...onCore(cores.server, process.execPath, args), {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, HOST: '127.0.0.1', PORT: String(port), ...env },
    stdio: ['ignore', log, 2, ...(ipc ? ['ipc'] : [])],
  })
  const giveUpAt = startedAt + GIVE_UP_MS
  while (!(await answers(`${url}${health}`))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server ended with ${child.exitCode ?? child.signalCode} before it answered.`)
    if (performance.now() > giveUpAt) throw new Error('The server does not answer.')
    await sleep(2)
  }
  return {
    url,
    pid: child.pid,
    startMs: performance.now() - startedAt,
    /** Asks probe.mjs in the server. */
    async ask(command, parameters) {
      child.send({ command, ...parameters })
      return (await message(child)).result
    },
    stop: () => stop(child),
  }
}

// Any answer will do: a peer may not know the path.
const answers = (url) =>
  fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.arrayBuffer().then(() => true),
    () => false,
  )

/** Starts a child process that answers messages: `ask(question)` resolves with its answer. */
async function startHelper(file, core) {
  const child = start(...onCore(core, process.execPath, [here(file)]), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await message(child)
  return {
    async ask(question) {
      child.send(question)
      return message(child)
    },
    stop: () => stop(child),
  }
}

export async function startFloor() {
  const floor = await startHelper('floor.mjs', cores.server)
  return { sample: () => floor.ask('sample'), stop: floor.stop }
}

export async function startLoad() {
  const load = await startHelper('load.mjs', cores.load)
  return {
    async ask(command, parameters) {
      const { result, error } = await load.ask({ command, ...parameters })
      if (error !== undefined) throw new Error(error)
      return result
    },
    stop: load.stop,
  }
}

/** Fills a pool, on all cores; see seed.mjs. */
export async function seed(parameters) {
  const child = start(...onAllCores(process.execPath, ['--max-old-space-size=4096', here('seed.mjs')]), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  child.send(parameters)
  const { result, error } = await message(child)
  await stop(child)
  if (error !== undefined) throw new Error(error)
  return result
}

function start(command, args, options) {
  const child = spawn(command, args, options)
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

const message = (child) =>
  new Promise((resolve, reject) => {
    const ended = (code, signal) => reject(new Error(`A process of the bench ended with ${code ?? signal}.`))
    child.once('exit', ended)
    child.once('message', (answer) => {
      child.off('exit', ended)
      resolve(answer)
    })
  })

function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const force = setTimeout(() => child.kill('SIGKILL'), 40_000)
  child.kill('SIGTERM')
  return ended.finally(() => clearTimeout(force))
}
