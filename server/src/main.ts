// The command line: `cognomen start`, `cognomen version`, `cognomen --help`.
import { readConfig } from './config/config.ts'
import { ConfigError } from './config/config-error.ts'
import { loadSecrets } from './config/secrets.ts'
import { DatabaseAway, DatabaseUnavailable } from './database/database.ts'
import { startWith } from './server.ts'
import { startText } from './start-text.ts'
import { version } from './version.ts'

const help = `Usage: cognomen [command]

  start                               start the server (the default)
  breached-passwords <list> <out>     make the file for BREACHED_PASSWORDS_FILE of a list of passwords or SHA-1 hashes
  import <file.csv> --pool <id>       import users into a pool of a server that runs (docs/import.md)
  export [<file.csv>] --pool <id>     write the users of a pool into such a file, or to standard output
  version                             print the version (also -v, --version)
  help                                print this text (also -h, --help)

Settings come from the environment; docs/configuration.md describes each.
`

/** Runs a command and resolves with the exit code; for `start`, after the server has stopped. */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [command = 'start', ...rest] = args
  if (command === '--help' || command === '-h' || command === 'help') return print(help)
  if (command === 'version' || command === '--version' || command === '-v') return print(`${version()}\n`)
  if (command === 'breached-passwords') return makeBreachedPasswords(rest)
  if (command === 'import' || command === 'export') {
    const { transferUsers } = await import('./transfer/transfer-users.ts')
    const output = { print: (text: string) => void process.stderr.write(text), live: process.stderr.isTTY === true }
    return transferUsers(command, rest, env, output)
  }
  if (command !== 'start' || rest.length > 0)
    return print(`cognomen: unknown command '${args.join(' ')}'\n\n${help}`, 2)
  try {
    return await serve(env)
  } catch (error) {
    if (error instanceof ConfigError || error instanceof DatabaseUnavailable) return print(`${error.message}\n`, 1)
    if (error instanceof DatabaseAway) return print(`${error.message}\n${error.advice}\n`, 1)
    const advice = adviceOn(error as NodeJS.ErrnoException)
    if (advice === undefined) throw error
    return print(`${(error as Error).message}\n${advice}\n`, 1)
  }
}

async function makeBreachedPasswords([list, out, ...more]: readonly string[]): Promise<number> {
  if (list === undefined || out === undefined || more.length > 0)
    return print('Usage: cognomen breached-passwords <list> <out>\n', 2)
  const { makeFilter } = await import('./breached-passwords/make-filter.ts')
  let told = 0
  try {
    const made = await makeFilter(list, out, (share) => {
      const percent = Math.floor(share * 100)
      if (percent >= told + 5) print(`${percent} %\n`)
      told = percent >= told + 5 ? percent : told
    })
    const oneIn = Math.round(1 / made.falsePositiveRate).toLocaleString('en')
    return print(
      `${out}: ${made.passwords} passwords in ${made.bytes} bytes. Of other passwords, one in ${oneIn} seems to be among them.\n` +
        'Set BREACHED_PASSWORDS_FILE to its path.\n',
    )
  } catch (error) {
    return print(`${(error as Error).message}\n`, 1)
  }
}

/**
 * Advice for a system error at the start (port in use, no permission); undefined for errors that are faults of this
 * server.
 */
function adviceOn({ code, syscall, path }: NodeJS.ErrnoException): string | undefined {
  if (code === 'EADDRINUSE') return 'Another program listens there: stop it, or choose another PORT.'
  if (syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo')
    return 'Set HOST and PORT to an address that this user may listen on.'
  return path === undefined ? undefined : 'Set DATA_DIR to a folder that this user may read and write.'
}

async function serve(env: NodeJS.ProcessEnv): Promise<number> {
  const config = readConfig(env)
  const secrets = loadSecrets(config)
  const server = await startWith(config, secrets)
  // Listen for signals before printing the text that announces the start: a reader of it may send one at once.
  const signalled = new Promise<undefined>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(undefined))
  })
  print(startText({ server, config, secrets, version: version() }))
  const failure = await Promise.race([signalled, server.failed])
  await server.stop()
  if (failure === undefined) return 0
  print(`${failure}\n`, 1)
  // Nothing more may be written to the database by this process, not even by the close of what it still holds.
  process.exit(1)
}

function print(text: string, code = 0): number {
  ;(code === 0 ? process.stdout : process.stderr).write(text)
  return code
}

process.exitCode = await main(process.argv.slice(2), process.env)
