import { getEventListeners } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { type FakeService, fakeService, makeDevice } from '../test/devices.ts'
import type { DatasetStatus } from './index.ts'
import { backOff, goLive } from './live.ts'
import type { Service } from './service.ts'

afterEach(() => vi.useRealTimers())

const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 10_000 })
const live = (service: FakeService, live: boolean) => makeDevice(service, { live })
const pulls = (service: FakeService): number =>
  service.requests.filter((request) => request.startsWith('GET datasets')).length

test('the event stream tells a device of changes at once, also of those while it was cut', async () => {
  const service = fakeService()
  service.hasStream = true
  const [phone, laptop] = [live(service, true), live(service, true)]
  const [here, there] = [phone('prefs'), laptop('prefs')]
  await until(() => phone.status.live && laptop.status.live)
  here.set('n', 1)
  await until(() => there.get('n') === 1)
  service.cutStreams()
  await until(() => !laptop.status.live)
  here.set('n', 2)
  await until(() => there.get('n') === 2)
})

test('its own changes are no news to a device', async () => {
  const service = fakeService()
  service.hasStream = true
  const phone = live(service, true)
  const prefs = phone('prefs')
  await until(() => phone.status.live && phone.status.state === 'synced')
  await prefs.refresh()
  const before = pulls(service)
  prefs.set('n', 1)
  await until(() => prefs.status.pending === 0)
  await prefs.flush()
  expect(pulls(service)).toBe(before)
})

test('a stream of which nothing is heard any more is opened anew', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const service = fakeService()
  service.hasStream = true
  const phone = live(service, true)
  phone('prefs')
  const opened = () => service.requests.filter((request) => request === 'GET stream').length
  const turn = () => new Promise((done) => setImmediate(done))
  for (; !phone.status.live; await turn()) await vi.advanceTimersByTimeAsync(1)
  expect(opened()).toBe(1)
  for (let second = 0; second < 130; second++) {
    // The server says every 15 to 25 seconds that it is there.
    if (second <= 50 && second % 25 === 0) service.beat()
    await vi.advanceTimersByTimeAsync(1000)
    await turn()
    if (second < 100) expect(opened()).toBe(1)
  }
  for (; !phone.status.live; await turn()) await vi.advanceTimersByTimeAsync(100)
  expect(opened()).toBe(2)
  expect(phone.status.live).toBe(true)
})

test('a stream that ends again and again leaves no listeners behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let signal: AbortSignal | undefined
  let opened = 0
  const stream = async (closed: AbortSignal) => {
    signal = closed
    opened++
  }
  const stop = goLive(
    { stream } as unknown as Service,
    () => {},
    () => {},
  )
  for (let time = 0; time < 20; time++) await vi.advanceTimersByTimeAsync(60_000)
  expect(opened).toBeGreaterThan(10)
  expect(getEventListeners(signal as AbortSignal, 'abort').length).toBeLessThan(2)
  stop.close()
})

test('a dataset that is asked for at each drawing of a page is pulled once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const service = fakeService()
  const sync = live(service, false)
  const prefs = sync('prefs')
  await prefs.ready
  await pass(0, { status: () => prefs.status })
  for (let time = 0; time < 5; time++) {
    expect(sync('prefs', { merge: { n: 'counter' } })).toBe(prefs)
    await pass(0, { status: () => prefs.status })
  }
  expect(pulls(service)).toBeLessThanOrEqual(2)
})

/** Lets timers run out and what they begin come to an end. */
async function pass(ms: number, { status }: { readonly status: () => DatasetStatus }): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  while (/ing$/.test(status().state)) await new Promise((done) => setImmediate(done))
}

test('without a stream it asks after 30 seconds, then less and less often, and sends changes at once', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const service = fakeService()
  const prefs = live(service, false)('prefs')
  const status = () => prefs.status
  await prefs.ready
  await pass(0, { status })
  expect(pulls(service)).toBe(1)
  const asked: number[] = []
  for (let seconds = 10; seconds <= 1200; seconds += 10) {
    const before = pulls(service)
    await pass(10_000, { status })
    if (pulls(service) > before) asked.push(seconds)
  }
  expect(asked).toEqual([30, 90, 210, 450, 750, 1050])
  prefs.set('n', 1)
  await pass(50, { status })
  expect(service.requests.at(-1)).toBe('POST datasets/prefs')
  expect(prefs.status).toMatchObject({ state: 'synced', pending: 0 })
})

test('while the service is away it tries again, with longer and longer waits', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const service = fakeService()
  let tries = 0
  const away = () => {
    tries++
    return Promise.reject(new TypeError('offline'))
  }
  const prefs = makeDevice(service, { live: false, fetch: away })('prefs')
  prefs.set('n', 1)
  const status = () => prefs.status
  await prefs.ready
  await pass(0, { status })
  for (let second = 0; second < 900; second++) await pass(1000, { status })
  expect(prefs.status).toMatchObject({ state: 'offline', pending: 1, error: { code: 'NetworkError' } })
  expect(tries).toBeGreaterThan(8)
  expect(tries).toBeLessThan(18)
})

test('waits grow to a bound and are never the same for all', () => {
  expect([0, 1, 5, 20].map((failures) => backOff(failures, () => 1))).toEqual([1_000, 2_000, 32_000, 60_000])
  expect(backOff(20, () => 0)).toBe(30_000)
})
