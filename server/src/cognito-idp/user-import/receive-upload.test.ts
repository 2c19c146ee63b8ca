// What stays in the database of uploads that others replace, and what becomes of those that overlap in time.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../../../test/harness.ts'
import { openTestDatabase } from '../../../test/statement-plans.ts'
import { createSealer } from '../../crypto/seal.ts'
import type { Database } from '../../database/database.ts'
import { fileReader } from './import-file.ts'
import { findImportJob, insertImportJob } from './import-store.ts'
import { receiveUpload } from './receive-upload.ts'

const POOL = 'us-east-1_Uploads00'
const PART = 256 * 1024

describe.each(engines)('uploads of one job on %s', (engine) => {
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase(engine)
  })
  afterAll(() => database?.close())

  let sequence = 0
  async function world() {
    const { db } = database
    const id = `import-${++sequence}`
    const random = { bytes: (count: number) => randomBytes(count) }
    const sealer = createSealer({ current: randomBytes(32) })
    const context = { database, db, random, sealer, config: { importMaxBytes: 2 ** 24 } } as unknown as Parameters<
      typeof receiveUpload
    >[0]
    const algorithm = undefined
    await insertImportJob(db, { id, userPoolId: POOL, name: 'x', roleArn: 'x', algorithm, createdAt: 0 })
    return {
      /** The body arrives chunk by chunk; a chunk may be a promise. */
      put(chunks: readonly (Buffer | Promise<Buffer>)[], range?: { first: number; last: number; total: number }) {
        async function* body() {
          for (const chunk of chunks) yield await chunk
        }
        return receiveUpload(context, POOL, id, { range, length: undefined, body: body() })
      },
      partsOf: async () => {
        const rows = await db.selectFrom('user_import_parts').select('upload_id').where('job_id', '=', id).execute()
        return rows.length
      },
      async file(): Promise<Buffer> {
        const job = await findImportJob(db, POOL, id)
        if (!job) throw new Error('no job')
        const read = fileReader({ db, sealer }, job)
        const parts: Buffer[] = []
        let at = 0
        for (let part = await read(at); part; part = await read(at)) {
          parts.push(part)
          at += part.byteLength
        }
        return Buffer.concat(parts)
      },
    }
  }
  const bytes = (fill: string, count = PART) => Buffer.alloc(count, fill)
  /** A promise and its resolve. */
  function later() {
    let give: (chunk: Buffer) => void = () => undefined
    const chunk = new Promise<Buffer>((resolve) => {
      give = resolve
    })
    return { chunk, give }
  }

  it('leave nothing when another one begins', async () => {
    const at = await world()
    for (let i = 0; i < 5; i++)
      expect(await at.put([bytes('a')], { first: 0, last: PART - 1, total: 2 * PART })).toMatchObject({ status: 308 })
    expect(await at.partsOf()).toBe(1)
    expect(await at.put([bytes('b')])).toMatchObject({ status: 200 })
    expect(await at.partsOf()).toBe(1)
    expect(await at.put([bytes('c'), bytes('d')])).toMatchObject({ status: 200 })
    expect(await at.partsOf()).toBe(2)
    expect((await at.file()).equals(Buffer.concat([bytes('c'), bytes('d')]))).toBe(true)
  })

  it('that lose leave nothing, and harm none of the one that wins', async () => {
    const at = await world()
    const slow = later()
    const loser = at.put([bytes('a'), slow.chunk])
    while ((await at.partsOf()) === 0) await new Promise((resolve) => setImmediate(resolve))
    const winner = at.put([bytes('b'), bytes('b')])
    expect(await winner).toMatchObject({ status: 200 })
    slow.give(bytes('a'))
    expect(await loser).toMatchObject({ status: 409 })
    expect(await at.partsOf()).toBe(2)
    expect((await at.file()).equals(bytes('b', 2 * PART))).toBe(true)
  })

  it('go on from what is there when the same piece was sent twice', async () => {
    const at = await world()
    const total = 4 * PART
    const slow = later()
    const first = at.put([bytes('a'), slow.chunk, bytes('c')], { first: 0, last: 3 * PART - 1, total })
    while ((await at.partsOf()) === 0) await new Promise((resolve) => setImmediate(resolve))
    // The client takes the first for lost.
    const again = await at.put([bytes('b')], { first: PART, last: 2 * PART - 1, total })
    expect(again).toMatchObject({ status: 308, received: 2 * PART })
    slow.give(bytes('b'))
    expect(await first).toMatchObject({ status: 308, received: 2 * PART })
    const rest = [bytes('c'), bytes('d')]
    expect(await at.put(rest, { first: 2 * PART, last: total - 1, total })).toMatchObject({ status: 200 })
    expect((await at.file()).equals(Buffer.concat([bytes('a'), bytes('b'), ...rest]))).toBe(true)
  })

  it('are of the size that they were begun with', async () => {
    const at = await world()
    expect(await at.put([bytes('a', 10)], { first: 0, last: 9, total: 100 })).toMatchObject({ status: 308 })
    for (const total of [11, 20, 101])
      expect(await at.put([bytes('a')], { first: 10, last: 10, total })).toEqual({
        status: 400,
        message: 'The upload is one of 100 bytes. Begin another one for another file.',
        received: 10,
      })
    expect(await at.put([bytes('a', 90)], { first: 10, last: 99, total: 100 })).toMatchObject({ status: 200 })
    expect(await at.file()).toHaveLength(100)
  })
})
