// Sign-up in a real browser, by the keyboard alone: from the sign-in page to the application's code; and a
// forgotten password.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.ts'
import { useTestServer } from '../harness.ts'
import { authorizeUrl, CALLBACK, makeApp, makeUser, PASSWORD, redeem } from '../oauth.ts'

describe('the pages of an account, by the keyboard', () => {
  const server = useTestServer()
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  }, 120_000)
  afterAll(() => browser?.close())

  const open = async (): Promise<Page> => (await browser.newContext()).newPage()
  /** Where the application is answered; nothing is there that would load. */
  const answered = async (page: Page): Promise<URL> =>
    new URL((await page.waitForRequest((request) => request.url().startsWith(CALLBACK))).url())
  /** Tab until an element with this text or name has the focus. */
  async function tabTo(page: Page, what: string): Promise<void> {
    for (let i = 0; i < 20; i++) {
      const focused = await page.evaluate(() => {
        const element = document.activeElement
        return [element?.textContent?.trim(), element?.getAttribute('name')]
      })
      if (focused.includes(what)) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`The keyboard does not reach ${what} on ${page.url()}.`)
  }
  const type = async (page: Page, values: Record<string, string>): Promise<void> => {
    for (const [name, value] of Object.entries(values)) {
      await tabTo(page, name)
      await page.keyboard.type(value)
    }
    await page.keyboard.press('Enter')
  }

  it('somebody signs up, confirms by the code and arrives at the application', async () => {
    const app = await makeApp(server, { pool: { AutoVerifiedAttributes: ['email'] } })
    const page = await open()
    await page.goto(authorizeUrl(app, { state: 'kept' }).href)
    await tabTo(page, 'Create an account')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/signup/)
    await type(page, { username: 'ann', 'requiredAttributes[email]': 'ann@example.com', password: 'weakpassword' })
    await page.getByRole('alert').waitFor()
    await type(page, { password: PASSWORD })
    await page.getByText('We sent a code to a***@e***').waitFor()
    const answer = answered(page)
    await type(page, { code: await server.outbox.latestCode('ann@example.com') })
    expect((await answer).searchParams.get('state')).toBe('kept')
    expect((await redeem(app, await answer)).status).toBe(200)
  })

  it('somebody sends the code anew with the button, and Enter in the field still means the code', async () => {
    const app = await makeApp(server, { pool: { AutoVerifiedAttributes: ['email'] } })
    const page = await open()
    const url = authorizeUrl(app)
    url.pathname = `/${app.poolId}/signup`
    await page.goto(url.href)
    await type(page, { username: 'bob', 'requiredAttributes[email]': 'bob@example.com', password: PASSWORD })
    await page.getByText('We sent a code to b***@e***').waitFor()
    await tabTo(page, 'Send a new code')
    await page.keyboard.press('Enter')
    await page.getByText('A new message is on its way.').waitFor()
    const answer = answered(page)
    await type(page, { code: await server.outbox.latestCode('bob@example.com') })
    expect((await answer).searchParams.get('code')).toBeTruthy()
  })

  it('somebody who forgot the password sets another one and signs in', async () => {
    const app = await makeApp(server)
    const username = await makeUser(app, { email: 'cara@example.com', email_verified: 'true' })
    const page = await open()
    await page.goto(authorizeUrl(app).href)
    await tabTo(page, 'Forgot your password?')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/forgotPassword/)
    await type(page, { username })
    await page.getByText('We sent a code to c***@e***').waitFor()
    const code = await server.outbox.latestCode('cara@example.com')
    await type(page, { code, password: 'Another-horse-2' })
    await page.getByText('Your password is changed.').waitFor()
    const answer = answered(page)
    await type(page, { password: 'Another-horse-2' })
    expect((await answer).searchParams.get('code')).toBeTruthy()
  })
})
