import { request } from 'node:http'
import { connect } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import {
  AdminCreateUserCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolCommandInput,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../../test/browser.ts'
import { makePool, PASSWORD, startTestServer, type TestServer, useTestServer } from '../../test/harness.ts'

const HTML_TEMPLATE = `<div style="color: rgb(10, 20, 30)"><h1>Welcome {username}</h1><p>Password: <b>{####}</b></p>
<script>document.body.innerHTML = 'it ran'; parent.document.title = 'it ran'</script><img src="x" onerror="parent.document.title = 'it ran'"></div>`

async function signUp(
  server: TestServer,
  username: string,
  attributes: Record<string, string>,
  settings: Partial<CreateUserPoolCommandInput> = {},
): Promise<void> {
  const pool = await makePool(server, { AutoVerifiedAttributes: ['email', 'phone_number'], ...settings })
  const { UserPoolClient } = await server.admin.send(
    new CreateUserPoolClientCommand({ UserPoolId: pool.Id, ClientName: 'app' }),
  )
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
  await server.app.send(
    new SignUpCommand({ ClientId: UserPoolClient?.ClientId, Username: username, Password: PASSWORD, UserAttributes }),
  )
}

async function invite(server: TestServer, username: string, email: string, EmailMessage: string): Promise<void> {
  const pool = await makePool(server, {
    EmailConfiguration: {
      EmailSendingAccount: 'DEVELOPER',
      SourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/team@example.org',
      From: 'The Team <team@example.org>',
    },
    AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage, EmailSubject: 'Welcome, {username}' } },
  })
  await server.admin.send(
    new AdminCreateUserCommand({
      UserPoolId: pool.Id,
      Username: username,
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [{ Name: 'email', Value: email }],
    }),
  )
}

interface Answer {
  status: number | undefined
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** A raw request: fetch would not let a test choose the Host header. */
function get(
  server: TestServer,
  path: string,
  headers: Record<string, string> = { host: 'localhost' },
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
    })
    sent.on('error', reject).end()
  })
}

const THIS_MACHINE_ALONE =
  '{"message":"The outbox answers this machine alone, and no request that a proxy passed on: OUTBOX_CALLERS names others that may read it."}'

/** The different answers, all of them refusals, to a request with these headers for each address of the outbox. */
async function refusalsOf(server: TestServer, headers: Record<string, string>): Promise<string[]> {
  const [message] = await server.outbox.messages()
  const paths = ['/outbox', '/outbox.json', `/outbox/${message?.id}/body`]
  const answers = await Promise.all(paths.map((path) => get(server, path, { host: 'localhost', ...headers })))
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403])
  return [...new Set(answers.map(({ text }) => text))]
}

/** What comes back for exactly this text. */
function rawText(server: TestServer, sent: string): Promise<string> {
  const { hostname, port } = new URL(server.url)
  return readText(connect(Number(port), hostname).end(sent))
}

describe('what a browser shows', () => {
  const server = useTestServer()
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  async function open(path: string): Promise<string[]> {
    await page?.close()
    page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(server.url + path)
    return complaints
  }

  test('says what to do while there are no messages, and reloads by itself', async () => {
    const complaints = await open('/outbox')
    expect(await page.title()).toBe('Outbox')
    expect(await page.textContent('.empty')).toContain('No messages yet')
    expect(await page.textContent('.empty')).toContain('SMTP_URL')
    expect(await page.getAttribute('meta[http-equiv=refresh]', 'content')).toBe('5')
    expect(complaints).toEqual([])
  })

  test('shows messages with their codes, newest first', async () => {
    await signUp(server, 'ada', { email: 'ada@example.com' })
    await signUp(server, 'eve', { phone_number: '+491701234567' })
    const complaints = await open('/outbox')
    const code = await server.outbox.latestCode('+491701234567')
    expect(await page.locator('article').count()).toBe(2)
    const newest = page.locator('article').first()
    expect(await newest.locator('.medium').textContent()).toBe('SMS')
    expect(await newest.locator('.to').textContent()).toBe('+491701234567')
    expect(await newest.locator('.code code').textContent()).toBe(code)
    expect(await newest.locator('.code code').evaluate((element) => getComputedStyle(element).userSelect)).toBe('all')
    expect(await newest.locator('.body').textContent()).toBe(`Your verification code is ${code}. `)
    expect(await newest.locator('time').textContent()).toBe('just now')
    expect(await page.locator('article').last().locator('h2').textContent()).toBe('Your verification code')
    expect(await page.locator('meta[http-equiv=refresh]').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  test('applies its stylesheet, fits a narrow window, and has enough contrast', async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    expect(await page.locator('main').evaluate((element) => getComputedStyle(element).maxWidth)).not.toBe('none')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const [text, ground] = await page
        .locator('body')
        .evaluate((body) => [getComputedStyle(body).color, getComputedStyle(body).backgroundColor])
      expect(contrast(text as string, ground as string)).toBeGreaterThan(7)
    }
  })

  test('HTML mail is shown in a sandboxed frame with its own styles', async () => {
    await invite(server, 'grace', 'grace@example.com', HTML_TEMPLATE)
    await open('/outbox?to=grace@example.com')
    const article = page.locator('article')
    expect(await article.count()).toBe(1)
    expect(await article.locator('h2').textContent()).toBe('Welcome, grace')
    expect(await article.locator('.code small').textContent()).toBe('temporary password')
    const frame = page.frameLocator('iframe')
    expect(await frame.locator('h1').textContent()).toBe('Welcome grace')
    expect(await frame.locator('b').textContent()).toBe(await server.outbox.latestCode('grace@example.com'))
    expect(await frame.locator('div').evaluate((element) => getComputedStyle(element).color)).toBe('rgb(10, 20, 30)')
    expect(await page.title()).toBe('Outbox (1)')
    await page.goto(new URL((await page.getAttribute('iframe', 'src')) ?? '', server.url).href)
    expect(await page.textContent('h1')).toBe('Welcome grace')
  })

  test('markup in a name or subject is text', async () => {
    const username = '<img/src=x/onerror=alert(1)>'
    await invite(server, username, 'markup@example.com', 'Hello {username}, {####}')
    await open('/outbox?to=markup%40example.com')
    expect(await page.locator('article h2').textContent()).toBe(`Welcome, ${username}`)
    expect(await page.locator('article img').count()).toBe(0)
    expect(await page.frameLocator('iframe').locator('body').textContent()).toContain(`Hello ${username}, `)
    await open(`/outbox?to=${encodeURIComponent('"><script>document.title = 1</script>')}`)
    expect(await page.title()).toBe('Outbox')
    expect(await page.inputValue('input[name=to]')).toBe('"><script>document.title = 1</script>')
  })

  test('the form narrows to one address, and links switch refreshing on and off', async () => {
    await open('/outbox')
    await page.fill('input[name=to]', 'ada@example.com')
    await page.press('input[name=to]', 'Enter')
    await page.waitForURL('**/outbox?to=ada%40example.com')
    expect(await page.locator('article').count()).toBe(1)
    await page.click('text=Keep refreshing')
    expect(new URL(page.url()).search).toBe('?to=ada%40example.com&refresh=1')
    expect(await page.getAttribute('meta[http-equiv=refresh]', 'content')).toBe('5')
    await page.click('text=Stop refreshing')
    expect(new URL(page.url()).search).toBe('?to=ada%40example.com')
    await page.click('text=Show all')
    expect(await page.locator('article').count()).toBeGreaterThan(1)
  })
})

describe('what other programs get', () => {
  const server = useTestServer()
  beforeAll(() => signUp(server, 'ada', { email: 'ada@example.com' }))

  test('JSON, all or by destination', async () => {
    await signUp(server, 'eve', { phone_number: '+491701234567' })
    const all = JSON.parse((await get(server, '/outbox.json')).text)
    expect(all.messages.map(({ to }: { to: string }) => to)).toEqual(['+491701234567', 'ada@example.com'])
    const { messages } = JSON.parse((await get(server, '/outbox.json?to=%2B491701234567&limit=1')).text)
    const code = await server.outbox.latestCode('+491701234567')
    expect(messages).toEqual([
      {
        id: expect.any(String),
        createdAt: expect.any(Number),
        userPoolId: expect.any(String),
        medium: 'SMS',
        to: '+491701234567',
        body: `Your verification code is ${code}. `,
        code,
      },
    ])
    expect(messages).toEqual(await server.outbox.messages(1))
    expect(JSON.parse((await get(server, '/outbox.json?to=+491701234567&limit=1')).text)).toEqual({ messages })
    expect(JSON.parse((await get(server, '/outbox.json?to=nobody%40example.com')).text)).toEqual({ messages: [] })
  })

  test.each(['0', '-1', '1001', 'x', '1.5', ''])('limit is not %j', async (limit) => {
    expect(await get(server, `/outbox.json?limit=${limit}`)).toMatchObject({
      status: 400,
      text: '{"message":"limit must be a whole number from 1 to 1000."}',
    })
  })

  test.each(['/outbox', '/outbox.json', '/outbox?to=x'])('%s: headers that keep others out', async (path) => {
    const { status, headers } = await get(server, path)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; .*frame-ancestors 'none'$/,
      ),
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect(headers['set-cookie']).toBeUndefined()
  })

  test('a body has a Content-Security-Policy that forbids scripts', async () => {
    const [message] = await server.outbox.messages()
    const { messages } = JSON.parse((await get(server, '/outbox.json?to=ada%40example.com')).text)
    const body = await get(server, `/outbox/${messages[0].id}/body`)
    expect(body.status).toBe(200)
    expect(body.text).toBe(messages[0].body)
    expect(body.headers['content-type']).toMatch(/^text\/html; charset=utf-8$/i)
    expect(body.headers['content-security-policy']).toMatch(
      /^sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:;/,
    )
    expect(body.headers['x-content-type-options']).toBe('nosniff')
    expect(message?.medium).toBe('SMS')
    expect((await get(server, `/outbox/${message?.id}/body`)).status).toBe(404)
    expect((await get(server, '/outbox/nothing/body')).status).toBe(404)
  })

  test.each(['evil.example', 'localhost.evil.example', 'evil.example:9229'])(
    'nothing under the name %s',
    async (host) => {
      expect(await refusalsOf(server, { host })).toEqual([
        '{"message":"The outbox answers this machine under the name localhost."}',
      ])
    },
  )

  test.each(['x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'])(
    'nothing for a client of a proxy, known by %s',
    async (name) => {
      for (const value of ['127.0.0.1', '192.0.2.1', ''])
        expect(await refusalsOf(server, { [name]: value })).toEqual([THIS_MACHINE_ALONE])
    },
  )

  test('nothing for a proxy that speaks HTTP/1.0, as nginx does', async () => {
    for (const path of ['/outbox', '/outbox.json'])
      expect(await rawText(server, `GET ${path} HTTP/1.0\r\nhost: localhost\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 403 .*this machine alone/s,
      )
  })

  test('a person is told by a page what to set', async () => {
    const headers = { host: 'localhost', accept: 'text/html,*/*;q=0.8', 'x-forwarded-for': '192.0.2.1' }
    const answer = await get(server, '/outbox', headers)
    expect([answer.status, answer.headers['content-type']]).toEqual([403, expect.stringMatching(/^text\/html/)])
    expect(answer.text).toMatch(/<h1>No access<\/h1>.*OUTBOX_CALLERS/s)
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'/)
  })

  test('all of it for a client behind a proxy that OUTBOX_CALLERS and TRUSTED_PROXIES name', async () => {
    const shared = await startTestServer({ env: { OUTBOX_CALLERS: '192.0.2.0/24', TRUSTED_PROXIES: '127.0.0.1' } })
    try {
      const ask = (forwardedFor?: string) =>
        get(shared, '/outbox.json', { host: 'localhost', ...(forwardedFor && { 'x-forwarded-for': forwardedFor }) })
      expect((await ask('192.0.2.7')).status).toBe(200)
      for (const forwardedFor of ['198.51.100.1', '192.0.2.7, 198.51.100.1', undefined])
        expect((await ask(forwardedFor)).status).toBe(403)
    } finally {
      await shared.stop()
    }
  })

  test('other methods are refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await get(server, '/outbox', { host: 'localhost' }, method)).status).toBe(404)
  })
})

describe('the handle', () => {
  const server = useTestServer()

  test('rejects for an address without a code', async () => {
    await expect(server.outbox.latestCode('nobody@example.com')).rejects.toThrow(
      'No message with a code went to nobody@example.com.',
    )
  })

  test('gives the newest code, and temporary passwords as they are', async () => {
    await signUp(server, 'ada', { email: 'ada@example.com' })
    const first = await server.outbox.latestCode('ada@example.com')
    expect(first).toMatch(/^\d{6}$/)
    await signUp(
      server,
      'ada',
      { email: 'ada@example.com' },
      { EmailVerificationMessage: '99999999 is not it, {####} is' },
    )
    const [message] = await server.outbox.messages()
    expect(message?.body).toBe(`99999999 is not it, ${await server.outbox.latestCode('ada@example.com')} is`)
    await invite(server, 'grace', 'grace@example.com', '{username} {####}')
    expect(await server.outbox.latestCode('grace@example.com')).toMatch(/^\S{12,}$/)
  })
})

test('with SMTP_URL set, e-mail is not captured; in production there is no outbox page', async () => {
  const sent: string[] = []
  const server = await startTestServer({ effects: { sendEmail: async ({ to }) => void sent.push(to) } })
  await signUp(server, 'ada', { email: 'ada@example.com' })
  await signUp(server, 'eve', { phone_number: '+491701234567' })
  expect((await server.outbox.messages()).map(({ to }) => to)).toEqual(['+491701234567'])
  expect((await get(server, '/outbox')).text).toContain('E-mail is sent for real.')
  await server.stop()
  expect(sent).toEqual(['ada@example.com'])

  const production = await startTestServer({ env: { NODE_ENV: 'production' } })
  for (const path of ['/outbox', '/outbox.json']) expect((await get(production, path)).status).toBe(404)
  await production.stop()
})

/** The contrast ratio of WCAG 2.2 between two colours as `rgb(…)`. */
function contrast(first: string, second: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
      const value = Number(part) / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [dark = 0, light = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}
