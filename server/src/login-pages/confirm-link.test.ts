import { AdminGetUserCommand, type VerificationMessageTemplateType } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { useTestServer } from '../../test/harness.ts'
import { type App, authorizeUrl, makeApp, PASSWORD } from '../../test/oauth.ts'
import { Browser, leaving } from '../../test/page-walker.ts'
import { signUpUser } from '../../test/sign-up.ts'

describe('the link that confirms a sign-up', () => {
  const trigger = 'arn:aws:lambda:us-east-1:000000000000:function:words'
  const server = useTestServer({
    triggers: {
      [trigger]: (event: { request: { linkParameter: string }; response: object }) => ({
        ...event,
        response: { emailSubject: 'Hello', emailMessage: `Come in: ${event.request.linkParameter}` },
      }),
    },
  })
  const template: VerificationMessageTemplateType = {
    DefaultEmailOption: 'CONFIRM_WITH_LINK',
    EmailMessageByLink: '<p>Hi {username}, {##confirm <b>now</b>##}.</p>',
    EmailSubjectByLink: 'Your link',
  }
  const makeLinkApp = (pool = {}) =>
    makeApp(server, { pool: { AutoVerifiedAttributes: ['email'], VerificationMessageTemplate: template, ...pool } })
  const mailTo = async (address: string) => {
    const [mail] = (await server.outbox.messages()).filter(({ to }) => to === address)
    const [, link = '', text] = /<a href="([^"]*)">(.*?)<\/a>/.exec(mail?.body ?? '') ?? []
    return { subject: mail?.subject, body: mail?.body, text, link: new URL(link.replaceAll('&amp;', '&')) }
  }
  const statusOf = async ({ poolId }: App, Username: string) =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))).UserStatus

  it('shows a button that confirms; opening it alone does not', async () => {
    const app = await makeLinkApp()
    await signUpUser(server, app.clientId, 'ann&b', { email: 'ann@example.com' })
    const { subject, body, text, link } = await mailTo('ann@example.com')
    expect(subject).toBe('Your link')
    expect(body).toMatch(/^<p>Hi ann&amp;b, <a /)
    expect(text).toBe('confirm <b>now</b>')
    const code = await server.outbox.latestCode('ann@example.com')
    expect(link.href).toBe(
      `${app.base}/confirmUser?client_id=${app.clientId}&user_name=ann%26b&confirmation_code=${code}`,
    )
    const browser = new Browser()
    const page = await browser.get(link)
    expect(page.text).toContain('ann&amp;b')
    expect(await statusOf(app, 'ann&b')).toBe('UNCONFIRMED')
    expect((await browser.submit(page, {})).text).toContain('Your account is confirmed')
    expect(await statusOf(app, 'ann&b')).toBe('CONFIRMED')
    // Pressed twice, or opened once more.
    expect((await browser.submit(page, {})).text).toContain('Your account is confirmed')
    // With the path as Cognito writes it.
    link.pathname += '/'
    expect((await browser.get(link)).status).toBe(200)
  })

  it('is what the sign-up page tells of, and sends anew', async () => {
    const app = await makeLinkApp()
    const browser = new Browser()
    const url = authorizeUrl(app)
    url.pathname = `/${app.poolId}/signup`
    const fields = { username: 'bob', password: PASSWORD, 'requiredAttributes[email]': 'bob@example.com' }
    const told = await browser.submit(await browser.get(url), fields)
    expect(told.text).toContain('We sent a link to b***@e***.')
    expect(told.text).not.toContain('name="code"')
    const old = await mailTo('bob@example.com')
    const resent = await browser.submit(told, {}, '/resendcode')
    expect(resent.text).toContain('A new message is on its way.')
    const { link } = await mailTo('bob@example.com')
    if (old.link.href !== link.href) {
      const expired = await browser.submit(await browser.get(old.link), {})
      expect(expired.status).toBe(400)
      expect(expired.text).toContain('This link is not good any more.')
    }
    const led = await browser.submit(await browser.get(authorizeUrl(app)), { username: 'bob', password: PASSWORD })
    expect(led.text).toContain('Open the link in the message that was sent to you')
    await browser.submit(await browser.get(link), {})
    const login = await browser.get(authorizeUrl(app))
    expect(
      (await leaving(browser.submit(login, { username: 'bob', password: PASSWORD }))).searchParams.get('code'),
    ).toBeTruthy()
  })

  it('is put into the words of a CustomMessage trigger', async () => {
    const app = await makeLinkApp({ LambdaConfig: { CustomMessage: trigger } })
    await signUpUser(server, app.clientId, 'cara', { email: 'cara@example.com' })
    const { subject, text, link } = await mailTo('cara@example.com')
    expect([subject, text]).toEqual(['Hello', 'Click Here'])
    const browser = new Browser()
    await browser.submit(await browser.get(link), {})
    expect(await statusOf(app, 'cara')).toBe('CONFIRMED')
  })

  it('refuses forms of other sites, other clients, and what is no link', async () => {
    const app = await makeLinkApp()
    await signUpUser(server, app.clientId, 'dan', { email: 'dan@example.com' })
    const { link } = await mailTo('dan@example.com')
    const forged = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ _csrf: 'one' }),
      headers: { cookie: 'XSRF-TOKEN=one', origin: 'https://evil.example' },
    })
    expect(forged.status).toBe(403)
    const browser = new Browser()
    const elsewhere = new URL(link)
    elsewhere.pathname = `/${(await makeLinkApp()).poolId}/confirmUser`
    expect((await browser.get(elsewhere)).text).toContain('The application is not known here.')
    for (const missing of ['user_name', 'confirmation_code']) {
      const broken = new URL(link)
      broken.searchParams.delete(missing)
      const page = await browser.get(broken)
      expect(page.status).toBe(400)
      expect(page.text).toContain('This link is not complete.')
    }
    const guessed = new URL(link)
    guessed.searchParams.set('confirmation_code', 'abc')
    expect((await browser.submit(await browser.get(guessed), {})).text).toContain('This link is not good any more.')
    expect(await statusOf(app, 'dan')).toBe('UNCONFIRMED')
  })
})
