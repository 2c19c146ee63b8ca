// Second factors on the login pages: each asked for, refused, asked again and exchanged for another one, and set up.
import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  type CreateUserPoolCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { claimsOf, engines, useTestServer } from '../../test/harness.ts'
import {
  type App,
  appIn,
  authorizeUrl,
  CALLBACK,
  makeFactorApp,
  makeUser,
  PASSWORD,
  passwordPage,
  redeem,
} from '../../test/oauth.ts'
import { Browser, leaving, type Page, wordsOf } from '../../test/page-walker.ts'
import { codeOf, EMAIL, SMS, STEP_MS, TOTP, wrongCodeOf } from '../../test/second-factors.ts'

const MINUTE_MS = 60_000
let count = 0

/** A user with an address and a number of their own. */
async function withContacts(app: App): Promise<{ name: string; email: string; number: string }> {
  const email = `user-${++count}@example.com`
  const number = `+1555${String(count).padStart(7, '0')}`
  const verified = { email_verified: 'true', phone_number_verified: 'true' }
  return { name: await makeUser(app, { email, phone_number: number, ...verified }), email, number }
}

const otherThan = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
const secretOf = ({ text }: Page): string => /otpauth:[^"]*secret=([A-Z2-7]+)/.exec(text)?.[1] as string

describe.each(engines)('second factors on the pages, on %s', (engine) => {
  const server = useTestServer({ engine })
  let app: App
  let setUp: App
  beforeAll(async () => {
    // No recovery by e-mail, which would take it out of the second factors (docs/reference/user-pools.md 5.8).
    const pool: Partial<CreateUserPoolCommandInput> = {
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
    }
    app = await makeFactorApp(server, { MfaConfiguration: 'ON', SmsMfaConfiguration: SMS, ...TOTP, ...EMAIL }, { pool })
    setUp = await makeFactorApp(server, { MfaConfiguration: 'ON', ...TOTP, ...EMAIL }, { pool })
  })
  const code = async (to: string) => (await server.outbox.latestCode(to)) as string
  const now = (secret: string) => codeOf(secret, server.clock.now())
  const signsIn = async (of: App, walk: Promise<Page>) => {
    const answered = await leaving(walk)
    expect(`${answered.origin}${answered.pathname}`).toBe(CALLBACK)
    expect((await redeem(of, answered)).status).toBe(200)
  }

  it('are chosen, and by SMS a wrong code is asked for again, the right one signs in', async () => {
    const { name, number } = await withContacts(app)
    const browser = new Browser()
    const choice = await passwordPage(app, browser, name)
    expect(wordsOf(choice)).toContain('Choose how to confirm it is you Text message Email')
    const asked = await browser.submit(choice, { answer: 'SMS_MFA' })
    expect(wordsOf(asked)).toContain(`We sent a code to +*******${number.slice(-4)}`)
    const wrong = await browser.submit(asked, { code: otherThan(await code(number)) })
    expect(wrong.status).toBe(400)
    expect(wordsOf(wrong)).toContain('The code is not right.')
    // As people copy it.
    const right = await code(number)
    await signsIn(app, browser.submit(wrong, { code: `${right.slice(0, 3)} ${right.slice(3)} ` }))
  })

  it('are exchanged: another way is chosen, a new code takes the place of the one before', async () => {
    const { name, email, number } = await withContacts(app)
    const browser = new Browser()
    const sms = await browser.submit(await passwordPage(app, browser, name), { answer: 'SMS_MFA' })
    // Of two, the other one is asked for at once.
    const first = await browser.submit(sms, { again: 'other' })
    expect(wordsOf(first)).toContain('We sent a code to u***@e***')
    const old = await code(email)
    const second = await browser.submit(first, { again: 'same' })
    expect(second.status).toBe(200)
    const fresh = await code(email)
    if (old !== fresh) expect(wordsOf(await browser.submit(second, { code: old }))).toContain('The code is not right.')
    // The pages before have been answered.
    for (const [page, last] of [
      [sms, await code(number)],
      [first, old],
    ] as const)
      expect(wordsOf(await browser.submit(page, { code: last }))).toContain('or was used already. Please start again.')
    await signsIn(app, browser.submit(second, { code: fresh }))
  })

  it('that is preferred is asked for, and another one may be chosen in its place', async () => {
    const { name, email } = await withContacts(app)
    const on = { Enabled: true }
    await server.admin.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId: app.poolId,
        Username: name,
        SMSMfaSettings: { ...on, PreferredMfa: true },
        EmailMfaSettings: on,
      }),
    )
    const browser = new Browser()
    const sms = await passwordPage(app, browser, name)
    expect(wordsOf(sms)).toContain('We sent a code to +')
    const mail = await browser.submit(sms, { again: 'other' })
    await signsIn(app, browser.submit(mail, { code: await code(email) }))
  })

  it('are chosen from a list where there are several others', async () => {
    const { name } = await withContacts(app)
    const browser = new Browser()
    const secret = await withApp(name)
    await server.admin.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId: app.poolId,
        Username: name,
        SMSMfaSettings: { Enabled: true },
        EmailMfaSettings: { Enabled: true },
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
      }),
    )
    server.clock.advance(STEP_MS)
    const token = await passwordPage(app, browser, name)
    expect(wordsOf(token)).toContain('Enter the code from your authenticator app.')
    expect(token.text).not.toContain('value="same"')
    const list = await browser.submit(token, { again: 'other' })
    expect(wordsOf(list)).toContain('Text message Authenticator app Email')
    const back = await browser.submit(list, { answer: 'SOFTWARE_TOKEN_MFA' })
    expect(wordsOf(await browser.submit(back, { code: wrongCodeOf(secret, server.clock.now()) }))).toContain(
      'not right',
    )
    await signsIn(app, browser.submit(back, { code: now(secret) }))
    // A code is good once.
    const again = await passwordPage(app, browser, name, { prompt: 'login' })
    expect(wordsOf(await browser.submit(again, { code: now(secret) }))).toContain('This code was used already.')
  })

  /** Gives a user an authenticator app by an access token, for which the user signs in by SMS. */
  async function withApp(name: string): Promise<string> {
    const browser = new Browser()
    const sms = await browser.submit(await passwordPage(app, browser, name), { answer: 'SMS_MFA' })
    const { UserAttributes } = await server.admin.send(
      new AdminGetUserCommand({ UserPoolId: app.poolId, Username: name }),
    )
    const number = UserAttributes?.find(({ Name }) => Name === 'phone_number')?.Value as string
    const answered = await leaving(browser.submit(sms, { code: await code(number) }))
    const AccessToken = (await redeem(app, answered)).json['access_token']
    const { SecretCode = '' } = await server.app.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    await server.app.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: now(SecretCode) }))
    return SecretCode
  }

  it('by an authenticator app is set up with a picture, a text and a link, and asked for at the next sign-in', async () => {
    const name = await makeUser(setUp)
    const browser = new Browser()
    const choice = await passwordPage(setUp, browser, name)
    expect(wordsOf(choice)).toContain('Set up a second step')
    const page = await browser.submit(choice, { answer: 'SOFTWARE_TOKEN_MFA' })
    const secret = secretOf(page)
    expect(secret).toMatch(/^[A-Z2-7]{52}$/)
    expect(page.text).toMatch(new RegExp(`href="otpauth://totp/[^":]+:${name}\\?secret=${secret}&amp;issuer=`))
    expect(page.text).toMatch(/<svg class="qr" role="img"/)
    expect(wordsOf(page)).toContain(secret.replace(/.{4}(?=.)/g, '$& '))
    const wrong = await browser.submit(page, { code: wrongCodeOf(secret, server.clock.now()) })
    expect(wordsOf(wrong)).toContain('The code is not right.')
    expect(secretOf(wrong)).toBe(secret)
    const used = now(secret)
    await signsIn(setUp, browser.submit(wrong, { code: used }))
    server.clock.advance(STEP_MS)
    const other = new Browser()
    const next = await passwordPage(setUp, other, name)
    expect(wordsOf(next)).toContain('Enter the code from your authenticator app.')
    await signsIn(setUp, other.submit(next, { code: now(secret) }))
  })

  it('are set up another way after a look at one, and by e-mail with an address that its code proves', async () => {
    const name = await makeUser(setUp)
    const email = `${name}@example.com`
    const browser = new Browser()
    const page = await browser.submit(await passwordPage(setUp, browser, name), { answer: 'SOFTWARE_TOKEN_MFA' })
    const choice = await browser.submit(page, { again: 'other' })
    const address = await browser.submit(choice, { answer: 'EMAIL_OTP' })
    expect(wordsOf(address)).toContain('Enter your email address.')
    const refused = await browser.submit(address, { email: 'no address' })
    expect(refused.status).toBe(400)
    const sent = await browser.submit(refused, { email: 'mistyped@example.com' })
    // An address is corrected by the way back, not by another code to it.
    expect(sent.text).not.toContain('value="same"')
    const anew = await browser.submit(await browser.submit(sent, { again: 'other' }), { answer: 'EMAIL_OTP' })
    const asked = await browser.submit(anew, { email })
    await signsIn(setUp, browser.submit(asked, { code: await code(email) }))
    const { UserAttributes } = await server.admin.send(
      new AdminGetUserCommand({ UserPoolId: setUp.poolId, Username: name }),
    )
    expect(UserAttributes).toEqual(
      expect.arrayContaining([
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ]),
    )
  })

  it('by e-mail is set up without typing where the user has an address', async () => {
    const email = `has-${engine}@example.com`
    const name = await makeUser(setUp, { email })
    const browser = new Browser()
    const asked = await browser.submit(await passwordPage(setUp, browser, name), { answer: 'EMAIL_OTP' })
    await signsIn(setUp, browser.submit(asked, { code: await code(email) }))
  })

  it('are set up at once where there is one, and an account that can have none is told so', async () => {
    const only = await makeFactorApp(server, { MfaConfiguration: 'ON', ...TOTP })
    const browser = new Browser()
    const page = await passwordPage(only, browser, await makeUser(only))
    expect(page.text).not.toContain('value="other"')
    await signsIn(only, browser.submit(page, { code: now(secretOf(page)) }))
    const sms = await makeFactorApp(server, { MfaConfiguration: 'ON', SmsMfaConfiguration: SMS })
    const refused = await passwordPage(sms, new Browser(), await makeUser(sms))
    expect(refused.status).toBe(400)
    expect(wordsOf(refused)).toContain('Contact support')
  })

  it('of several forms for one setting up, one wins', async () => {
    const name = await makeUser(setUp)
    const browser = new Browser()
    const page = await browser.submit(await passwordPage(setUp, browser, name), { answer: 'SOFTWARE_TOKEN_MFA' })
    const answer = { code: now(secretOf(page)) }
    const ends = await Promise.allSettled(Array.from({ length: 6 }, () => leaving(browser.submit(page, answer))))
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  describe('a page', () => {
    it('of one tab does not disturb that of another', async () => {
      const [ann, bob] = [await withContacts(app), await withContacts(app)]
      const browser = new Browser()
      const first = await browser.submit(await passwordPage(app, browser, ann.name), { answer: 'SMS_MFA' })
      const second = await browser.submit(await passwordPage(app, browser, bob.name), { answer: 'SMS_MFA' })
      await signsIn(app, browser.submit(first, { code: await code(ann.number) }))
      await signsIn(app, browser.submit(second, { code: await code(bob.number) }))
    })

    it('that was answered leads to the sign-in page after the way back', async () => {
      const { name, number } = await withContacts(app)
      const browser = new Browser()
      const page = await browser.submit(await passwordPage(app, browser, name), { answer: 'SMS_MFA' })
      const answer = { code: await code(number) }
      await signsIn(app, browser.submit(page, answer))
      const back = await browser.submit(page, answer)
      expect(back.status).toBe(400)
      expect(wordsOf(back)).toContain('or was used already. Please start again.')
      expect(back.text).toContain('name="password"')
      expect(back.text).toContain(`value="${name}"`)
    })

    it('is good for five minutes in all, however many codes are asked for', async () => {
      const { name, email } = await withContacts(app)
      const browser = new Browser()
      let page = await browser.submit(await passwordPage(app, browser, name), { answer: 'EMAIL_OTP' })
      server.clock.advance(2.5 * MINUTE_MS)
      page = await browser.submit(page, { again: 'same' })
      expect(page.status).toBe(200)
      server.clock.advance(2.5 * MINUTE_MS)
      const late = await browser.submit(page, { code: await code(email) })
      expect(late.status).toBe(400)
      expect(wordsOf(late)).toContain('This took too long')
    })

    it('is void for another application, another pool, a form of another site, and after a sign-out everywhere', async () => {
      const { name, number } = await withContacts(app)
      const browser = new Browser()
      const page = await browser.submit(await passwordPage(app, browser, name), { answer: 'SMS_MFA' })
      const answer = { code: await code(number) }
      for (const other of [await appIn(server, app.poolId), setUp]) {
        const { search } = authorizeUrl(other)
        const elsewhere = await browser.submit(
          {
            ...page,
            text: page.text.replaceAll(
              /action="[^"?]*\/mfa\?[^"]*"/g,
              `action="/${other.poolId}/mfa${search.replaceAll('&', '&amp;')}"`,
            ),
          },
          answer,
        )
        expect(elsewhere.status).toBe(403)
        expect(wordsOf(elsewhere)).toContain('The form has expired')
      }
      const stranger = new Browser()
      const forged = await stranger.submit(page, answer)
      expect(forged.status).toBe(403)
      await server.admin.send(new AdminUserGlobalSignOutCommand({ UserPoolId: app.poolId, Username: name }))
      const ended = await browser.submit(page, answer)
      expect(wordsOf(ended)).toContain('Please start again.')
    })

    it('opened by its address leads to the sign-in page', async () => {
      const { search } = authorizeUrl(app)
      for (const path of [
        '/mfa',
        '/mfaoptions',
        '/mfasetup',
        '/selectchallenge',
        '/password',
        '/passkey',
        '/resetpassword',
      ]) {
        const page = await new Browser().get(`${app.base}${path}${search}`)
        expect(page.url.pathname).toBe(`/${app.poolId}/login`)
      }
    })

    it('that cannot send one more code leaves the last one good', async () => {
      const { name, email } = await withContacts(app)
      const browser = new Browser()
      let page = await browser.submit(await passwordPage(app, browser, name), { answer: 'EMAIL_OTP' })
      let last = page
      for (let asked = 0; asked < 60 && page.status === 200; asked++) {
        last = page
        page = await browser.submit(page, { again: 'same' })
      }
      expect(wordsOf(page)).toContain('That was tried too often.')
      expect(last.status).toBe(200)
      await signsIn(app, browser.submit(page, { code: await code(email) }))
    })
  })

  it('are spared by a recovery code, which the page says where the pool has them', async () => {
    const tagged = await makeFactorApp(
      server,
      { MfaConfiguration: 'ON', SmsMfaConfiguration: SMS },
      { pool: { UserPoolTags: { 'cognomen:recovery-codes': '3' } } },
    )
    const number = `+1555${String(++count).padStart(7, '0')}`
    const name = await makeUser(tagged, { phone_number: number, phone_number_verified: 'true' })
    const browser = new Browser()
    const page = await passwordPage(tagged, browser, name)
    expect(wordsOf(page)).toContain('Or enter one of your recovery codes.')
    expect(page.text).not.toContain('inputmode="numeric"')
    const answered = await leaving(browser.submit(page, { code: await code(number) }))
    const AccessToken = (await redeem(tagged, answered)).json['access_token']
    const { json } = await server.raw('CreateRecoveryCodes', { AccessToken })
    const [recovery] = json['RecoveryCodes'] as string[]
    const asked = await passwordPage(tagged, browser, name, { prompt: 'login' })
    const tokens = await redeem(tagged, await leaving(browser.submit(asked, { code: recovery as string })))
    expect(claimsOf(tokens.json['id_token'] as string)).toMatchObject({
      acr: 'urn:cognito:loa:3',
      amr: ['pwd', 'mfa'],
    })
    const again = await passwordPage(tagged, browser, name, { prompt: 'login' })
    expect(wordsOf(await browser.submit(again, { code: recovery as string }))).toContain('The code is not right.')
  })

  it('of a temporary password come after the new one', async () => {
    const { name, number } = await withContacts(app)
    await server.admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId: app.poolId, Username: name, Password: PASSWORD, Permanent: false }),
    )
    const browser = new Browser()
    const page = await passwordPage(app, browser, name)
    expect(wordsOf(page)).toContain('Choose a new password')
    const weak = await browser.submit(page, { new_password: 'short' })
    expect(weak.status).toBe(400)
    const choice = await browser.submit(weak, { new_password: 'Another-horse-2' })
    const sms = await browser.submit(choice, { answer: 'SMS_MFA' })
    await signsIn(app, browser.submit(sms, { code: await code(number) }))
  })
})
