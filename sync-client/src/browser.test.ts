// The client in a real browser: tabs, a service worker, storage that is full or gone.
import type { Browser, BrowserContext, Page, Worker } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openBrowser } from '../../server/test/browser.ts'
import { ADA, POOL } from '../test/devices.ts'
import { openSite, type Site } from '../test/site.ts'
import type { Dataset, Sync, SyncOptions } from './index.ts'

interface Client {
  createSync(options: SyncOptions): Sync
}

interface Tab {
  cognomen: Client
  sync: Sync
  prefs: Dataset
}

let browser: Browser
let site: Site
let context: BrowserContext

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

beforeEach(async () => {
  site = await openSite()
  context = await browser.newContext()
})
afterEach(async () => {
  await context?.close()
  await site?.close()
})

/** A tab with the client in `sync`, and a dataset in `prefs`. */
async function openTab(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.url)
  await begin(page)
  return page
}

/** Starts the client in a page or a worker. */
async function begin(place: Page | Worker, options: Partial<SyncOptions> = {}): Promise<void> {
  const all = { endpoint: `${site.url}/api`, identityPoolId: POOL, logins: ADA, ...options }
  await (place as Page).evaluate(async (given) => {
    const tab = globalThis as never as Tab
    tab.sync = tab.cognomen.createSync(given as SyncOptions)
    tab.prefs = tab.sync('prefs', { merge: { n: 'counter' } })
    await tab.prefs.ready
  }, all)
}

const set = (page: Page, key: string, value: unknown): Promise<void> =>
  page.evaluate(
    async ([name, given]) => {
      const { prefs } = globalThis as never as Tab
      prefs.set(name as string, given)
      await prefs.saved()
    },
    [key, value],
  )
const all = (page: Page): Promise<unknown> => page.evaluate(() => (globalThis as never as Tab).prefs.all())
const status = (page: Page) => page.evaluate(() => ({ ...(globalThis as never as Tab).sync.status, error: undefined }))
const flush = (page: Page): Promise<void> => page.evaluate(() => (globalThis as never as Tab).prefs.flush())
const shows = (page: Page, expected: unknown): Promise<void> =>
  vi.waitFor(async () => expect(await all(page)).toEqual(expected), { timeout: 10_000 })

const stored = (): Record<string, string> => {
  const [id = ''] = [...site.service.identities.keys()]
  return site.service.values(id, 'prefs')
}

test('offline edits survive a closed tab', async () => {
  const first = await openTab()
  await set(first, 'sent', 1)
  await flush(first)
  site.away = true
  await set(first, 'unsent', 2)
  await first.close()
  const second = await openTab()
  expect(await all(second)).toEqual({ sent: 1, unsent: 2 })
  await vi.waitFor(async () => expect(await status(second)).toMatchObject({ state: 'offline', pending: 1 }), {
    timeout: 10_000,
  })
  site.away = false
  await flush(second)
  expect(stored()).toEqual({ sent: 'json1:1', unsent: 'json1:2' })
})

test('two tabs show each other what they do; one talks to the service, and the other goes on when it is closed', async () => {
  const leader = await openTab()
  await flush(leader)
  const follower = await openTab()
  const requests: string[] = []
  follower.on('request', (request) => requests.push(request.url()))
  await set(leader, 'a', 'leader')
  await shows(follower, { a: 'leader' })
  await set(follower, 'b', 'follower')
  await shows(leader, { a: 'leader', b: 'follower' })
  const add = (page: Page) =>
    page.evaluate(() => {
      for (let time = 0; time < 10; time++) (globalThis as never as Tab).prefs.increment('n')
    })
  await Promise.all([add(leader), add(follower), add(leader), add(follower)])
  await flush(follower)
  await shows(follower, { a: 'leader', b: 'follower', n: 40 })
  await shows(leader, { a: 'leader', b: 'follower', n: 40 })
  expect(await status(follower)).toMatchObject({ state: 'synced', pending: 0, persistent: true })
  expect(requests).toEqual([])
  // What the follower asked of the leader is done by whoever leads next.
  site.away = true
  await set(follower, 'c', 1)
  await leader.close()
  site.away = false
  await flush(follower)
  expect(stored()).toEqual({ a: 'leader', b: 'follower', c: 'json1:1', n: expect.stringMatching(/^json1\.[\w.]+:40$/) })
  expect(requests.length).toBeGreaterThan(0)
})

test('a service worker sends what a closed tab left', async () => {
  const page = await openTab()
  await set(page, 'k', 'before')
  await flush(page)
  const waiting = context.waitForEvent('serviceworker')
  await page.evaluate(() => navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready))
  const worker = await waiting
  site.away = true
  await set(page, 'k', 'left')
  await page.close()
  site.away = false
  await begin(worker)
  await worker.evaluate(() => (globalThis as never as Tab).prefs.flush())
  expect(stored()).toEqual({ k: 'left' })
})

test('a tab and a service worker see the same', async () => {
  const page = await openTab()
  const waiting = context.waitForEvent('serviceworker')
  await page.evaluate(() => navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready))
  const worker = await waiting
  await begin(worker)
  await worker.evaluate(() => (globalThis as never as Tab).prefs.set('from', 'worker'))
  await shows(page, { from: 'worker' })
})

test('a full disk: it goes on in memory, says so, and stores everything as soon as there is room', async () => {
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: site.url, quotaSize: 10_000 })
  await page.goto(site.url)
  await begin(page)
  await set(page, 'small', 1)
  await flush(page)
  await expect(set(page, 'big', 'x'.repeat(1_000_000))).rejects.toThrow('Changes cannot be stored on this device.')
  expect(await status(page)).toMatchObject({ persistent: false })
  await flush(page)
  expect(Object.keys(stored())).toEqual(['small', 'big'])
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: site.url })
  await set(page, 'after', 2)
  expect(await status(page)).toMatchObject({ persistent: true })
  site.away = true
  await page.close()
  const next = await openTab()
  expect(Object.keys((await all(next)) as object)).toEqual(['after', 'big', 'small'])
})

test('storage that is evicted: an open page stores everything anew, a closed one asks the service', async () => {
  const page = await openTab()
  await set(page, 'sent', 1)
  await flush(page)
  site.away = true
  await set(page, 'unsent', 2)
  const devtools = await context.newCDPSession(page)
  const evict = () => devtools.send('Storage.clearDataForOrigin', { origin: site.url, storageTypes: 'indexeddb' })
  await evict()
  await set(page, 'later', 3)
  await page.reload()
  await begin(page)
  expect(await all(page)).toEqual({ sent: 1, unsent: 2, later: 3 })
  await page.goto('about:blank')
  await evict()
  site.away = false
  const next = await openTab()
  await flush(next)
  expect(await all(next)).toEqual({ sent: 1 })
})

test('sign-out with wipe: nothing is left, in any tab', async () => {
  const [first, second] = [await openTab(), await openTab()]
  await set(first, 'secret', 1)
  await shows(second, { secret: 1 })
  await flush(second)
  await second.evaluate(() => (globalThis as never as Tab).sync.logout({ wipe: true }))
  await shows(first, {})
  await shows(second, {})
  const left = await first.evaluate(async (name) => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name)
      request.onsuccess = () => resolve(request.result)
    })
    const entries = db.transaction('entries').objectStore('entries').getAll()
    return new Promise<string>((resolve) => {
      entries.onsuccess = () => resolve(JSON.stringify(entries.result))
    })
  }, `cognomen-sync/${POOL}`)
  expect(left).not.toContain('secret')
})

test('a page that comes back to the foreground asks what is new', async () => {
  const page = await openTab()
  await flush(page)
  const [id = ''] = [...site.service.identities.keys()]
  const other = await (await browser.newContext()).newPage()
  await other.goto(site.url)
  await begin(other)
  await set(other, 'k', 'elsewhere')
  await flush(other)
  await page.evaluate(() => globalThis.dispatchEvent(new Event('focus')))
  await shows(page, { k: 'elsewhere' })
  expect(id).toMatch(/^us-east-1:/)
  await other.context().close()
})

test('React in StrictMode: every change is drawn, nothing is asked again and again, and no listener is left', async () => {
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(site.url)
  await page.addScriptTag({ url: '/strict.js' })
  const options = { endpoint: `${site.url}/api`, identityPoolId: POOL, logins: ADA, live: false }
  await page.evaluate((given) => {
    const place = globalThis as never as { cognomen: { mount(options: unknown): unknown }; app: unknown }
    place.app = place.cognomen.mount(given)
  }, options)
  const pulls = () => site.service.requests.filter((request) => request.startsWith('GET datasets')).length
  const text = () => page.locator('button').textContent()
  await vi.waitFor(async () => expect(await text()).toBe('undefined {} synced'), { timeout: 10_000 })
  await page.locator('button').click()
  await vi.waitFor(async () => expect(await text()).toBe('dark {"theme":"dark"} synced'), { timeout: 10_000 })
  await vi.waitFor(() => expect(stored()).toEqual({ theme: 'dark' }), { timeout: 10_000 })
  // One at the start, one before a key that is new here, and one for the rules of conflicts at most.
  expect(pulls()).toBeLessThanOrEqual(3)
  const drawn = await page.evaluate(() => {
    const { app } = globalThis as never as { app: { drawn(): number; unmount(): void; sync: Sync } }
    app.unmount()
    const before = app.drawn()
    app.sync('prefs').set('theme', 'light')
    return app.drawn() - before
  })
  expect([drawn, errors]).toEqual([0, []])
})
