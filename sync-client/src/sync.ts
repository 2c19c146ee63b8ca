// The client: datasets of an identity on this device, kept the same as at the service. This file has what every tab does;
// what the leading tab alone does is in `leader.ts`.

import type { DatasetOptions, GivenLogins, Sync, SyncOptions, SyncStatus } from './client.ts'
import { checkName, type Dataset, type Host, type Limits, makeDataset } from './dataset.ts'
import { apply, type Conflict, type Delta, edit, emptyState, type Intent, type Op, stamp } from './engine.ts'
import { SyncError } from './errors.ts'
import type { Call, Entry, Home, Leader, Message, Method, Tab } from './home.ts'
import type { lead } from './leader.ts'
import { tell } from './listeners.ts'
import { type DatasetStatus, entriesOf, everyEntry, metaEntry, prefixOf, Replica, stateOf, UNKNOWN } from './replica.ts'
import type { Identity } from './service.ts'
import { indexedDbStorage, memoryStorage } from './storage.ts'
import { canShare, joinTabs, type Tabs } from './tabs.ts'
import { same } from './values.ts'
import { makeWrites } from './writes.ts'

const randomId = (): string => Math.random().toString(36).slice(2, 12).padEnd(10, '0')

const closed = (): SyncError => new SyncError('Closed', 'The client was destroyed.')

const STATES = ['synced', 'starting', 'syncing', 'offline', 'error'] as const

/** Where that part is not there yet, as without network, it is tried again. */
const LOAD_AGAIN_MS = 5_000

/** A client; `load` brings what the leading tab needs. */
export function makeSync(options: SyncOptions, load: () => Promise<{ lead: typeof lead }>): Sync {
  const limits: Limits = { recordsPerDataset: 1024, bytesPerDataset: 1_048_576, ...options.limits }
  const tabId = randomId()
  const entries = new Map<string, Entry>()
  const watchers = new Set<() => void>()
  const calls = new Map<string, Call & { settle(reply: Extract<Message, { type: 'reply' }>): void }>()
  let storage =
    options.storage ?? (canShare() ? indexedDbStorage(`cognomen-sync/${options.identityPoolId}`) : memoryStorage())
  let isPersistent = options.storage !== undefined || storage.shared !== undefined
  let persistent = isPersistent
  let tabs: Tabs = { post() {}, close() {} }
  let leader: Leader | undefined
  const tab: Tab = { scope: UNKNOWN, device: '', closed: false, live: false, logins: options.logins }
  const clock = options.now ?? Date.now
  /** How far the service's clock is ahead, as the leading tab knows it. */
  let ahead = 0
  let ids = 0
  /** Intents that the service has, or that others made needless: another tab may tell of one only then. */
  const gone = new Set<string>()
  let status: SyncStatus | undefined

  const post = (message: Message): void => tabs.post(message)

  /** What other tabs are told when it is written: of the next write, and of the one that runs. */
  let told = new Map<string, Message>()
  let running = told
  const writes = makeWrites(
    async (changes) => {
      running = told
      told = new Map()
      if (!tab.closed) await storage.write(changes)
    },
    (stored) => {
      persistent = stored && isPersistent
      changed()
      running.forEach(post)
      // What could not be stored is told once more when it is: the leading tab may have sent it in the meantime.
      if (!stored) told = new Map([...running, ...told])
    },
  )

  const written = (): Promise<void> => writes.written()
  const { save } = writes

  // States

  const at = (name: string): { scope: string; name: string } => ({ scope: tab.scope, name })

  function commit({ replica }: Entry, delta: Delta): void {
    const prefix = prefixOf(tab.scope, replica.name)
    const changes = entriesOf(replica.state, prefix, delta)
    for (const id of delta.remove ?? []) if (!id.startsWith(tabId)) gone.add(id)
    replica.apply(delta)
    told.set(replica.name, { type: 'changed', ...at(replica.name) })
    void save(changes.set(...metaEntry(prefix, replica.state)))
  }

  /** New intents of this tab. The leading one knows which others they make needless. */
  function add(entry: Entry, intents: readonly Intent[]): void {
    const { replica, loading } = entry
    if (loading) {
      loading.push(...intents)
      replica.apply({ add: intents })
    } else if (leader) {
      for (const intent of intents) commit(entry, edit(replica.state, intent))
      leader.edited(entry)
    } else {
      replica.apply({ add: intents })
      store(replica, intents)
    }
  }

  function store({ name, state }: Replica, intents: readonly Intent[]): void {
    told.set(nextId(), { type: 'edit', ...at(name), intents })
    void save(entriesOf(state, prefixOf(tab.scope, name), { add: intents }))
  }

  /** Reads a state from the storage, which has the last word. */
  function reload(entry: Entry): Promise<void> {
    const { replica } = entry
    // Begun anew, with what the user has done in the meantime.
    const loading = [...(entry.loading ?? [])]
    entry.loading = loading
    const reading = async (): Promise<void> => {
      await written()
      const prefix = prefixOf(tab.scope, replica.name)
      const state = stateOf(await read(prefix), prefix)
      if (entry.loading !== loading) return entry.loaded
      entry.loading = undefined
      apply(state, { add: loading })
      replica.replace(state)
      leader?.loaded(entry)
      if (loading.length === 0) return
      if (leader) commit(entry, { add: loading })
      else store(replica, loading)
    }
    entry.loaded = reading()
    return entry.loaded
  }

  async function rescope(to: string): Promise<void> {
    tab.scope = to
    await Promise.all([...entries.values()].map(reload))
    changed()
  }

  // Other tabs

  /** Removes what this tab has written since the leading one removed everything. */
  async function forgetOwn(prefix: string): Promise<void> {
    await written()
    const own = [...(await read(prefix)).keys()].filter((key) => key.includes(`/i/${tabId}`))
    if (own.length > 0) void save(own.map((key) => [key, undefined]))
  }

  function receive(message: Message): void {
    switch (message.type) {
      case 'edit':
      case 'changed': {
        const entry = entries.get(message.name)
        if (!entry || message.scope !== tab.scope) return
        if (!leader || entry.loading || message.type === 'changed') void reload(entry)
        else {
          // What was stored before this tab read its state, it has.
          const { outbox } = entry.replica.state
          const settled = message.intents.filter(({ id }) => gone.has(id))
          if (settled.length > 0)
            void save(
              entriesOf(emptyState(), prefixOf(tab.scope, message.name), { remove: settled.map(({ id }) => id) }),
            )
          const isNew = ({ key, id }: Intent) => !gone.has(id) && !outbox.get(key)?.some((other) => other.id === id)
          add(entry, message.intents.filter(isNew))
        }
        return
      }
      case 'status':
        tab.live = message.live
        persistent = message.persistent
        ahead = message.ahead
        entries.get(message.name ?? '')?.replica.setStatus(message.status ?? {})
        changed()
        return
      case 'scope':
        if (message.scope === UNKNOWN) tab.logins = undefined
        if (message.wipe) void forgetOwn(`${tab.scope}/`)
        if (message.scope !== tab.scope) void rescope(message.scope)
        return
      case 'lead':
        for (const { id, method, args } of calls.values()) post({ type: 'call', id, method, args })
        for (const entry of entries.values()) announce(entry)
        void rescope(tab.scope)
        return
      case 'call':
        if (leader) void answer(message)
        return
      case 'reply':
        calls.get(message.id)?.settle(message)
    }
  }

  async function answer({ id, method, args }: Call): Promise<void> {
    const reply = await (leader as Leader).perform(method, args).then(
      (value): Message => ({ type: 'reply', id, value }),
      ({ code, message, status }): Message => ({ type: 'reply', id, error: { code, message, status } as SyncError }),
    )
    post(reply)
    // It may be this tab's own, from before it began to lead.
    receive(reply)
  }

  /** Has the leading tab do something: this one, or, as soon as it is there, another. */
  async function request<T>(method: Method, ...args: unknown[]): Promise<T> {
    await started
    if (tab.closed) throw closed()
    if (leader) return leader.perform(method, args) as Promise<T>
    const id = nextId()
    return new Promise<T>((resolve, reject) => {
      const settle = ({ value, error }: Extract<Message, { type: 'reply' }>) => {
        calls.delete(id)
        if (error) reject(new SyncError(error.code, error.message, error))
        else resolve(value as T)
      }
      calls.set(id, { id, method, args, settle })
      post({ type: 'call', id, method, args })
    })
  }

  /** Tells the leading tab of a dataset, with the rules that can be told. */
  function announce({ replica, merge = {} }: Entry): void {
    const rules = Object.entries(merge).filter(([, strategy]) => typeof strategy === 'string')
    void request('open', replica.name, Object.fromEntries(rules)).catch(() => {})
  }

  // Status

  function changed(): void {
    const old = status
    status = undefined
    if (old && JSON.stringify(old) === JSON.stringify(statusNow())) status = old
    else tell(watchers)
  }

  function statusNow(): SyncStatus {
    const all = [...entries.values()].map(({ replica }) => replica.status)
    const worst = STATES.findLast((state) => all.some((each) => each.state === state)) ?? 'starting'
    status ??= {
      state: worst,
      pending: all.reduce((sum, { pending }) => sum + pending, 0),
      error: all.find(({ state }) => state === worst)?.error,
      live: tab.live,
      persistent,
      identityId: tab.scope === UNKNOWN ? undefined : tab.scope,
    }
    return status
  }

  function setStatus(entry: Entry | undefined, change: Partial<DatasetStatus>): void {
    entry?.replica.setStatus(change)
    changed()
    const { name, status } = entry?.replica ?? {}
    const { error } = change
    // What an error has of its own is not taken along to other tabs.
    const told = error && ({ code: error.code, message: error.message, status: error.status } as SyncError)
    ahead = (leader as Leader).now() - clock()
    post({
      type: 'status',
      ...(status && { name, status: { ...status, error: told } }),
      live: tab.live,
      persistent,
      ahead,
    })
  }

  // Datasets

  function open(name: string, merge?: DatasetOptions['merge']): Entry {
    const found = entries.get(name)
    if (found) {
      found.merge ??= merge
      return found
    }
    const conflicts = new Set<(conflict: Conflict & { readonly value: unknown }) => void>()
    const replica = new Replica(name, {
      get device() {
        return tab.device
      },
      strategy: (key) => {
        const rules = entries.get(name)?.merge ?? {}
        return (Object.hasOwn(rules, key) ? rules[key] : rules['*']) ?? 'last'
      },
      onConflict: (conflict) => tell(conflicts, conflict),
    })
    replica.watchers.add(changed)
    const entry: Entry = {
      replica,
      merge,
      dataset: undefined as never,
      loading: [],
      merged: [],
    }
    const ready = started.then(() => reload(entry))
    entry.dataset = makeDataset(replica, host, ready, conflicts)
    entries.set(name, entry)
    return entry
  }

  const host: Host = {
    limits,
    write(name, key, ops: readonly Op[]) {
      const entry = open(name)
      const now = leader?.now() ?? clock() + ahead
      const intents = ops.map((op, index): Intent => {
        const at = stamp(entry.replica.state, key, now) + index
        return { ...op, key, at, id: nextId() }
      })
      add(entry, intents)
    },
    saved: async (name) => {
      await open(name).dataset.ready
      await writes.last()
    },
    flush: (name) => request('flush', name),
    refresh: (name) => request('refresh', name),
  }

  function nextId(): string {
    return tabId + (++ids).toString(36).padStart(8, '0')
  }

  // The start

  const read = (prefix: string) => storage.read(prefix).catch(() => new Map<string, unknown>())

  const home: Home = {
    options,
    entries,
    tab,
    read,
    save,
    written,
    commit,
    setStatus,
    async rescope(to, wipe = false) {
      await rescope(to)
      post({ type: 'scope', scope: to, wipe })
    },
    open,
  }

  async function loaded(): ReturnType<typeof load> {
    return load().catch(async (error) => {
      if (!storage.shared || tab.closed) throw error
      await new Promise((done) => setTimeout(done, LOAD_AGAIN_MS))
      return loaded()
    })
  }

  async function begin(): Promise<void> {
    const stored = await read('')
    const { lead } = await loaded()
    if (tab.closed) return
    tab.device = (stored.get('device') as string | undefined) ?? randomId()
    void save([['device', tab.device]])
    const identity = stored.get('identity') as Identity | undefined
    leader = lead(home, nextId, identity)
    await home.rescope(identity?.id ?? UNKNOWN)
    leader.start()
    post({ type: 'lead' })
    for (const call of [...calls.values()]) void answer(call)
  }

  async function start(): Promise<void> {
    try {
      tab.scope = ((await storage.read('identity')).get('identity') as Identity | undefined)?.id ?? UNKNOWN
    } catch {
      storage = memoryStorage()
      persistent = isPersistent = false
    }
    if (tab.closed) return
    storage.onLost?.(() => {
      if (!leader) return
      let all = new Map<string, unknown>([
        ['device', tab.device],
        ['identity', leader.identity()],
      ])
      for (const { replica } of entries.values())
        all = everyEntry(replica.state, prefixOf(tab.scope, replica.name), all)
      void save(all)
    })
    let begun: Promise<void> | undefined
    tabs = joinTabs(storage.shared, receive, () => {
      begun = begin()
    })
    await begun
    if (!leader && options.logins) void sync.login(options.logins).catch(() => {})
  }

  // After a turn, so that what it uses is there.
  const started: Promise<void> = Promise.resolve().then(start)

  const sync = Object.assign(
    (name: string, { schema, migrate, merge }: DatasetOptions = {}) => {
      checkName(name)
      // Asked for anew, as at each drawing of a page, it is as up to date as it was.
      const isNew = !entries.has(name) || (merge && !same(merge, entries.get(name)?.merge))
      const entry = open(name, merge)
      Object.assign(entry.replica.options, { ...(schema && { schemas: schema }), ...(migrate && { migrate }) })
      if (merge) entry.merge = merge
      if (isNew) void started.then(() => (leader ? leader.opened(entry) : announce(entry)))
      return entry.dataset as Dataset<never>
    },
    {
      watch(listener: () => void) {
        watchers.add(listener)
        return () => watchers.delete(listener)
      },
      async login(logins: GivenLogins) {
        await started
        await request('login', leader || typeof logins !== 'function' ? logins : await logins())
        // Another tab leads, and this one may go on after it.
        if (!leader) tab.logins = logins
      },
      logout: (how = {}) => request('logout', how),
      datasets: () => request('datasets'),
      remove: (name: string) => request('remove', name),
      flush: () => request('flush'),
      async destroy({ wipe = false } = {}) {
        if (tab.closed) return
        await started
        if (wipe) await request('logout', { wipe, leave: leader !== undefined })
        await written()
        tab.closed = true
        for (const { id, settle } of [...calls.values()]) settle({ type: 'reply', id, error: closed() })
        leader?.close()
        tabs.close()
        await storage.close?.()
      },
    } satisfies Omit<Sync, 'status'>,
  ) as unknown as Sync
  Object.defineProperty(sync, 'status', { get: statusNow })
  return sync
}
