// Starts a server: `startWith` for the command line, `start` for test suites of users, in-process. Wires the parts
// together and stops them in order; owns no logic of its own.
//
//   import { start } from 'cognomen'
//   const server = await start()
//   … new CognitoIdentityProviderClient({ endpoint: server.url, region: server.region, credentials: server.credentials })
//   await server.stop()

import { join } from 'node:path'
import { createFailingAddresses } from './addresses/failing-addresses.ts'
import { openKnownAddresses } from './addresses/known-addresses.ts'
import { type CostlyParts, createCostlyCalls, guardCostlyWork } from './api/costly-calls.ts'
import { createRateLimit } from './api/rate-limit.ts'
import { buildRoutes } from './api/routes.ts'
import { createSessionTokens } from './authorization/session-token.ts'
import { startBackground } from './background.ts'
import { openBreachedPasswords } from './breached-passwords/breached-passwords.ts'
import { warnOfTakeovers } from './budgets/takeovers.ts'
import { createIdentityPoolCache } from './cognito-identity/identity-pools/pool-cache.ts'
import { createRequestRates } from './cognito-idp/request-rates/request-rates.ts'
import { createGuessQueue } from './cognito-idp/sign-in/guess-queue.ts'
import { warnOfUndeliverable } from './cognito-idp/user-pools/delivery-warnings.ts'
import { createUnservedNotices } from './cognito-idp/user-pools/unserved-notices.ts'
import { createUserPoolCache } from './cognito-idp/user-pools/user-pool-cache.ts'
import { createUserCounts } from './cognito-idp/users/user-counts.ts'
import { createSyncPools } from './cognito-sync/configuration/sync-pools.ts'
import { createEventStreams } from './cognito-sync/live/event-streams.ts'
import { createPokes } from './cognito-sync/live/pokes.ts'
import { type Config, readConfig } from './config/config.ts'
import type { Environment } from './config/env.ts'
import type { TlsFiles } from './config/groups/network.ts'
import { loadSecrets, type Secrets } from './config/secrets.ts'
import type { Context } from './context.ts'
import { createSealer } from './crypto/seal.ts'
import { createWorkPool } from './crypto/work-pool.ts'
import { checkMasterKey } from './database/check-master-key.ts'
import { createDatabaseHealth } from './database/database-health.ts'
import { openDatabase } from './database/open.ts'
import { type GuardedParts, guardTransactions } from './database/transaction-guard.ts'
import { createUsageCounts } from './datasets/usage-counts.ts'
import { openDoors } from './doors.ts'
import type { Effects } from './effects/effects.ts'
import { providerEndpoints } from './effects/provider-endpoints.ts'
import { systemRandom } from './effects/random.ts'
import { makeRsaKeyPair } from './effects/rsa-key-pair.ts'
import { configuredSenders } from './effects/senders.ts'
import { createWebClient } from './effects/web-client.ts'
import { createProviderKeys } from './federation/oidc/provider-keys.ts'
import { reportDropped } from './http/dropped-connections.ts'
import { listen } from './http/listener.ts'
import { createIamDirectory } from './iam/directory.ts'
import { createLastUsed } from './iam/last-used.ts'
import { createWorker } from './jobs/worker.ts'
import { localTls } from './local-tls.ts'
import { openLog } from './log.ts'
import { type CapturedMessage, createOutbox } from './messages/outbox.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createPusher } from './push/ways.ts'
import { queuesOf } from './queues.ts'
import { createKeyPreparation } from './signing/key-preparation.ts'
import { createKeyRing } from './signing/signing-keys.ts'
import { createVerifiedSignatures } from './signing/verified-signatures.ts'
import { createSinks } from './sinks/sinks.ts'
import { createStreams } from './streams/streams.ts'
import { createFunctions } from './triggers/functions.ts'
import type { TriggerHandlers } from './triggers/ways/handler.ts'

export { ConfigError } from './config/config-error.ts'
export { DatabaseAway, DatabaseUnavailable } from './database/database.ts'
export type { Effects, Email, Sms } from './effects/effects.ts'
export type { CapturedMessage } from './messages/outbox.ts'
export type { TriggerHandlers } from './triggers/ways/handler.ts'
export type { TriggerHandler } from './triggers/ways/run-handler.ts'

export interface StartOptions {
  /** Settings by the names of docs/configuration.md. The process's own environment is not read. */
  env?: Environment
  /** Replacements for the outside world: clock, randomness, e-mail and SMS. */
  effects?: Partial<Effects>
  /** Functions of this process for Lambda triggers, by ARN; `*` stands for every ARN that is not named. */
  triggers?: TriggerHandlers
  /**
   * Checks every answer against the contract, and that transactions contain nothing but statements. On by default for
   * `start`, off for the command line.
   */
  checkOutputs?: boolean
  /** Receives the log lines instead of standard output, from `LOG_LEVEL` on (silent unless set). */
  logTo?: { write(line: string): void }
}

export interface RunningServer {
  /** The URL that the server listens on, such as http://127.0.0.1:9229. */
  readonly url: string
  /** The URL that the issuers of tokens begin with. */
  readonly publicUrl: string
  readonly region: string
  readonly accountId: string
  /** The administrator's key, in the form that AWS SDKs take. */
  readonly credentials: Secrets['administrator']
  /** Captured messages: those not sent because no delivery is configured. */
  readonly outbox: {
    /** Newest first. */
    messages(limit?: number): Promise<CapturedMessage[]>
    /** The code, or temporary password, in the newest message to an address or phone number. Rejects when there is none. */
    latestCode(to: string): Promise<string>
  }
  /**
   * Publishes new signing keys for a user pool, or for the identity pools (`cognito-identity.<region>`), which sign
   * after `aheadMs` (an hour by default).
   */
  rotateSigningKeys(owner: string, aheadMs?: number): Promise<void>
  /** Resolves, if ever, with why the server answers nothing any more until it is started anew by another process. */
  readonly failed: Promise<string>
  /** Finishes the requests in flight, then closes everything. */
  stop(): Promise<void>
}

/** For tests and development: parts that throw where costly work or a transaction does what it must not. */
function guarded<Parts extends GuardedParts & CostlyParts>(parts: Parts): Parts {
  const costly = guardCostlyWork(parts)
  return { ...parts, ...costly, ...guardTransactions({ ...parts, ...costly }) }
}

const embedded: Environment = { PORT: '0', DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'silent' }

/**
 * Starts a server in-process, by default with a free port and a database in memory. Rejects with ConfigError,
 * DatabaseUnavailable, DatabaseAway, or the system's error, such as EADDRINUSE.
 */
export async function start(options: StartOptions = {}): Promise<RunningServer> {
  const config = readConfig({ ...embedded, ...options.env })
  return startWith(config, loadSecrets(config), { checkOutputs: true, ...options })
}

/** Starts a server with a configuration that was already read. */
export async function startWith(
  config: Config,
  secrets: Secrets,
  options: Pick<StartOptions, 'effects' | 'triggers' | 'checkOutputs' | 'logTo'> = {},
): Promise<RunningServer> {
  const { log, close: closeLog } = openLog({ level: config.logLevel, readable: !config.production }, options.logTo)
  for (const warning of secrets.warnings) log.warn(warning)
  const { close: closeSenders, ...senders } = await configuredSenders(config)
  const web = createWebClient({ allowed: config.allowedPrivateHosts, loopback: !config.production })
  const clock = options.effects?.clock ?? { now: Date.now }
  const metrics = createMetrics()
  const functions = createFunctions({
    places: config.triggerPlaces,
    handlers: options.triggers ?? {},
    lambdaCredentials: config.lambdaCredentials,
    reload: !config.production,
    clock,
    log,
    metrics,
  })
  const outside: Effects = {
    clock,
    random: systemRandom(),
    makeRsaKeyPair,
    ...senders,
    web,
    functions,
    providerEndpoints,
    ...options.effects,
  }
  const databaseHealth = createDatabaseHealth(log)
  const parts = {
    effects: outside,
    sealer: createSealer({ current: secrets.masterKeys.current, previous: secrets.masterKeys.previous }),
    database: await openDatabase(
      config.database,
      (err) => log.error({ err }, 'database error outside of a request'),
      databaseHealth,
      (text) => log.warn(text),
    ),
    work: createWorkPool({ workers: config.cryptoWorkers }),
    costlyCalls: createCostlyCalls(),
  }
  const { effects, sealer, database, work, costlyCalls } = options.checkOutputs ? guarded(parts) : parts
  try {
    warnOfTakeovers(log, config)
    const breachedPasswords = await openBreachedPasswords(config, effects.web, log)
    const addresses = await openKnownAddresses(config, log)
    const { masterKeyFile: path, made } = secrets
    const masterKeyFile = path === undefined ? undefined : { path, made: made.includes(path) }
    await checkMasterKey(database, sealer, masterKeyFile, (text) => log.warn(text))
    const routes = buildRoutes()
    await routes.load('at-start')
    const connections = reportDropped(log)
    const bounds = {
      maxConnections: config.maxConnections,
      maxPerAddress: config.maxConnectionsPerAddress,
      proxies: config.trustedProxies,
      onDropped: connections.dropped,
    }
    const files = config.tls === 'local' ? await localFiles(config, effects) : config.tls
    const tls = files && { files, onChange: noteCertificate(log) }
    const listener = await listen(config.host, config.port, bounds, tls)
    const url = `${config.tls ? 'https' : 'http'}://${addressOf(config.host)}:${listener.port}`
    const userPools = createUserPoolCache(database, sealer, effects.clock)
    const keys = createKeyRing({ database, sealer, ...effects }, config.signingKeyDays)
    const pokes = createPokes(database, log)
    const worker = createWorker({ database, clock: effects.clock, log })
    const pusher = createPusher({ places: config.pushPlaces, clock: effects.clock, web: effects.web })
    const sinks = createSinks({ places: config.sinkPlaces, clock: effects.clock, random: effects.random, log })
    const streams = createStreams({ places: config.streamPlaces, clock: effects.clock })
    const context: Context = {
      ...effects,
      config,
      publicUrl: config.publicUrl ?? url,
      administrator: secrets.administrator,
      database,
      db: database.db,
      databaseHealth,
      sealer,
      work,
      userPools,
      userCounts: createUserCounts(database),
      unservedNotices: createUnservedNotices(log, sinks),
      guessQueue: createGuessQueue(),
      requestRates: createRequestRates(database, effects.clock, config.userCallsPerSecond),
      identityPools: createIdentityPoolCache(database, effects.clock),
      datasetUsage: createUsageCounts(database),
      pokes,
      eventStreams: createEventStreams(pokes, effects.clock, {
        maxStreams: config.maxStreams,
        maxPerAddress: config.maxConnectionsPerAddress,
      }),
      iam: createIamDirectory(database, sealer, effects.clock),
      lastUsed: createLastUsed(database, effects.clock),
      providerKeys: createProviderKeys(effects.web, effects.clock),
      sessionTokens: createSessionTokens(sealer),
      keys,
      keyPreparation: createKeyPreparation({ keys, userPools }),
      signatures: createVerifiedSignatures(),
      // A member from the start: a copy that gets another one costs every request.
      requestId: undefined,
      aside: (work) => work(),
      breachedPasswords,
      addresses,
      failingAddresses: createFailingAddresses({ database, sealer, clock: effects.clock }, config),
      outbox: createOutbox({ config, database, sealer, effects, log, metrics, worker }),
      syncPools: createSyncPools(database, effects.clock),
      pusher,
      streams,
      sinks,
      jobs: worker,
      log,
      metrics,
    }
    const rates = createRateLimit(
      { callsPerMinute: config.publicCallsPerMinute, exempt: config.unlimitedAddresses },
      () => effects.clock.now(),
    )
    listener.serve(
      openDoors({
        context,
        routes,
        rates,
        costlyCalls,
        checkOutputs: options.checkOutputs ?? false,
      }),
    )
    // The operations of the other services are loaded while the first requests are served.
    routes.load('all').catch((err) => log.fatal({ err }, 'the operations of a service cannot be loaded'))
    const stopBackground = startBackground(context)
    let closing: Promise<void> | undefined
    const closeDatabase = (): Promise<void> => {
      closing ??= database.close()
      return closing
    }
    worker.start(queuesOf(context, costlyCalls))
    const warned = warnOfUndeliverable(context).catch((err) =>
      log.error({ err }, 'pools were not checked for delivery'),
    )
    return running(context, url, async () => {
      costlyCalls.stop()
      context.eventStreams.close()
      const answered = listener.stop()
      // Nothing that waits for a database which does not serve may delay the stop until this process is killed.
      const problem = await databaseHealth.problem(database, effects.clock.now())
      if (problem !== undefined) await closeDatabase()
      await answered
      connections.end()
      web.close()
      await context.guessQueue.ended()
      await stopBackground()
      // Failures are only logged: a lost database must not prevent the rest from closing.
      await context.lastUsed.flush().catch((err) => log.error({ err }, 'last uses were not written'))
      await context.userCounts.flush().catch((err) => log.error({ err }, 'user counts were not written'))
      await context.datasetUsage.flush().catch((err) => log.error({ err }, 'use of datasets was not written'))
      await warned
      await worker.close()
      pusher.close()
      await streams.close()
      await sinks.close()
      await functions.close()
      await breachedPasswords.close()
      closeSenders()
      await work.close()
      await closeDatabase()
      closeLog()
    })
  } catch (error) {
    await functions.close()
    await work.close()
    await database.close()
    closeLog()
    throw error
  }
}

/** Where the authority of TLS_LOCAL is. */
export const localTlsFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'tls')

/** A certificate for every name by which this server may be reached. */
function localFiles(config: Config, effects: Effects): Promise<TlsFiles> {
  const { host, publicUrl, domainSuffix } = config
  const own = publicUrl === undefined ? [] : [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')]
  const listened = WILDCARDS[host] === undefined ? [host] : []
  const names = ['localhost', '127.0.0.1', '::1', `*.auth.${domainSuffix}`, ...own, ...listened]
  return localTls(effects, localTlsFolder(config), [...new Set(names)])
}

const noteCertificate =
  (log: Context['log']) =>
  (problem: Error | undefined): void =>
    problem
      ? log.error({ err: problem }, 'the new certificate cannot be used; the one before stays')
      : log.info('the certificate was read again')

/** All addresses of this machine, and one of them that every client takes as the host of a URL. */
const WILDCARDS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** The host of a URL that leads to the address listened on. */
function addressOf(host: string): string {
  const address = WILDCARDS[host] ?? host
  return address.includes(':') ? `[${address}]` : address
}

function running(context: Context, url: string, close: () => Promise<void>): RunningServer {
  let stopped: Promise<void> | undefined
  const messages = (limit = 100): Promise<CapturedMessage[]> => context.outbox.captured(limit)
  return {
    url,
    publicUrl: context.publicUrl,
    region: context.config.region,
    accountId: context.config.accountId,
    credentials: context.administrator,
    outbox: {
      messages,
      async latestCode(to) {
        const [message] = await context.outbox.captured(1, to)
        if (message?.code === undefined) throw new Error(`No message with a code went to ${to}.`)
        return message.code
      },
    },
    failed: context.database.lost.then(({ message, advice }) => `${message}\n${advice}`),
    rotateSigningKeys: (owner, aheadMs) => context.keys.rotate(owner, aheadMs),
    stop: () => {
      stopped ??= close()
      return stopped
    },
  }
}
