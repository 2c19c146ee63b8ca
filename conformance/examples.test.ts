// The programs of examples/ run as their README says, on the variables that the server prints at its start.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openBrowser } from '../server/test/browser.ts'
import { type SmtpServer, startSmtpServer } from '../server/test/smtp-server.ts'
import { type StartedServer, startServer } from './start-server.ts'
import { adminClient } from './user-pool.ts'

type Frame = ReturnType<Page['frameLocator']>

const folder = fileURLToPath(new URL('../examples/', import.meta.url))
const triggersFile = join(folder, 'triggers.json')

let server: StartedServer

beforeAll(async () => {
  server = await startServer({ env: { TRIGGERS_FILE: triggersFile } })
})
afterAll(() => server?.stop())

/** A program on the variables that a server printed. */
function begin(program: string, at: StartedServer) {
  const line = /^ +export (AWS_ENDPOINT_URL=.*)$/m.exec(at.output())?.[1] as string
  const printed = Object.fromEntries(line.split(' ').map((pair) => pair.split('=') as [string, string]))
  return spawn(process.execPath, [join(folder, program)], { env: { PATH: process.env['PATH'], ...printed } })
}

/** What a program printed. `onPrompt` gives the line that is typed when it asks for one. */
async function run(program: string, { at = server, onPrompt = async () => '' } = {}): Promise<string> {
  const child = begin(program, at)
  let said = ''
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
  })
  child.stdout.setEncoding('utf8').on('data', async (text: string) => {
    said += text
    if (text.endsWith(': ')) child.stdin.end(`${await onPrompt()}\n`)
  })
  const code = await new Promise((ended) => child.once('close', ended))
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${said}${complaints}`)
  return said
}

test('aws-sdk.mjs', async () => {
  expect(await run('aws-sdk.mjs')).toMatch(
    /^Made the user pool us-east-1_\w+ with the app client \w+\.\nSigned in as ada: \{.*email: 'ada@example\.com'/s,
  )
})

test('amplify.mjs', async () => {
  const said = await run('amplify.mjs')
  expect(said).toMatch(/Signed in: \{.*username: 'ada'/s)
  expect(said).toMatch(/email: 'ada@example\.com'/)
  expect(said).toMatch(/Signed out\.\n$/)
})

const LINK = /https:\/\/app\.example\.com\/sign-in#\S+/
const SIGNED_IN = /Signed in as ada\.\n$/

test('magic-link.mjs, with the link that the server prints', async () => {
  const onPrompt = () => vi.waitUntil(() => LINK.exec(server.output())?.[0])
  expect(await run('magic-link.mjs', { onPrompt })).toMatch(SIGNED_IN)
})

test('magic-link.mjs, with the link from the mail', async () => {
  const smtp: SmtpServer = await startSmtpServer()
  const place = mkdtempSync(join(tmpdir(), 'magic-link-'))
  const file = join(place, 'triggers.json')
  const module = join(folder, 'magic-link-trigger.mjs')
  const [key = ''] = Object.keys(JSON.parse(readFileSync(triggersFile, 'utf8')))
  writeFileSync(file, JSON.stringify({ [key]: { module, environment: { SMTP_URL: smtp.url } } }))
  const mailing = await startServer({ env: { TRIGGERS_FILE: file } })
  try {
    const onPrompt = () => vi.waitUntil(() => LINK.exec(smtp.mails[0]?.body ?? '')?.[0])
    expect(await run('magic-link.mjs', { at: mailing, onPrompt })).toMatch(SIGNED_IN)
    expect(smtp.mails.map(({ recipients }) => recipients)).toEqual([['ada@example.com']])
    expect(mailing.output()).not.toMatch(LINK)
  } finally {
    await mailing.stop()
    await smtp.close()
    rmSync(place, { recursive: true })
  }
})

test('user-migration.mjs', async () => {
  const said = await run('user-migration.mjs')
  expect(said).toMatch(/^grace, a guess: Incorrect username or password\.\ngrace has come over, CONFIRMED: \{/)
  expect(said).toMatch(/name: 'Grace Hopper'/)
  expect(said).toMatch(/grace signed in again, without the old directory\.\n$/)
})

test('its function: who has forgotten the password gets a code, who is not in the directory is told nothing else', async () => {
  const admin = adminClient(server)
  const LambdaConfig = { UserMigration: 'arn:aws:lambda:us-east-1:000000000000:function:user-migration' }
  const { UserPool } = await admin.send(new CreateUserPoolCommand({ PoolName: 'old', LambdaConfig }))
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId: UserPool?.Id,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    }),
  )
  const ClientId = UserPoolClient?.ClientId
  const forgot = await admin.send(new ForgotPasswordCommand({ ClientId, Username: 'alan' }))
  expect(forgot.CodeDeliveryDetails?.Destination).toBe('a***@e***')
  const AuthParameters = { USERNAME: 'nobody', PASSWORD: 'Enigma-1912' }
  const signIn = admin.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }))
  await expect(signIn).rejects.toThrow('Incorrect username or password.')
  admin.destroy()
})

test('sync-node.mjs', async () => {
  const said = await run('sync-node.mjs')
  const all = "{ coffees: 3, title: 'To the sea', towns: [ 'Lisbon', 'Porto' ] }"
  expect(said).toContain("unsent: { coffees: 2, title: 'To the sea', towns: [ 'Lisbon' ] } 3\n")
  for (const device of ['The phone', 'The laptop']) expect(said).toContain(`${device}: ${all}\n`)
  expect(said).toContain(`started again without a word to the server: ${all}\n`)
})

test('sync-react: two tabs and a phone', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [join(folder, 'sync-react/start.mjs')], { env: { PATH: process.env['PATH'] } })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const browser = await openBrowser()
  try {
    const address = await vi.waitUntil(() => /^Open (\S+)/m.exec(said)?.[1], { timeout: 30_000 })
    const page = await browser.newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(address)
    const [first, second, phone] = [0, 1, 2].map((index) => page.frameLocator('iframe').nth(index)) as [
      Frame,
      Frame,
      Frame,
    ]
    await first.getByLabel('Title').fill('To the sea')
    await second.getByRole('button', { name: 'One more' }).click()
    await second.getByLabel('Title').and(second.locator('[value="To the sea"]')).waitFor()
    await first.locator('output', { hasText: '1' }).waitFor()
    await first.getByText('All saved').waitFor()
    await phone.getByText('Offline', { exact: true }).click()
    await phone.getByRole('button', { name: 'One more' }).click()
    await phone.getByText('Offline, 1 to send').waitFor()
    await phone.getByText('Offline', { exact: true }).click()
    await phone.locator('output', { hasText: '2' }).waitFor()
    await phone.getByLabel('Title').and(phone.locator('[value="To the sea"]')).waitFor()
    await phone.getByText('All saved').waitFor()
  } catch (error) {
    throw new Error(`It said: ${said}`, { cause: error })
  } finally {
    await browser.close()
    child.kill()
  }
})

/** Opens what a program prints in a browser, and ends it after that. */
async function visit(program: string, use: (page: Page, address: string) => Promise<void>): Promise<void> {
  const child = begin(program, server)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const browser = await openBrowser()
  try {
    const address = await vi.waitUntil(() => /^Open (\S+) and sign in as ada/m.exec(said)?.[1], { timeout: 20_000 })
    const page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(address)
    await use(page, address)
  } catch (error) {
    throw new Error(`${program} said: ${said}`, { cause: error })
  } finally {
    await browser.close()
    child.kill()
  }
}

/** On the sign-in page of the pool. */
async function signInAsAda(page: Page): Promise<void> {
  await page.fill('input[name="username"]', 'ada')
  await page.fill('input[name="password"]', 'Correct-horse-1')
  await page.click('button[name="signInSubmitButton"]')
}

test('machine-client.mjs', async () => {
  expect(await run('machine-client.mjs')).toBe(
    'A token for 3600 seconds.\nReading: 200\nWriting: 403\nWithout a token: 401\n',
  )
})

test('single-page-app.mjs', { timeout: 60_000 }, () =>
  visit('single-page-app.mjs', async (page, address) => {
    await page.click('#sign-in')
    await signInAsAda(page)
    await page.getByText('Hello, Ada Lovelace').waitFor()
    await page.click('#renew')
    await page.getByText('Renewed until').waitFor()
    await page.click('#sign-out')
    await page.waitForURL(address)
    await page.getByText('Nobody is signed in').waitFor()
    // The pool has forgotten the browser, too.
    await page.click('#sign-in')
    await page.waitForSelector('input[name="password"]')
  }),
)

test('auth-js.mjs', { timeout: 60_000 }, () =>
  visit('auth-js.mjs', async (page, address) => {
    await page.click('text=Sign in')
    await page.click('button[type="submit"]')
    await signInAsAda(page)
    await page.waitForURL(`${address}**`)
    await page.goto(address)
    await page.getByText('Hello, ada@example.com').waitFor()
    await page.click('text=Sign out')
    await page.click('button[type="submit"]')
    await page.getByText('Nobody is signed in').waitFor()
  }),
)
