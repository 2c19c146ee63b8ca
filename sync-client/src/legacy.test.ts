import { afterEach, expect, test } from 'vitest'
import { ADA, fakeService, makeDevice, POOL } from '../test/devices.ts'
import { memoryStorage } from './index.ts'
import { type CognitoSyncDataset, CognitoSyncManager, type SynchronizeCallbacks } from './legacy.ts'

afterEach(() => {
  CognitoSyncManager.configure({})
  delete (globalThis as { AWS?: unknown }).AWS
})

const managerOn = (service: ReturnType<typeof fakeService>, options = {}) =>
  new CognitoSyncManager({
    endpoint: 'http://service.test',
    identityPoolId: POOL,
    fetch: service.fetch,
    now: () => service.now,
    storage: memoryStorage(),
    logins: ADA,
    ...options,
  })

/** Which callback was called, and with what. */
const synchronize = (dataset: CognitoSyncDataset, handlers: SynchronizeCallbacks = {}) =>
  new Promise<unknown[]>((resolve) => {
    void dataset.synchronize({
      ...handlers,
      onSuccess: (_, news) => resolve(['success', news.map(({ Key, Value }) => [Key, Value])]),
      onFailure: ({ message }) => resolve(['failure', message]),
    })
  })

test('an application of the old library, with callbacks, on the settings of AWS.config', async () => {
  const service = fakeService()
  Object.assign(globalThis, {
    AWS: { config: { region: 'us-east-1', credentials: { params: { IdentityPoolId: POOL, Logins: ADA } } } },
  })
  CognitoSyncManager.configure({ endpoint: 'http://service.test', fetch: service.fetch, now: () => service.now })
  const value = await new Promise((resolve, reject) => {
    new CognitoSyncManager().openOrCreateDataset('scores', (error, dataset) => {
      if (error || !dataset) return reject(error)
      dataset.put('level', '7', (failed, record) => {
        if (failed) return reject(failed)
        expect(record).toMatchObject({ Key: 'level', Value: '7', SyncCount: 0, Modified: true })
        dataset.synchronize({
          onSuccess: () => dataset.get('level', (_, text) => resolve(text)),
          onFailure: reject,
        })
      })
    })
  })
  expect(value).toBe('7')
  const [id] = [...service.identities.keys()]
  expect(service.values(id as string, 'scores')).toEqual({ level: '7' })
})

test('two devices: records, changes, conflicts settled one way or the other, removal by an empty text', async () => {
  const service = fakeService()
  const phone = await managerOn(service).openOrCreateDataset('d')
  const laptop = await managerOn(service).openOrCreateDataset('d')
  await phone.putAll({ a: '1', b: '1', c: '1' })
  expect(await phone.isChanged('a')).toBe(true)
  expect(await synchronize(phone)).toEqual(['success', []])
  expect(await phone.isChanged('a')).toBe(false)
  expect(await synchronize(laptop)).toEqual([
    'success',
    [
      ['a', '1'],
      ['b', '1'],
      ['c', '1'],
    ],
  ])
  await phone.putAll({ a: 'phone', b: 'phone', c: '' })
  await synchronize(phone)
  await laptop.putAll({ a: 'laptop', b: 'laptop' })
  expect(await synchronize(laptop)).toEqual([
    'failure',
    'Synchronized failed: changes conflict, and the application does not go on.',
  ])
  const settled = await synchronize(laptop, {
    onConflict(dataset, conflicts, goOn) {
      expect(conflicts.map((conflict) => conflict.getKey())).toEqual(['a', 'b'])
      const resolved = conflicts.map((conflict) =>
        conflict.getKey() === 'a' ? conflict.resolveWithRemoteRecord() : conflict.resolveWithValue('both'),
      )
      dataset.resolve(resolved, () => goOn(true))
    },
  })
  expect(settled[0]).toBe('success')
  await synchronize(phone)
  expect(await phone.getAll()).toEqual({ a: 'phone', b: 'both' })
  expect(await laptop.getAll()).toEqual({ a: 'phone', b: 'both' })
  expect(await laptop.getDataStorage()).toBe(11)
  expect(await laptop.getDatasetMetadata()).toEqual({
    DatasetName: 'd',
    LastSyncCount: 3,
    NumRecords: 2,
    DataStorage: 11,
  })
})

test('data of this library and of the old one are the same datasets', async () => {
  const service = fakeService()
  const modern = makeDevice(service)('d')
  const old = await managerOn(service).openOrCreateDataset('d')
  modern.set('text', 'plain')
  modern.increment('n', 2)
  await modern.flush()
  await synchronize(old)
  expect(await old.getAll()).toEqual({ text: 'plain', n: 'json1:2' })
  await old.put('text', 'changed')
  await synchronize(old)
  await modern.refresh()
  expect(modern.all()).toEqual({ text: 'changed', n: 2 })
})

test('deleted and merged datasets ask the application', async () => {
  const service = fakeService()
  const sync = makeDevice(service)
  const old = await managerOn(service).openOrCreateDataset('d')
  await old.put('k', 'v')
  await synchronize(old)
  await sync.remove('d')
  const asked: string[] = []
  const goOn: SynchronizeCallbacks = {
    onDatasetDeleted: (_, name, go) => {
      asked.push(name)
      go(true)
    },
  }
  expect(await synchronize(old, goOn)).toEqual(['success', []])
  expect(asked).toEqual(['d'])
  expect(await old.getAll()).toEqual({})
})

test('what the service refuses is told, and data are read without network', async () => {
  const service = fakeService()
  const storage = memoryStorage()
  const before = await managerOn(service, { storage }).openOrCreateDataset('d')
  await before.put('k', 'v')
  service.refuse = () => 'not that'
  expect(await synchronize(before)).toEqual(['failure', 'not that'])
  const manager = managerOn(service, { storage, fetch: () => Promise.reject(new TypeError('offline')) })
  expect(await manager.listDatasets()).toEqual([{ DatasetName: 'd', LastSyncCount: 0, NumRecords: 1, DataStorage: 2 }])
  expect(await (await manager.openOrCreateDataset('d')).get('k')).toBe('v')
  await expect(manager.openOrCreateDataset('not a name')).rejects.toThrow('Invalid dataset name')
  await manager.wipeData()
  expect([...(await storage.read('')).keys()]).toEqual([])
})

test('datasets that a new guest opens at once are those of one identity', async () => {
  const service = fakeService()
  const manager = managerOn(service, { logins: undefined })
  const [a, b] = await Promise.all([manager.openOrCreateDataset('a'), manager.openOrCreateDataset('b')])
  await Promise.all([a.put('k', '1'), b.put('k', '2')])
  expect(await synchronize(a)).toEqual(['success', []])
  expect(await synchronize(b)).toEqual(['success', []])
  const [id = '', ...others] = [...service.identities.keys()]
  expect([others, service.values(id, 'a'), service.values(id, 'b')]).toEqual([[], { k: '1' }, { k: '2' }])
})
