import { expect, expectTypeOf, test, vi } from 'vitest'
import { ADA, fakeService, makeDevice, POOL } from '../test/devices.ts'
import { type Dataset, memoryStorage, type StandardSchema, type Strategy } from './index.ts'

const pair = (merge?: Record<string, Strategy>) => {
  const service = fakeService()
  const [phone, laptop] = [makeDevice(service), makeDevice(service)]
  return { service, phone: phone('prefs', { merge }), laptop: laptop('prefs', { merge }) }
}

const settle = async (...datasets: Dataset[]) => {
  for (let round = 0; round < 2; round++) for (const dataset of datasets) await dataset.refresh()
}

test('what one device writes another reads, and each sees its own at once', async () => {
  const { service, phone, laptop } = pair()
  phone.set('theme', 'dark')
  phone.set('size', { width: 3, tags: ['a', null] })
  expect(phone.get('theme')).toBe('dark')
  expect(phone.status.pending).toBe(2)
  await phone.flush()
  expect(phone.status).toMatchObject({ state: 'synced', pending: 0 })
  await laptop.refresh()
  expect(laptop.all()).toEqual({ theme: 'dark', size: { width: 3, tags: ['a', null] } })
  laptop.delete('theme')
  await laptop.flush()
  await phone.refresh()
  expect(phone.keys()).toEqual(['size'])
  // Plain texts are written as they are: old clients read them.
  const [id] = [...service.identities.keys()]
  expect(service.values(id as string, 'prefs')).toEqual({ size: 'json1:{"width":3,"tags":["a",null]}' })
})

test('a push needs no pull when nobody else wrote, and the changes of a moment go in one', async () => {
  const { service, phone } = pair()
  phone.batch(() => {
    phone.set('a', 1)
    phone.set('b', 2)
    phone.set('a', 3)
  })
  await phone.flush()
  phone.set('a', 4)
  await phone.flush()
  const pull = 'GET datasets/prefs/records'
  expect(service.requests).toEqual([pull, 'POST datasets/prefs', 'POST datasets/prefs'])
  // A key that is new here may be one that another device has removed.
  phone.set('c', 5)
  await phone.flush()
  expect(service.requests.slice(3)).toEqual([pull, 'POST datasets/prefs'])
})

test('increments of several devices add up, items of sets unite', async () => {
  const { phone, laptop } = pair({ visits: 'counter', tags: 'set' })
  await settle(phone, laptop)
  phone.increment('visits')
  phone.increment('visits', 2)
  laptop.update('visits', (n) => ((n as number | undefined) ?? 0) + 10)
  phone.addTo('tags', 'x', 'y')
  laptop.update('tags', () => ['y', 'z'])
  await settle(phone, laptop)
  phone.removeFrom('tags', 'y')
  laptop.addTo('tags', 'w')
  await settle(phone, laptop)
  for (const device of [phone, laptop]) {
    expect(device.get('visits')).toBe(13)
    expect([...(device.get('tags') as string[])].sort()).toEqual(['w', 'x', 'z'])
  }
})

test.each([
  ['last', 'last', 'later'],
  ['server', 'server', 'first there'],
  ['client', 'client', 'later'],
  ['a function', ({ local, remote }: { local: unknown; remote: unknown }) => `${remote}+${local}`, 'first there+later'],
] as const)('both change one value: %s', async (_, strategy, expected) => {
  const { service, phone, laptop } = pair({ '*': strategy })
  phone.set('k', 'base')
  await settle(phone, laptop)
  service.now += 1000
  laptop.set('k', 'first there')
  service.now += 1000
  phone.set('k', 'later')
  const conflicts: unknown[] = []
  phone.onConflict((conflict) => conflicts.push(conflict))
  await laptop.flush()
  await phone.flush()
  await settle(phone, laptop)
  expect([phone.get('k'), laptop.get('k')]).toEqual([expected, expected])
  expect(conflicts).toEqual([{ key: 'k', base: 'base', local: 'later', remote: 'first there', value: expected }])
})

test('the later change wins where it comes first, too', async () => {
  const { service, phone, laptop } = pair()
  phone.set('k', 'earlier')
  service.now += 1000
  laptop.set('k', 'later')
  await laptop.flush()
  await settle(phone, laptop)
  expect([phone.get('k'), laptop.get('k')]).toEqual(['later', 'later'])
})

test('merge: members that only one side changed are kept from both', async () => {
  const { service, phone, laptop } = pair({ profile: 'merge' })
  phone.set('profile', { name: 'Ada', city: 'London', old: true })
  await settle(phone, laptop)
  laptop.set('profile', { name: 'Ada', city: 'Paris', old: true, langs: ['fr'] })
  service.now += 1000
  phone.set('profile', { name: 'Ada L.', city: 'London' })
  await settle(laptop, phone)
  expect(laptop.get('profile')).toEqual({ name: 'Ada L.', city: 'Paris', langs: ['fr'] })
})

test('an edit that has seen another is the later one, whatever the clock says', async () => {
  const service = fakeService()
  const ahead = makeDevice(service, { now: () => service.now + 86_400_000 })('prefs')
  const behind = makeDevice(service)('prefs')
  ahead.set('k', 'from the future')
  await settle(ahead, behind)
  behind.set('k', 'after it')
  await settle(behind, ahead)
  expect(ahead.get('k')).toBe('after it')
})

test('a push whose answer is lost is carried out once, also when another device wrote over it', async () => {
  const service = fakeService()
  let lose = false
  const losing = async (...args: Parameters<typeof fetch>) => {
    const answer = await service.fetch(...args)
    if (lose && args[1]?.method === 'POST' && String(args[0]).includes('/datasets/')) {
      lose = false
      throw new TypeError('fetch failed')
    }
    return answer
  }
  const phone = makeDevice(service, { fetch: losing as typeof fetch })('prefs')
  const laptop = makeDevice(service)('prefs')
  await settle(phone, laptop)
  phone.increment('n')
  lose = true
  await expect(phone.flush()).rejects.toMatchObject({ code: 'NetworkError' })
  expect(phone.status).toMatchObject({ state: 'offline', pending: 1 })
  phone.increment('n')
  await laptop.refresh()
  laptop.increment('n', 10)
  await laptop.flush()
  await settle(phone, laptop)
  expect([phone.get('n'), laptop.get('n')]).toEqual([12, 12])
  expect(phone.keys()).toEqual(['n'])
})

test('a push that comes late, before its like and another device, is still carried out once', async () => {
  const service = fakeService()
  const laptop = makeDevice(service)('prefs')
  const held: (() => Promise<unknown>)[] = []
  let pushes = 0
  const slow = (async (input: URL, init?: RequestInit) => {
    const isPush = init?.method === 'POST' && input.pathname.includes('/datasets/')
    if (!isPush) return service.fetch(input, init)
    if (++pushes === 1) {
      held.push(() => service.fetch(input, init))
      throw new TypeError('timeout')
    }
    // While the second is on its way the first one arrives, and another device writes over it.
    if (pushes === 2) {
      await held.pop()?.()
      await laptop.refresh()
      laptop.increment('n', 10)
      await laptop.flush()
    }
    return service.fetch(input, init)
  }) as typeof fetch
  const phone = makeDevice(service, { fetch: slow })('prefs')
  phone.increment('n')
  await expect(phone.flush()).rejects.toMatchObject({ code: 'NetworkError' })
  phone.increment('n', 2)
  await phone.flush()
  await settle(phone, laptop)
  expect(pushes).toBe(3)
  expect([phone.get('n'), laptop.get('n')]).toEqual([13, 13])
})

test('changes outlive the program, sent or not', async () => {
  const service = fakeService()
  const storage = memoryStorage()
  const before = makeDevice(service, { storage })
  before('prefs').set('a', 1)
  await before.flush()
  before('prefs').set('b', 2)
  await before('prefs').saved()
  await before.destroy()
  const after = makeDevice(service, { storage, fetch: () => Promise.reject(new TypeError('offline')) })('prefs')
  await after.ready
  expect(after.all()).toEqual({ a: 1, b: 2 })
  expect(after.status.pending).toBe(1)
})

test('what the service refuses stays here, with the error, until it is put right', async () => {
  const { service, phone, laptop } = pair()
  service.refuse = (_, patches) => (patches.some(({ Value }) => Value === 'bad') ? 'not that' : undefined)
  phone.set('k', 'bad')
  await expect(phone.flush()).rejects.toThrow('not that')
  expect(phone.status).toMatchObject({ state: 'error', pending: 1, error: { message: 'not that', status: 400 } })
  expect(phone.get('k')).toBe('bad')
  phone.set('k', 'good')
  await phone.flush()
  expect(phone.status).toMatchObject({ state: 'synced', pending: 0, error: undefined })
  await laptop.refresh()
  expect(laptop.get('k')).toBe('good')
})

test('limits are named with their key before anything is sent', async () => {
  const service = fakeService()
  const dataset = makeDevice(service, { limits: { recordsPerDataset: 2, bytesPerDataset: 100 } })('prefs')
  expect(() => dataset.set('no spaces', 1)).toThrow('no spaces: A key has')
  expect(() => dataset.set('k', 'x'.repeat(100))).toThrow('k: A dataset has at most 100 bytes.')
  dataset.set('a', 1)
  dataset.set('b', 1)
  expect(() => dataset.set('c', 1)).toThrow('c: A dataset has at most 2 records.')
  dataset.delete('a')
  dataset.set('c', 1)
  expect(() => dataset.set('d', () => 1)).toThrow(TypeError)
  expect(dataset.all()).toEqual({ b: 1, c: 1 })
})

test('a dataset that is above its limits may shrink', async () => {
  const service = fakeService()
  const large = makeDevice(service)('prefs')
  for (const key of ['a', 'b', 'c']) large.set(key, 'x'.repeat(50))
  await large.flush()
  const small = makeDevice(service, { limits: { recordsPerDataset: 2, bytesPerDataset: 100 } })('prefs')
  await small.refresh()
  small.set('a', 'shorter')
  expect(() => small.set('b', 'x'.repeat(51))).toThrow('b: A dataset has at most 100 bytes.')
  expect(() => small.set('d', '')).toThrow('d: A dataset has at most 2 records.')
  small.delete('c')
  await small.flush()
  expect(small.all()).toEqual({ a: 'shorter', b: 'x'.repeat(50) })
})

test('what is no number is not added, and what no dataset can be called is refused', () => {
  const sync = makeDevice(fakeService())
  const prefs = sync('prefs', { merge: { n: 'counter' } })
  prefs.increment('n', 2)
  for (const by of [Number.NaN, Number.POSITIVE_INFINITY, '1' as never])
    expect(() => prefs.increment('n', by)).toThrow(TypeError)
  expect(prefs.get('n')).toBe(2)
  for (const name of ['', '..', 'a/b', 'ä', 'x'.repeat(129)]) expect(() => sync(name)).toThrow('A name has 1 to 128 of')
})

test('a deleted dataset begins anew, with what was not sent', async () => {
  const service = fakeService()
  const [one, two] = [makeDevice(service), makeDevice(service)]
  const [phone, laptop] = [one('prefs'), two('prefs')]
  phone.set('old', 1)
  await settle(phone, laptop)
  laptop.set('unsent', 2)
  await one.remove('prefs')
  expect(phone.all()).toEqual({})
  await settle(laptop, phone)
  expect([laptop.all(), phone.all()]).toEqual([{ unsent: 2 }, { unsent: 2 }])
  expect(await one.datasets()).toMatchObject([{ name: 'prefs', records: 1 }])
})

test('a service that was set back to an earlier state gets read anew', async () => {
  const { service, phone, laptop } = pair()
  phone.set('kept', 1)
  await phone.flush()
  const [datasets] = [...service.identities.values()]
  const backup = structuredClone(datasets)
  phone.set('lost', 2)
  await settle(phone, laptop)
  datasets?.clear()
  for (const [name, dataset] of backup ?? []) datasets?.set(name, dataset)
  await settle(laptop)
  expect(laptop.all()).toEqual({ kept: 1 })
})

// Sign-in

test("a guest's data become the user's: the id stays when the user is new", async () => {
  const service = fakeService()
  const sync = makeDevice(service, { logins: undefined })
  const prefs = sync('prefs')
  prefs.set('theme', 'dark')
  await prefs.flush()
  const guest = sync.status.identityId
  expect(guest).toMatch(/^us-east-1:/)
  await sync.login(ADA)
  expect(sync.status.identityId).toBe(guest)
  expect(prefs.get('theme')).toBe('dark')
})

test("a guest's data are merged with the user's by the rules of conflicts, once, by whichever device", async () => {
  const service = fakeService()
  const merge: Record<string, Strategy> = { visits: 'counter', tags: 'set', theme: 'last', lang: 'server' }
  const laptopSync = makeDevice(service)
  const [laptop, phoneSync] = [laptopSync('prefs', { merge }), makeDevice(service, { logins: undefined })]
  const phone = phoneSync('prefs', { merge })
  laptop.batch(() => {
    laptop.increment('visits', 5)
    laptop.addTo('tags', 'a', 'b')
    laptop.set('theme', 'light')
    laptop.set('lang', 'en')
    laptop.set('only', 'laptop')
  })
  await laptop.flush()
  service.now += 1000
  phone.batch(() => {
    phone.increment('visits', 3)
    phone.addTo('tags', 'b', 'c')
    phone.set('theme', 'dark')
    phone.set('lang', 'fr')
    phone.set('guest', 'phone')
  })
  await phone.flush()
  phone.set('unsent', 'too')
  phoneSync('notes').set('first', 'note')
  await phoneSync.login(ADA)
  // Both see the merged dataset at the same time.
  await Promise.all([phone.refresh(), laptop.refresh()])
  await settle(phone, laptop)
  const all = {
    visits: 8,
    tags: ['a', 'b', 'c'],
    theme: 'dark',
    lang: 'en',
    only: 'laptop',
    guest: 'phone',
    unsent: 'too',
  }
  expect([phone.all(), laptop.all()]).toEqual([all, all])
  const names = (await phoneSync.datasets()).map(({ name }) => name)
  expect(names.sort()).toEqual(['notes', 'prefs'])
  expect(phoneSync.status.identityId).toBe(laptopSync.status.identityId)
})

test('what was done before the first answer of the service is sent as soon as there is one', async () => {
  const service = fakeService()
  const storage = memoryStorage()
  let online = false
  const flaky = ((...args: Parameters<typeof fetch>) =>
    online ? service.fetch(...args) : Promise.reject(new TypeError('offline'))) as typeof fetch
  const first = makeDevice(service, { storage, fetch: flaky, logins: undefined })
  first('prefs').set('k', 'v')
  await expect(first('prefs').flush()).rejects.toMatchObject({ code: 'NetworkError' })
  await first.destroy()
  online = true
  const second = makeDevice(service, { storage, fetch: flaky, logins: undefined })
  await second('prefs').flush()
  expect(service.values(second.status.identityId as string, 'prefs')).toEqual({ k: 'v' })
})

test('a sign-in that is refused leaves the guest where he was', async () => {
  const service = fakeService()
  const sync = makeDevice(service, { logins: undefined })
  sync('prefs').set('k', 'v')
  await sync.flush()
  const id = sync.status.identityId
  await expect(sync.login({ provider: 'bad' })).rejects.toThrow('Invalid login token.')
  sync('prefs').set('k', 'w')
  await sync.flush()
  expect(sync.status.identityId).toBe(id)
})

test('what gives new tokens stays when another tab of the user gives those of the moment', async () => {
  const service = fakeService()
  const logins = vi.fn(async () => ADA)
  const sync = makeDevice(service, { logins })
  await sync('prefs').flush()
  await sync.flush()
  expect(logins).toHaveBeenCalledTimes(1)
  await sync.login(ADA)
  service.now += 3_600_000
  await sync('prefs').refresh()
  expect(logins.mock.calls.length).toBeGreaterThan(1)
})

test('another user does not get what the one before left unsent; a wipe leaves nothing', async () => {
  const service = fakeService()
  const storage = memoryStorage()
  const sync = makeDevice(service, { storage })
  const prefs = sync('prefs')
  prefs.set('secret', 'of ada')
  await prefs.flush()
  const ada = sync.status.identityId
  prefs.set('unsent', 'of ada')
  await sync.login({ provider: 'grace' })
  await prefs.flush()
  expect(prefs.all()).toEqual({})
  expect(service.values(sync.status.identityId as string, 'prefs')).toEqual({})
  await sync.login(ADA)
  expect(sync.status.identityId).toBe(ada)
  expect(prefs.all()).toEqual({ secret: 'of ada', unsent: 'of ada' })
  await sync.logout({ wipe: true })
  expect(prefs.all()).toEqual({})
  expect([...(await storage.read('')).keys()]).toEqual(['device'])
  await prefs.flush()
  expect(sync.status.identityId).not.toBe(ada)
})

// Types, schemas

const numberSchema: StandardSchema<number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => (typeof value === 'number' ? { value } : { issues: [{ message: 'must be a number' }] }),
  },
}

test('a schema types, refuses what does not fit, and keeps what another client wrote from the application', async () => {
  const { service, laptop } = pair()
  const prefs = makeDevice(service)('prefs', { schema: { size: numberSchema } })
  expectTypeOf(prefs.get('size')).toEqualTypeOf<number | undefined>()
  // @ts-expect-error a text is no number
  expect(() => prefs.set('size', 'big')).toThrow('size: must be a number')
  prefs.set('size', 3)
  await prefs.flush()
  await laptop.refresh()
  laptop.set('size', 'big')
  await laptop.flush()
  await prefs.refresh()
  expect(prefs.get('size')).toBeUndefined()
  expect(prefs.all()).toEqual({})
  expect(prefs.invalid()).toEqual(new Map([['size', [{ message: 'must be a number' }]]]))
  const migrating = makeDevice(service)('prefs', {
    schema: { size: numberSchema },
    migrate: (_, v) => String(v).length,
  })
  await migrating.refresh()
  expect(migrating.get('size')).toBe(3)
})

// Listening

test('listeners hear of what looks different, once a batch, and values stay the same objects', async () => {
  const { phone, laptop } = pair()
  const heard = vi.fn()
  const ofA = vi.fn()
  phone.subscribe(heard)
  const stop = phone.subscribe('a', ofA)
  phone.batch(() => {
    phone.set('a', { n: 1 })
    phone.set('b', 1)
  })
  expect(heard.mock.calls).toEqual([[new Set(['a', 'b'])]])
  expect(ofA).toHaveBeenCalledTimes(1)
  const [value, all] = [phone.get('a'), phone.all()]
  await settle(phone, laptop)
  expect(phone.get('a')).toBe(value)
  expect(phone.all()).toBe(all)
  expect(heard).toHaveBeenCalledTimes(1)
  stop()
  laptop.set('a', 2)
  await settle(laptop, phone)
  expect(heard.mock.lastCall).toEqual([new Set(['a'])])
  expect(ofA).toHaveBeenCalledTimes(1)
})

test('the status of all datasets is the worst of them', async () => {
  const service = fakeService()
  const sync = makeDevice(service)
  const watched = vi.fn()
  sync.watch(watched)
  sync('one').set('k', 1)
  sync('two')
  expect(sync.status).toMatchObject({ state: 'starting', pending: 1, persistent: true, live: false })
  await sync.flush()
  expect(sync.status).toMatchObject({ state: 'synced', pending: 0 })
  expect(watched).toHaveBeenCalled()
  const { status } = sync
  expect(sync.status).toBe(status)
})

test('names of pools and datasets reach the service as they are', async () => {
  const service = fakeService()
  const dataset = makeDevice(service)('my.data:set-1')
  dataset.set('k', 'v')
  await dataset.flush()
  expect(service.requests.at(-1)).toBe('POST datasets/my.data:set-1')
  expect(POOL).toContain(':')
})
