// Starts the built server the way its users do: `cognomen` in a process of its own, its settings in the environment, its
// address read from what it prints. Owns that process, its data folder and its database; knows nothing of server/src.
// `npm test` builds first; by hand run `npm run build`.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { postgresUrl } from '../server/test/postgres.ts'

export type Engine = 'sqlite' | 'postgres'

/** For `describe.each(engines)`. */
export const engines: readonly Engine[] = ['sqlite', 'postgres']

export interface ServerOptions {
  /** `postgres` gets an empty database of its own unless `env` names one. */
  engine?: Engine
  /** Settings by the names of docs/configuration.md; nothing else but PATH reaches the process. */
  env?: Record<string, string>
  /** Where to keep data; a new folder, removed at the stop, when absent. */
  dataDir?: string
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface StartedServer {
  /** Where it listens; another port after each restart. */
  readonly url: string
  readonly region: string
  readonly dataDir: string
  /** What the process gets as its environment, to start another like it. */
  readonly env: Readonly<Record<string, string>>
  /** The administrator's key, as the server left it in its data folder or as `env` gave it. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string }
  readonly pid: number
  /** What it wrote since its latest start, log lines and all. */
  output(): string
  /** `kill -9`. */
  kill(): Promise<Ended>
  /** SIGTERM, and how the process ended. */
  terminate(): Promise<Ended>
  /** Starts again on the same data; the process must have ended. */
  restart(): Promise<void>
  /** Ends the process if it still runs and removes the data folder, if it was made here. */
  stop(): Promise<void>
}

const program = fileURLToPath(new URL('../server/bin/cognomen.js', import.meta.url))
const START_LIMIT_MS = 30_000

/** Rejects with the output of the process when it does not start. */
export async function startServer(options: ServerOptions = {}): Promise<StartedServer> {
  const ownFolder = options.dataDir === undefined
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'cognomen-conformance-')))
  const env = await environment(options, dataDir)
  let running = await begin(env)
  const credentials = await administrator(env, dataDir)
  return {
    get url() {
      return running.url
    },
    get pid() {
      return running.process.child.pid as number
    },
    region: env['AWS_REGION'] ?? 'us-east-1',
    dataDir,
    env,
    credentials,
    output: () => running.process.output(),
    kill: () => end(running.process, 'SIGKILL'),
    terminate: () => end(running.process, 'SIGTERM'),
    async restart() {
      running = await begin(env)
    },
    async stop() {
      await end(running.process, 'SIGKILL')
      if (ownFolder) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export interface RefusedStart extends Ended {
  stdout: string
  stderr: string
}

/** Runs a start that is expected to be refused, to its end. `args` go to the command. */
export async function runToEnd(options: ServerOptions & { args?: string[] } = {}): Promise<RefusedStart> {
  const ownFolder = options.dataDir === undefined
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'cognomen-conformance-')))
  const started = spawnServer(await environment(options, dataDir), options.args)
  // A start that is not refused ends here, with code 0 and what it said on stdout.
  void started.ready.then(() => started.child.kill('SIGTERM'))
  const tooLong = setTimeout(() => started.child.kill('SIGKILL'), START_LIMIT_MS)
  const ended = await started.ended
  clearTimeout(tooLong)
  if (ownFolder) await rm(dataDir, { recursive: true, force: true })
  return { ...ended, stdout: started.stdout(), stderr: started.stderr() }
}

async function environment({ engine, env }: ServerOptions, dataDir: string): Promise<Record<string, string>> {
  const database: Record<string, string> =
    engine === 'postgres' && env?.['DATABASE_URL'] === undefined
      ? { DATABASE_URL: await postgresUrl(), DATABASE_CONNECTIONS: '8' }
      : {}
  return {
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
    DATA_DIR: dataDir,
    ...database,
    ...env,
  }
}

async function administrator(env: Record<string, string>, dataDir: string): Promise<StartedServer['credentials']> {
  const { COGNOMEN_ACCESS_KEY_ID: accessKeyId, COGNOMEN_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (accessKeyId !== undefined && secretAccessKey !== undefined) return { accessKeyId, secretAccessKey }
  // A database in memory leaves no file: then only what it prints says the key.
  if (env['DATABASE_URL'] === 'sqlite::memory:') return { accessKeyId: '', secretAccessKey: '' }
  return readCredentials(join(env['DATA_DIR'] ?? dataDir, 'credentials'))
}

/** The key in a credentials file, as AWS SDKs read it. */
export async function readCredentials(file: string): Promise<StartedServer['credentials']> {
  const text = await readFile(file, 'utf8')
  const value = (name: string): string => new RegExp(`^${name} = (.+)$`, 'm').exec(text)?.[1] as string
  return { accessKeyId: value('aws_access_key_id'), secretAccessKey: value('aws_secret_access_key') }
}

// The process

interface ServerProcess {
  child: ChildProcess
  /** Its address, as soon as it prints that; never, when it does not. */
  ready: Promise<string>
  ended: Promise<Ended>
  stdout(): string
  stderr(): string
  output(): string
}

/** Servers of this test process that still run: they must not outlive it. */
const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

function spawnServer(env: Record<string, string>, args: string[] = []): ServerProcess {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  alive.add(child)
  let stdout = ''
  let stderr = ''
  const ready = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const found = / is ready at (http:\S+)\n/.exec(stdout)
      if (found) resolve(found[1] as string)
    })
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      alive.delete(child)
      resolve({ code, signal })
    })
  })
  return { child, ready, ended, stdout: () => stdout, stderr: () => stderr, output: () => stdout + stderr }
}

async function begin(env: Record<string, string>): Promise<{ process: ServerProcess; url: string }> {
  const started = spawnServer(env)
  const tooLong = setTimeout(() => started.child.kill('SIGKILL'), START_LIMIT_MS)
  const url = await Promise.race([started.ready, started.ended])
  clearTimeout(tooLong)
  if (typeof url !== 'string') throw new Error(`The server did not start (code ${url.code}).\n${started.output()}`)
  return { process: started, url }
}

async function end({ child, ended }: ServerProcess, signal: NodeJS.Signals): Promise<Ended> {
  child.kill(signal)
  return ended
}
