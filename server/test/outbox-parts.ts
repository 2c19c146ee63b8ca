// An outbox with a real database, for tests of messages below the API.
import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import type { UserPool } from '../src/cognito-idp/user-pools/pool-store.ts'
import { readConfig } from '../src/config/config.ts'
import type { Environment } from '../src/config/env.ts'
import { createSealer, type Sealer } from '../src/crypto/seal.ts'
import type { Database } from '../src/database/database.ts'
import { openDatabase } from '../src/database/open.ts'
import type { Effects } from '../src/effects/effects.ts'
import { providerEndpoints } from '../src/effects/provider-endpoints.ts'
import { configuredSenders } from '../src/effects/senders.ts'
import { createWorker } from '../src/jobs/worker.ts'
import { deliveryQueues } from '../src/messages/delivery-queues.ts'
import { createOutbox, type Outbox, type OutboxParts } from '../src/messages/outbox.ts'
import { createMetrics } from '../src/metrics/metrics.ts'
import { type Engine, TestClock } from './harness.ts'
import { postgresUrl } from './postgres.ts'
import { someRsaKeyPair } from './rsa-keys.ts'

export interface OutboxUnderTest extends OutboxParts {
  readonly clock: TestClock
  readonly outbox: Outbox & {
    /** Stops delivery. */
    close(): Promise<void>
  }
  /** Lines of the log so far. */
  readonly lines: Record<string, unknown>[]
  readonly url: string | undefined
  /** Closes the outbox, the senders, and the database unless it was given. */
  close(): Promise<void>
}

export interface OutboxOptions {
  engine?: Engine
  env?: Environment
  effects?: Partial<Effects>
  /** An opened database to share. */
  database?: Database
  clock?: TestClock
  sealer?: Sealer
}

const masterKey = randomBytes(32)

export async function openOutbox(options: OutboxOptions = {}): Promise<OutboxUnderTest> {
  const postgres = options.engine === 'postgres' && !options.database ? await postgresUrl() : undefined
  const config = readConfig({ DATABASE_URL: postgres ?? 'sqlite::memory:', ...options.env })
  const database = options.database ?? (await openDatabase(config.database, () => {}))
  const clock = options.clock ?? new TestClock()
  const { close: closeSenders, ...senders } = await configuredSenders(config)
  const effects: Effects = {
    clock,
    random: { bytes: randomBytes },
    makeRsaKeyPair: someRsaKeyPair,
    ...senders,
    web: { send: async () => ({ failed: 'no-answer', detail: 'there is no web here' }) },
    functions: { invoke: async () => ({ outcome: 'failed', reason: 'there are no functions here' }) },
    providerEndpoints,
    ...options.effects,
  }
  const lines: Record<string, unknown>[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => lines.push(JSON.parse(line)) })
  const worker = createWorker({ database, clock, log })
  const parts: OutboxParts = {
    worker,
    config,
    database,
    sealer: options.sealer ?? createSealer({ current: masterKey }),
    effects,
    log,
    metrics: createMetrics(),
  }
  const outbox = { ...createOutbox(parts), close: () => worker.close() }
  worker.start(deliveryQueues({ ...parts, undelivered: async () => undefined }))
  return {
    ...parts,
    clock,
    outbox,
    lines,
    url: postgres,
    close: async () => {
      await outbox.close()
      closeSenders()
      if (!options.database) await database.close()
    },
  }
}

/** A pool as stored, with the settings that a test is about. */
export const poolWith = (settings: Partial<UserPool['settings']> = {}): UserPool => ({
  id: 'us-east-1_Messages1',
  region: 'us-east-1',
  replicas: [],
  settings: { Name: 'test', SchemaAttributes: [], ...settings },
  createdAt: 0,
  updatedAt: 0,
  version: 1,
})

/** Resolves when `condition` holds; rejects when it does not within a while. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  for (const deadline = Date.now() + limitMs; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error(`It did not come about within ${limitMs / 1000} seconds.`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
