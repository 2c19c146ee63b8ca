// `cognomen import` and `cognomen export`: users of a pool from a CSV file and into one, through the API of a server that
// runs (docs/import.md).
import { parseArgs } from 'node:util'
import type { Environment } from '../config/env.ts'
import { CommandProblem, callerOf } from './caller.ts'
import { exportUsers } from './export-users.ts'
import { importUsers } from './import-users.ts'
import type { Output } from './output.ts'

export const transferUsage = `Usage: cognomen import <file.csv> --pool <id> [--groups <file.jsonl>] [--url <server>]
           [--hashes BCRYPT|SCRYPT|ARGON2ID|PBKDF2_SHA256|COGNOMEN]
       cognomen export [<file.csv>] --pool <id> [--groups <file.jsonl>] [--hashes] [--url <server>]

--hashes brings passwords along: COGNOMEN is what \`cognomen export --hashes\` wrote. The key is that of
COGNOMEN_ACCESS_KEY_ID and COGNOMEN_SECRET_ACCESS_KEY, or of DATA_DIR/credentials. More: docs/import.md.
`

/** Runs one of the two commands; resolves with the exit code: 1 when users failed, 2 for arguments that are none. */
export async function transferUsers(
  command: 'import' | 'export',
  args: readonly string[],
  env: NodeJS.ProcessEnv & Environment,
  output: Output,
): Promise<number> {
  if (args.some((one) => one === '--help' || one === '-h')) {
    output.print(transferUsage)
    return 0
  }
  try {
    return command === 'import' ? await runImport(args, env, output) : await runExport(args, env, output)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!(error instanceof CommandProblem) && code === undefined) throw error
    output.print(`${(error as Error).message.trim()}\n`)
    return code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1
  }
}

const text = { type: 'string' } as const
const common = { pool: text, url: text, groups: text } as const

async function runImport(args: readonly string[], env: NodeJS.ProcessEnv & Environment, output: Output) {
  const options = { ...common, hashes: text }
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [file, ...more] = positionals
  const { pool, hashes, groups } = values
  if (pool === undefined || file === undefined || more.length > 0) throw new CommandProblem(transferUsage)
  return importUsers(await callerOf(env, values.url), { pool, file, hashes, groups }, output)
}

async function runExport(args: readonly string[], env: NodeJS.ProcessEnv & Environment, output: Output) {
  const options = { ...common, hashes: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [file, ...more] = positionals
  const { pool, hashes = false, groups } = values
  if (pool === undefined || more.length > 0) throw new CommandProblem(transferUsage)
  return exportUsers(await callerOf(env, values.url), { pool, file, hashes, groups }, output)
}
