// Files of any bytes: reading them ends, every line is told of once, and a damaged line harms no other.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSealer } from '../../crypto/seal.ts'
import { newPoolSettings } from '../user-pools/new-pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { outcomeOf } from './outcome-rules.ts'
import { type Cursor, type ReadRows, readRows } from './read-rows.ts'

const settings = newPoolSettings({ PoolName: 'test', AutoVerifiedAttributes: ['email'] }, 'us-east-1')
const pool = { id: 'us-east-1_Test00000', settings } as UserPool
const parts = {
  clock: { now: () => 1 },
  random: { bytes: (count: number) => randomBytes(count) },
  sealer: createSealer({ current: randomBytes(32) }),
  config: { importForeignHashes: true },
} as unknown as Parameters<typeof readRows>[0]
const job = { algorithm: 'BCRYPT' } as const

const HEADER = 'cognito:username,cognito:mfa_enabled,email,email_verified,name,cognito:password_hash'
const good = (i: number): string => `user${i},false,user${i}@example.com,true,"A, ""B""",`

/** All steps through a file that is read in pieces of so many bytes. */
async function readAll(file: Buffer, piece: number): Promise<ReadRows[]> {
  const read = async (at: number) => (at < file.length ? file.subarray(at, at + piece) : undefined)
  const steps: ReadRows[] = []
  let cursor: Cursor = { position: 0, line: 0 }
  do {
    const step = await readRows(parts, pool, job, read, cursor)
    steps.push(step)
    cursor = step.cursor
  } while (!steps.at(-1)?.atEnd)
  return steps
}

const rowsOf = (steps: readonly ReadRows[]) => steps.flatMap(({ rows }) => rows)
const bounds = { maxUsers: 1_000_000, maxRefused: 0 }

// What a line may become: any bytes, text with what CSV and databases find special, and halves of good ones.
const special = fc.constantFrom('"', '\\', ',', '\0', '\r', '\ufeff', '=', "'", '😀', '\ud7ff', '$2b$10$', 'true', ' ')
const damaged = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.array(special, { maxLength: 30 }).map((texts) => Buffer.from(texts.join(''))),
  fc.nat(70).map((cut) => Buffer.from(good(0)).subarray(cut)),
  fc.nat(70).map((cut) => Buffer.from(good(0)).subarray(0, cut)),
)
const withoutBreak = damaged.map((bytes) => bytes.filter((byte) => byte !== 10))

it('200 damaged files: the good lines are read as without the damaged ones', async () => {
  const lines = fc.array(fc.option(withoutBreak), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 500 }), async (damage, piece) => {
      const texts = damage.map((bytes, i) => (bytes === null ? Buffer.from(good(i)) : Buffer.from(bytes)))
      const file = Buffer.concat([Buffer.from(HEADER), ...texts.flatMap((text) => [Buffer.from('\n'), text])])
      const steps = await readAll(file, piece)
      const rows = rowsOf(steps)
      expect(new Set(rows.map(({ line }) => line)).size).toBe(rows.length)
      for (const [i, bytes] of damage.entries()) {
        const row = rows.find(({ line }) => line === i + 2)
        if (bytes === null)
          expect(row).toMatchObject({ named: { user: { username: `user${i}`, attributes: { name: 'A, "B"' } } } })
        else if (Buffer.from(bytes).toString('latin1').trim() !== '' && row === undefined)
          // Nothing is told of blank lines alone.
          expect(Buffer.from(bytes).toString().trim()).toBe('')
      }
      const { counts, log } = outcomeOf(
        settings,
        { rows, atEnd: true },
        new Set(),
        { imported: 0, skipped: 0, failed: 0 },
        bounds,
      )
      expect(counts.imported + counts.skipped + counts.failed).toBe(rows.length)
      expect(log).toHaveLength(rows.length)
    }),
    { numRuns: 200 },
  )
})

it('any bytes at all end as a file that is none, or as one of rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 50 }), async (bytes, piece) => {
      const steps = await readAll(Buffer.from(bytes), piece)
      expect(steps.at(-1)?.fileProblem?.length ?? 0).toBeLessThanOrEqual(128)
      expect(steps.at(-1)?.fileProblem).toBeDefined()
      expect(rowsOf(steps)).toEqual([])
    }),
  )
})

it('steps begin where the one before ended', async () => {
  const file = Buffer.from([HEADER, ...Array.from({ length: 600 }, (_, i) => good(i))].join('\n'))
  const steps = await readAll(file, 1000)
  expect(steps.map(({ rows }) => rows.length)).toEqual([256, 256, 88])
  expect(rowsOf(steps).map(({ line }) => line)).toEqual(Array.from({ length: 600 }, (_, i) => i + 2))
  expect(steps.at(-1)?.cursor).toMatchObject({ position: file.length, line: 601 })
})

it('a step ends after a megabyte, whatever its lines are', async () => {
  const blank = Buffer.from(`${HEADER}\n${'\n'.repeat(2 ** 21)}${good(1)}`)
  const steps = await readAll(blank, 100_000)
  expect(rowsOf(steps)).toHaveLength(1)
  expect(steps.length).toBeGreaterThanOrEqual(2)
  let from = 0
  for (const { cursor } of steps) {
    expect(cursor.position - from).toBeLessThanOrEqual(2 ** 20 + 100)
    from = cursor.position
  }
})

it('the subs of a step lie together, and each is another', async () => {
  const file = Buffer.from([HEADER, ...Array.from({ length: 600 }, (_, i) => good(i))].join('\n'))
  const subs = (await readAll(file, 10_000)).map(({ rows }) =>
    rows.map((row) => ('named' in row ? row.named.user.sub : '')),
  )
  for (const step of subs) expect(new Set(step.map((sub) => sub.slice(0, 4))).size).toBe(1)
  expect(new Set(subs.flat()).size).toBe(600)
  for (const sub of subs.flat())
    expect(sub).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
