import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from './browser.ts'

const page = '<!doctype html><title>Sign in</title><h1><b>Welcome</b></h1>'
const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page))
let browser: Browser
let address: string

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  address = `http://localhost:${(server.address() as AddressInfo).port}/`
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  server.close()
})

test('renders a page and takes a picture of it', async () => {
  const tab = await browser.newPage()
  await tab.goto(address)
  expect(await tab.title()).toBe('Sign in')
  expect(await tab.textContent('h1')).toBe('Welcome')
  const picture = await tab.screenshot()
  expect(picture.subarray(1, 4).toString()).toBe('PNG')
  // Without a font the heading would have no width of its own.
  const { width } = (await tab.locator('b').boundingBox()) ?? { width: 0 }
  expect(width).toBeGreaterThan(60)
})

test('has a virtual authenticator for passkeys', async () => {
  const tab = await browser.newPage()
  await tab.goto(address)
  const devtools = await tab.context().newCDPSession(tab)
  await devtools.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, isUserVerified: true } })
  const type = await tab.evaluate(async () => {
    const credential = await navigator.credentials.create({
      publicKey: {
        challenge: new Uint8Array(32),
        rp: { name: 'Example' },
        user: { id: new Uint8Array(4), name: 'ada', displayName: 'Ada' },
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -257 },
        ],
      },
    })
    return credential?.type
  })
  expect(type).toBe('public-key')
})
