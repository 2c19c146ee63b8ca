// How each login page is reached in a browser, for tests of what all of them have in common and for their screenshots.
import {
  AdminCreateUserCommand,
  CreateTermsCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Page } from 'playwright-core'
import { accountUrl, ON } from './account-pages.ts'
import type { TestServer } from './harness.ts'
import { type App, authorizeUrl, CALLBACK, makeApp, makeFactorApp, makeUser, PASSWORD } from './oauth.ts'
import { PASSKEY_CLIENT } from './passkeys.ts'
import { EMAIL, SMS, TOTP } from './second-factors.ts'
import { setTracking } from './user-sessions.ts'

/** The applications that the walks need. */
export interface Places {
  /** With a sign-up that asks for much, and terms. */
  readonly account: App
  /** With second factors. */
  readonly factors: App
  readonly choice: App
  /** On devices without a browser. */
  readonly device: App
  /** With pages of the account, and all that they can show. */
  readonly keeper: App
}

export async function makePlaces(server: TestServer): Promise<Places> {
  const noRecovery: Partial<CreateUserPoolCommandInput> = {
    AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'admin_only', Priority: 1 }] },
  }
  const atLocalhost = (app: App): App => ({ ...app, base: app.base.replace('127.0.0.1', 'localhost') })
  const required = (Name: string) => ({ Name, Required: true, Mutable: true, AttributeDataType: 'String' as const })
  const account = await makeApp(server, {
    pool: {
      AutoVerifiedAttributes: ['email'],
      Schema: ['email', 'given_name', 'birthdate', 'website'].map(required),
    },
  })
  for (const TermsName of ['terms-of-use', 'privacy-policy'])
    await server.admin.send(
      new CreateTermsCommand({
        UserPoolId: account.poolId,
        ClientId: account.clientId,
        TermsName,
        TermsSource: 'LINK',
        Enforcement: 'NONE',
        Links: { 'cognito:default': 'https://example.com/' },
      }),
    )
  const factors = await makeFactorApp(
    server,
    { MfaConfiguration: 'ON', SmsMfaConfiguration: SMS, ...TOTP, ...EMAIL },
    { pool: noRecovery },
  )
  const choice = await makeApp(server, {
    pool: { Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] } } },
    client: { ...PASSKEY_CLIENT, CallbackURLs: [CALLBACK, atHome(server)] },
  })
  const device = await makeApp(server, {
    pool: { UserPoolTags: { 'cognomen:device-grant:Living room TV': 'on' } },
    client: { ClientName: 'Living room TV', AllowedOAuthScopes: ['openid', 'email', 'profile'] },
  })
  const keeper = await makeFactorApp(
    server,
    { MfaConfiguration: 'OPTIONAL', ...TOTP, ...EMAIL },
    {
      pool: {
        ...noRecovery,
        UserPoolTags: { ...ON, 'cognomen:recovery-codes': '10' },
        AutoVerifiedAttributes: ['email', 'phone_number'],
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
        DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: true },
        DcrConfiguration: { OpenDcrEnabled: true },
      },
    },
  )
  await setTracking(server, keeper.poolId)
  return {
    account: atLocalhost(account),
    factors: atLocalhost(factors),
    choice: atLocalhost(choice),
    device: atLocalhost(device),
    keeper: atLocalhost(keeper),
  }
}

/** An application that is there: a page of the server that says it is none. */
const atHome = ({ publicUrl }: TestServer): string => `${publicUrl.replace('127.0.0.1', 'localhost')}/the-app`

let count = 0
const CONTACT = { email_verified: 'true', phone_number_verified: 'true' }

interface Walk {
  readonly server: TestServer
  readonly places: Places
  readonly page: Page
  readonly lang: string
}

const open = async ({ page, lang, places, server }: Walk, app: App, path = '/oauth2/authorize'): Promise<void> => {
  const url = authorizeUrl(app, { lang, redirect_uri: app === places.choice ? atHome(server) : CALLBACK })
  url.pathname = url.pathname.replace('/oauth2/authorize', path)
  await page.goto(url.href)
}

async function send({ page }: Walk, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]:visible`, value)
  await Promise.all([page.waitForNavigation(), page.click('button[name="signInSubmitButton"]')])
}

async function signInWithContacts(walk: Walk, contacts: Record<string, string>): Promise<void> {
  const username = await makeUser(walk.places.factors, contacts)
  await open(walk, walk.places.factors)
  await send(walk, { username, password: PASSWORD })
}

const bothContacts = () => ({
  email: `long.name.of.user.${++count}@example.com`,
  phone_number: `+1555${String(count).padStart(7, '0')}`,
  ...CONTACT,
})

const press = ({ page }: Walk, selector: string) => Promise.all([page.waitForNavigation(), page.click(selector)])

async function signUp(walk: Walk, password: string): Promise<void> {
  await open(walk, walk.places.account, '/signup')
  await send(walk, {
    username: `walker-${++count}`,
    'requiredAttributes[email]': `walker-${count}@example.com`,
    'requiredAttributes[given_name]': 'Wal',
    'requiredAttributes[birthdate]': '2000-01-31',
    'requiredAttributes[website]': 'https://example.com',
    password,
  })
}

const ACCOUNT_PAGES = ['', '/profile', '/password', '/factors', '/passkeys', '/devices', '/sessions', '/applications']

/** The pages of a user's account, and what their forms show. */
const accountWalks: Readonly<Record<string, (walk: Walk) => Promise<unknown>>> = {
  ...Object.fromEntries(
    ACCOUNT_PAGES.map((path) => [`account${path.replace('/', '-')}`, (walk: Walk) => openAccount(walk, path)]),
  ),
  'account-verify': async (walk) => {
    await openAccount(walk, '/profile')
    await walk.page.fill('[name="requiredAttributes[email]"]', `another.${++count}@example.com`)
    await press(walk, 'button[name="signInSubmitButton"]')
  },
  'account-app': async (walk) => {
    await openAccount(walk, '/factors')
    await press(walk, 'form:has([value="set-up-app"]) button')
  },
  'account-codes': async (walk) => {
    await openAccount(walk, '/factors')
    await press(walk, 'form:has([value="on"]) button')
    await press(walk, 'form:has([value="recovery-codes"]) button')
  },
  'account-changed': async (walk) => {
    await openAccount(walk, '/sessions')
    await press(walk, 'button[name="others"]')
  },
  'account-applications-allowed': async (walk) => {
    await askConsent(walk)
    await press(walk, 'button[value="allow"]')
    await walk.page.goto(accountUrl(walk.places.keeper, '/applications', { lang: walk.lang }))
  },
  'account-signed-out': (walk) => walk.page.goto(`${walk.places.keeper.base}/account?lang=${walk.lang}`),
}

/** A page of a new user's account, after the sign-in that it asks for. */
async function openAccount(walk: Walk, path: string): Promise<void> {
  const { keeper } = walk.places
  const username = await makeUser(keeper, { ...bothContacts(), name: 'Ann Example' })
  await walk.page.goto(`${accountUrl(keeper, path, { lang: walk.lang })}`)
  await send(walk, { username, password: PASSWORD })
}

/** Ends on the page that asks whether an application that registered itself may have what it asks for. */
async function askConsent(walk: Walk): Promise<void> {
  const { keeper } = walk.places
  const redirect_uri = atHome(walk.server)
  const response = await fetch(`${keeper.base}/oauth2/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [redirect_uri], client_name: 'Example assistant for documents' }),
  })
  const { client_id: clientId } = (await response.json()) as { client_id: string }
  const resource = 'https://documents.example.com/a-long-path/of-an-interface/v1'
  const username = await makeUser(keeper, { ...bothContacts(), name: 'Ann Example' })
  await walk.page.goto(authorizeUrl({ ...keeper, clientId }, { lang: walk.lang, redirect_uri, resource }).href)
  await send(walk, { username, password: PASSWORD })
}

/** Each page by a name for its screenshots. */
export const pageWalks: Readonly<Record<string, (walk: Walk) => Promise<unknown>>> = {
  'sign-in': (walk) => open(walk, walk.places.account),
  'sign-in-refused': async (walk) => {
    await open(walk, walk.places.account)
    await send(walk, { username: 'nobody', password: PASSWORD })
  },
  'sign-up': (walk) => open(walk, walk.places.account, '/signup'),
  'sign-up-refused': (walk) => signUp(walk, 'weakpassword'),
  confirm: (walk) => signUp(walk, PASSWORD),
  'confirm-link': (walk) => {
    const { base, clientId } = walk.places.account
    const query = new URLSearchParams({
      client_id: clientId,
      user_name: 'ann',
      confirmation_code: '123456',
      lang: walk.lang,
    })
    return walk.page.goto(`${base}/confirmUser?${query}`)
  },
  'forgotten-password': (walk) => open(walk, walk.places.account, '/forgotPassword'),
  'reset-password': (walk) => open(walk, walk.places.account, '/confirmforgotPassword'),
  'new-password': async (walk) => {
    const Username = `temporary-${++count}`
    await walk.server.admin.send(
      new AdminCreateUserCommand({
        UserPoolId: walk.places.account.poolId,
        Username,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    )
    await open(walk, walk.places.account)
    await send(walk, { username: Username, password: PASSWORD })
  },
  'choose-factor': (walk) => signInWithContacts(walk, bothContacts()),
  code: async (walk) => {
    await signInWithContacts(walk, bothContacts())
    await press(walk, 'button[value="EMAIL_OTP"]')
  },
  'code-refused': async (walk) => {
    await signInWithContacts(walk, bothContacts())
    await press(walk, 'button[value="SMS_MFA"]')
    await send(walk, { code: '000000' })
  },
  'set-up': (walk) => signInWithContacts(walk, {}),
  'set-up-app': async (walk) => {
    await signInWithContacts(walk, {})
    await press(walk, 'button[value="SOFTWARE_TOKEN_MFA"]')
  },
  'set-up-email': async (walk) => {
    await signInWithContacts(walk, {})
    await press(walk, 'button[value="EMAIL_OTP"]')
  },
  'username-first': (walk) => open(walk, walk.places.choice),
  'choose-first-factor': async (walk) => {
    const username = await makeUser(walk.places.choice, bothContacts())
    await open(walk, walk.places.choice)
    await send(walk, { username })
  },
  'add-passkey-signed-out': (walk) => open(walk, walk.places.choice, '/passkeys/add'),
  'add-passkey': async (walk) => {
    await signInAtChoice(walk)
    await open(walk, walk.places.choice, '/passkeys/add')
  },
  'continue-as': async (walk) => {
    await signInAtChoice(walk)
    const more = { lang: walk.lang, prompt: 'select_account', redirect_uri: atHome(walk.server) }
    await walk.page.goto(authorizeUrl(walk.places.choice, more).href)
  },
  consent: askConsent,
  device: (walk) => walk.page.goto(`${walk.places.device.base}/device?lang=${walk.lang}`),
  'device-refused': async (walk) => {
    await walk.page.goto(`${walk.places.device.base}/device?lang=${walk.lang}&user_code=BCDF-GHJK`)
    await send(walk, {})
  },
  'device-allow': allowDevice,
  'device-done': async (walk) => {
    await allowDevice(walk)
    await press(walk, 'button[value="allow"]')
  },
  'device-cancelled': async (walk) => {
    await allowDevice(walk)
    await press(walk, 'button[value="cancel"]')
  },
  ...accountWalks,
  'sign-out': (walk) => walk.page.goto(`${walk.places.account.base}/signout?lang=${walk.lang}`),
  'signed-out': (walk) => walk.page.goto(`${walk.places.account.base}/signedout?lang=${walk.lang}`),
  error: (walk) => walk.page.goto(`${walk.places.account.base}/error?error=redirect_mismatch&lang=${walk.lang}`),
}

/** Ends on the page that asks whether the device may have the sign-in. */
async function allowDevice(walk: Walk): Promise<void> {
  const { device } = walk.places
  const body = new URLSearchParams({ client_id: device.clientId })
  const response = await fetch(`${device.base}/oauth2/device_authorization`, { method: 'POST', body })
  const { user_code: code } = (await response.json()) as { user_code: string }
  const username = await makeUser(device)
  await walk.page.goto(`${device.base}/device?lang=${walk.lang}&user_code=${code}`)
  await send(walk, {})
  await send(walk, { username, password: PASSWORD })
}

/** Ends on the page of the application. */
async function signInAtChoice(walk: Walk): Promise<void> {
  const username = await makeUser(walk.places.choice)
  await open(walk, walk.places.choice)
  await send(walk, { username })
  await walk.page.fill('[name="password"]', PASSWORD)
  await press(walk, 'button[name="signInSubmitButton"]')
}
