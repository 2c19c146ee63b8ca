// Reads the environment once into a typed, frozen configuration. Every problem is reported at once, with what to do.
// Secrets (keys) are made or loaded in secrets.ts; nothing else reads process.env.

import { readFileSync } from 'node:fs'
import { type AddressSet, parseAddressRanges } from './address-ranges.ts'
import { type HostSet, parseHosts } from './allowed-hosts.ts'
import type { Environment, VariableName } from './env.ts'
import { type GateRoute, readRoutes } from './gate-routes.ts'
import { parseMailbox } from './mail-address-rules.ts'

export interface Config {
  readonly host: string
  readonly port: number
  /** Without a trailing slash; undefined means "the address that is listened on". */
  readonly publicUrl: string | undefined
  readonly domainSuffix: string
  readonly dataDir: string
  readonly database: { readonly engine: 'sqlite'; readonly path: string } | PostgresConfig
  readonly region: string
  readonly accountId: string
  readonly administrator: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined
  readonly masterKey: { readonly text: string } | { readonly file: string } | undefined
  readonly previousMasterKeys: readonly string[]
  readonly signingKeyDays: number
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  readonly sms: SmsConfig | undefined
  readonly logLevel: string
  readonly production: boolean
  readonly devCode: string | undefined
  readonly cryptoWorkers: number | undefined
  /** Beyond AWS's own, what guests of identity pools may be allowed in the enhanced flow: patterns of actions. */
  readonly guestActions: readonly string[]
  readonly maxConnections: number
  /** Whose X-Forwarded-For is believed. */
  readonly trustedProxies: AddressSet
  /** For one address, of calls without valid credentials; 0 for no limit. */
  readonly publicCallsPerMinute: number
  /** Addresses without that limit, loopback among them. */
  readonly unlimitedAddresses: AddressSet
  /** Where identity pools assume roles, when not here. */
  readonly externalStsUrl: string | undefined
  /** Routes of the gate, by name. */
  readonly gateRoutes: ReadonlyMap<string, GateRoute>
  /** Where identity providers may be fetched from although the address is private. */
  readonly allowedPrivateHosts: HostSet
}

/** Milliseconds each; what is absent or 0 has no limit of ours. docs/decisions/postgres-connections.md */
export interface PostgresConfig {
  readonly engine: 'postgres'
  readonly url: string
  readonly connections: number
  /** False for poolers that do not know them. */
  readonly preparedStatements?: boolean
  readonly connectTimeoutMs?: number
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
  readonly idleTransactionTimeoutMs?: number
}

/** What comes from the machine itself has no limit of rate: tests, and tools of the operator. */
const LOOPBACK = '127.0.0.0/8, ::1'

export type SmsConfig =
  | { readonly kind: 'http'; readonly url: string; readonly authorization: string | undefined }
  | {
      readonly kind: 'sns'
      readonly endpoint: string
      readonly region: string
      readonly accessKeyId: string
      readonly secretAccessKey: string
    }

/** Thrown by readConfig: `problems` holds one sentence for each wrong setting. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nEvery setting is described in docs/configuration.md.`,
    )
    this.problems = problems
  }
}

/** They travel in every session of a guest. */
const MOST_GUEST_ACTIONS = 20

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Typed, checked and frozen settings from an environment. Throws ConfigError with all problems at once. */
export function readConfig(env: Environment): Config {
  const problems: string[] = []
  const text = (name: VariableName): string | undefined => {
    const value = env[name]?.trim()
    return value === '' ? undefined : value
  }
  const check = (name: VariableName, fallback: string, valid: (value: string) => boolean, expected: string): string => {
    const value = text(name) ?? fallback
    if (!valid(value)) problems.push(`${name} is '${value}' but must be ${expected}.`)
    return value
  }
  const wholeNumber = (name: VariableName, fallback: number, least: number, most: number): number =>
    Number(
      check(
        name,
        String(fallback),
        (value) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most,
        `a whole number from ${least} to ${most}`,
      ),
    )
  const url = (name: VariableName, protocols: readonly string[]): string | undefined => {
    const value = text(name)
    if (value === undefined) return undefined
    if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value
    problems.push(
      `${name} must be a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`,
    )
    return undefined
  }
  const together = (first: VariableName, second: VariableName): [string, string] | undefined => {
    const values = [text(first), text(second)]
    if (values[0] !== undefined && values[1] !== undefined) return [values[0], values[1]]
    if (values[0] !== undefined || values[1] !== undefined)
      problems.push(`${first} and ${second} go together: set both or neither.`)
    return undefined
  }

  const addresses = (name: VariableName, always = ''): AddressSet => {
    const set = parseAddressRanges(`${always}, ${text(name) ?? ''}`)
    if (!set) problems.push(`${name} must be addresses or CIDR ranges, separated by commas, such as 10.0.0.0/8.`)
    return set ?? { empty: true, has: () => false }
  }

  const hosts = (name: VariableName): HostSet => {
    const set = parseHosts(text(name) ?? '')
    if (!set) problems.push(`${name} must be host names, addresses or CIDR ranges, separated by commas.`)
    return set ?? { hasName: () => false, hasAddress: () => false }
  }

  const production = text('NODE_ENV') === 'production'
  const region = check(
    'AWS_REGION',
    'us-east-1',
    (value) => /^[a-z]{2,}(-[a-z]+)+-\d$/.test(value),
    'a region such as us-east-1',
  )
  const dataDir = text('DATA_DIR') ?? './data'
  const databaseUrl = text('DATABASE_URL')
  const postgres = {
    connections: wholeNumber('DATABASE_CONNECTIONS', 8, 1, 1000),
    preparedStatements:
      check('DATABASE_PREPARED_STATEMENTS', 'true', (value) => /^(true|false)$/.test(value), 'true or false') ===
      'true',
    connectTimeoutMs: wholeNumber('DATABASE_CONNECT_TIMEOUT_MS', 10_000, 100, 600_000),
    statementTimeoutMs: wholeNumber('DATABASE_STATEMENT_TIMEOUT_MS', 30_000, 0, 86_400_000),
    lockTimeoutMs: wholeNumber('DATABASE_LOCK_TIMEOUT_MS', 10_000, 0, 86_400_000),
    idleTransactionTimeoutMs: wholeNumber('DATABASE_IDLE_TRANSACTION_TIMEOUT_MS', 30_000, 0, 86_400_000),
  }
  const database: Config['database'] =
    databaseUrl === undefined
      ? { engine: 'sqlite', path: `${dataDir}/cognomen.db` }
      : databaseUrl === 'sqlite::memory:'
        ? { engine: 'sqlite', path: ':memory:' }
        : { engine: 'postgres', url: databaseUrl, ...postgres }
  if (database.engine === 'postgres' && !/^postgres(ql)?:\/\//.test(database.url)) {
    problems.push(
      'DATABASE_URL must start with postgres:// or be sqlite::memory:; leave it out for SQLite in DATA_DIR.',
    )
  }

  const administrator = together('COGNOMEN_ACCESS_KEY_ID', 'COGNOMEN_SECRET_ACCESS_KEY')
  if (administrator && !/^\w{16,128}$/.test(administrator[0]))
    problems.push('COGNOMEN_ACCESS_KEY_ID must be 16 to 128 letters and digits.')
  if (administrator && administrator[1].length < 16)
    problems.push('COGNOMEN_SECRET_ACCESS_KEY must have at least 16 characters.')

  const masterKeyText = text('COGNOMEN_MASTER_KEY')
  const masterKeyFile = text('COGNOMEN_MASTER_KEY_FILE')
  if (masterKeyText !== undefined && masterKeyFile !== undefined)
    problems.push('Set COGNOMEN_MASTER_KEY or COGNOMEN_MASTER_KEY_FILE, not both.')
  const previousMasterKeys = (text('COGNOMEN_PREVIOUS_MASTER_KEYS') ?? '').split(',').filter((key) => key !== '')
  const keys: [VariableName, string][] = previousMasterKeys.map((key) => ['COGNOMEN_PREVIOUS_MASTER_KEYS', key])
  if (masterKeyText !== undefined) keys.push(['COGNOMEN_MASTER_KEY', masterKeyText])
  for (const [name, key] of keys) {
    if (parseMasterKey(key) === undefined)
      problems.push(`${name} must be 32 bytes in base64 or hex; make one with: openssl rand -base64 32`)
  }

  const devCode = text('COGNOMEN_DEV_CODE')
  if (devCode !== undefined && !/^\d{6}$/.test(devCode)) problems.push('COGNOMEN_DEV_CODE must be 6 digits.')
  if (devCode !== undefined && production)
    problems.push('COGNOMEN_DEV_CODE is for development only: unset it, or unset NODE_ENV=production.')

  const sns = together('SNS_ACCESS_KEY_ID', 'SNS_SECRET_ACCESS_KEY')
  const snsEndpoint = url('SNS_ENDPOINT', ['http:', 'https:'])
  const smsUrl = url('SMS_URL', ['http:', 'https:'])
  if (smsUrl !== undefined && new URL(smsUrl).username !== '')
    problems.push('SMS_URL must not hold a user name or password: set SMS_AUTHORIZATION.')
  if (snsEndpoint !== undefined && smsUrl !== undefined) problems.push('Set SMS_URL or SNS_ENDPOINT, not both.')
  if (snsEndpoint !== undefined && sns === undefined)
    problems.push('SNS_ENDPOINT needs SNS_ACCESS_KEY_ID and SNS_SECRET_ACCESS_KEY.')
  const sms: SmsConfig | undefined =
    snsEndpoint !== undefined && sns !== undefined
      ? {
          kind: 'sns',
          endpoint: snsEndpoint,
          region: text('SNS_REGION') ?? region,
          accessKeyId: sns[0],
          secretAccessKey: sns[1],
        }
      : smsUrl !== undefined
        ? { kind: 'http', url: smsUrl, authorization: text('SMS_AUTHORIZATION') }
        : undefined

  const gateFile = text('GATE_ROUTES')
  let gateRoutes: Config['gateRoutes'] = new Map()
  try {
    if (gateFile !== undefined) gateRoutes = readRoutes(readFileSync(gateFile, 'utf8'))
  } catch (error) {
    problems.push(`GATE_ROUTES names ${gateFile}, which cannot be used: ${(error as Error).message}`)
  }

  const guestActions = (text('GUEST_ACTIONS') ?? '').split(',').flatMap((action) => action.trim() || [])
  if (!guestActions.every((action) => /^[\w-]+:[\w*?-]+$/.test(action)) || guestActions.length > MOST_GUEST_ACTIONS)
    problems.push(
      `GUEST_ACTIONS must be at most ${MOST_GUEST_ACTIONS} actions such as photos:View*, separated by commas.`,
    )

  const config: Config = {
    host: text('HOST') ?? '127.0.0.1',
    port: wholeNumber('PORT', 9229, 0, 65535),
    publicUrl: url('PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, ''),
    domainSuffix: check('DOMAIN_SUFFIX', 'localhost', (value) => /^[a-z0-9.-]+$/.test(value), 'a host name'),
    dataDir,
    database,
    region,
    accountId: check('ACCOUNT_ID', '000000000000', (value) => /^\d{12}$/.test(value), '12 digits'),
    administrator: administrator && { accessKeyId: administrator[0], secretAccessKey: administrator[1] },
    masterKey:
      masterKeyText !== undefined
        ? { text: masterKeyText }
        : masterKeyFile !== undefined
          ? { file: masterKeyFile }
          : undefined,
    previousMasterKeys,
    signingKeyDays: wholeNumber('SIGNING_KEY_DAYS', 365, 0, 36500),
    smtpUrl: url('SMTP_URL', ['smtp:', 'smtps:']),
    mailFrom: check(
      'MAIL_FROM',
      'no-reply@verificationemail.com',
      (value) => parseMailbox(value) !== undefined,
      'an address such as ada@example.com or Ada <ada@example.com>',
    ),
    sms,
    logLevel: check('LOG_LEVEL', 'info', (value) => logLevels.includes(value), `one of ${logLevels.join(', ')}`),
    production,
    devCode,
    guestActions,
    cryptoWorkers: text('CRYPTO_WORKERS') === undefined ? undefined : wholeNumber('CRYPTO_WORKERS', 1, 1, 256),
    maxConnections: wholeNumber('MAX_CONNECTIONS', 10_000, 1, 1_000_000),
    trustedProxies: addresses('TRUSTED_PROXIES'),
    publicCallsPerMinute: wholeNumber('PUBLIC_CALLS_PER_MINUTE', 6000, 0, 100_000_000),
    unlimitedAddresses: addresses('UNLIMITED_ADDRESSES', LOOPBACK),
    externalStsUrl: url('EXTERNAL_STS_URL', ['http:', 'https:']),
    gateRoutes,
    allowedPrivateHosts: hosts('ALLOWED_PRIVATE_HOSTS'),
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

/** 32 bytes from base64, base64url or hex; undefined for anything else. */
export function parseMasterKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[\w+/-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : undefined
  return bytes?.length === 32 ? bytes : undefined
}
