// What a loss of power leaves after a flush that failed: the system dropped what it should have written, takes it for
// written, and later flushes are successes that leave the hole. The image of the disk is kept here, page by page.
import fs, { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type HeldFlushes, holdFlushes } from '../../../test/held-flushes.ts'
import { type Database, DatabaseUnavailable } from '../database.ts'
import { openSqlite } from './sqlite.ts'

const PAGE = 4096

/** What the disk holds of a file whose flushes it is told of. The rest is in the cache of the system alone. */
class DiskImage {
  #disk = Buffer.alloc(0)
  #clean = Buffer.alloc(0)
  readonly #rewritten = new Set<number>()

  /** Pages that were written, though maybe with what was in them before. */
  wrote(at: number, length: number): void {
    for (let page = Math.floor(at / PAGE); page * PAGE < at + length; page++) this.#rewritten.add(page)
  }

  /** The pages that have changed since the last flush reach the disk, or are dropped and count as written all the same. */
  flush(cached: Buffer<ArrayBuffer>, fails: boolean): void {
    const disk = Buffer.alloc(cached.length)
    this.#disk.copy(disk)
    for (let page = 0; page * PAGE < cached.length; page++) {
      const range = [page * PAGE, (page + 1) * PAGE] as const
      const now = cached.subarray(...range)
      const dirty = this.#rewritten.has(page) || !now.equals(this.#clean.subarray(...range))
      if (dirty && !fails) now.copy(disk, range[0])
    }
    this.#disk = disk
    this.#clean = cached
    this.#rewritten.clear()
  }

  get content(): Buffer {
    return this.#disk
  }
}

let folders: string[]
let image: DiskImage
let flushes: HeldFlushes
let file: string
const { writeSync } = fs

const newFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cognomen-'))
  folders.push(folder)
  return join(folder, 'cognomen.db')
}

beforeEach(() => {
  folders = []
  file = newFile()
  image = new DiskImage()
  flushes = holdFlushes((fails) => image.flush(Buffer.from(readFileSync(`${file}-wal`)), fails))
  fs.writeSync = ((descriptor: number, data: Buffer, offset: number, length: number, at: number) => {
    if (typeof at === 'number') image.wrote(at, length)
    return writeSync(descriptor, data, offset, length, at)
  }) as typeof writeSync
  syncBuiltinESMExports()
})

afterEach(() => {
  fs.writeSync = writeSync
  flushes.restore()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** Writes a row; true when that was acknowledged. */
const write = async (database: Database, name: string): Promise<boolean> => {
  try {
    // Longer than a page, so that a dropped one is a hole between two writes.
    await database.db
      .insertInto('meta')
      .values({ name, value: 'x'.repeat(3 * PAGE) })
      .execute()
    await database.durable()
    return true
  } catch {
    return false
  }
}

const namesIn = async (path: string): Promise<string[]> => {
  const database = openSqlite(path)
  const rows = await database.db.selectFrom('meta').select('name').execute()
  await database.close()
  return rows.map(({ name }) => name)
}

/** The files as the disk has them after a loss of power. */
function afterLossOfPower(): string {
  const path = newFile()
  copyFileSync(file, path)
  writeFileSync(`${path}-wal`, image.content)
  return path
}

/** The files as another process finds them while the power is on: from the cache. */
function killed(): void {
  const next = newFile()
  for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) copyFileSync(file + suffix, next + suffix)
  file = next
}

async function failedFlush(acknowledged: string[]): Promise<Database> {
  const database = openSqlite(file)
  await database.db.schema.createTable('meta').addColumn('name', 'text').addColumn('value', 'text').execute()
  for (const name of ['a', 'b', 'c']) if (await write(database, name)) acknowledged.push(name)
  expect(acknowledged).toEqual(['a', 'b', 'c'])
  flushes.failNext()
  expect(await write(database, 'lost')).toBe(false)
  return database
}

it('of a process whose flush failed: all that it acknowledged, and it acknowledges nothing more', async () => {
  const acknowledged: string[] = []
  const database = await failedFlush(acknowledged)
  for (let i = 0; i < 20; i++) expect(await write(database, `late ${i}`)).toBe(false)
  expect(await namesIn(afterLossOfPower())).toEqual(acknowledged)
})

it('of the next process: all that both acknowledged', async () => {
  const acknowledged: string[] = []
  await failedFlush(acknowledged)
  killed()
  const next = openSqlite(file)
  for (let i = 0; i < 20; i++) {
    expect(await write(next, `next ${i}`)).toBe(true)
    acknowledged.push(`next ${i}`)
  }
  expect(await namesIn(afterLossOfPower())).toEqual(expect.arrayContaining(acknowledged))
})

it('the next process does not start while the disk does not take the log', async () => {
  await failedFlush([])
  killed()
  flushes.failNext()
  expect(() => openSqlite(file)).toThrow(DatabaseUnavailable)
})
