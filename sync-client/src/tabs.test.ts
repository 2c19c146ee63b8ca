// Tabs that share a storage, with messages that come late: what browsers do to tabs in the background.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ADA, fakeService, makeDevice } from '../test/devices.ts'
import { memoryStorage, type Storage, type Sync } from './index.ts'

/** Messages between tabs, which a test may hold back. */
class Channel {
  static readonly open = new Set<Channel>()
  static holds = false
  static held: (() => void)[] = []
  onmessage: ((event: { data: unknown }) => void) | undefined
  constructor() {
    Channel.open.add(this)
  }
  postMessage(message: unknown): void {
    const data = structuredClone(message)
    const others = [...Channel.open].filter((other) => other !== this)
    const deliver = (): void => {
      for (const other of others) if (Channel.open.has(other)) other.onmessage?.({ data })
    }
    if (Channel.holds) Channel.held.push(deliver)
    else queueMicrotask(deliver)
  }
  close(): void {
    Channel.open.delete(this)
  }
  static release(): void {
    Channel.holds = false
    for (const deliver of Channel.held.splice(0)) deliver()
  }
}

/** Locks of one name, given in the order in which they were asked for. */
function fakeLocks() {
  let last: Promise<unknown> = Promise.resolve()
  return {
    request(_: string, { signal }: { signal: AbortSignal }, hold: () => unknown): Promise<unknown> {
      const turn = last.then(() => (signal.aborted ? undefined : hold()))
      last = turn.catch(() => {})
      return turn
    },
  }
}

beforeEach(() => {
  vi.stubGlobal('BroadcastChannel', Channel)
  vi.stubGlobal('navigator', { locks: fakeLocks() })
})
afterEach(() => {
  vi.unstubAllGlobals()
  Channel.held = []
  Channel.holds = false
})

const shared = (entries: Map<string, unknown>): Storage => ({ ...memoryStorage(entries), shared: 'tabs' })
const merge = { n: 'counter' } as const

async function started(sync: Sync): Promise<Sync> {
  await sync('prefs', { merge }).flush()
  return sync
}

test('an increment of a tab is sent once, also when the tab can tell of it only after it was sent', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const open = () => started(makeDevice(service, { storage: shared(entries) }))
  const [leader, next, frozen] = [await open(), await open(), await open()]
  await leader('prefs').flush()
  Channel.holds = true
  frozen('prefs').increment('n', 1)
  await frozen('prefs').saved()
  const late = Channel.held.splice(0)
  Channel.release()
  await leader.destroy()
  // The next one finds it in the storage.
  await next('prefs').flush()
  expect(next('prefs').get('n')).toBe(1)
  for (const deliver of late) deliver()
  await next('prefs').flush()
  expect(next('prefs').get('n')).toBe(1)
  const [id = ''] = [...service.identities.keys()]
  expect(service.values(id, 'prefs')).toEqual({ n: expect.stringMatching(/:1$/) })
})

test('what a tab can store only after it was sent is sent once', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const open = (storage = shared(entries)) => started(makeDevice(service, { storage }))
  let isFull = false
  const { write, ...others } = shared(entries)
  const filling: Storage = {
    ...others,
    write: async (changes) => {
      if (isFull) throw new Error('full')
      await write(changes)
    },
  }
  const [leader, full, next] = [await open(), await open(filling), await open()]
  await leader('prefs').flush()
  await vi.waitUntil(() => full.status.state === 'synced' && next.status.state === 'synced')
  isFull = true
  full('prefs').increment('n', 1)
  await expect(full('prefs').saved()).rejects.toMatchObject({ code: 'StorageError' })
  await vi.waitUntil(() => leader('prefs').get('n') === 1)
  await leader('prefs').flush()
  isFull = false
  full('prefs').set('k', 'there is room again')
  await vi.waitUntil(() => leader('prefs').get('k') !== undefined)
  await leader('prefs').flush()
  await leader('prefs').saved()
  await full.destroy()
  await leader.destroy()
  await next('prefs').flush()
  expect(next('prefs').all()).toEqual({ k: 'there is room again', n: 1 })
  await next('prefs').saved()
  expect([...entries.keys()].filter((key) => key.includes('/i/'))).toEqual([])
})

test('changes of every tab are dated by the clock of the service', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const now = () => service.now + 3_600_000
  const open = () => started(makeDevice(service, { storage: shared(entries), now }))
  const [leader, other] = [await open(), await open()]
  await leader('prefs').flush()
  await vi.waitUntil(() => other.status.state === 'synced')
  other('prefs').set('k', 1)
  await other('prefs').flush()
  const [datasets] = [...service.identities.values()]
  expect(datasets?.get('prefs')?.records.get('k')?.deviceModified).toBeLessThan(service.now + 60_000)
})

test('what a tab has asked of the leading one ends when the tab does', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const open = () => started(makeDevice(service, { storage: shared(entries) }))
  const [, other] = [await open(), await open()]
  Channel.holds = true
  const asked = other('prefs').flush()
  const refused = expect(asked).rejects.toMatchObject({ code: 'Closed' })
  await vi.waitUntil(() => Channel.held.length > 0)
  await other.destroy()
  await refused
})

test('a sign-out with wipe leaves nothing of what a tab wrote before it heard of it', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const open = () => started(makeDevice(service, { storage: shared(entries) }))
  const [leader, other] = [await open(), await open()]
  await leader('prefs').flush()
  await vi.waitUntil(() => other.status.identityId !== undefined)
  const ada = other.status.identityId as string
  Channel.holds = true
  await leader.logout({ wipe: true })
  other('prefs').set('secret', 'of ada')
  await other('prefs').saved()
  expect([...entries.keys()].some((key) => key.startsWith(ada))).toBe(true)
  Channel.release()
  await vi.waitUntil(() => ![...entries.keys()].some((key) => key.startsWith(ada)))
  expect(other('prefs').all()).toEqual({})
  await leader('prefs').flush()
  expect(leader('prefs').all()).toEqual({})
  expect(JSON.stringify([...entries])).not.toContain('of ada')
})

test('a tab that opens gets what the others know, and its own logins change nothing for the same user', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const leader = await started(makeDevice(service, { storage: shared(entries) }))
  leader('prefs').set('k', 1)
  await leader('prefs').flush()
  const logins = vi.fn(async () => ADA)
  const other = await started(makeDevice(service, { storage: shared(entries), logins }))
  expect(other('prefs').all()).toEqual({ k: 1 })
  await vi.waitUntil(() => logins.mock.calls.length > 0)
  await other('prefs').flush()
  expect(other.status).toMatchObject({ state: 'synced', identityId: leader.status.identityId })
  expect(service.identities.size).toBe(1)
})
