// The history of a record under writers at once: every answer fits one order of all pushes, that of the counts, which respects
// what was answered before something else began (linearizability). On PostgreSQL two processes take the pushes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { engines, startTestServer, type TestServer } from '../../../test/harness.ts'
import { type IdentityWorld, makeIdentityWorld } from '../../../test/identity-world.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { type Device, deviceOf, patch } from '../../../test/sync.ts'

const ROUNDS = process.env['COGNOMEN_LONG'] ? 200 : 12
const WRITERS = 6
const KEYS = ['a', 'b']

interface Seen {
  key: string
  value: string | undefined
  /** Of the record; 0 when there is none. */
  count: number
  begun: number
  ended: number
}
interface Written extends Seen {
  /** The count of the record that the push rested on. */
  on: number
}

describe.each(engines)('records under parallel writers on %s', (engine) => {
  const servers: TestServer[] = []
  let world: IdentityWorld & { close(): void }
  beforeAll(async () => {
    const env = {
      COGNOMEN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      ...(engine === 'postgres' && { DATABASE_URL: await postgresUrl(), DATABASE_CONNECTIONS: '8' }),
    }
    for (let i = 0; i < (engine === 'postgres' ? 2 : 1); i++) servers.push(await startTestServer({ env }))
    world = await makeIdentityWorld(servers[0] as TestServer)
  })
  afterAll(async () => {
    world?.close()
    for (const server of servers) await server.stop()
  })

  /** A moment, later than all before. */
  let moment = 0
  const reads: Seen[] = []
  const writes: Written[] = []
  let refusals = 0

  async function read(device: Device): Promise<Map<string, Seen>> {
    const begun = ++moment
    const { Records = [], DatasetSyncCount = 0 } = await device.pull('d')
    const ended = ++moment
    const seen = KEYS.map((key): Seen => {
      const { Value, SyncCount = 0 } = Records.find(({ Key }) => Key === key) ?? {}
      expect(SyncCount).toBeLessThanOrEqual(DatasetSyncCount)
      return { key, value: Value, count: SyncCount, begun, ended }
    })
    reads.push(...seen)
    return new Map(seen.map((one) => [one.key, one]))
  }

  async function write(device: Device, key: string, value: string): Promise<void> {
    for (;;) {
      const known = (await read(device)).get(key) as Seen
      const begun = ++moment
      try {
        const [{ SyncCount = 0 } = {}] = await device.push('d', [patch(key, value, known.count)])
        writes.push({ key, value, on: known.count, count: SyncCount, begun, ended: ++moment })
        return
      } catch (error) {
        expect((error as Error).message).toMatch(/^Current SyncCount for: \w is: \d+ not: \d+$/)
        refusals++
      }
    }
  }

  it('is that of one writer after the other', { timeout: ROUNDS * 10_000 }, async () => {
    const ids = { IdentityPoolId: world.poolId, IdentityId: await world.getId() }
    const devices = Array.from({ length: WRITERS }, (_, i) =>
      deviceOf(syncClient(servers[i % servers.length] as TestServer), ids),
    )
    await Promise.all(
      devices.map(async (device, writer) => {
        for (let round = 0; round < ROUNDS; round++)
          await write(device, KEYS[(writer + round) % KEYS.length] as string, `${writer}.${round}`)
      }),
    )
    // Every push raised the count by one.
    const counts = writes.map(({ count }) => count).sort((a, b) => a - b)
    expect(counts).toEqual(Array.from({ length: WRITERS * ROUNDS }, (_, i) => i + 1))
    const [device] = devices as [Device]
    expect((await device.pull('d')).DatasetSyncCount).toBe(counts.length)
    const byCount = new Map(writes.map((one) => [one.count, one]))
    for (const key of KEYS) {
      // Each rests on the one before it: none was overwritten unseen.
      const order = writes.filter((one) => one.key === key).sort((one, other) => one.count - other.count)
      expect(order.map(({ on }) => on)).toEqual([0, ...order.slice(0, -1).map(({ count }) => count)])
      for (const seen of reads.filter((one) => one.key === key)) {
        expect(seen.value).toBe(seen.count === 0 ? undefined : byCount.get(seen.count)?.value)
        // What was answered before it began has happened, what began after it ended has not.
        for (const one of order) {
          if (one.ended < seen.begun) expect(seen.count).toBeGreaterThanOrEqual(one.count)
          if (one.begun > seen.ended) expect(seen.count).toBeLessThan(one.count)
        }
      }
    }
    for (const one of writes)
      for (const other of writes) if (one.ended < other.begun) expect(one.count).toBeLessThan(other.count)
    // Writers that never met would prove nothing.
    expect(refusals).toBeGreaterThan(0)
  })
})
