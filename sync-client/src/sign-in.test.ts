// Sign-in and sign-out while something else is under way.
import { expect, test, vi } from 'vitest'
import { ADA, type FakeService, fakeService, makeDevice } from '../test/devices.ts'
import { memoryStorage, type Storage } from './index.ts'

/** A service whose answers to some requests are held back until `release`. */
function gated(service: FakeService, isHeld: (url: string, target: string) => boolean) {
  const held: (() => void)[] = []
  const release = (): void => {
    for (const go of held.splice(0)) go()
  }
  const gate = { holds: false, held, release }
  const fetch = (async (input: URL | string, init?: RequestInit) => {
    const answer = await service.fetch(input, init)
    if (gate.holds && isHeld(String(input), new Headers(init?.headers).get('x-amz-target') ?? ''))
      await new Promise<void>((go) => held.push(go))
    return answer
  }) as typeof globalThis.fetch
  return Object.assign(gate, { fetch })
}

/** A storage whose writes take a while, as those of browsers do. */
function slowStorage(entries = new Map<string, unknown>()): Storage {
  const { read, write } = memoryStorage(entries)
  return {
    read,
    write: async (changes) => {
      await new Promise((done) => setTimeout(done, 3))
      await write(changes)
    },
  }
}

test('who signs out while credentials are on their way is a guest, and stays none of the user before', async () => {
  const service = fakeService()
  const gate = gated(service, (_, target) => target.endsWith('GetCredentialsForIdentity'))
  const entries = new Map<string, unknown>()
  const sync = makeDevice(service, { fetch: gate.fetch, storage: memoryStorage(entries) })
  const prefs = sync('prefs')
  gate.holds = true
  const asked = prefs.flush().catch(({ code }) => code)
  await vi.waitUntil(() => gate.held.length > 0)
  await sync.logout({ wipe: true })
  gate.holds = false
  gate.release()
  expect(['IdentityChanged', undefined]).toContain(await asked)
  prefs.set('k', 'of the guest')
  await prefs.flush()
  const [ada = '', guest = ''] = [...service.identities.keys()]
  expect(sync.status).toMatchObject({ state: 'synced', identityId: guest })
  expect([service.values(ada, 'prefs'), service.values(guest, 'prefs')]).toEqual([{}, { k: 'of the guest' }])
  expect([...entries.keys()].filter((key) => key.startsWith(ada))).toEqual([])
})

// Wherever the sign-in is.
test.each(Array.from({ length: 12 }, (_, turn) => turn))(
  'a sign-out %i turns into a sign-in is for good',
  async (turns) => {
    const service = fakeService()
    const entries = new Map<string, unknown>()
    const sync = makeDevice(service, { storage: slowStorage(entries) })
    const prefs = sync('prefs')
    prefs.set('k', 'of ada')
    const asked = prefs.flush().catch(({ code }) => code)
    while (service.identities.size === 0) await new Promise((done) => setImmediate(done))
    for (let turn = 0; turn < turns; turn++) await new Promise((done) => setTimeout(done, 1))
    await sync.logout({ wipe: true })
    expect(['IdentityChanged', undefined]).toContain(await asked)
    expect([prefs.all(), sync.status.identityId]).toEqual([{}, undefined])
    prefs.set('k', 'of the guest')
    await prefs.flush()
    const [ada = '', guest = ''] = [...service.identities.keys()]
    expect([service.values(guest, 'prefs'), prefs.all()]).toEqual([{ k: 'of the guest' }, { k: 'of the guest' }])
    expect([...entries.keys()].filter((key) => key.startsWith(`${ada}`))).toEqual([])
  },
)

test('an answer from before a sign-out with wipe is left, also when the same user is back', async () => {
  const service = fakeService()
  const laptop = makeDevice(service)('prefs')
  const gate = gated(service, (url) => url.includes('/records'))
  const phone = makeDevice(service, { fetch: gate.fetch })
  const prefs = phone('prefs')
  prefs.set('first', 1)
  await prefs.flush()
  await laptop.refresh()
  laptop.set('second', 2)
  await laptop.flush()
  gate.holds = true
  const asked = prefs.refresh().catch(({ code }) => code)
  await vi.waitUntil(() => gate.held.length > 0)
  const before = phone.status.identityId
  await phone.logout({ wipe: true })
  const signedIn = phone.login(ADA)
  await vi.waitUntil(() => phone.status.identityId === before)
  gate.holds = false
  gate.release()
  expect(await asked).toBe('IdentityChanged')
  await signedIn
  await prefs.refresh()
  expect(prefs.all()).toEqual({ first: 1, second: 2 })
})

test('what the service refuses of a guest does not keep him from signing in', async () => {
  const service = fakeService()
  service.refuse = (_, patches) => (patches.some(({ Value }) => Value === 'bad') ? 'not that' : undefined)
  const sync = makeDevice(service, { logins: undefined })
  const [prefs, notes] = [sync('prefs'), sync('notes')]
  prefs.set('k', 'bad')
  notes.set('n', 'good')
  await expect(sync.flush()).rejects.toThrow('not that')
  await sync.login(ADA)
  expect(notes.all()).toEqual({ n: 'good' })
  expect(prefs.status).toMatchObject({ state: 'error', pending: 1 })
  prefs.set('k', 'put right')
  await sync.flush()
  const other = makeDevice(service)
  await Promise.all([other('prefs').refresh(), other('notes').refresh()])
  expect([other('prefs').all(), other('notes').all()]).toEqual([{ k: 'put right' }, { n: 'good' }])
})

test('another user signs in, also where functions give the logins', async () => {
  const service = fakeService()
  const sync = makeDevice(service, { logins: async () => ADA })
  const prefs = sync('prefs')
  prefs.set('k', 'of ada')
  await prefs.flush()
  const ada = sync.status.identityId
  await sync.login(async () => ({ provider: 'grace' }))
  expect(sync.status.identityId).not.toBe(ada)
  expect(prefs.all()).toEqual({})
})

test('a guest who signs in twice at once brings his data once', async () => {
  const service = fakeService()
  const merge = { n: 'counter' } as const
  const laptop = makeDevice(service)('prefs', { merge })
  laptop.increment('n', 10)
  await laptop.flush()
  const sync = makeDevice(service, { logins: undefined, storage: slowStorage() })
  const prefs = sync('prefs', { merge })
  prefs.increment('n', 3)
  await prefs.flush()
  prefs.increment('n', 100)
  await Promise.all([sync.login(ADA), sync.login(ADA)])
  await prefs.refresh()
  await laptop.refresh()
  expect([prefs.get('n'), laptop.get('n')]).toEqual([113, 113])
})

test.each([true, false])(
  'a client that is destroyed with all its data leaves none, and becomes no new guest: live %s',
  async (live) => {
    const service = fakeService()
    const entries = new Map<string, unknown>()
    const sync = makeDevice(service, { live, storage: slowStorage(entries) })
    sync('prefs').set('k', 1)
    await sync.flush()
    await sync.destroy({ wipe: true })
    for (let turn = 0; turn < 20; turn++) await new Promise((done) => setTimeout(done, 1))
    expect([...entries.keys()]).toEqual(['device'])
    expect(service.identities.size).toBe(1)
  },
)
