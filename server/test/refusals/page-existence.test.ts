// Who exists, told by no login page: what anybody may send to them is sent for a user in each state and for nobody, at a client
// with PreventUserExistenceErrors ENABLED. Status, headers, length and text of the pages must be those of nobody, but for the
// differences listed here (docs/reference/oauth-and-federation.md 25.14). The operations behind them are existence.test.ts.
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { useTestServer } from '../harness.ts'
import { type App, authorizeUrl, makeApp, makeUser, PASSWORD } from '../oauth.ts'
import { Browser, type Page } from '../page-walker.ts'
import { signUpUser } from '../sign-up.ts'
import { differencesOf } from './existence-answers.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const WRONG = 'Wr0ng!pass'

type Send = (path: string, fields?: Record<string, string>, to?: string) => Promise<Page>

/** Often enough to meet the hourly limits and the limit on tries at a code. */
const often = async (send: () => Promise<Page>, count = 8): Promise<Page[]> => {
  const pages: Page[] = []
  for (let i = 0; i < count; i++) pages.push(await send())
  return pages
}

const walks: Readonly<Record<string, (send: Send, username: string) => Promise<Page[]>>> = {
  'POST /login': (send, username) => often(() => send('/login', { username, password: WRONG })),
  'POST /signup': (send, username) =>
    often(
      () => send('/signup', { username, password: 'weak-password', 'requiredAttributes[email]': 'a@example.com' }),
      1,
    ),
  'POST /resendcode': (send, username) => often(() => send('/confirm', { username }, '/resendcode')),
  'POST /confirm': (send, username) => often(() => send('/confirm', { username, code: 'x' })),
  'POST /confirm after a code': async (send, username) => [
    await send('/confirm', { username }, '/resendcode'),
    ...(await often(() => send('/confirm', { username, code: 'x' }))),
  ],
  'POST /forgotPassword': (send, username) => often(() => send('/forgotPassword', { username })),
  'POST /confirmforgotPassword': (send, username) =>
    often(() => send('/confirmforgotPassword', { username, code: 'x', password: PASSWORD })),
  'POST /confirmforgotPassword after a code': async (send, username) => [
    await send('/forgotPassword', { username }),
    ...(await often(() => send('/confirmforgotPassword', { username, code: 'x', password: PASSWORD }))),
  ],
}

const made = (app: App): Promise<string> => makeUser(app, { email: 'x@example.com', email_verified: 'true' })

/** How each user is made; resolves with the name. */
const states: Readonly<Record<string, (app: App) => Promise<string>>> = {
  confirmed: made,
  disabled: async (app) => {
    const Username = await made(app)
    await app.server.admin.send(new AdminDisableUserCommand({ UserPoolId: app.poolId, Username }))
    return Username
  },
  unconfirmed: async (app) => {
    await signUpUser(app.server, app.clientId, 'newcomer', { email: 'x@example.com' })
    return 'newcomer'
  },
  reset: async (app) => {
    const Username = await made(app)
    await app.server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: app.poolId, Username }))
    return Username
  },
  invited: async ({ server, poolId }) => {
    const Username = 'invited'
    await server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: poolId,
        Username,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    )
    return Username
  },
  'without an address': (app) => makeUser(app),
}

/** What the page says: its title, its lead and its message. */
const said = (page: Page): string =>
  [...page.text.matchAll(/<(?:h1|p class="(?:lead|message)[^>]*)>([^<]*)</g)]
    .map(([, text = '']) => text)
    .join(' | ')
    .replace(/\S\*\*\*@\S\*\*\*/, 'DESTINATION')

/** The whole page, without what differs from page to page whoever it is about. */
function comparable(page: Page, username: string): string {
  const headers = [...page.headers]
    .filter(([name]) => !['date', 'content-length', 'x-amz-cognito-request-id'].includes(name))
    .map((header) => header.join(': '))
    .sort()
    .join('\n')
  const text = `${page.status}\n${headers}\n${page.text}`
  return text
    .replace(/<style.*?<\/style>/s, '')
    .replace(/nonce-[\w-]+/g, 'NONCE')
    .replaceAll(page.url.pathname.split('/')[1] ?? '', 'POOL')
    .replace(/XSRF-TOKEN=[\w-]+/g, 'XSRF-TOKEN=TOKEN')
    .replace(/(name="_csrf" value=")[^"]*/g, '$1TOKEN')
    .replace(/(name="pending" value=")([^"]*)/g, (_, start, sealed: string) => `${start}${sealed.length}`)
    .replace(/\S\*\*\*@\S\*\*\*/, 'DESTINATION')
    .replaceAll(username, 'NAME')
}

const LOGIN_AGAIN = 'Sign in to your account | Your account is confirmed already. Sign in.'
const TO_THE_CODE =
  'Confirm your account | Enter the code that was sent to you when you signed up. | Your account is not confirmed yet.'
const WRONG_CODE = (title: string): string => `${title} | The code is not right. Check it and try again.`
const CONFIRM = 'Confirm your account | Enter the code that was sent to you when you signed up.'
const RESET = 'Reset your password | Enter the code that was sent to you, and a new password.'
const NO_CODE = `${RESET} | This code is not good any more. Ask for a new one.`
const NO_RESET =
  'Reset your password | We will send you a code. With it, you choose a new password. | User password cannot be reset in the current state.'

/** A code was sent without a request that a stranger could have made: for nobody there is none. */
const CODE_OUT = 'a code is out that no stranger has asked for'
/** docs/reference/user-pools.md 3.1, 3.3: the API tells this in both modes, and applications go on by it. */
const STATUS = 'the status is told in both modes'

const KNOWN = ['confirmed', 'disabled', 'reset', 'invited', 'without an address']

/** The only differences: those of the operations behind the pages (existence-differences.ts). */
const differences: readonly { walk: string; calls: string; states: string[]; says: string; why: string }[] = [
  { walk: 'POST /login', calls: '1-8', states: ['unconfirmed'], says: TO_THE_CODE, why: STATUS },
  { walk: 'POST /resendcode', calls: '1-8', states: KNOWN, says: LOGIN_AGAIN, why: STATUS },
  { walk: 'POST /confirm', calls: '1-8', states: KNOWN, says: LOGIN_AGAIN, why: STATUS },
  { walk: 'POST /confirm', calls: '1-5', states: ['unconfirmed'], says: WRONG_CODE(CONFIRM), why: CODE_OUT },
  { walk: 'POST /confirm after a code', calls: '1-9', states: KNOWN, says: LOGIN_AGAIN, why: STATUS },
  { walk: 'POST /forgotPassword', calls: '1-8', states: ['invited'], says: NO_RESET, why: STATUS },
  { walk: 'POST /confirmforgotPassword', calls: '1-5', states: ['reset'], says: WRONG_CODE(RESET), why: CODE_OUT },
  { walk: 'POST /confirmforgotPassword after a code', calls: '1-1', states: ['invited'], says: NO_RESET, why: STATUS },
  { walk: 'POST /confirmforgotPassword after a code', calls: '2-6', states: ['invited'], says: NO_CODE, why: STATUS },
]

describe('login pages at a client that hides who exists', () => {
  const server = useTestServer({ env: { PUBLIC_CALLS_PER_MINUTE: '0' } })

  it.each(Object.entries(walks))('%s says the same for everybody, but for a list', async (walk, run) => {
    const app = await makeApp(server, {
      pool: { AutoVerifiedAttributes: ['email'] },
      client: { PreventUserExistenceErrors: 'ENABLED' },
    })
    const open = async (path: string, browser: Browser): Promise<Page> => {
      const url = authorizeUrl(app)
      url.pathname = `/${app.poolId}${path}`
      return browser.get(url)
    }
    const pagesOf = async (username: string): Promise<Page[]> => {
      const send: Send = async (path, fields = {}, to = '') => {
        const browser = new Browser()
        return browser.submit(await open(path, browser), fields, to)
      }
      return run(send, username)
    }
    const names = new Map<string, string>()
    for (const [state, make] of Object.entries(states)) names.set(state, await make(app))
    server.clock.freeze()
    for (const [state, username] of names) {
      // As long as the user's name, as pages repeat it.
      const nobody = `q${username.slice(1)}`
      const [pages, ofNobody] = [await pagesOf(username), await pagesOf(nobody)]
      // Where the texts are the same, so is the rest of the page.
      const wholes = pages.filter((page, i) => said(page) === said(ofNobody[i] as Page))
      const nobodys = ofNobody.filter((page, i) => said(page) === said(pages[i] as Page))
      expect(
        wholes.map((page) => comparable(page, username)),
        state,
      ).toEqual(nobodys.map((page) => comparable(page, nobody)))
      const expected = differences
        .filter((one) => one.walk === walk && one.states.includes(state))
        .map(({ calls, says }) => `calls ${calls}: ${says}`)
      expect(differencesOf(pages.map(said), ofNobody.map(said)), state).toEqual(expected)
    }
    server.clock.thaw()
    server.clock.advance(DAY_MS)
  })
})
