// Apache with mod_auth_openidc, as Debian has it, in front of pages of its own: signs people in, reads userInfo, refreshes, signs
// out, and ends a session that it is told of over the back channel. Skipped where it is not installed: on Debian
// `apt-get install apache2-bin libapache2-mod-auth-openidc`, or APACHE_ROOT, a folder that these packages were unpacked into.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../server/test/browser.ts'
import { makePool, useTestServer } from '../server/test/harness.ts'
import { type App, appIn, makeUser, PASSWORD } from '../server/test/oauth.ts'

const root = process.env['APACHE_ROOT'] ?? ''
const program = join(root, '/usr/sbin/apache2')
const modules = join(root, '/usr/lib/apache2/modules')
const isInstalled = existsSync(program) && existsSync(join(modules, 'mod_auth_openidc.so'))

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

const configuration = (folder: string, port: number, app: App): string => `
ServerRoot ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
Listen 127.0.0.1:${port}
ServerName localhost
${['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'headers', 'auth_openidc']
  .map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`)
  .join('\n')}
DocumentRoot ${folder}/pages
DirectoryIndex index.html
OIDCProviderMetadataURL ${app.base}/.well-known/openid-configuration
OIDCClientID ${app.clientId}
OIDCClientSecret ${app.secret}
OIDCRedirectURI http://localhost:${port}/protected/callback
OIDCScope "openid email profile"
OIDCPKCEMethod S256
OIDCCryptoPassphrase "for this test alone"
OIDCCacheType shm
OIDCInfoHook userinfo access_token
<Location /protected>
  AuthType openid-connect
  Require valid-user
  Header set x-email "expr=%{reqenv:OIDC_CLAIM_email}"
</Location>
`

describe.skipIf(!isInstalled)('mod_auth_openidc', () => {
  const server = useTestServer()
  let apache: ChildProcess
  let folder: string
  let origin: string
  let app: App
  let username: string

  beforeAll(async () => {
    const port = await freePort()
    origin = `http://localhost:${port}`
    const callback = `${origin}/protected/callback`
    const tag = { 'cognomen:backchannel-logout:apache': `${callback}?logout=backchannel` }
    const { Id } = await makePool(server, { UserPoolTags: tag })
    app = await appIn(server, Id, {
      ClientName: 'apache',
      GenerateSecret: true,
      CallbackURLs: [callback],
      LogoutURLs: [`${origin}/goodbye.html`],
    })
    username = await makeUser(app, { email: 'ada@example.com', email_verified: 'true', name: 'Ada' })
    folder = await mkdtemp(join(tmpdir(), 'cognomen-apache-'))
    await mkdir(join(folder, 'pages/protected'), { recursive: true })
    await writeFile(join(folder, 'pages/protected/index.html'), '<h1>Protected</h1>')
    await writeFile(join(folder, 'pages/goodbye.html'), '<h1>Goodbye</h1>')
    await writeFile(join(folder, 'httpd.conf'), configuration(folder, port, app))
    const env = { ...process.env, ...(root && { LD_LIBRARY_PATH: join(root, '/usr/lib/x86_64-linux-gnu') }) }
    apache = spawn(program, ['-f', join(folder, 'httpd.conf'), '-DFOREGROUND'], { env, stdio: 'inherit' })
    for (let tries = 0; ; tries++) {
      const answers = await fetch(`${origin}/goodbye.html`).then(
        ({ ok }) => ok,
        () => false,
      )
      if (answers) break
      if (tries > 100) throw new Error(await readFile(join(folder, 'error.log'), 'utf8'))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  })
  afterAll(async () => {
    apache?.kill()
    if (apache) await once(apache, 'exit')
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  const withBrowser = async (use: (page: Page) => Promise<void>): Promise<void> => {
    const browser = await openBrowser()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(15_000)
      await use(page)
    } finally {
      await browser.close()
    }
  }
  async function signIn(page: Page): Promise<void> {
    await page.goto(`${origin}/protected/`)
    await page.fill('input[name="username"]', username)
    await page.fill('input[name="password"]', PASSWORD)
    const [response] = await Promise.all([
      page.waitForResponse((one) => one.url() === `${origin}/protected/` && one.status() === 200),
      page.click('button[name="signInSubmitButton"]'),
    ])
    expect(response.headers()['x-email']).toBe('ada@example.com')
    await page.getByText('Protected').waitFor()
  }
  const info = async (page: Page) =>
    JSON.parse(await page.evaluate(async () => (await fetch('/protected/callback?info=json')).text()))

  test('signs in, has read userInfo, refreshes and signs out', { timeout: 60_000 }, () =>
    withBrowser(async (page) => {
      await signIn(page)
      const first = await info(page)
      expect(first.userinfo).toMatchObject({ email: 'ada@example.com', name: 'Ada' })
      const refresh = new URLSearchParams({ refresh: `${origin}/protected/`, access_token: first.access_token })
      await page.goto(`${origin}/protected/callback?${refresh}`)
      await page.getByText('Protected').waitFor()
      expect(new URL(page.url()).search).toBe('')
      expect((await info(page)).access_token).not.toBe(first.access_token)
      await page.goto(`${origin}/protected/callback?${new URLSearchParams({ logout: `${origin}/goodbye.html` })}`)
      await page.getByText('Goodbye').waitFor()
      await page.goto(`${origin}/protected/`)
      await page.waitForSelector('input[name="password"]')
    }),
  )

  test('ends the session that it is told of over the back channel', { timeout: 60_000 }, () =>
    withBrowser(async (page) => {
      await signIn(page)
      await page.goto(`${app.base}/signout`.replace('127.0.0.1', new URL(app.base).hostname))
      await page.click('button[name="signInSubmitButton"]')
      await page.getByText('You are signed out').waitFor()
      // The application has not been asked by the browser.
      await expect
        .poll(
          async () => {
            await page.goto(`${origin}/protected/`)
            return page.locator('input[name="password"]').count()
          },
          { timeout: 20_000, interval: 500 },
        )
        .toBe(1)
    }),
  )
})
