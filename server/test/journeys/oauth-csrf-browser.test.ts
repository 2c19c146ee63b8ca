// A page of another site, in a real browser, against whoever is signed in at a user pool: forms, requests of scripts, images
// and frames change nothing (docs/reference/threats.md 19, docs/reference/oauth-and-federation.md 9, 25). The last test is
// the honest one: the form that response_mode=form_post lets the browser post.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loginPages } from '../../src/login-pages/endpoints.ts'
import { oauthEndpoints } from '../../src/oauth/endpoints.ts'
import { openBrowser } from '../browser.ts'
import { claimsOf, useTestServer } from '../harness.ts'
import { type App, authorizeUrl, makeApp, makeUser, PASSWORD, redeem } from '../oauth.ts'

const server = useTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '0' } })
/** Where the application is, and what it was sent: addresses, and bodies of forms. */
let callback: string
let arrived: { url: URL; body: string }[] = []
/** What needs no session and no form of ours: it takes a secret or a token of the caller. */
const OF_APPLICATIONS = Object.keys(oauthEndpoints).filter((endpoint) => oauthEndpoints[endpoint]?.cors)
const posts = Object.keys({ ...oauthEndpoints, ...loginPages })
  .filter((endpoint) => endpoint.startsWith('POST ') && !OF_APPLICATIONS.includes(endpoint))
  .map((endpoint) => endpoint.slice('POST '.length))

let app: App
let victim: string
let attacker: string
let application: Server
let evil: Server
let evilOrigin: string
let browser: Browser
beforeAll(async () => {
  application = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      if (request.url?.startsWith('/callback')) arrived.push({ url: new URL(request.url, callback), body })
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>App</title>')
    })
  })
  callback = `${await listen(application)}/callback`
  app = await makeApp(server, { client: { CallbackURLs: [callback] } })
  victim = await makeUser(app)
  attacker = await makeUser(app)
  // Another site than 127.0.0.1, where the pool is.
  evil = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'))
  evilOrigin = await listen(evil)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  for (const each of [evil, application]) each?.close()
})

/** At localhost, which is another site than 127.0.0.1. */
async function listen(one: Server): Promise<string> {
  await new Promise<void>((done) => one.listen(0, '127.0.0.1', done))
  return `http://localhost:${(one.address() as AddressInfo).port}`
}

interface Visitor {
  readonly context: BrowserContext
  readonly page: Page
}

async function newVisitor(): Promise<Visitor> {
  arrived = []
  const context = await browser.newContext()
  context.setDefaultTimeout(10_000)
  return { context, page: await context.newPage() }
}

const url = (parameters: Record<string, string> = {}): string =>
  authorizeUrl(app, { redirect_uri: callback, ...parameters }).href

async function signedIn(): Promise<Visitor> {
  const visitor = await newVisitor()
  await visitor.page.goto(url())
  await visitor.page.fill('#signInFormUsername', victim)
  await visitor.page.fill('#signInFormPassword', PASSWORD)
  await visitor.page.click('button[name="signInSubmitButton"]')
  await visitor.page.waitForURL(`${callback}**`)
  return visitor
}

/** Who is signed in, as an application learns it; undefined for nobody. */
async function whoIsIn({ page }: Visitor): Promise<unknown> {
  await page.goto(url({ prompt: 'none' }))
  const { json } = await redeem(app, arrived.at(-1)?.url as URL, { redirect_uri: callback })
  return json['access_token'] && claimsOf(json['access_token'])['username']
}

/** Fields that would sign the attacker in, sign the victim out, or take a step. */
const fields = () => ({
  client_id: app.clientId,
  redirect_uri: callback,
  logout_uri: 'https://app.example.com/goodbye',
  response_type: 'code',
  username: attacker,
  password: PASSWORD,
  new_password: `${PASSWORD}x`,
  code: '123456',
  pending: 'x',
  _csrf: 'a'.repeat(22),
})

/** A page of another site posts the fields, as a page of the browser's own. */
async function postFromElsewhere({ page }: Visitor, action: string): Promise<void> {
  await page.goto(evilOrigin)
  await Promise.all([
    page.waitForURL((now) => now.origin !== evilOrigin),
    page.evaluate(
      ([to, values]) => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: to })
        for (const [name, value] of Object.entries(values))
          form.append(Object.assign(document.createElement('input'), { name, value }))
        document.body.append(form)
        HTMLFormElement.prototype.submit.call(form)
      },
      [action, fields()] as const,
    ),
  ])
}

describe('a page of another site', () => {
  test.each(posts.filter((path) => path !== '/logout'))('posts a form to %s', async (path) => {
    const visitor = await signedIn()
    const action = `${app.base}${path}${new URL(url()).search}`
    await postFromElsewhere(visitor, action)
    expect(await whoIsIn(visitor)).toBe(victim)
    await visitor.context.close()
  })

  test('signs nobody in as the attacker', async () => {
    const visitor = await newVisitor()
    await visitor.page.goto(url())
    await postFromElsewhere(visitor, `${app.base}/login${new URL(url()).search}`)
    expect(visitor.page.url()).toContain(`${app.base}/login`)
    expect(await whoIsIn(visitor)).toBeUndefined()
    await visitor.context.close()
  })

  test('asks by scripts, images and frames, for every address that there is', async () => {
    const visitor = await signedIn()
    await visitor.page.goto(evilOrigin)
    const query = new URLSearchParams({ client_id: app.clientId, logout_uri: 'https://app.example.com/goodbye' })
    const addresses = [
      ...posts.map((path) => `${app.base}${path}${new URL(url()).search}`),
      `${app.base}/logout?${query}`,
      `${app.base}/signout`,
    ]
    await visitor.page.evaluate(
      async ([all, values]) => {
        for (const address of all) {
          const body = new URLSearchParams(values)
          await fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include', body }).catch(() => undefined)
          await fetch(address, { mode: 'no-cors', credentials: 'include' }).catch(() => undefined)
          for (const tag of ['img', 'iframe'] as const) {
            const element = Object.assign(document.createElement(tag), { src: address })
            const done = new Promise((resolve) => {
              element.onload = element.onerror = resolve
            })
            document.body.append(element)
            await done
          }
        }
      },
      [addresses, fields()] as const,
    )
    // No page of the pool is shown in a frame, where clicks could be stolen.
    for (const frame of visitor.page.frames().slice(1)) expect(frame.url()).toMatch(/^chrome-error:/)
    expect(await whoIsIn(visitor)).toBe(victim)
    await visitor.context.close()
  })

  test('reads nothing of a page', async () => {
    const visitor = await signedIn()
    await visitor.page.goto(evilOrigin)
    const outcome = await visitor.page.evaluate(
      (address) =>
        fetch(address, { credentials: 'include' }).then(
          () => 'read',
          () => 'refused',
        ),
      `${app.base}/login${new URL(url()).search}`,
    )
    expect(outcome).toBe('refused')
    await visitor.context.close()
  })
})

test('response_mode=form_post: the browser posts the answer to the application by itself', async () => {
  const visitor = await signedIn()
  await visitor.page.goto(url({ response_mode: 'form_post', state: `"'<&>` }))
  await visitor.page.waitForURL(callback)
  const posted = arrived.at(-1)
  const answer = new URLSearchParams(posted?.body ?? '')
  expect([posted?.url.href, answer.get('state')]).toEqual([callback, `"'<&>`])
  const { status } = await redeem(app, new URL(`${callback}?${answer}`), { redirect_uri: callback })
  expect(status).toBe(200)
  await visitor.context.close()
})
