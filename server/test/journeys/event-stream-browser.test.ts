// EventSource of a real browser, on a page of another origin: it hears of changes, comes back by itself when its connection
// breaks, and has missed nothing then; when its ticket is over it stops and says so (docs/behaviour/sync-streams.md).
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ListRecordsCommand, UpdateRecordsCommand } from '@aws-sdk/client-cognito-sync'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { syncClient } from '../aws-clients.ts'
import { openBrowser } from '../browser.ts'
import { type Named, streamPath, ticketFor } from '../event-streams.ts'
import { startTestServer, type TestServer } from '../harness.ts'
import { type IdentityWorld, makeIdentityWorld } from '../identity-world.ts'
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts'

let server: TestServer
let world: IdentityWorld & { close(): void }
let proxy: TcpProxy
let app: Server
let browser: Browser
let page: Page

beforeAll(async () => {
  server = await startTestServer()
  world = await makeIdentityWorld(server)
  proxy = await startTcpProxy(server.url)
  app = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>App</title>')
  })
  await new Promise<void>((done) => app.listen(0, '127.0.0.1', done))
  browser = await openBrowser()
  page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${(app.address() as AddressInfo).port}/`)
})
afterAll(async () => {
  await browser?.close()
  app?.close()
  await proxy?.close()
  world?.close()
  await server?.stop()
})

/** What the page keeps of its EventSource. */
interface Heard {
  source: EventSource
  pokes: string[]
  opened: number
}
declare const heardHere: Heard

const heard = (): Promise<string[]> => page.evaluate(() => heardHere.pokes)
const opened = (): Promise<number> => page.evaluate(() => heardHere.opened)

async function write(named: Named, DatasetName: string): Promise<void> {
  const client = syncClient(server)
  const { SyncSessionToken, DatasetSyncCount = 0 } = await client.send(
    new ListRecordsCommand({ ...named, DatasetName }),
  )
  const RecordPatches = [{ Op: 'replace' as const, Key: `key-${DatasetSyncCount}`, Value: 'value', SyncCount: 0 }]
  await client.send(new UpdateRecordsCommand({ ...named, DatasetName, SyncSessionToken, RecordPatches }))
  client.destroy()
}

test('EventSource hears of every change, over a broken connection as well', async () => {
  const named = { IdentityPoolId: world.poolId, IdentityId: await world.getId() }
  await write(named, 'known')
  const url = `${proxy.url.replace(/\/$/, '')}${streamPath(named)}?ticket=${await ticketFor(server, named)}`
  await page.evaluate((address) => {
    const source = new EventSource(address)
    const state: Heard = { source, pokes: [], opened: 0 }
    Object.assign(globalThis, { heardHere: state })
    source.onopen = () => {
      state.opened++
    }
    source.onmessage = ({ data }) => {
      const { datasetName, syncCount } = JSON.parse(data)
      state.pokes.push(`${datasetName} ${syncCount}`)
    }
  }, url)
  await expect.poll(heard).toEqual(['known 1'])
  await write(named, 'prefs')
  await expect.poll(heard).toEqual(['known 1', 'prefs 1'])

  await proxy.close()
  await write(named, 'prefs')
  await write(named, 'other')
  await proxy.open()
  await expect.poll(opened, { timeout: 20_000 }).toBe(2)
  await expect.poll(async () => (await heard()).slice(2).sort()).toEqual(['other 1', 'prefs 2'])

  // Its ticket is over: it gets a refusal, and connects no more.
  server.clock.advance(61_000)
  await proxy.close()
  await proxy.open()
  await expect.poll(() => page.evaluate(() => heardHere.source.readyState), { timeout: 20_000 }).toBe(2)
  expect(await opened()).toBe(2)
})
