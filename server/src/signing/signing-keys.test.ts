import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { type Engine, engines, TestClock } from '../../test/harness.ts'
import { postgresUrl } from '../../test/postgres.ts'
import { createSealer } from '../crypto/seal.ts'
import type { Database } from '../database/database.ts'
import { openDatabase } from '../database/open.ts'
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
  it('are two, made once however many ask at once, and the same for every process', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    const rings = [1, 2, 3].map(() => createKeyRing(database, sealer, clock, 0))
    const kids = await Promise.all(
      rings.flatMap((ring) => [ring.signingKey(POOL, 'id'), ring.signingKey(POOL, 'access')]),
    )
    expect(new Set(kids.map((key) => key.kid)).size).toBe(2)
    expect((await rings[0]?.publishedKeys(POOL))?.map((key) => key.use).sort()).toEqual(['access', 'id'])
  })

  it('sign with the old one for an hour after a rotation, and verify for a day after that', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    const ring = createKeyRing(database, sealer, clock, 0)
    const other = createKeyRing(database, sealer, clock, 0)
    const old = await ring.signingKey(POOL, 'access')
    await other.publishedKeys(POOL)
    await ring.rotate(POOL)
    expect((await ring.signingKey(POOL, 'access')).kid).toBe(old.kid)
    expect(await ring.publishedKeys(POOL)).toHaveLength(4)
    clock.advance(PUBLISHED_AHEAD_MS + 1)
    const fresh = await ring.signingKey(POOL, 'access')
    expect(fresh.kid).not.toBe(old.kid)
    // A process that has not looked since knows the new key when a token names it.
    expect((await other.publishedKey(POOL, fresh.kid))?.kid).toBe(fresh.kid)
    expect((await ring.publishedKey(POOL, old.kid))?.kid).toBe(old.kid)
    clock.advance(26 * HOUR)
    expect(await ring.publishedKey(POOL, old.kid)).toBeUndefined()
    expect(await ring.publishedKeys(POOL)).toHaveLength(2)
  })

  it('are replaced by themselves when they are old', async () => {
    const database = await open(engine)
    const clock = new TestClock()
    const ring = createKeyRing(database, sealer, clock, 30)
    const old = await ring.signingKey(POOL, 'id')
    await ring.signingKey(POOL, 'access')
    clock.advance(31 * DAY)
    expect((await ring.signingKey(POOL, 'id')).kid).toBe(old.kid)
    await expect.poll(async () => (await ring.publishedKeys(POOL)).length, { timeout: 10_000 }).toBe(4)
    clock.advance(2 * HOUR)
    expect((await ring.signingKey(POOL, 'id')).kid).not.toBe(old.kid)
  })
})

describe('which key', () => {
  const key = (generation: number, activeFrom: number) => ({ use: 'id' as const, generation, activeFrom })

  it('signs: the newest whose time has come', () => {
    const keys = [key(1, 0), key(2, 100), key(3, 200)]
    expect(activeKey(keys, 'id', 150)?.generation).toBe(2)
    expect(activeKey(keys, 'access', 150)).toBeUndefined()
    expect(activeKey(keys, 'id', -1)?.generation).toBe(1)
  })

  it('is published: all but those whose successor has signed for longer than a token lives', () => {
    const keys = [key(1, 0), key(2, 100)]
    expect(published(keys, 100 + DAY)).toHaveLength(2)
    expect(published(keys, 101 + 25 * HOUR)).toEqual([key(2, 100)])
  })
})
