// The machine a bench runs on: its facts, which core does what, and what a process has used of it (from /proc).
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, release, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What figures depend on. */
export function machineFacts() {
  return {
    date: new Date().toISOString(),
    commit: commitName(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    openssl: process.versions.openssl,
    cpuPerCore: cores.server === undefined ? 'not pinned' : `server ${cores.server}, load ${cores.load}`,
    databaseCore: cores.database === undefined ? 'not pinned' : String(cores.database),
  }
}

function commitName() {
  const git = (...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    return (
      git('rev-parse', '--short', 'HEAD').trim() +
      (git('status', '--porcelain', 'server').trim() ? ' with changes' : '')
    )
  } catch {
    return 'unknown'
  }
}

// Cores

/** The core of the server (and of the floor), of the load, and of PostgreSQL, which shares the load's unless there is a third. */
export const cores = chooseCores()

function chooseCores() {
  const allowed = allowedCores()
  if (!allowed || spawnSync('taskset', ['--version']).error) return {}
  const server = allowed[0]
  // Two threads of one core share its arithmetic: the load must not sit on the server's other half.
  const apart = allowed.filter((core) => !siblingsOf(server).includes(core))
  const [load, database = load] = apart
  return load === undefined ? {} : { server, load, database }
}

function allowedCores() {
  try {
    return coreList(/^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '')
  } catch {
    return undefined
  }
}

function siblingsOf(core) {
  try {
    return coreList(readFileSync(`/sys/devices/system/cpu/cpu${core}/topology/thread_siblings_list`, 'utf8').trim())
  } catch {
    return [core]
  }
}

/** `0-2,5` as numbers. */
function coreList(text) {
  return text.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}

/** A command line that runs `command` on a core; as it is when cores cannot be chosen. */
export const onCore = (core, command, args) =>
  core === undefined ? [command, args] : ['taskset', ['-c', String(core), command, ...args]]

/** Moves this process, and what it starts from now on, to a core. */
export function moveTo(core) {
  if (core !== undefined) spawnSync('taskset', ['-apc', String(core), String(process.pid)])
}

export function moveThreadTo(core, id) {
  if (core !== undefined) spawnSync('taskset', ['-pc', String(core), String(id)])
}

/** For work that nothing measures: every core. */
export const onAllCores = (command, args) =>
  cores.server === undefined ? [command, args] : ['taskset', ['-c', `0-${cpus().length - 1}`, command, ...args]]

export async function freePort() {
  const server = createServer()
  await new Promise((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

// What a process has used

/** CPU milliseconds of the threads of a process that are alive, in user and kernel mode. */
export const cpuMs = (pid) => threadsCpuMs(pid).reduce((sum, thread) => sum + thread.cpuMs, 0)

/** CPU milliseconds of each thread that is alive: `{ id, cpuMs }`, in the order of their start. */
export const threadsCpuMs = (pid) =>
  readdirSync(`/proc/${pid}/task`)
    .map(Number)
    .sort((a, b) => a - b)
    .map((id) => ({
      id,
      // Nanoseconds on a core; /proc/…/stat counts in hundredths of a second.
      cpuMs: Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
    }))

/** The processes that `pid` started and that still run. */
export const childrenOf = (pid) =>
  processes()
    .filter((process) => process.parent === pid)
    .map(({ id }) => id)

/** CPU milliseconds of these (the backends of a PostgreSQL server). */
export const childrenCpuMs = (pid) => childrenOf(pid).reduce((sum, id) => sum + (attempt(() => cpuMs(id)) ?? 0), 0)

/** The parent of a process; undefined when it is gone. */
export const parentOf = (pid) =>
  attempt(() => Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]))

/** Resident memory in MB. */
export const residentMb = (pid) =>
  Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

const processes = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ id: Number(name), parent: parentOf(name) }))

function attempt(read) {
  try {
    return read()
  } catch {
    return undefined
  }
}
