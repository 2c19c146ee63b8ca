// Two servers on one PostgreSQL: what is written in one is told to those who listen in the other, in whatever order they come.
import { randomBytes } from 'node:crypto'
import { ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { syncClient } from '../../../test/aws-clients.ts'
import { type Named, readStream, type StreamReader, ticketFor } from '../../../test/event-streams.ts'
import { startTestServer, type TestServer } from '../../../test/harness.ts'
import { type IdentityWorld, makeIdentityWorld } from '../../../test/identity-world.ts'
import { postgresUrl } from '../../../test/postgres.ts'

let servers: [TestServer, TestServer]
let world: IdentityWorld & { close(): void }
const readers: StreamReader[] = []

beforeAll(async () => {
  const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64') }
  const one = await startTestServer({ engine: 'postgres', env })
  servers = [one, await startTestServer({ engine: 'postgres', env })]
  world = await makeIdentityWorld(one)
})
afterAll(async () => {
  for (const reader of readers) reader.close()
  world?.close()
  for (const server of servers ?? []) await server.stop()
})

const newGuest = async (): Promise<Named> => ({ IdentityPoolId: world.poolId, IdentityId: await world.getId() })

async function listen(at: TestServer, named: Named, lastEventId = ''): Promise<StreamReader> {
  const reader = await readStream(at, named, await ticketFor(at, named), { lastEventId })
  readers.push(reader)
  return reader
}

async function write(at: TestServer, named: Named, DatasetName: string): Promise<void> {
  const client = syncClient(at)
  const { SyncSessionToken, DatasetSyncCount = 0 } = await client.send(
    new ListRecordsCommand({ ...named, DatasetName }),
  )
  const RecordPatches = [{ Op: 'replace' as const, Key: `key-${DatasetSyncCount}`, Value: 'value', SyncCount: 0 }]
  await client.send(new UpdateRecordsCommand({ ...named, DatasetName, SyncSessionToken, RecordPatches }))
  client.destroy()
}

describe('what one process writes', () => {
  it('is told to who listens in the other', async () => {
    const named = await newGuest()
    const [here, there] = [await listen(servers[0], named), await listen(servers[1], named)]
    for (let count = 1; count <= 3; count++) {
      await write(servers[count % 2] as TestServer, named, 'prefs')
      for (const reader of [here, there]) expect(await reader.take(1)).toEqual([['prefs', count]])
    }
  })

  it('is told to each identity that has a listener, its own', async () => {
    const named = await Promise.all(Array.from({ length: 5 }, newGuest))
    const listening = await Promise.all(named.map((one) => listen(servers[1], one)))
    await Promise.all(named.map((one, i) => write(servers[0], one, `dataset-${i}`)))
    for (const [i, reader] of listening.entries()) expect(await reader.take(1)).toEqual([[`dataset-${i}`, 1]])
  })

  it('is not lost by a reader who comes back to the other process', async () => {
    const named = await newGuest()
    const first = await listen(servers[0], named)
    await write(servers[0], named, 'one')
    await first.take(1)
    const { lastEventId } = first
    first.close()
    await write(servers[0], named, 'two')
    const second = await listen(servers[1], named, lastEventId)
    expect(await second.take(1)).toEqual([['two', 1]])
    await write(servers[0], named, 'one')
    expect(await second.take(1)).toEqual([['one', 2]])
  })
})
