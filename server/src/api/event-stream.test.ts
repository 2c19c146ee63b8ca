// Event streams through the door: what is told to whom, what a reader who comes back has missed, when streams end, how many
// there may be.
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import {
  DeleteDatasetCommand,
  ListRecordsCommand,
  type RecordPatch,
  UpdateRecordsCommand,
} from '@aws-sdk/client-cognito-sync'
import { afterEach, describe, expect, it, test } from 'vitest'
import { syncClient } from '../../test/aws-clients.ts'
import {
  createTicket,
  type Named,
  type ReadOptions,
  readStream,
  type StreamReader,
  streamPath,
  ticketFor,
} from '../../test/event-streams.ts'
import { startTestServer, type TestServer, useTestServer } from '../../test/harness.ts'
import { identityCredentialCalls } from '../../test/identity-credentials.ts'
import { makeIdentityWorld, useIdentityWorld } from '../../test/identity-world.ts'
import { limits } from '../cognito-sync/limits.ts'
import { sinkOf } from './event-stream.ts'

const server = useTestServer()
const world = useIdentityWorld(server)
const { get, signerOf } = identityCredentialCalls(server, world)

const readers: StreamReader[] = []
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close()
})

const newGuest = async (): Promise<Named> => ({ IdentityPoolId: world.poolId, IdentityId: await world.getId() })

/** Opens a stream with a new ticket. */
async function listen(named: Named, options: ReadOptions & { at?: TestServer; ticket?: string } = {}) {
  const { at = server, ticket = await ticketFor(at, named) } = options
  const reader = await readStream(at, named, ticket, options)
  readers.push(reader)
  return reader
}

/** Writes one record; resolves with the new count of the dataset. */
async function write(named: Named, DatasetName: string, at = server): Promise<number> {
  const client = syncClient(at)
  try {
    const {
      SyncSessionToken,
      DatasetSyncCount = 0,
      Records = [],
    } = await client.send(new ListRecordsCommand({ ...named, DatasetName }))
    const SyncCount = Records.find(({ Key }) => Key === 'key')?.SyncCount ?? 0
    const patch: RecordPatch = { Op: 'replace', Key: 'key', Value: `${DatasetSyncCount}`, SyncCount }
    await client.send(new UpdateRecordsCommand({ ...named, DatasetName, SyncSessionToken, RecordPatches: [patch] }))
    return DatasetSyncCount + 1
  } finally {
    client.destroy()
  }
}

describe('a stream', () => {
  it('says that a dataset has changed, to every reader of the identity and to no other', async () => {
    const named = await newGuest()
    const stranger = await newGuest()
    const [one, two, other] = await Promise.all([listen(named), listen(named), listen(stranger)])
    expect(one.status).toBe(200)
    expect(one.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
      'x-amzn-requestid': expect.any(String),
    })
    await write(named, 'prefs')
    const poke = {
      source: 'cognito-sync',
      identityPoolId: named.IdentityPoolId,
      identityId: named.IdentityId,
      datasetName: 'prefs',
      syncCount: 1,
    }
    expect(await one.next()).toEqual(poke)
    expect(await two.next()).toEqual(poke)
    await write(named, 'prefs')
    expect(await one.take(1)).toEqual([['prefs', 2]])
    const client = syncClient(server)
    await client.send(new DeleteDatasetCommand({ ...named, DatasetName: 'prefs' }))
    client.destroy()
    expect(await one.take(1)).toEqual([['prefs', 3]])
    // Its own change is the first that reaches the other.
    await write(stranger, 'elsewhere')
    expect(await other.take(1)).toEqual([['elsewhere', 1]])
  })

  it('begins with all that its reader does not know', async () => {
    const named = await newGuest()
    await write(named, 'one')
    await write(named, 'two')
    const first = await listen(named)
    expect((await first.take(2)).sort()).toEqual([
      ['one', 1],
      ['two', 1],
    ])
    await first.begun()
    await write(named, 'one')
    await first.take(1)
    const { lastEventId } = first
    first.close()
    await write(named, 'two')
    await write(named, 'two')
    await write(named, 'three')
    // With the header, as EventSource sends it by itself, and in the address, as a new one can.
    const again = await listen(named, { lastEventId })
    expect((await again.take(2)).sort()).toEqual([
      ['three', 1],
      ['two', 3],
    ])
    await again.begun()
    const query = `ticket=${await ticketFor(server, named)}&lastEventId=${again.lastEventId}`
    const third = await fetch(`${server.url}${streamPath(named)}?${query}`)
    const reader = third.body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toMatch(/^retry: [1-4]\d{3}\nid: [\w.-]+\n\n$/)
    await reader?.cancel()
  })

  it('misses nothing that is written while it opens', async () => {
    const named = await newGuest()
    const writes = Array.from({ length: 20 }, (_, i) => write(named, `dataset-${i}`))
    const reader = await listen(named)
    await Promise.all(writes)
    const told = new Map<string, number>()
    while (told.size < 20) for (const [name, count] of await reader.take(1)) told.set(name, count)
    expect([...told.values()]).toEqual(Array(20).fill(1))
  })

  it('says what a merger brings', async () => {
    const logins = await world.loginsOf('merging')
    const user = { IdentityPoolId: world.poolId, IdentityId: await world.getId(logins) }
    const guest = await newGuest()
    await write(user, 'prefs')
    await write(guest, 'prefs')
    const reader = await listen(user)
    await reader.begun()
    await reader.take(1)
    expect(await get(guest.IdentityId, logins)).toMatchObject({ IdentityId: user.IdentityId })
    expect(await reader.take(1)).toEqual([[`prefs.${guest.IdentityId}`, 2]])
  })

  it('ends with the credentials that asked for it', async () => {
    const named = await newGuest()
    const ticket = await ticketFor(server, named, await signerOf(named.IdentityId))
    const reader = await listen(named, { ticket })
    await reader.begun()
    server.clock.advance(3_590_000)
    await reader.comment()
    server.clock.advance(10_000)
    await reader.ended
  })

  it('sends comments while nothing happens', async () => {
    const reader = await listen(await newGuest())
    await reader.begun()
    server.clock.advance(16_000)
    await reader.comment()
  })
})

describe('a ticket', () => {
  const refused = async (reader: StreamReader) => [
    reader.status,
    reader.headers['x-amzn-errortype'],
    JSON.parse(await reader.text),
  ]
  const INVALID = [
    403,
    expect.stringContaining('NotAuthorizedException'),
    { message: 'The ticket is not valid; CreateStreamTicket gives another.' },
  ]

  it.each<[what: string, change: (ticket: string) => string]>([
    ['missing', () => ''],
    ['changed', (ticket) => ticket.slice(0, -2) + (ticket.endsWith('AA') ? 'BB' : 'AA')],
    ['of enormous length', (ticket) => ticket + 'A'.repeat(4000)],
  ])('that is %s opens nothing', async (_, change) => {
    const named = await newGuest()
    expect(await refused(await listen(named, { ticket: change(await ticketFor(server, named)) }))).toEqual(INVALID)
  })

  it('opens streams of its own identity and pool alone', async () => {
    const named = await newGuest()
    const ticket = await ticketFor(server, named)
    expect(await refused(await listen(await newGuest(), { ticket }))).toEqual(INVALID)
    expect(await refused(await listen({ ...named, IdentityPoolId: 'us-east-1:x' }, { ticket }))).toEqual(INVALID)
    expect((await listen(named, { ticket })).status).toBe(200)
  })

  it('opens nothing after a minute', async () => {
    const named = await newGuest()
    const ticket = await ticketFor(server, named)
    server.clock.advance(59_000)
    expect((await listen(named, { ticket })).status).toBe(200)
    server.clock.advance(1_000)
    expect(await refused(await listen(named, { ticket }))).toEqual(INVALID)
  })

  it('is not guessed at without end', async () => {
    const guarded = await startTestServer({ env: { TRUSTED_PROXIES: '127.0.0.1', PUBLIC_CALLS_PER_MINUTE: '60' } })
    try {
      const statuses = new Set<number>()
      for (let call = 0; call < 70; call++) {
        const reader = await listen(await newGuest(), {
          at: guarded,
          ticket: 'guess',
          headers: { 'x-forwarded-for': '203.0.113.5' },
        })
        statuses.add(reader.status)
      }
      expect([...statuses]).toEqual([403, 429])
    } finally {
      await guarded.stop()
    }
  })
})

describe('too many streams', () => {
  it('of an identity: the next one is refused until one is closed', async () => {
    const named = await newGuest()
    const ticket = await ticketFor(server, named)
    const open = await Promise.all(
      Array.from({ length: limits.streamsOfIdentity.max }, () => listen(named, { ticket })),
    )
    expect(new Set(open.map(({ status }) => status))).toEqual(new Set([200]))
    const oneMore = await listen(named, { ticket })
    expect([oneMore.status, oneMore.headers['retry-after']]).toEqual([429, '30'])
    expect((await listen(await newGuest())).status).toBe(200)
    open[0]?.close()
    await expect.poll(async () => (await listen(named, { ticket })).status).toBe(200)
  })

  test('of a process, and they leave the connections of calls alone', async () => {
    const small = await startTestServer({
      env: { MAX_CONNECTIONS: '8', MAX_CONNECTIONS_PER_ADDRESS: '9', MAX_STREAMS: '10', TRUSTED_PROXIES: '127.0.0.1' },
    })
    const own = await makeIdentityWorld(small)
    try {
      const named = { IdentityPoolId: own.poolId, IdentityId: await own.getId() }
      const from = (address: string) => ({ at: small, headers: { 'x-forwarded-for': address } })
      const statuses: number[] = []
      for (const address of [...Array(10).fill('203.0.113.1'), '203.0.113.2', '203.0.113.3'])
        statuses.push((await listen(named, from(address))).status)
      // The tenth of one address, and the eleventh of all.
      expect(statuses).toEqual([...Array(9).fill(200), 429, 200, 429])
      // More are open than there may be connections, and calls are answered all the same.
      expect((await createTicket(small, named)).status).toBe(200)
    } finally {
      own.close()
      await small.stop()
    }
  })
})

test('a server that stops ends its streams', async () => {
  const stopping = await startTestServer()
  const own = await makeIdentityWorld(stopping)
  const reader = await listen({ IdentityPoolId: own.poolId, IdentityId: await own.getId() }, { at: stopping })
  await reader.begun()
  own.close()
  await Promise.all([stopping.stop(), reader.ended])
})

test('a reader that takes nothing is let go when too much waits for it', async () => {
  const answered = createServer((_request, response) => {
    const sink = sinkOf(response, () => undefined)
    response.writeHead(200)
    const fill = (): void => {
      if (response.destroyed) return
      sink.send('x'.repeat(10_000))
      setImmediate(fill)
    }
    fill()
  })
  answered.listen(0, '127.0.0.1')
  await once(answered, 'listening')
  const closed = new Promise<ServerResponse>((resolve) =>
    answered.on('request', (_, response) => response.once('close', () => resolve(response))),
  )
  const socket = connect((answered.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.pause()
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  expect((await closed).writableLength).toBeLessThan(limits.streamUnsent.max + 20_000)
  socket.destroy()
  answered.close()
})
