// The classes of amazon-cognito-js 1.1.0 on this client's engine, so that applications written for it go on
// (docs/reference/identity-pools-sts-iam-sync.md 22.1). Each function with a callback returns a promise as well. What was
// never told is: a refused push fails with the service's error instead of "exceeded maximum retry count".
import { apply, edit, type Intent, type Known, OWN, type Rules, type State, seen, stamp, unsent } from './engine.ts'
import { isTransient, SyncError } from './errors.ts'
import { acknowledged, begin, patches, rebase, refused, settled } from './exchange.ts'
import { type Callback, type LegacyRecord, recordOf, SyncConflict, told } from './legacy-records.ts'
import { everyEntry, prefixOf, stateOf } from './replica.ts'
import { createService, type Listed, type Logins, type Service, type ServiceOptions } from './service.ts'
import { indexedDbStorage, memoryStorage, type Storage } from './storage.ts'

export type { Callback, LegacyRecord } from './legacy-records.ts'
export { SyncConflict } from './legacy-records.ts'

export interface LegacyOptions extends Partial<ServiceOptions> {
  readonly logins?: Logins | undefined
  /** IndexedDB in browsers, otherwise memory, when absent. */
  readonly storage?: Storage | undefined
  readonly log?: ((...texts: unknown[]) => void) | undefined
}

export interface LegacyMetadata {
  DatasetName: string
  LastSyncCount: number
  NumRecords: number
  DataStorage: number
}

/** A handler that is missing declines. */
export interface SynchronizeCallbacks {
  onSuccess?: (dataset: CognitoSyncDataset, newRecords: LegacyRecord[]) => void
  onFailure?: (error: Error) => void
  onConflict?: (dataset: CognitoSyncDataset, conflicts: SyncConflict[], goOn: (go: boolean) => void) => unknown
  onDatasetDeleted?: (dataset: CognitoSyncDataset, name: string, goOn: (go: boolean) => void) => unknown
  onDatasetsMerged?: (dataset: CognitoSyncDataset, names: string[], goOn: (go: boolean) => void) => unknown
}

const KEY = /^[a-zA-Z0-9_.:-]{1,128}$/
const ROUNDS = 3

/** What AWS SDK v2 was told, where nothing else is. */
interface Aws {
  config?: {
    region?: string
    credentials?: { params?: { IdentityPoolId?: string; Logins?: Logins } }
    cognitosync?: { endpoint?: string }
  }
}

/** Datasets of one identity. `new CognitoSyncManager()` takes AWS.config of the SDK v2, `configure` comes before it. */
export class CognitoSyncManager {
  /** Settings of all managers that are made without. */
  static configure(options: LegacyOptions): void {
    CognitoSyncManager.defaults = options
  }
  private static defaults: LegacyOptions = {}

  readonly storage: Storage
  readonly service: Service
  readonly log: (...texts: unknown[]) => void
  device = ''
  private known: Promise<void> | undefined

  constructor(options: LegacyOptions = {}) {
    const { config } = (globalThis as { AWS?: Aws }).AWS ?? {}
    const { IdentityPoolId, Logins: loggedIn } = config?.credentials?.params ?? {}
    const all: LegacyOptions = {
      identityPoolId: IdentityPoolId,
      region: config?.region,
      endpoint: config?.cognitosync?.endpoint,
      logins: loggedIn,
      ...CognitoSyncManager.defaults,
      ...options,
    }
    const { identityPoolId } = all
    if (identityPoolId === undefined) throw new Error('No identity pool: see CognitoSyncManager.configure.')
    this.storage =
      all.storage ??
      (typeof indexedDB === 'undefined' ? memoryStorage() : indexedDbStorage(`cognomen-sync-legacy/${identityPoolId}`))
    this.service = createService({ ...all, identityPoolId })
    this.service.logins = all.logins
    this.log = all.log ?? (() => {})
  }

  /** The identity, from the service at the first time. */
  private async identity(): Promise<string> {
    // Once: whoever asks at the same time is the same device and the same guest.
    this.known ??= this.storage.read('').then((stored) => {
      this.device = (stored.get('device') as string | undefined) ?? crypto.randomUUID()
      this.service.identity = stored.get('identity') as Service['identity']
    })
    await this.known
    // Data can be read without network once the identity is known.
    const id = await this.service.credentials().then(
      (credentials) => credentials.id,
      (error) => {
        if (this.service.identity && isTransient(error)) return this.service.identity.id
        throw error
      },
    )
    this.service.scope = id
    await this.storage.write(
      new Map<string, unknown>([
        ['identity', this.service.identity],
        ['device', this.device],
      ]),
    )
    return id
  }

  openOrCreateDataset(name: string, callback?: Callback<CognitoSyncDataset>): Promise<CognitoSyncDataset> {
    const open = async () => {
      if (!KEY.test(name)) throw new SyncError('ValidationException', `Invalid dataset name: ${name}`)
      const prefix = prefixOf(await this.identity(), name)
      return new CognitoSyncDataset(this, name, prefix, stateOf(await this.storage.read(prefix), prefix))
    }
    return told(open(), callback)
  }

  /** Datasets on this device. */
  listDatasets(callback?: Callback<LegacyMetadata[]>): Promise<LegacyMetadata[]> {
    const list = async () => {
      const scope = `${await this.identity()}/`
      const keys = [...(await this.storage.read(scope)).keys()]
      const names = [...new Set(keys.map((key) => key.slice(scope.length).split('/')[0] as string))]
      return Promise.all(names.sort().map(async (name) => (await this.openOrCreateDataset(name)).getDatasetMetadata()))
    }
    return told(list(), callback)
  }

  /** Datasets at the service. */
  refreshDatasetMetadata(callback?: Callback<LegacyMetadata[]>): Promise<LegacyMetadata[]> {
    const refresh = async () => {
      await this.identity()
      const found = await this.service.datasets()
      return found.map(({ name, records, bytes }) => ({
        DatasetName: name,
        LastSyncCount: 0,
        NumRecords: records,
        DataStorage: bytes,
      }))
    }
    return told(refresh(), callback)
  }

  /** Forgets everything on this device. */
  async wipeData(): Promise<void> {
    const keys = [...(await this.storage.read('')).keys()]
    await this.storage.write(new Map(keys.map((key) => [key, undefined])))
    this.service.identity = undefined
  }

  getIdentityId(): string | undefined {
    return this.service.identity?.id
  }
}

export class CognitoSyncDataset {
  readonly name: string
  private readonly manager: CognitoSyncManager
  private readonly prefix: string
  private state: State
  private counter = 0

  constructor(manager: CognitoSyncManager, name: string, prefix: string, state: State) {
    this.manager = manager
    this.name = name
    this.prefix = prefix
    this.state = state
  }

  get(key: string, callback?: Callback<string | undefined>): Promise<string | undefined> {
    return told(Promise.resolve(seen(this.state, key)), callback)
  }

  /** Texts only. An empty one removes the key. */
  put(key: string, value: string, callback?: Callback<LegacyRecord>): Promise<LegacyRecord> {
    return told(
      this.change({ [key]: value }).then(() => this.record(key)),
      callback,
    )
  }

  putAll(values: Record<string, string>, callback?: Callback<boolean>): Promise<boolean> {
    return told(
      this.change(values).then(() => true),
      callback,
    )
  }

  remove(key: string, callback?: Callback<LegacyRecord>): Promise<LegacyRecord> {
    return told(
      this.change({ [key]: '' }).then(() => this.record(key)),
      callback,
    )
  }

  getAll(callback?: Callback<Record<string, string>>): Promise<Record<string, string>> {
    const all = this.keys().map((key) => [key, seen(this.state, key) as string])
    return told(Promise.resolve(Object.fromEntries(all)), callback)
  }

  getAllRecords(callback?: Callback<LegacyRecord[]>): Promise<LegacyRecord[]> {
    return told(Promise.resolve(this.keys().map((key) => this.record(key))), callback)
  }

  /** UTF-8 bytes of keys and values. */
  getDataStorage(callback?: Callback<number>): Promise<number> {
    const size = this.keys().reduce((sum, key) => sum + bytes(key) + bytes(seen(this.state, key) as string), 0)
    return told(Promise.resolve(size), callback)
  }

  isChanged(key: string, callback?: Callback<boolean>): Promise<boolean> {
    return told(Promise.resolve(this.state.outbox.has(key)), callback)
  }

  getDatasetMetadata(callback?: Callback<LegacyMetadata>): Promise<LegacyMetadata> {
    const metadata = async () => ({
      DatasetName: this.name,
      LastSyncCount: this.state.meta.count,
      NumRecords: this.keys().length,
      DataStorage: await this.getDataStorage(),
    })
    return told(metadata(), callback)
  }

  /** Settles conflicts with the records that the methods of a conflict make. */
  resolve(resolved: readonly LegacyRecord[], callback?: Callback<boolean>): Promise<boolean> {
    const settle = async () => {
      for (const { Key, Value, SyncCount, LastModifiedBy, DeviceLastModifiedDate } of resolved) {
        const remove = (this.state.outbox.get(Key) ?? []).map(({ id }) => id)
        const remote = this.conflicting.get(Key)
        const at = DeviceLastModifiedDate.getTime()
        const known: Known = remote ?? { value: Value || undefined, count: SyncCount, at, by: LastModifiedBy }
        apply(this.state, { base: [[Key, known]], remove })
        if ((Value || undefined) !== known.value) this.intend(Key, Value)
      }
      await this.store()
      return true
    }
    return told(settle(), callback)
  }

  /** Pulls and pushes. Calls one of onSuccess and onFailure; the promise never rejects. */
  async synchronize(callbacks: SynchronizeCallbacks = {}): Promise<void> {
    try {
      const news: LegacyRecord[] = []
      for (let round = 0; ; round++) {
        if (round > ROUNDS) throw new SyncError('SyncError', 'Synchronized failed: exceeded maximum retry count.')
        if (await this.round(callbacks, news)) break
      }
      callbacks.onSuccess?.(this, news)
    } catch (error) {
      this.manager.log(error)
      callbacks.onFailure?.(error as Error)
    }
  }

  private conflicting = new Map<string, Known>()

  /** One pull and push; false when another is needed. Throws when it cannot go on. */
  private async round(callbacks: SynchronizeCallbacks, news: LegacyRecord[]): Promise<boolean> {
    const { service, device } = this.manager
    const { count } = this.state.meta
    const listed = await service.list(this.name, count)
    const { onConflict, onDatasetDeleted, onDatasetsMerged } = callbacks
    if (listed.merged.length > 0) {
      await this.ask(
        'datasets were merged',
        onDatasetsMerged && ((goOn) => onDatasetsMerged(this, [...listed.merged], goOn)),
      )
      return false
    }
    if (listed.void) {
      await this.ask('the dataset was deleted', onDatasetDeleted && ((goOn) => onDatasetDeleted(this, this.name, goOn)))
      const remove = unsent(this.state).map(({ id }) => id)
      apply(this.state, { reset: true, remove, meta: { count: 0, sent: undefined } })
      await this.store()
      return false
    }
    const conflicts = [...listed.records].flatMap(([key, remote]) => {
      const local = seen(this.state, key)
      const isNew = remote.count > (this.state.base.get(key)?.count ?? 0)
      if (!isNew || !this.state.outbox.has(key) || local === remote.value) return []
      this.conflicting.set(key, remote)
      return [new SyncConflict(recordOf(key, remote, false), this.record(key))]
    })
    if (conflicts.length > 0)
      await this.ask('changes conflict', onConflict && ((goOn) => onConflict(this, conflicts, goOn)))
    this.conflicting.clear()
    this.pulled(listed, news)
    await this.store()
    return this.push(listed.token, device)
  }

  /** Waits for a handler to call back, or for what it returns. Throws when it does not go on, or is not there. */
  private async ask(what: string, handler: ((goOn: (go: boolean) => void) => unknown) | undefined): Promise<void> {
    const go =
      handler &&
      (await new Promise<unknown>((resolve, reject) => {
        const returned = handler(resolve)
        if (returned instanceof Promise) returned.then((value) => value !== undefined && resolve(value), reject)
        else if (typeof returned === 'boolean') resolve(returned)
      }))
    if (go !== true)
      throw new SyncError('SyncDeclined', `Synchronized failed: ${what}, and the application does not go on.`)
  }

  private pulled({ count, records }: Listed, news: LegacyRecord[]): void {
    for (const [key, record] of records)
      if (record.count > (this.state.base.get(key)?.count ?? 0)) news.push(recordOf(key, record, false))
    apply(this.state, rebase(this.state, { count, records, whole: this.state.meta.count === 0 }, this.rules))
  }

  private async push(token: string, device: string): Promise<boolean> {
    const begun = begin(this.state, this.rules)
    if (!begun) return true
    apply(this.state, begun)
    const list = patches(this.state, this.manager.service.now(), this.rules)
    await this.store()
    const expected = this.state.meta.count + 1
    try {
      const records = list.length > 0 ? await this.manager.service.update(this.name, token, device, list) : undefined
      apply(this.state, records ? acknowledged(this.state, list, records, device) : settled(this.state))
    } catch (error) {
      if (!isTransient(error)) apply(this.state, refused(this.state))
      await this.store()
      if ((error as SyncError).code !== 'ResourceConflictException') throw error
      return false
    }
    await this.store()
    return list.length === 0 || this.state.meta.count === expected
  }

  private readonly rules: Rules = { device: '', strategy: () => 'client' }

  private keys(): string[] {
    const keys = new Set([...this.state.base.keys(), ...this.state.outbox.keys()])
    return [...keys].filter((key) => !key.startsWith(OWN) && seen(this.state, key) !== undefined).sort()
  }

  private record(key: string): LegacyRecord {
    const base = this.state.base.get(key)
    const value = seen(this.state, key)
    const last = this.state.outbox.get(key)?.at(-1)
    const at = last?.at ?? base?.at ?? 0
    return recordOf(key, { value, count: base?.count ?? 0, at, by: base?.by ?? '' }, last !== undefined)
  }

  private async change(values: Record<string, string>): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      if (!KEY.test(key)) throw new SyncError('ValidationException', `Invalid record key: ${key}`)
      if (typeof value !== 'string') throw new SyncError('ValidationException', `The value of ${key} is no text.`)
    }
    for (const [key, value] of Object.entries(values)) this.intend(key, value)
    await this.store()
  }

  private intend(key: string, value: string): void {
    const at = stamp(this.state, key, this.manager.service.now())
    const id = `${at}.${++this.counter}`
    const intent: Intent = value === '' ? { id, key, at, op: 'delete' } : { id, key, at, op: 'set', value }
    apply(this.state, edit(this.state, intent))
  }

  /** Writes all of the state: datasets of the old library are small. */
  private async store(): Promise<void> {
    const there = await this.manager.storage.read(this.prefix)
    const changes = new Map<string, unknown>([...there.keys()].map((key) => [key, undefined]))
    for (const [key, value] of everyEntry(this.state, this.prefix, new Map())) changes.set(key, value)
    await this.manager.storage.write(changes)
  }
}

const bytes = (text: string): number => new TextEncoder().encode(text).length
