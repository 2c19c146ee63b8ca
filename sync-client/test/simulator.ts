// A seeded simulation of devices that share a dataset: random edits, partitions, lost, late and doubled requests, crashes,
// clocks that are wrong and jump. After all is healed every device and the service must agree, and nothing that a device had
// stored may be missing.
import { createSync, type Dataset, type Storage, type Strategy, type Sync, type SyncOptions } from '../src/index.ts'

/** The service that a simulation runs against. */
export interface World {
  /** Reaches the service without faults. */
  readonly fetch: typeof fetch
  readonly options: Pick<SyncOptions, 'endpoint' | 'identityPoolId' | 'logins'>
  now(): number
  advance(ms: number): void
}

interface Values {
  [key: `last${number}`]: string
  [key: `own${number}`]: number
  count: number
  tags: string[]
  profile: Record<string, number>
}

const merge: Record<string, Strategy> = {
  count: 'counter',
  tags: 'set',
  profile: 'merge',
  // The greater one.
  own0: ({ local, remote }) => Math.max(Number(local ?? 0), Number(remote ?? 0)),
}

const LAST_KEYS = ['last0', 'last1', 'last2'] as const

/** mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

class Crash extends Error {}

/** What must be there in the end, from what devices had stored. */
interface Expected {
  count: number
  readonly tags: Set<string>
  readonly profile: Record<string, number>
  own: number
  /** Changes of keys where the later one wins. */
  readonly changes: Map<string, { at: number; value: string | undefined }[]>
}

/**
 * Runs one seed, which ids and waits of the clients come from, too. Throws when devices do not agree, or something is missing.
 * Returns how often each fault happened.
 */
export async function simulate(seed: number, world: World, size?: { devices?: number; steps?: number }) {
  const { random } = Math
  Math.random = seeded(~seed)
  try {
    return await run(seed, world, size)
  } finally {
    Math.random = random
  }
}

async function run(
  seed: number,
  world: World,
  { devices: count = 5, steps = 60 } = {},
): Promise<Record<string, number>> {
  const random = seeded(seed)
  const below = (n: number): number => Math.floor(random() * n)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const late: (() => Promise<unknown>)[] = []
  const faults: Record<string, number> = {}
  const expected: Expected = { count: 0, tags: new Set(), profile: {}, own: 0, changes: new Map() }
  const name = 'simulation'
  let healed = false

  class Device {
    readonly id: number
    entries = new Map<string, unknown>()
    /** Nothing is stored any more: the device crashes before long. */
    frozen = false
    offline = false
    skew = 0
    dataset!: Dataset<Values>
    sync!: Sync
    wrote = 0
    constructor(id: number) {
      this.id = id
      this.skew = below(1_200_000) - 600_000
      this.start()
    }

    start(): void {
      const device = this
      const { entries } = this
      const storage: Storage = {
        read: async (prefix) => structuredClone(new Map([...entries].filter(([key]) => key.startsWith(prefix)))),
        async write(changes) {
          if (device.frozen || device.entries !== entries) return
          for (const [key, value] of structuredClone(changes))
            if (value === undefined) entries.delete(key)
            else entries.set(key, value)
        },
      }
      this.sync = createSync({
        ...world.options,
        storage,
        live: 'manual',
        fetch: ((input, init) => this.fetch(input as URL, init)) as typeof fetch,
        now: () => world.now() + this.skew,
      })
      this.dataset = this.sync<Values>(name, { merge })
    }

    /** The program ends without a word, and begins anew with what was stored. */
    crash(): void {
      faults['crash'] = (faults['crash'] ?? 0) + 1
      void this.sync.destroy()
      this.entries = new Map(this.entries)
      this.frozen = false
      this.start()
    }

    async fetch(input: URL, init: RequestInit = {}): Promise<Response> {
      if (this.offline) throw new TypeError('offline')
      const send = () => world.fetch(input, { ...init, signal: null })
      const isPush = init.method === 'POST' && input.pathname.includes('/datasets/')
      if (healed || random() > (isPush ? 0.45 : 0.1)) return send()
      const fault = pick(
        isPush
          ? (['lost', 'no answer', 'late', 'double', 'crash before', 'crash after'] as const)
          : (['lost'] as const),
      )
      faults[fault] = (faults[fault] ?? 0) + 1
      if (fault === 'late' || fault === 'double') late.push(send)
      if (fault === 'double' || fault === 'no answer' || fault === 'crash after') {
        const answer = await send()
        if (fault === 'double') return answer
      }
      if (fault.startsWith('crash')) {
        this.frozen = true
        throw new Crash()
      }
      throw new TypeError(fault)
    }

    /** One change; what must come of it is noted only when it was stored. */
    async edit(): Promise<void> {
      const { dataset } = this
      await dataset.ready
      const doomed = random() < 0.05
      if (doomed) this.frozen = true
      const note = this.change(below(6))
      await dataset.saved()
      if (doomed) return this.crash()
      note()
    }

    private change(kind: number): () => void {
      const { dataset, id } = this
      const label = `${id}.${++this.wrote}`
      if (kind === 0) {
        const by = below(9) - 3
        dataset.increment('count', by)
        return () => {
          expected.count += by
        }
      }
      if (kind === 1) {
        dataset.addTo('tags', label)
        return () => expected.tags.add(label)
      }
      if (kind === 2) {
        const tags = dataset.get('tags') ?? []
        if (tags.length === 0) return () => {}
        const tag = pick(tags)
        dataset.removeFrom('tags', tag)
        return () => expected.tags.delete(tag)
      }
      if (kind === 3) {
        const member = `d${id}`
        dataset.update('profile', (profile = {}) => ({ ...profile, [member]: this.wrote }))
        return () => {
          expected.profile[member] = this.wrote
        }
      }
      if (kind === 4) {
        const value = below(1_000_000)
        if (value <= (dataset.get('own0') ?? 0)) return () => {}
        dataset.set('own0', value)
        return () => {
          expected.own = Math.max(expected.own, value)
        }
      }
      const key = pick(LAST_KEYS)
      const value = random() < 0.2 ? undefined : label
      // A change that changes nothing is none.
      if (value === dataset.get(key)) return () => {}
      dataset.set(key, value)
      return () => {
        // The date that the change carries is in what was stored.
        const intents = [...this.entries].filter(([entry]) => entry.includes(`/${name}/i/`)).map(([, intent]) => intent)
        const mine = (intents as { key: string; at: number; value?: string }[]).filter((intent) => intent.key === key)
        const at = Math.max(...mine.map((intent) => intent.at))
        const changes = expected.changes.get(key) ?? []
        expected.changes.set(key, [...changes, { at, value }])
      }
    }

    async exchange(): Promise<void> {
      await (random() < 0.5 ? this.dataset.refresh() : this.dataset.flush()).catch(() => {})
      if (this.frozen) this.crash()
    }
  }

  const devices = Array.from({ length: count }, (_, id) => new Device(id))
  // All know these keys: the service takes a key that is new to a device also where another one has removed it since.
  const known = devices[0] as Device
  healed = true
  for (const key of LAST_KEYS) known.dataset.set(key, 'first')
  await known.dataset.flush()
  for (const { dataset } of devices) await dataset.refresh()
  healed = false
  for (let step = 0; step < steps; step++) {
    world.advance(below(5_000))
    const device = pick(devices)
    const what = random()
    if (what < 0.45) await device.edit()
    else if (what < 0.8) await device.exchange()
    else if (what < 0.87) device.offline = !device.offline
    else if (what < 0.9) device.crash()
    else if (what < 0.93) device.skew = below(1_200_000) - 600_000
    else if (what < 0.97) await late.splice(below(late.length), 1)[0]?.()
    // Two at once.
    else await Promise.all([device.exchange(), pick(devices.filter((other) => other !== device)).exchange()])
  }

  healed = true
  for (const device of devices) device.offline = false
  // Some late requests come in the middle of it.
  for (let round = 0; round < 4; round++) {
    for (const device of devices) {
      await device.dataset.refresh()
      if (random() < 0.5) await late.pop()?.()
    }
    if (round === 1) while (late.length > 0) await late.pop()?.()
  }
  verify(
    seed,
    devices.map(({ dataset }) => dataset),
    expected,
  )
  await known.sync.remove(name)
  await Promise.all(devices.map(({ sync }) => sync.destroy()))
  return faults
}

function verify(seed: number, datasets: readonly Dataset<Values>[], expected: Expected): void {
  const problems: string[] = []
  const [first] = datasets.map((dataset) => canonical(dataset.all()))
  for (const [index, dataset] of datasets.entries()) {
    if (dataset.status.pending > 0) problems.push(`device ${index} has ${dataset.status.pending} unsent changes`)
    const all = canonical(dataset.all())
    if (all !== first) problems.push(`device ${index} has ${all}, device 0 ${first}`)
  }
  const { count = 0, tags = [], profile = {}, own0 = 0, ...last } = datasets[0]?.all() ?? {}
  if (count !== expected.count) problems.push(`the counter is ${count}, not ${expected.count}`)
  if (canonical(tags) !== canonical([...expected.tags])) problems.push(`tags are ${tags}, not ${[...expected.tags]}`)
  if (canonical(profile) !== canonical(expected.profile))
    problems.push(`the profile is ${canonical(profile)}, not ${canonical(expected.profile)}`)
  if (own0 !== expected.own) problems.push(`the greatest is ${own0}, not ${expected.own}`)
  for (const [key, changes] of expected.changes) {
    const latest = Math.max(...changes.map(({ at }) => at))
    const winners = changes.filter(({ at }) => at === latest).map(({ value }) => value)
    const value = (last as Record<string, string | undefined>)[key]
    if (!winners.includes(value)) problems.push(`${key} is ${value}, the latest ${winners}`)
  }
  if (problems.length > 0) throw new Error(`Seed ${seed}:\n${problems.join('\n')}`)
}

/** Members and items in one order. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const members = Object.entries(value).map(([name, member]) => `${name}:${canonical(member)}`)
  return `{${members.sort().join()}}`
}
