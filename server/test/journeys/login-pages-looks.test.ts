// Every login page in a real browser: axe finds nothing, nothing overflows a narrow or enlarged window, the keyboard reaches all
// in a sensible order. LOGIN_PAGES_FOLDER has screenshots written there (scripts/login-pages.mjs).
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.ts'
import { useTestServer } from '../harness.ts'
import { makePlaces, type Places, pageWalks } from '../login-page-walks.ts'

const folder = process.env['LOGIN_PAGES_FOLDER']
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const MAX_BYTES = 30_000
/** Without COGNOMEN_LONG the pages share the languages, each in its turn. */
const LANGUAGES = ['de', 'ar']
const languagesOf = (name: string): string[] =>
  folder || process.env['COGNOMEN_LONG'] !== undefined
    ? LANGUAGES
    : [LANGUAGES[Object.keys(pageWalks).indexOf(name) % LANGUAGES.length] as string]

interface Violation {
  id: string
  nodes: { html: string; failureSummary: string }[]
}

/** Runs beside the page's own policy, which lets no script of others in. */
async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate<Violation[], string>(async (source) => {
    const run = () => (globalThis as unknown as { axe: { run(): Promise<{ violations: unknown[] }> } }).axe.run()
    if (!('axe' in globalThis)) new Function(source)()
    return (await run()).violations as never
  }, axe)
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Whether each field and button that can be seen is reached by Tab, once and in the order of reading. */
async function focusOrder(page: Page): Promise<{ reached: number; expected: number; visible: boolean }> {
  const expected = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), textarea, summary')]
    return all.filter((one) => one.checkVisibility() && one.getClientRects().length > 0).length
  })
  const seen = new Set<string>()
  let visible = true
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  // A field of a date is several stops of Tab.
  for (let i = 0; i < expected + 6; i++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return undefined
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      const all = [...document.querySelectorAll('*')]
      return { id: String(all.indexOf(element)), seen: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 }
    })
    if (at === undefined) continue
    seen.add(at.id)
    visible &&= at.seen
  }
  return { reached: seen.size, expected, visible }
}

/** When something of a page is first seen, from the start of its navigation, of ten loads. */
async function paints(page: Page): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < 10; i++) {
    await page.reload()
    const painted = await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    )
    all.push(Math.round((await painted.jsonValue()) ?? Number.NaN))
  }
  return all.sort((one, other) => one - other)
}

describe('every login page', () => {
  const server = useTestServer()
  let browser: Browser
  let places: Places
  const sizes: Record<string, unknown> = {}
  beforeAll(async () => {
    browser = await openBrowser()
    places = await makePlaces(server)
    if (folder) await mkdir(folder, { recursive: true })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    if (folder) await writeFile(join(folder, 'sizes.json'), JSON.stringify(sizes, undefined, 2))
  })

  /** Opens a page in a language, hands it over, and closes it. */
  async function on(name: string, lang: string, use: (page: Page, html: string) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    let html = ''
    const foreign: string[] = []
    page.on('request', (request) => {
      const { host } = new URL(request.url())
      if (!host.startsWith('localhost') && !host.startsWith('127.0.0.1') && host !== 'app.example.com')
        foreign.push(host)
    })
    page.on('response', async (response) => {
      if (response.headers()['content-type']?.startsWith('text/html')) html = await response.text().catch(() => html)
    })
    try {
      const walk = pageWalks[name] as NonNullable<(typeof pageWalks)[string]>
      await walk({ server, places, page, lang })
      await page.waitForLoadState('load')
      expect(await page.getAttribute('html', 'lang')).toBe(lang)
      await use(page, html)
      expect(foreign).toEqual([])
    } finally {
      await context.close()
    }
  }

  async function shoot(page: Page, name: string, lang: string, schemes: ('light' | 'dark')[]): Promise<void> {
    if (!folder) return
    for (const colorScheme of schemes)
      for (const width of [390, 1280]) {
        await page.emulateMedia({ colorScheme })
        await page.setViewportSize({ width, height: width === 390 ? 844 : 800 })
        await page.screenshot({ path: join(folder, `${name}-${lang}-${colorScheme}-${width}.png`), fullPage: true })
      }
  }

  describe.each(Object.keys(pageWalks))('%s', (name) => {
    it('is small, and has nothing that axe finds, in light, dark and forced colours', async () => {
      await on(name, 'en', async (page, html) => {
        sizes[name] = `${html.length} (${gzipSync(html).length} gzipped)`
        expect(html.length).toBeLessThan(MAX_BYTES)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          expect(await violations(page)).toEqual([])
        }
        await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' })
        expect(await violations(page)).toEqual([])
        await page.emulateMedia({ forcedColors: 'none' })
        await shoot(page, name, 'en', ['light', 'dark'])
        if (folder && name === 'sign-in') sizes['first contentful paint of sign-in, ms'] = await paints(page)
      })
    })

    it('is reached by the keyboard as a whole, and shows where the focus is', async () => {
      await on(name, 'en', async (page) => {
        const { reached, expected, visible } = await focusOrder(page)
        expect([reached, visible]).toEqual([expected, true])
      })
    })

    it.each(languagesOf(name))('fits a narrow window with the long or leftward words of %s', async (lang) => {
      await on(name, lang, async (page) => {
        await shoot(page, name, lang, ['light'])
        // 320 pixels is also what 1280 are at 400 %, WCAG 2.2 1.4.10.
        await page.setViewportSize({ width: 320, height: 640 })
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        expect(await violations(page)).toEqual([])
      })
    })
  })
})
