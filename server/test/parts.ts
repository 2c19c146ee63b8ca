// The context that operations run on, without a server: for tests that act between two statements, or read rows.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll } from 'vitest'
import { createUserPoolCache } from '../src/cognito-idp/user-pools/user-pool-cache.ts'
import { createPokes } from '../src/cognito-sync/live/pokes.ts'
import type { Context } from '../src/context.ts'
import { createSealer } from '../src/crypto/seal.ts'
import { openDatabase } from '../src/database/open.ts'
import { createUsageCounts } from '../src/datasets/usage-counts.ts'
import { type Engine, TestClock } from './harness.ts'
import { postgresUrl } from './postgres.ts'
import { someRsaKeyPair } from './rsa-keys.ts'

export type Parts = Pick<
  Context,
  'database' | 'db' | 'sealer' | 'userPools' | 'datasetUsage' | 'pokes' | 'random' | 'config' | 'makeRsaKeyPair'
> & {
  clock: TestClock
}

/** A database with one connection, on which statements run in the order in which they were begun, and what goes with it. */
async function openParts(engine: Engine): Promise<Parts> {
  const place =
    engine === 'postgres' ? { engine, url: await postgresUrl(), connections: 1 } : { engine, path: ':memory:' }
  const database = await openDatabase(place as Parameters<typeof openDatabase>[0], () => undefined)
  const sealer = createSealer({ current: randomBytes(32) })
  const clock = new TestClock()
  return {
    database,
    db: database.db,
    sealer,
    clock,
    userPools: createUserPoolCache(database, sealer, clock),
    datasetUsage: createUsageCounts(database),
    pokes: createPokes(database, { error: () => undefined }),
    random: { bytes: randomBytes },
    makeRsaKeyPair: someRsaKeyPair,
    config: { region: 'us-east-1', accountId: '000000000000' } as Context['config'],
  }
}

/** Parts for all tests of a `describe`; use them inside of tests and hooks only. */
export function useParts(engine: Engine): Parts {
  let parts: Parts | undefined
  beforeAll(async () => {
    parts = await openParts(engine)
  })
  afterAll(() => parts?.database.close())
  return new Proxy({} as Parts, { get: (_target, name) => (parts as never as Record<PropertyKey, unknown>)[name] })
}

/**
 * `parts` with a clock that starts `rival` at its first call, so that a conflict happens between an operation's read
 * and write.
 */
export function withRival(parts: Parts, rival: () => Promise<unknown>): Parts & { rival: () => Promise<unknown> } {
  let running: Promise<unknown> | undefined
  const clock = Object.assign(new TestClock(), {
    now: () => {
      running ??= rival()
      return parts.clock.now()
    },
  })
  return {
    database: parts.database,
    db: parts.db,
    sealer: parts.sealer,
    userPools: parts.userPools,
    datasetUsage: parts.datasetUsage,
    pokes: parts.pokes,
    random: parts.random,
    makeRsaKeyPair: parts.makeRsaKeyPair,
    config: parts.config,
    clock,
    rival: () => running ?? Promise.reject(new Error('The rival never ran.')),
  }
}
