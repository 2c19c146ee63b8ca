// The two secrets a server cannot run without: the administrator's key and the master key.
// Given by the environment, or made at the first start and kept in DATA_DIR with mode 0600.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { parseMasterKey } from './groups/keys.ts'
import { keyProblems } from './key-problems.ts'
import { makeSecretFolder } from './make-folder.ts'

export interface Secrets {
  readonly administrator: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly masterKeys: { readonly current: Uint8Array; readonly previous: readonly Uint8Array[] }
  /** Files that this start made, for the start-up text to point at. */
  readonly made: readonly string[]
  /** What is wrong with the keys, where the start goes on all the same (key-problems.ts). */
  readonly warnings: readonly string[]
  /** Where the administrator's key can be read, when it lies in a file. */
  readonly credentialsFile: string | undefined
  /** Where the master key lies in the data folder; undefined when the environment gives it. */
  readonly masterKeyFile: string | undefined
}

/**
 * Loads or makes the secrets. A production start on PostgreSQL refuses generated keys: several machines would each make
 * their own, and the key would lie beside nothing that is backed up. No master key is made beside an SQLite database that
 * is there: it would open nothing in it. A production start refuses weak keys, too, and files of keys that everybody may
 * read. Throws ConfigError with every problem.
 */
export function loadSecrets(config: Config): Secrets {
  const persistent = config.database.engine === 'postgres' || config.database.path !== ':memory:'
  if (config.production && config.database.engine === 'postgres') requireGivenSecrets(config)
  const previous = config.previousMasterKeys.map((key) => parseMasterKey(key) as Uint8Array)
  const made: string[] = []
  const credentialsFile =
    config.administrator === undefined && persistent ? join(config.dataDir, 'credentials') : undefined
  const masterKeyFile = config.masterKey === undefined && persistent ? join(config.dataDir, 'master-key') : undefined
  // The master key first: where it is missing, nothing is made.
  const current = loadMasterKey(config, masterKeyFile, made)
  const administrator =
    config.administrator ??
    (credentialsFile === undefined
      ? newAdministrator()
      : parseCredentials(
          readOrMake(credentialsFile, () => formatCredentials(newAdministrator()), made),
          credentialsFile,
        ))
  const keys = { administrator, masterKeys: { current, previous } }
  const givenFile = config.masterKey && 'file' in config.masterKey ? config.masterKey.file : undefined
  const warnings = keyProblems(keys, [givenFile ?? masterKeyFile, credentialsFile])
  if (config.production && warnings.length > 0) throw new ConfigError(warnings)
  return { ...keys, made, warnings, credentialsFile, masterKeyFile }
}

function requireGivenSecrets(config: Config): void {
  const problems: string[] = []
  if (config.administrator === undefined)
    problems.push(
      'Set COGNOMEN_ACCESS_KEY_ID and COGNOMEN_SECRET_ACCESS_KEY: a production start on PostgreSQL does not run on a key made in the data folder.',
    )
  if (config.masterKey === undefined)
    problems.push(
      'Set COGNOMEN_MASTER_KEY or COGNOMEN_MASTER_KEY_FILE (make one with: openssl rand -base64 32): every process needs the same key, kept apart from the database.',
    )
  if (problems.length > 0) throw new ConfigError(problems)
}

function loadMasterKey(config: Config, generatedFile: string | undefined, made: string[]): Uint8Array {
  if (config.masterKey && 'text' in config.masterKey) return parseMasterKey(config.masterKey.text) as Uint8Array
  const file = config.masterKey?.file ?? generatedFile
  if (file === undefined) return randomBytes(32)
  if (config.masterKey === undefined) requireNoDatabase(config.database, file)
  const text = config.masterKey
    ? readKeyFile(file)
    : readOrMake(file, () => `${randomBytes(32).toString('base64')}\n`, made)
  const key = parseMasterKey(text)
  if (key === undefined) throw new ConfigError([`The master key file ${file} must hold 32 bytes in base64 or hex.`])
  return key
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigError([`The master key file ${file} cannot be read: ${(error as Error).message}`])
  }
}

/** The order matters: who starts first makes the key before the database. */
function requireNoDatabase(database: Config['database'], masterKeyFile: string): void {
  if (database.engine === 'sqlite' && hasContent(database.path) && !existsSync(masterKeyFile))
    throw new ConfigError([lostMasterKey(database.path, masterKeyFile)])
}

const hasContent = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0

/** What to say of a database whose master key, once made in the data folder, is not there any more. */
export const lostMasterKey = (database: string, masterKeyFile: string): string =>
  `The master key of ${database} is missing: ${masterKeyFile} is not there. Put it back from your copy, or set COGNOMEN_MASTER_KEY to it. No new one was made: without the old one the passwords, signing keys and secrets in the database cannot be read. If the key is lost for good, begin with another DATA_DIR or an empty database.`

function newAdministrator(): Secrets['administrator'] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return {
    accessKeyId: `AKIA${Array.from(randomBytes(16), (byte) => alphabet[byte & 31]).join('')}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  }
}

const formatCredentials = (key: Secrets['administrator']): string =>
  `[default]\naws_access_key_id = ${key.accessKeyId}\naws_secret_access_key = ${key.secretAccessKey}\n`

function parseCredentials(text: string, file: string): Secrets['administrator'] {
  const accessKeyId = /^\s*aws_access_key_id\s*=\s*(\S+)/m.exec(text)?.[1]
  const secretAccessKey = /^\s*aws_secret_access_key\s*=\s*(\S+)/m.exec(text)?.[1]
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey }
  throw new ConfigError([
    `${file} must hold aws_access_key_id and aws_secret_access_key; delete it to have a new key made.`,
  ])
}

/**
 * The file's text; the file is created when missing. It is written under a temporary name and linked into place, so
 * that of several processes starting at once one wins and all read the same, and a crash leaves no partial file.
 */
function readOrMake(file: string, make: () => string, made: string[]): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  makeSecretFolder(dirname(file))
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = openSync(draft, 'wx', 0o600)
  writeSync(handle, make())
  fsyncSync(handle)
  closeSync(handle)
  try {
    linkSync(draft, file)
    made.push(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  return readFileSync(file, 'utf8')
}
