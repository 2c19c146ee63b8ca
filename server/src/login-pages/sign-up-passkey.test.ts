// The offer of a passkey after a sign-up: before the application gets its answer, and never in its way.
import { beforeAll, expect, it } from 'vitest'
import { Authenticator } from '../../test/authenticator.ts'
import { claimsOf, useTestServer } from '../../test/harness.ts'
import { type App, appIn, authorizeUrl, makeApp, PASSWORD, redeem } from '../../test/oauth.ts'
import { Browser, leaving, type Page, wordsOf } from '../../test/page-walker.ts'
import { PASSKEY_CLIENT, PASSKEY_POOL } from '../../test/passkeys.ts'

const server = useTestServer()
let app: App
let count = 0
beforeAll(async () => {
  app = await makeApp(server, { pool: { ...PASSKEY_POOL, AutoVerifiedAttributes: ['email'] }, client: PASSKEY_CLIENT })
})

/** Signs up to the code that confirms it; the answer is the page that follows. */
async function signUp(
  of: App,
  browser: Browser,
  parameters: Record<string, string> = {},
): Promise<{ name: string; next: Promise<Page> }> {
  const name = `new-${++count}`
  const email = `${name}@example.com`
  const url = authorizeUrl(of, parameters)
  url.pathname = `/${of.poolId}/signup`
  const fields = { username: name, password: PASSWORD, 'requiredAttributes[email]': email }
  const asksCode = await browser.submit(await browser.get(url), fields)
  return { name, next: browser.submit(asksCode, { code: await server.outbox.latestCode(email) }) }
}
const optionsOf = ({ text }: Page) =>
  JSON.parse((/data-options="([^"]*)"/.exec(text)?.[1] ?? 'null').replaceAll('&quot;', '"'))

// prompt=login and a max_age are fulfilled by the sign-up itself.
it.each<Record<string, string>>([{}, { prompt: 'login' }, { max_age: '0' }])(
  'is taken, and the application gets its answer: %j',
  async (asked) => {
    const browser = new Browser()
    const { name, next } = await signUp(app, browser, { state: 's', ...asked })
    const page = await next
    expect(page.url.pathname).toBe(`/${app.poolId}/passkeys/add`)
    expect(wordsOf(page)).toContain('Sign in faster next time')
    const authenticator = new Authenticator()
    server.clock.advance(2000)
    const credential = JSON.stringify(authenticator.create(optionsOf(page)))
    const answered = await leaving(browser.submit(page, { credential }))
    expect(answered.searchParams.get('state')).toBe('s')
    expect(claimsOf((await redeem(app, answered)).json['access_token'] as string)).toMatchObject({ username: name })

    const other = new Browser()
    const choice = await other.submit(await other.get(authorizeUrl(app)), { username: name })
    const passkey = await other.submit(choice, { answer: 'WEB_AUTHN' })
    const signed = JSON.stringify(authenticator.get(optionsOf(passkey)))
    expect((await leaving(other.submit(passkey, { credential: signed }))).searchParams.get('code')).toBeTruthy()
  },
)

it('is declined, and the application gets its answer', async () => {
  const browser = new Browser()
  const { next } = await signUp(app, browser, { prompt: 'login' })
  const answered = await leaving(browser.submit(await next, { skip: 'yes' }))
  expect((await redeem(app, answered)).status).toBe(200)
})

it('does not stand for a proof later, or at another application', async () => {
  const browser = new Browser()
  const { next } = await signUp(app, browser, { prompt: 'login' })
  const page = await next
  const other = await appIn(server, app.poolId, PASSKEY_CLIENT)
  const elsewhere = new URL(page.url)
  elsewhere.searchParams.set('client_id', other.clientId)
  const refused = await browser.submit(await browser.get(elsewhere), { skip: 'yes' })
  expect(refused.url.pathname).toBe(`/${app.poolId}/login`)
  server.clock.advance(5 * 60_000 + 1)
  const late = await browser.submit(page, { skip: 'yes' })
  expect(late.url.pathname).toBe(`/${app.poolId}/login`)
})

it('is not made where the client signs nobody in with passkeys', async () => {
  const plain = await appIn(server, app.poolId, { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] })
  const { next } = await signUp(plain, new Browser())
  expect((await leaving(next)).searchParams.get('code')).toBeTruthy()
})
