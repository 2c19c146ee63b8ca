import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { type Engine, engines, TestClock } from '../../test/harness.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { runDue } from '../../test/queue-runs.ts'
import { tokenValidityRefusal } from '../cognito-idp/user-pool-clients/token-validity-rules.ts'
import { createSealer } from '../crypto/seal.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
import { PURGE_MARGIN_MS } from '../database/purge-rules.ts'
import { makeRsaKeyPair } from '../effects/rsa-key-pair.ts'
import { purging } from '../queues.ts'
import { limits } from './limits.ts'
import { activeKey, createKeyRing, PUBLISHED_AHEAD_MS, published } from './signing-keys.ts'

const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR
const POOL = 'us-east-1_AbCdEfGhI'
const sealer = createSealer({ current: randomBytes(32) })
const opened: Database[] = []

async function open(engine: Engine): Promise<Database> {
  const database = await openDatabase(
    engine === 'postgres' ? { engine, url: await postgresUrl(), connections: 4 } : { engine, path: ':memory:' },
    () => undefined,
  )
  opened.push(database)
  return database
}

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close()
})

describe.each(engines)('the keys of a pool on %s', (engine) => {
  it('are two, created once by concurrent callers, and the same for every process', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    const rings = [1, 2, 3].map(() => createKeyRing({ database, sealer, clock, makeRsaKeyPair }, 0))
    const kids = await Promise.all(
      rings.flatMap((ring) => [ring.signingKey(POOL, 'id'), ring.signingKey(POOL, 'access')]),
    )
    expect(new Set(kids.map((key) => key.kid)).size).toBe(2)
    expect((await rings[0]?.publishedKeys(POOL))?.map((key) => key.use).sort()).toEqual(['access', 'id'])
  })

  it('sign with the old one for an hour after a rotation, and verify for a day after that', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    const ring = createKeyRing({ database, sealer, clock, makeRsaKeyPair }, 0)
    const other = createKeyRing({ database, sealer, clock, makeRsaKeyPair }, 0)
    const old = await ring.signingKey(POOL, 'access')
    await other.publishedKeys(POOL)
    await ring.rotate(POOL)
    expect((await ring.signingKey(POOL, 'access')).kid).toBe(old.kid)
    expect(await ring.publishedKeys(POOL)).toHaveLength(4)
    clock.advance(PUBLISHED_AHEAD_MS + 1)
    const fresh = await ring.signingKey(POOL, 'access')
    expect(fresh.kid).not.toBe(old.kid)
    // A process with an older cache reads the new key when a token names its kid.
    expect((await other.publishedKey(POOL, fresh.kid))?.kid).toBe(fresh.kid)
    expect((await ring.publishedKey(POOL, old.kid))?.kid).toBe(old.kid)
    clock.advance(26 * HOUR)
    expect(await ring.publishedKey(POOL, old.kid)).toBeUndefined()
    expect(await ring.publishedKeys(POOL)).toHaveLength(2)
  })

  it('are rotated automatically when they are old', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    const ring = createKeyRing({ database, sealer, clock, makeRsaKeyPair }, 30)
    const old = await ring.signingKey(POOL, 'id')
    await ring.signingKey(POOL, 'access')
    clock.advance(31 * DAY)
    expect((await ring.signingKey(POOL, 'id')).kid).toBe(old.kid)
    await expect.poll(async () => (await ring.publishedKeys(POOL)).length, { timeout: 10_000 }).toBe(4)
    clock.advance(2 * HOUR)
    expect((await ring.signingKey(POOL, 'id')).kid).not.toBe(old.kid)
  })
})

describe.each(engines)('keys that retired on %s', (engine) => {
  it('are deleted a day after the last token they signed can have ended, and not before; other keys never', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    clock.freeze()
    const ring = createKeyRing({ database, sealer, clock, makeRsaKeyPair }, 30)
    const purge = async () => {
      // As if the server had purged all the time.
      await database.db.deleteFrom('meta').where('name', '=', 'purge-horizon').execute()
      await runDue({ database, clock }, purging({ database, clock }))
    }
    const stored = async () =>
      (await database.db.selectFrom('signing_keys').select(['use', 'generation']).execute())
        .map(({ use, generation }) => `${use} ${generation}`)
        .sort()
    for (const use of ['id', 'access'] as const) await ring.signingKey(POOL, use)
    // Keys without a successor stay, however old.
    clock.advance(300 * DAY)
    await purge()
    expect(await stored()).toEqual(['access 1', 'id 1'])
    await ring.signingKey(POOL, 'id')
    await expect.poll(async () => (await stored()).length, { timeout: 10_000 }).toBe(4)
    // Signed at the last moment, and good for as long as can be.
    const old = await ring.signingKey(POOL, 'access')
    clock.advance(PUBLISHED_AHEAD_MS + limits.tokenLife.max)
    await purge()
    expect((await ring.publishedKey(POOL, old.kid))?.kid).toBe(old.kid)
    clock.advance(HOUR + DAY)
    await purge()
    expect(await stored()).toEqual(['access 1', 'access 2', 'id 1', 'id 2'])
    expect(await ring.publishedKey(POOL, old.kid)).toBeUndefined()
    clock.advance(PURGE_MARGIN_MS + 1)
    await purge()
    expect(await stored()).toEqual(['access 2', 'id 2'])
    expect((await ring.signingKey(POOL, 'access')).generation).toBe(2)
  })

  it('with several successors expire at the earliest time that one of them sets', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    clock.freeze()
    const ring = createKeyRing({ database, sealer, clock, makeRsaKeyPair }, 0)
    const expiries = async () =>
      (
        await database.db
          .selectFrom('signing_keys')
          .select('expires_at')
          .where('use', '=', 'id')
          .orderBy('generation')
          .execute()
      ).map(({ expires_at }) => expires_at)
    for (const use of ['id', 'access'] as const) await ring.signingKey(POOL, use)
    await ring.rotate(POOL)
    await ring.rotate(POOL, 0)
    const soon = clock.now() + limits.tokenLife.max + HOUR + DAY
    expect(await expiries()).toEqual([soon, soon, Number.MAX_SAFE_INTEGER])
    await ring.rotate(POOL)
    expect(await expiries()).toEqual([soon, soon, soon + PUBLISHED_AHEAD_MS, Number.MAX_SAFE_INTEGER])
  })

  it('outlive every token: no client may configure a longer token life than the limit', () => {
    const seconds = limits.tokenLife.max / 1000
    const lifetimes = { access: seconds, id: seconds, refresh: 30 * seconds }
    expect(tokenValidityRefusal(lifetimes)).toBeUndefined()
    for (const use of ['access', 'id'] as const)
      expect(tokenValidityRefusal({ ...lifetimes, [use]: seconds + 1 })).toBeDefined()
  })
})

describe('the key that', () => {
  const key = (generation: number, activeFrom: number) => ({ use: 'id' as const, generation, activeFrom })

  it('signs is the newest with activeFrom in the past', () => {
    const keys = [key(1, 0), key(2, 100), key(3, 200)]
    expect(activeKey(keys, 'id', 150)?.generation).toBe(2)
    expect(activeKey(keys, 'access', 150)).toBeUndefined()
    expect(activeKey(keys, 'id', -1)?.generation).toBe(1)
  })

  it('is published is any but those whose successor has signed for longer than a token lives', () => {
    const keys = [key(1, 0), key(2, 100)]
    expect(published(keys, 100 + DAY)).toHaveLength(2)
    expect(published(keys, 101 + 25 * HOUR)).toEqual([key(2, 100)])
  })
})
