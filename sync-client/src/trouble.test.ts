// What an application does wrong, what is broken on the device, and what the service may hold of others.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { fakeService, makeDevice } from '../test/devices.ts'
import { fileStorage } from './file.ts'
import { memoryStorage, type StandardSchema } from './index.ts'

afterEach(() => vi.unstubAllGlobals())

test('a listener that throws is told of, and changes nothing of what is stored and sent', async () => {
  const reported = vi.fn()
  vi.stubGlobal('reportError', reported)
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const sync = makeDevice(service, { storage: memoryStorage(entries) })
  const prefs = sync('prefs', { merge: { n: 'counter' } })
  const other = makeDevice(service)('prefs', { merge: { n: 'counter' } })
  const broken = new Error('a bug of the application')
  const fail = () => {
    throw broken
  }
  const heard = vi.fn()
  prefs.subscribe(fail)
  prefs.subscribe(heard)
  prefs.subscribe('n', fail)
  prefs.watch(fail)
  prefs.onConflict(fail)
  sync.watch(fail)
  prefs.increment('n')
  await prefs.flush()
  expect(heard).toHaveBeenCalledTimes(1)
  expect(prefs.status).toMatchObject({ state: 'synced', pending: 0 })
  expect(reported).toHaveBeenCalledWith(broken)
  await prefs.saved()
  expect([...entries.keys()].filter((key) => key.includes('/i/'))).toEqual([])
  // Conflicts, too.
  prefs.set('k', 'one')
  await other.refresh()
  other.set('k', 'other')
  await other.flush()
  await prefs.flush()
  await other.refresh()
  expect(prefs.get('k')).toBe(other.get('k'))
})

test('a merge function that throws is an error that says so, not a network that is away', async () => {
  const service = fakeService()
  const merge = {
    k: () => {
      throw new RangeError('a bug of the application')
    },
  }
  const phone = makeDevice(service)('prefs', { merge })
  const laptop = makeDevice(service)('prefs')
  await phone.refresh()
  phone.set('k', 1)
  laptop.set('k', 2)
  await laptop.flush()
  await expect(phone.flush()).rejects.toThrow('a bug of the application')
  expect(phone.status).toMatchObject({ state: 'error', pending: 1, error: { code: 'ApplicationError' } })
  expect(phone.get('k')).toBe(1)
})

test('a schema or a migration that throws keeps a value back, and no other one', async () => {
  const service = fakeService()
  const writer = makeDevice(service)('prefs')
  writer.set('size', 'big')
  writer.set('old', 'value')
  writer.set('fine', 1)
  await writer.flush()
  const schema = (validate: (value: unknown) => { value: unknown }): StandardSchema => ({
    '~standard': { version: 1, vendor: 'test', validate },
  })
  const throwing = schema((value) => ({
    value: typeof value === 'number' ? value : (value as { width: { px: number } }).width.px,
  }))
  const refusing = {
    '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) },
  } as const
  const prefs = makeDevice(service)('prefs', {
    schema: { size: throwing, old: refusing },
    migrate: () => {
      throw new Error('unknown version')
    },
  })
  await prefs.refresh()
  expect(prefs.all()).toEqual({ fine: 1 })
  expect([...prefs.invalid().keys()]).toEqual(['old', 'size'])
  prefs.set('size', { width: { px: 3 } })
  await prefs.flush()
  expect(prefs.all()).toEqual({ fine: 1, size: 3 })
})

test('entries of the storage that are broken are asked of the service anew', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const before = makeDevice(service, { storage: memoryStorage(entries) })
  before('prefs').set('a', 1)
  before('prefs').set('b', 2)
  await before.flush()
  before('prefs').set('c', 3)
  await before('prefs').saved()
  await before.destroy()
  const id = before.status.identityId
  entries.set(`${id}/prefs/b/a`, null)
  entries.set(`${id}/prefs/i/broken`, 'no intent')
  entries.set(`${id}/prefs/i/other`, { id: 'other', key: 'd', at: 1, op: 'of a later version' })
  const after = makeDevice(service, { storage: memoryStorage(entries) })('prefs')
  await after.flush()
  expect(after.all()).toEqual({ a: 1, b: 2, c: 3 })
  entries.set(`${id}/prefs/m`, 'no meta data')
  const again = makeDevice(service, { storage: memoryStorage(entries) })('prefs')
  await again.flush()
  expect(again.all()).toEqual({ a: 1, b: 2, c: 3 })
  expect(again.status).toMatchObject({ state: 'synced', pending: 0 })
})

test('items that a framework wraps, or that are changed later, are taken as they were', async () => {
  const service = fakeService()
  const entries = new Map<string, unknown>()
  const sync = makeDevice(service, { storage: memoryStorage(entries) })
  const prefs = sync('prefs', { merge: { items: 'set', more: 'set' } })
  const item = { name: 'tent' }
  // As Vue and MobX do. No storage takes it.
  prefs.addTo('items', new Proxy(item, {}))
  prefs.update('more', () => [new Proxy(item, {})])
  await prefs.saved()
  item.name = 'changed later'
  const taken = { items: [{ name: 'tent' }], more: [{ name: 'tent' }] }
  expect(prefs.all()).toEqual(taken)
  await prefs.flush()
  expect(sync.status.persistent).toBe(true)
  const other = makeDevice(service)('prefs')
  await other.refresh()
  expect(other.all()).toEqual(taken)
})

test('texts that services refuse or change are written in another form', async () => {
  const service = fakeService()
  const [phone, laptop] = [makeDevice(service)('prefs'), makeDevice(service)('prefs')]
  const texts = { zero: 'a\0b', half: 'a\ud800', whole: '\u{1f600}' }
  for (const [key, text] of Object.entries(texts)) phone.set(key, text)
  await phone.flush()
  await laptop.refresh()
  expect(laptop.all()).toEqual(texts)
  const [id = ''] = [...service.identities.keys()]
  expect(service.values(id, 'prefs')).toEqual({
    zero: 'json1:"a\\u0000b"',
    half: 'json1:"a\\ud800"',
    whole: '\u{1f600}',
  })
})

test('broken lines of a file are left out, as a whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sync-trouble-'))
  const path = join(folder, 'device')
  const service = fakeService()
  const before = makeDevice(service, { storage: fileStorage(path) })
  before('prefs').set('a', 1)
  await before.flush()
  before('prefs').set('b', 2)
  await before('prefs').saved()
  await before.destroy()
  const lines = (await readFile(path, 'utf8')).split('\n')
  lines.splice(1, 0, '{"no":"list"}', '5', '[1,["k"]]', '[["x/y', '\0\0\0')
  await writeFile(path, lines.join('\n'))
  const after = makeDevice(service, { storage: fileStorage(path) })
  await after('prefs').flush()
  expect(after('prefs').all()).toEqual({ a: 1, b: 2 })
  expect(after.status).toMatchObject({ persistent: true, identityId: before.status.identityId })
  await rm(folder, { recursive: true })
})
