// The page on which users confirm their sign-up by a code.
import { AdminConfirmSignUpCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { useTestServer } from '../../test/harness.ts'
import { makeApp, PASSWORD, redeem } from '../../test/oauth.ts'
import { leaving } from '../../test/page-walker.ts'
import { otherCode } from '../../test/sign-up.ts'
import { fields, messageOf, open, user, VERIFIES } from '../../test/sign-up-pages.ts'

describe('the page /confirm', () => {
  const server = useTestServer()
  const signedUp = async (name: string, client = {}) => {
    const app = await makeApp(server, { pool: VERIFIES, client })
    const { browser, page } = await open(app)
    return { app, browser, page: await browser.submit(page, fields(name, { email: `${name}@example.com` })) }
  }

  it('is shown to an unconfirmed user who signs in, and sends another code', async () => {
    const { app } = await signedUp('lea', { PreventUserExistenceErrors: 'ENABLED' })
    const { browser, page } = await open(app, '/login')
    const led = await browser.submit(page, { username: 'lea', password: PASSWORD })
    expect(messageOf(led)).toBe('Your account is not confirmed yet.')
    const old = await server.outbox.latestCode('lea@example.com')
    const resent = await browser.submit(led, {}, '/resendcode')
    expect(messageOf(resent)).toBe('A new message is on its way.')
    expect(resent.text).toContain('We sent a code to l***@e***.')
    const code = await server.outbox.latestCode('lea@example.com')
    if (code !== old) expect(messageOf(await browser.submit(resent, { code: old }))).toContain('The code is not right.')
    const answered = await leaving(browser.submit(resent, { code }))
    expect((await redeem(app, answered)).status).toBe(200)
  })

  it('asks for the name when it was opened by its address', async () => {
    const { app } = await signedUp('moe')
    const { browser, page } = await open(app, '/confirm')
    expect(messageOf(await browser.submit(page, { code: '123456' }))).toBe('Fill in every field.')
    const resent = await browser.submit(page, { username: 'moe' }, '/resendcode')
    const code = await server.outbox.latestCode('moe@example.com')
    const answered = await leaving(browser.submit(resent, { code }))
    expect((await redeem(app, answered)).status).toBe(200)
  })

  it('tells expired codes, five wrong ones, and the limit on new ones', async () => {
    const { browser, page } = await signedUp('ned')
    const code = await server.outbox.latestCode('ned@example.com')
    const messages: (string | undefined)[] = []
    for (let i = 0; i < 6; i++) messages.push(messageOf(await browser.submit(page, { code: otherCode(code) })))
    expect(messages.slice(0, 5)).toEqual(Array(5).fill('The code is not right. Check it and try again.'))
    expect(messages[5]).toBe('This code is not good any more. Ask for a new one.')
    expect(messageOf(await browser.submit(page, { code }))).toBe('This code is not good any more. Ask for a new one.')
    const resends: (string | undefined)[] = []
    for (let i = 0; i < 6; i++) resends.push(messageOf(await browser.submit(page, {}, '/resendcode')))
    expect(resends).toEqual([
      ...Array(5).fill('A new message is on its way.'),
      'That was tried too often. Try again later.',
    ])
  })

  it('says that a user is confirmed already, and lets them sign in', async () => {
    const { app, browser, page } = await signedUp('oda')
    await server.admin.send(new AdminConfirmSignUpCommand({ UserPoolId: app.poolId, Username: 'oda' }))
    for (const to of ['/confirm', '/resendcode']) {
      const told = await browser.submit(page, { code: '123456' }, to)
      expect(messageOf(told)).toBe('Your account is confirmed already. Sign in.')
      expect(told.text).toContain('value="oda"')
    }
    const told = await browser.submit(page, { code: '123456' })
    const answered = await leaving(browser.submit(told, { username: 'oda', password: PASSWORD }))
    expect(answered.searchParams.get('code')).toBeTruthy()
  })

  it('tells of an address that another account has as its alias', async () => {
    const app = await makeApp(server, { pool: { ...VERIFIES, AliasAttributes: ['email'] } })
    const { browser, page } = await open(app)
    const first = await browser.submit(page, fields('pat', { email: 'same@example.com' }))
    await leaving(browser.submit(first, { code: await server.outbox.latestCode('same@example.com') }))
    const second = await browser.submit(page, fields('pia', { email: 'same@example.com' }))
    const refused = await browser.submit(second, { code: await server.outbox.latestCode('same@example.com') })
    expect(messageOf(refused)).toContain('Another account has this email address or phone number already.')
    expect((await user(app, 'pia')).UserStatus).toBe('UNCONFIRMED')
  })

  it('cannot be opened with what another client sealed', async () => {
    const { app, page } = await signedUp('quin')
    const other = await makeApp(server, { pool: VERIFIES })
    const sealed = /name="pending" value="([^"]*)"/.exec(page.text)?.[1] as string
    const { browser, page: theirs } = await open(other, '/confirm')
    const answer = await browser.submit(theirs, { pending: sealed, code: '123456' })
    expect(messageOf(answer)).toBe('Fill in every field.')
    expect((await user(app, 'quin')).UserStatus).toBe('UNCONFIRMED')
  })
})
