import {
  AdminListUserAuthEventsCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  SetRiskConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, useTestServer } from '../../test/harness.ts'
import { type App, authorizeUrl, makeApp, makeUser, PASSWORD } from '../../test/oauth.ts'
import { Browser, leaving, type Page } from '../../test/page-walker.ts'
import { otherCode } from '../../test/sign-up.ts'
import { ENFORCED, FIREFOX } from '../../test/threats.ts'

const NEW_PASSWORD = 'New-horse-2!'
const messageOf = ({ text }: Page): string | undefined => /<p class="message[^>]*>([^<]*)</.exec(text)?.[1]

const openForgot = async (app: App, headers: Record<string, string> = {}) => {
  const browser = new Browser()
  const login = await browser.get(authorizeUrl(app))
  const link = /href="([^"]*\/forgotPassword[^"]*)"/.exec(login.text)?.[1]?.replaceAll('&amp;', '&') as string
  return { browser, page: await browser.get(new URL(link, login.url), headers) }
}
const withAddress = (app: App, email: string) => makeUser(app, { email, email_verified: 'true' })
const signsIn = async (app: App, username: string, password: string): Promise<boolean> => {
  const browser = new Browser()
  return browser.submit(await browser.get(authorizeUrl(app)), { username, password }).then(
    () => false,
    () => true,
  )
}

describe.each(engines)('a forgotten password on %s', (engine) => {
  const server = useTestServer({ engine })

  it('is replaced with a code, and the user goes on to sign in', async () => {
    const app = await makeApp(server)
    const username = await withAddress(app, 'ann@example.com')
    const { browser, page } = await openForgot(app)
    const asksCode = await browser.submit(page, { username })
    expect(asksCode.text).toContain('We sent a code to a***@e***.')
    expect(asksCode.text).toContain('at least 8 characters')
    const code = await server.outbox.latestCode('ann@example.com')
    const tries: [Record<string, string>, string][] = [
      [{ code, password: '' }, 'Fill in every field.'],
      [{ code, password: 'short' }, 'A password must have 6 to 256 characters, and no blank at its start or end.'],
      [{ code, password: 'weakpassword' }, 'This password does not meet the rules below. Choose another one.'],
      [{ code: otherCode(code), password: NEW_PASSWORD }, 'The code is not right. Check it and try again.'],
    ]
    for (const [fields, message] of tries) {
      const refused = await browser.submit(asksCode, fields)
      expect([refused.status, messageOf(refused)]).toEqual([400, message])
      expect(refused.text).not.toContain(NEW_PASSWORD)
    }
    const login = await browser.submit(asksCode, { code, password: NEW_PASSWORD })
    expect(messageOf(login)).toBe('Your password is changed. Sign in with the new one.')
    const answered = await leaving(browser.submit(login, { username, password: NEW_PASSWORD }))
    expect(answered.searchParams.get('code')).toBeTruthy()
    expect(await signsIn(app, username, PASSWORD)).toBe(false)
  })

  it('is set once by a code, of five at the same time', async () => {
    const app = await makeApp(server)
    const username = await withAddress(app, 'bob@example.com')
    const { browser, page } = await openForgot(app)
    const asksCode = await browser.submit(page, { username })
    const code = await server.outbox.latestCode('bob@example.com')
    const passwords = ['1', '2', '3', '4', '5'].map((end) => `${NEW_PASSWORD}${end}`)
    const pages = await Promise.all(passwords.map((password) => browser.submit(asksCode, { code, password })))
    const won = passwords.filter(
      (_, i) => messageOf(pages[i] as Page) === 'Your password is changed. Sign in with the new one.',
    )
    expect(won).toHaveLength(1)
    expect(await signsIn(app, username, won[0] as string)).toBe(true)
  })
})

describe('the pages of a forgotten password', () => {
  const server = useTestServer()

  it('send another code, and tell when too many were asked for', async () => {
    const app = await makeApp(server)
    const username = await withAddress(app, 'cara@example.com')
    const { browser, page } = await openForgot(app)
    const asksCode = await browser.submit(page, { username })
    const messages: (string | undefined)[] = []
    for (let i = 0; i < 5; i++) messages.push(messageOf(await browser.submit(asksCode, {}, '/forgotPassword')))
    expect(messages).toEqual([...Array(4).fill(undefined), 'That was tried too often. Try again later.'])
    const code = await server.outbox.latestCode('cara@example.com')
    expect(messageOf(await browser.submit(asksCode, { code, password: NEW_PASSWORD }))).toContain(
      'Your password is changed.',
    )
  })

  it('lead on a user whose password an administrator has reset', async () => {
    const app = await makeApp(server)
    const username = await withAddress(app, 'dan@example.com')
    await server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: app.poolId, Username: username }))
    const browser = new Browser()
    const led = await browser.submit(await browser.get(authorizeUrl(app)), { username, password: PASSWORD })
    expect(messageOf(led)).toBe('You must reset your password before you can sign in.')
    expect(led.text).toContain(`value="${username}"`)
    // The administrator's reset has sent a code.
    const link = /href="([^"]*\/confirmforgotPassword[^"]*)"/.exec(led.text)?.[1]?.replaceAll('&amp;', '&') as string
    const asksCode = await browser.get(new URL(link, led.url))
    const code = await server.outbox.latestCode('dan@example.com')
    const login = await browser.submit(asksCode, { username, code, password: NEW_PASSWORD })
    const answered = await leaving(browser.submit(login, { username, password: NEW_PASSWORD }))
    expect(answered.searchParams.get('code')).toBeTruthy()
  })

  it('lead on a user whose password is known from a breach', async () => {
    const app = await makeApp(server, {
      pool: { ...ENFORCED, Policies: { PasswordPolicy: { MinimumLength: 6 } } },
      client: { PreventUserExistenceErrors: 'ENABLED' },
    })
    // Else the administrator could not set such a password.
    const CompromisedCredentialsRiskConfiguration = {
      EventFilter: ['SIGN_IN' as const],
      Actions: { EventAction: 'BLOCK' as const },
    }
    await server.admin.send(
      new SetRiskConfigurationCommand({ UserPoolId: app.poolId, CompromisedCredentialsRiskConfiguration }),
    )
    const Username = await withAddress(app, 'gil@example.com')
    const Password = 'password'
    await server.admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId: app.poolId, Username, Password, Permanent: true }),
    )
    const browser = new Browser()
    const led = await browser.submit(await browser.get(authorizeUrl(app)), { username: Username, password: Password })
    expect(messageOf(led)).toBe('You must reset your password before you can sign in.')
    const asksCode = await browser.submit(led, { username: Username })
    const code = await server.outbox.latestCode('gil@example.com')
    const login = await browser.submit(asksCode, { code, password: NEW_PASSWORD })
    const answered = await leaving(browser.submit(login, { username: Username, password: NEW_PASSWORD }))
    expect(answered.searchParams.get('code')).toBeTruthy()
  })

  it('are not led to where the client hides who exists', async () => {
    const app = await makeApp(server, { client: { PreventUserExistenceErrors: 'ENABLED' } })
    const username = await withAddress(app, 'eve@example.com')
    await server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: app.poolId, Username: username }))
    const browser = new Browser()
    const refused = await browser.submit(await browser.get(authorizeUrl(app)), { username, password: PASSWORD })
    expect(messageOf(refused)).toBe('Incorrect username or password.')
    expect(refused.text).toContain(`action="/${app.poolId}/login?`)
  })

  it('say who resets passwords where users cannot, and who is unknown where the client tells', async () => {
    const closed = await makeApp(server, {
      pool: { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] } },
    })
    const { page } = await openForgot(closed)
    expect(page.text).toContain('Passwords are reset by an administrator here.')
    expect(page.text).not.toContain('<form method="post"')
    const app = await makeApp(server, { client: { PreventUserExistenceErrors: 'LEGACY' } })
    const opened = await openForgot(app)
    expect(messageOf(await opened.browser.submit(opened.page, { username: 'nobody' }))).toBe(
      'There is no account with this name.',
    )
  })

  it('refuse a password known from a breach, and record where it was changed from', async () => {
    const app = await makeApp(server, {
      pool: { ...ENFORCED, Policies: { PasswordPolicy: { MinimumLength: 6 } } },
    })
    const username = await withAddress(app, 'fay@example.com')
    const { browser, page } = await openForgot(app)
    const asksCode = await browser.submit(page, { username }, '', { 'user-agent': FIREFOX })
    const code = await server.outbox.latestCode('fay@example.com')
    const breached = await browser.submit(asksCode, { code, password: 'password' })
    expect(messageOf(breached)).toBe('This password is known from a data breach. Choose another one.')
    await browser.submit(asksCode, { code, password: NEW_PASSWORD }, '', { 'user-agent': FIREFOX })
    const { AuthEvents = [] } = await server.admin.send(
      new AdminListUserAuthEventsCommand({ UserPoolId: app.poolId, Username: username }),
    )
    const events = AuthEvents.map(({ EventType, EventResponse, EventContextData }) => [
      EventType,
      EventResponse,
      EventContextData?.IpAddress,
      EventContextData?.DeviceName,
    ])
    expect(events).toEqual([
      ['ForgotPassword', 'Pass', expect.stringMatching(/127\.0\.0\.1|::1/), expect.stringContaining('Firefox')],
      ['ForgotPassword', 'InProgress', expect.stringMatching(/127\.0\.0\.1|::1/), expect.stringContaining('Firefox')],
    ])
  })
})
