// The pages for people in a real browser: what they say, that they fit a phone, and that the browser complains of nothing.
// Who gets a page and who JSON: doors.test.ts.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from '../../test/browser.ts'
import { useTestServer } from '../../test/harness.ts'
import { version } from '../version.ts'

const server = useTestServer()
let browser: Browser
let page: Page
const complaints: string[] = []
beforeAll(async () => {
  browser = await openBrowser()
  page = await browser.newPage()
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
})
afterAll(() => browser?.close())

test('the start page says what this is and leads on', async () => {
  await page.goto(server.url)
  expect(await page.title()).toBe('Cognomen')
  const said = (await page.textContent('main')) ?? ''
  for (const text of ["speaks Amazon Cognito's protocols", server.publicUrl, server.region, version()])
    expect(said).toContain(text)
  const titles: Record<string, string> = {}
  for (const href of await page
    .locator('a.card')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')))) {
    const answer = await page.goto(server.url + href)
    expect(answer?.status()).toBe(200)
    titles[String(href)] = await page.title()
  }
  expect(titles).toEqual({
    '/outbox': 'Outbox',
    '/metrics': '',
    '/documentation': 'Documentation',
    '/health/ready': '',
  })
  expect(complaints).toEqual([])
})

test('the documentation names every setting and no value of one', async () => {
  await page.goto(`${server.url}/documentation`)
  const said = (await page.textContent('main')) ?? ''
  for (const text of ['COGNOMEN_MASTER_KEY', 'OUTBOX_CALLERS', `endpoint: '${server.publicUrl}'`])
    expect(said).toContain(text)
  expect(said).not.toContain(server.credentials.secretAccessKey)
})

test.each(['/', '/documentation', '/nothing/here', `/${'x'.repeat(150)}`, '/outbox'])(
  '%s fits a phone and uses the stylesheet',
  async (path) => {
    complaints.splice(0)
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(server.url + path)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    expect(await page.locator('main').evaluate((element) => getComputedStyle(element).maxWidth)).not.toBe('none')
    // The browser itself reports the status 404.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
  },
)
