// Prepares a source checkout for a command: installs the packages of the lock file and builds the server, and for most
// commands the sync client. Owns the stamps that make a second run cheap. Uses Node.js alone, as it runs before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const serverMain = pathToFileURL(join(root, 'server/dist/bundle/main.js')).href

const lockFile = join(root, 'package-lock.json')
const installedLockFile = join(root, 'node_modules/.package-lock.json')
const installStamp = join(root, 'node_modules/.cognomen-installed.json')
/** What is built: `bundle` makes of the compiled modules what runs. */
const parts = [
  { name: 'server', bundle },
  { name: 'sync-client', bundle: async () => {} },
]
const setUpLock = join(root, '.set-up-lock')

const progress = (text) => process.stderr.write(`${text}\n`)

/**
 * Installs and builds whatever is missing or stale; the sync client where it is asked for. Two processes may call this at once:
 * one works, the other waits. A failed install or build ends the process, except with `allowFailedBuild`, which returns false
 * instead.
 */
export async function setUp({ dev = false, build = true, client = dev, allowFailedBuild = false } = {}) {
  const wanted = build ? parts.slice(0, client ? 2 : 1) : []
  if (isInstalled(dev) && wanted.every(isBuilt)) return true
  return withSetUpLock(async () => {
    if (!isInstalled(dev)) await install(dev)
    for (const part of wanted)
      if (!isBuilt(part) && !(await buildPart(part))) {
        if (!allowFailedBuild) process.exit(1)
        return false
      }
    return true
  })
}

// Packages

function isInstalled(dev) {
  const lockText = readFileSync(lockFile)
  const lock = createHash('sha256').update(lockText).digest('hex')
  const installedAt = modifiedAt(installedLockFile)
  if (installedAt === undefined) return false
  const stamp = readJson(installStamp)
  if (stamp?.lock === lock && stamp.installedAt === installedAt && (stamp.dev || !dev)) return true

  // Someone ran npm themselves since the last stamp: look at what npm says is there.
  const wanted = JSON.parse(lockText).packages
  const installed = readJson(installedLockFile)?.packages
  if (!installed) return false
  const complete = (withDev) =>
    Object.entries(wanted).every(([path, entry]) => {
      if (!path.includes('node_modules/')) return true
      if (!withDev && (entry.dev || entry.devOptional)) return true
      const found = installed[path]
      return found ? found.version === entry.version : Boolean(entry.optional || entry.devOptional || entry.peer)
    })
  const full = complete(true)
  if (!full && (dev || !complete(false))) return false
  writeFileSync(installStamp, JSON.stringify({ lock, installedAt, dev: full }))
  return true
}

async function install(dev) {
  const first = modifiedAt(join(root, 'node_modules')) === undefined
  progress(`Installing packages${dev ? ' for development' : ''}${first ? ' (first start)' : ''}…`)
  const npm = process.env.npm_execpath
  const viaNode = npm && /npm-cli\.[cm]?js$/.test(basename(npm))
  const [command, ...before] = viaNode ? [process.execPath, npm] : ['npm']
  const code = await run(
    command,
    [...before, 'ci', dev ? '--include=dev' : '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'],
    { shell: !viaNode && process.platform === 'win32' },
  )
  if (code !== 0) {
    progress(
      [
        '',
        'Installing the packages failed; npm says why above.',
        'Usual causes: the npm registry cannot be reached (try `npm ping`; behind a proxy, `npm config set proxy …`),',
        'no space left on the disk, or no right to write here. Mend it and run the same command again.',
      ].join('\n'),
    )
    process.exit(1)
  }
  const lock = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  writeFileSync(installStamp, JSON.stringify({ lock, installedAt: modifiedAt(installedLockFile), dev }))
}

// Build

function isBuilt({ name }) {
  return readText(join(root, name, 'dist/.built')) === sourcesFingerprint(name)
}

/** Changes whenever a file that goes into the build is added, removed or written. */
function sourcesFingerprint(name) {
  const hash = createHash('sha256')
  const add = (path) => {
    const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {}
    hash.update(`${relative(root, path)}:${size}:${mtimeMs}\n`)
  }
  for (const path of sourceFiles(name)) add(path)
  add(join(root, name, 'tsconfig.json'))
  hash.update(readFileSync(lockFile))
  return hash.digest('hex')
}

function sourceFiles(name) {
  return readdirSync(join(root, name, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.[jt]sx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

/**
 * Compiles and bundles beside the old build and then swaps folders, so that a failed build leaves the old one whole.
 * `dist/` has a file for each module, which the bench and the scripts load by name; `dist/bundle/` is what runs.
 */
async function buildPart({ name, bundle }) {
  progress(name === 'server' ? 'Building…' : `Building ${name}…`)
  const fingerprint = sourcesFingerprint(name)
  const buildFolder = join(root, name, 'dist')
  const fresh = `${buildFolder}.new`
  const old = `${buildFolder}.old`
  rmSync(fresh, { recursive: true, force: true })
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const code = await run(process.execPath, [compiler, '-p', join(root, name), '--outDir', fresh])
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true })
    progress('The build failed.')
    return false
  }
  for (const path of sourceFiles(name)) {
    if (!/\.[cm]?[jt]sx?$/.test(path)) cpSync(path, join(fresh, relative(join(root, name, 'src'), path)))
  }
  await bundle(fresh)
  writeFileSync(join(fresh, '.built'), fingerprint)
  rmSync(old, { recursive: true, force: true })
  if (modifiedAt(buildFolder) !== undefined) renameSync(buildFolder, old)
  renameSync(fresh, buildFolder)
  rmSync(old, { recursive: true, force: true })
  return true
}

// What a start loads: a few files instead of a thousand, which halves the time that it takes (bench/README.md).
async function bundle(folder) {
  const { rolldown } = await import('rolldown')
  const entries = ['main', 'server', 'authorizer/authorizer', 'crypto/worker', 'triggers/ways/module-worker']
  const { dependencies } = readJson(join(root, 'server/package.json'))
  const bundled = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [basename(entry), join(folder, `${entry}.js`)])),
    platform: 'node',
    // Kysely alone is bundled: 280 files that every start needs. The others are few files, or are loaded when needed.
    external: (id) =>
      id !== 'kysely' && Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`)),
  })
  await bundled.write({ dir: join(folder, 'bundle'), entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' })
  await bundled.close()
}

// One set-up at a time

const lockTouchMs = 2_000
const lockExpiryMs = 20_000

async function withSetUpLock(work) {
  const mine = `${hostname()} ${process.pid} ${Math.random()}`
  let told = false
  while (!takeLock(mine)) {
    if (!told) progress('Another process is setting this folder up; waiting for it…')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const release = () => {
    if (readText(setUpLock) === mine) rmSync(setUpLock, { force: true })
  }
  const touch = setInterval(() => {
    try {
      utimesSync(setUpLock, new Date(), new Date())
    } catch {
      // Somebody removed the lock by hand: continue without it.
    }
  }, lockTouchMs)
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(touch)
    process.off('exit', release)
    release()
  }
}

function takeLock(mine) {
  try {
    writeFileSync(setUpLock, mine, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const holder = readText(setUpLock)
  if (holder !== undefined && isAbandoned(holder)) {
    // Renaming takes the abandoned lock away exactly once; should a live one be caught instead, it goes back.
    const aside = `${setUpLock}.${process.pid}`
    try {
      renameSync(setUpLock, aside)
      if (readText(aside) !== holder) linkSync(aside, setUpLock)
    } catch {
      // Another process was faster.
    }
    rmSync(aside, { force: true })
  }
  return false
}

function isAbandoned(holder) {
  const touchedAt = modifiedAt(setUpLock)
  if (touchedAt !== undefined && Date.now() - touchedAt > lockExpiryMs) return true
  const [host, pid] = holder.split(' ')
  if (host !== hostname() || !pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

// Small things

/** Runs a program with its output on stderr (stdout belongs to the command that was asked for). */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
    const forward = (signal) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    const end = (code) => {
      for (const signal of signals) process.off(signal, forward)
      resolve(code)
    }
    child.on('error', (error) => {
      progress(`${command} could not be started: ${error.message}`)
      end(1)
    })
    child.on('close', (code, signal) => {
      end(code ?? 1)
      if (signal) process.exit(1)
    })
  })
}

function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function readJson(path) {
  try {
    return JSON.parse(readText(path))
  } catch {
    return undefined
  }
}
