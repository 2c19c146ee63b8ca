// What the leading tab does for all: who the identity is, and pull, rebase and push of each dataset.
// docs/reference/identity-pools-sts-iam-sync.md 20, 23.

import type { DatasetOptions, GivenLogins } from './client.ts'
import { unsent } from './engine.ts'
import { identityChanged, isTransient, SyncError } from './errors.ts'
import { acknowledged, adopt, begin, isAdopted, patches, rebase, refused, settled } from './exchange.ts'
import type { Entry, Home, Leader } from './home.ts'
import { backOff, goLive, type Live, later, whenWanted } from './live.ts'
import { entriesOf, prefixOf, stateOf, UNKNOWN } from './replica.ts'
import { createService, type Identity } from './service.ts'
import { same } from './values.ts'

/** Changes of a moment go in one push. */
const GATHER_MS = 30
const SHORTEST_POLL_MS = 30_000
const LONGEST_POLL_MS = 300_000
const CONFLICTS_IN_A_ROW = 12

/** Begins to lead; `identity` was known before. `nextId` makes ids of intents. */
export function lead(home: Home, nextId: () => string, identity: Identity | undefined): Leader {
  const { entries, options, tab } = home
  const service = createService(options)
  service.logins = tab.logins
  service.identity = identity
  const manual = options.live === 'manual'
  let live: Live | undefined
  let unlisten = () => {}
  /** What is here was done by a guest, and goes with who signs in. */
  let claimable = identity?.guest !== false
  service.scope = identity?.id ?? UNKNOWN
  /** How many identities there were so far, one after the other. */
  let stays = 0

  // When

  function wake(entry: Entry, ms: number, pull = false): void {
    entry.wantPull ||= pull
    if (manual || tab.closed) return
    clearTimeout(entry.timer)
    entry.timer = later(() => void run(entry).catch(() => {}), ms)
  }

  function pollLater(entry: Entry, ms: number): void {
    if (manual || tab.closed) return
    clearTimeout(entry.poll)
    entry.poll = later(() => void run(entry, true).catch(() => {}), ms)
  }

  const wakeAll = (): void => {
    for (const entry of entries.values()) wake(entry, 0, true)
  }

  function become(isLive: boolean): void {
    tab.live = isLive
    home.setStatus(undefined, {})
  }

  function goOnline(): void {
    live?.close()
    become(false)
    if (manual || options.live === false || tab.closed) return
    // A stream begins with the counts of all datasets, so that nothing is missed that happened before.
    live = goLive(
      service,
      () => become(live?.connected ?? false),
      ({ datasetName, syncCount }) => {
        const entry = entries.get(datasetName)
        if (!entry) return
        entry.poked = syncCount
        wake(entry, 0)
      },
    )
  }

  // One run of a dataset at a time; who comes while it runs gets the next one

  function run(entry: Entry, pull = false): Promise<void> {
    entry.wantPull ||= pull
    if (!entry.running) {
      clearTimeout(entry.timer)
      entry.running = work(entry).finally(() => {
        entry.running = undefined
      })
      return entry.running
    }
    entry.following ??= entry.running
      .catch(() => {})
      .then(() => {
        entry.following = undefined
        return run(entry)
      })
    return entry.following
  }

  async function work(entry: Entry): Promise<void> {
    const before = entry.replica.state.meta.count
    home.setStatus(entry, { state: 'syncing' })
    try {
      await identify()
      await synchronize(entry)
      entry.failures = 0
      const idle = entry.replica.state.meta.count === before
      entry.wait = idle ? Math.min((entry.wait ?? SHORTEST_POLL_MS / 2) * 2, LONGEST_POLL_MS) : SHORTEST_POLL_MS
      home.setStatus(entry, { state: 'synced', lastSynced: service.now(), error: undefined })
      pollLater(entry, tab.live ? LONGEST_POLL_MS : entry.wait)
    } catch (cause) {
      // What is no SyncError a function of the application has thrown: a merge, what gives logins.
      const error = cause instanceof SyncError ? cause : new SyncError('ApplicationError', String(cause), { cause })
      home.setStatus(entry, { state: error === cause && isTransient(error) ? 'offline' : 'error', error })
      entry.failures = (entry.failures ?? 0) + 1
      wake(entry, backOff(entry.failures, Math.random, LONGEST_POLL_MS), true)
      throw error
    }
  }

  // Pull, rebase, push

  async function synchronize(entry: Entry): Promise<void> {
    const { replica } = entry
    const begun = stays
    await entry.loaded
    /** What came for another identity, or for the same one before it was gone for a while, is dropped. */
    const still = async <T>(asked: Promise<T>): Promise<T> => {
      const answer = await asked
      if (stays !== begun || tab.closed) throw identityChanged()
      return answer
    }
    let isFresh = tab.live
    for (let conflicts = 0; ; ) {
      const isBehind = (entry.poked ?? 0) > replica.state.meta.count
      if (entry.wantPull || isBehind || entry.doubt || !entry.token) {
        await pull(entry, still)
        isFresh = true
      }
      const [merged] = entry.merged
      if (merged !== undefined && replica.state.outbox.size === 0) {
        await takeOver(entry, merged, still)
        continue
      }
      const begun = begin(replica.state, replica.rules)
      if (!begun) return
      if (begun.meta) home.commit(entry, begun)
      const list = patches(replica.state, service.now(), replica.rules)
      if (list.length === 0) {
        home.commit(entry, settled(replica.state))
        continue
      }
      // The service takes a key that is new here even when another device has removed it meanwhile.
      if (!isFresh && list.some(({ count }) => count === 0)) {
        entry.wantPull = true
        continue
      }
      // What is under way must be known after a crash.
      await still(home.written())
      entry.doubt = true
      try {
        const records = await still(service.update(replica.name, entry.token as string, tab.device, list))
        const expected = replica.state.meta.count + 1
        home.commit(entry, acknowledged(replica.state, list, records, tab.device))
        entry.doubt = entry.afloat = false
        entry.wantPull ||= replica.state.meta.count !== expected
      } catch (error) {
        if (isTransient(error)) {
          entry.afloat = true
          throw error
        }
        entry.doubt = false
        const { code, message } = error as SyncError
        const conflict = code === 'ResourceConflictException'
        if (/SyncSessionToken/.test(message)) entry.token = undefined
        else if (!conflict || !entry.afloat) home.commit(entry, refused(replica.state))
        entry.wantPull = true
        if ((!conflict && entry.token) || ++conflicts > CONFLICTS_IN_A_ROW) throw error
        if (conflicts > 1)
          await new Promise((done) => setTimeout(done, Math.random() * 10 * 2 ** Math.min(conflicts, 8)))
      }
    }
  }

  async function pull(entry: Entry, still: <T>(asked: Promise<T>) => Promise<T>): Promise<void> {
    const { replica } = entry
    const { name, rules } = replica
    entry.wantPull = false
    entry.poked = 0
    const since = replica.state.meta.count
    let listed = await still(service.list(name, since))
    let whole = since === 0
    if (listed.void) {
      listed = await still(service.list(name, 0))
      whole = true
    }
    const { count, records, token, merged } = listed
    entry.token = token
    entry.merged = merged
    entry.doubt = false
    const { state } = replica
    const nothing = count === state.meta.count && records.size === 0 && (!whole || state.base.size === 0)
    if (!nothing || state.meta.sent) home.commit(entry, rebase(state, { count, records, whole }, rules))
    if (!replica.state.meta.sent) entry.afloat = false
  }

  /** Takes the data of a guest's dataset over, then deletes it. */
  async function takeOver(entry: Entry, name: string, still: <T>(asked: Promise<T>) => Promise<T>): Promise<void> {
    const { replica } = entry
    if (!isAdopted(replica.state, name)) {
      const { records } = await still(service.list(name, 0))
      const delta = adopt(replica.state, name, records, replica.rules, nextId)
      if (delta.add?.length) return home.commit(entry, delta)
    }
    await still(service.remove(name))
    entry.merged = entry.merged.filter((other) => other !== name)
  }

  // Identity

  let identified: Promise<void> = Promise.resolve()

  /** Makes sure that the identity is known and that the states are its own. One after the other. */
  function identify(): Promise<void> {
    identified = identified.then(settle, settle)
    return identified
  }

  async function settle(): Promise<void> {
    const { id } = await service.credentials()
    const guest = service.identity?.guest
    if (id === tab.scope && claimable === guest) return
    const still = (): void => {
      if (service.identity?.id !== id) throw identityChanged()
    }
    await home.save([['identity', service.identity]]).catch(() => {})
    still()
    if (id !== tab.scope) {
      if (claimable) await carry(tab.scope, id)
      still()
      service.scope = id
      stays++
      await home.rescope(id)
      goOnline()
    }
    claimable = guest === true
  }

  /** What was done before the identity was known, or as a guest, goes with the user. */
  async function carry(from: string, to: string): Promise<void> {
    await home.written()
    const stored = await home.read(`${from}/`)
    const changes = new Map<string, unknown>([...stored.keys()].map((key) => [key, undefined]))
    const names = new Set([...entries.keys(), ...[...stored.keys()].map((key) => key.split('/')[1] as string)])
    for (const name of names) {
      const prefix = prefixOf(from, name)
      const state =
        entries.get(name)?.replica.state ??
        stateOf(new Map([...stored].filter(([key]) => key.startsWith(prefix))), prefix)
      for (const [key, value] of entriesOf(state, prefixOf(to, name), { add: unsent(state) })) changes.set(key, value)
    }
    await home.save(changes).catch(() => {})
  }

  async function login(logins: GivenLogins): Promise<void> {
    const isKnown = logins === service.logins || (typeof logins !== 'function' && same(logins, service.logins))
    // Another tab of the same user.
    if (!claimable && isKnown) return
    // A guest's pushes must have ended, or nobody could tell whether they are among what is merged. A refused one has.
    if (claimable && service.identity) {
      const pushed = await Promise.allSettled([...entries.values()].map((entry) => run(entry)))
      for (const one of pushed) if (one.status === 'rejected' && isTransient(one.reason)) throw one.reason
    }
    const before = { identity: service.identity, logins: service.logins }
    if (!claimable) service.identity = undefined
    if (!isKnown) service.logins = logins
    try {
      await identify()
    } catch (error) {
      Object.assign(service, before)
      throw error
    }
    // Another tab of the same user gave its tokens of the moment; what gives new ones stays.
    const sameUser = before.identity?.id === service.identity?.id
    if (sameUser && typeof before.logins === 'function' && typeof logins !== 'function') service.logins = before.logins
    // What the user has is here when the sign-in is over; if that fails, its status says so and it is tried again.
    await Promise.all([...entries.values()].map((entry) => run(entry, true).catch(() => {})))
  }

  /** `leave`: nobody goes on here. */
  async function logout({ wipe = false, leave = false }: { wipe?: boolean; leave?: boolean }): Promise<void> {
    service.logins = tab.logins = undefined
    service.identity = undefined
    service.scope = UNKNOWN
    claimable = true
    stays++
    await home.rescope(UNKNOWN, wipe)
    await home.written()
    // Nothing of the user is left to be claimed by who signs in next.
    const stored = await home.read(wipe ? '' : `${UNKNOWN}/`)
    stored.delete('device')
    await home.save([...[...stored.keys(), 'identity'].map((key) => [key, undefined] as const)])
    await home.rescope(UNKNOWN)
    if (leave) return
    goOnline()
    wakeAll()
  }

  async function remove(name: string): Promise<void> {
    await identify()
    const entry = entries.get(name)
    await entry?.running?.catch(() => {})
    await service.remove(name)
    if (!entry) return
    const remove = unsent(entry.replica.state).map(({ id }) => id)
    home.commit(entry, { reset: true, remove, meta: { count: 0, sent: undefined } })
  }

  async function flush(): Promise<void> {
    await Promise.all([...entries.values()].map((entry) => run(entry)))
  }

  return {
    start() {
      goOnline()
      wakeAll()
      if (!manual) unlisten = whenWanted(wakeAll)
    },
    close() {
      live?.close()
      unlisten()
      for (const { timer, poll } of entries.values()) {
        clearTimeout(timer)
        clearTimeout(poll)
      }
    },
    opened: (entry) => wake(entry, 0, true),
    edited: (entry) => wake(entry, GATHER_MS),
    loaded(entry) {
      entry.token = undefined
      entry.doubt = entry.afloat = entry.replica.state.meta.sent !== undefined
    },
    now: service.now,
    identity: () => service.identity,
    async perform(method, [first, second]) {
      switch (method) {
        case 'open':
          return wake(home.open(first as string, second as DatasetOptions['merge']), 0, true)
        case 'flush':
          return first === undefined ? flush() : run(home.open(first as string))
        case 'refresh':
          return run(home.open(first as string), true)
        case 'login':
          return login(first as GivenLogins)
        case 'logout':
          return logout(first as { wipe?: boolean; leave?: boolean })
        case 'datasets':
          await identify()
          return service.datasets()
        case 'remove':
          return remove(first as string)
      }
    },
  }
}
