import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import {
  CreateManagedLoginBrandingCommand,
  type CreateManagedLoginBrandingCommandInput,
  CreateUserPoolDomainCommand,
  DescribeManagedLoginBrandingByClientCommand,
  SetUICustomizationCommand,
  UpdateManagedLoginBrandingCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { ON } from '../../../test/account-pages.ts'
import { makeFederatedApp, samlProvider } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { ICO, PNG, SVG } from '../../../test/images.ts'
import { type App, authorizeUrl, CALLBACK, makeApp, makeUser, signInByPage } from '../../../test/oauth.ts'
import { Browser, type Page } from '../../../test/page-walker.ts'

type Settings = CreateManagedLoginBrandingCommandInput['Settings']

describe('the looks of login pages', () => {
  const server = useTestServer()
  const loginPage = (app: App): Promise<Page> => new Browser().get(authorizeUrl(app))
  const style = (app: App, input: Partial<CreateManagedLoginBrandingCommandInput>) =>
    server.admin.send(
      new CreateManagedLoginBrandingCommand({ UserPoolId: app.poolId, ClientId: app.clientId, ...input }),
    )
  const restyle = async ({ poolId: UserPoolId, clientId: ClientId }: App, input: { Settings: Settings }) => {
    const { ManagedLoginBranding } = await server.admin.send(
      new DescribeManagedLoginBrandingByClientCommand({ UserPoolId, ClientId }),
    )
    const { ManagedLoginBrandingId } = ManagedLoginBranding ?? {}
    await server.admin.send(new UpdateManagedLoginBrandingCommand({ UserPoolId, ManagedLoginBrandingId, ...input }))
  }
  const images = ({ text }: Page): string[] => [...text.matchAll(/[\w/-]+\/images\/[\w-]{36}/g)].map(([url]) => url)

  it('are ours without anything set', async () => {
    const { status, text } = await loginPage(await makeApp(server))
    expect(status).toBe(200)
    expect(text).toContain('content="light dark"')
    expect(text).not.toContain('<img')
  })

  describe('by a style of managed login', () => {
    it('have its colours, radii and places, and light ones alone unless it says otherwise', async () => {
      const app = await makeApp(server)
      await style(app, {
        Settings: {
          categories: { form: { location: { horizontal: 'END' } } },
          componentClasses: { buttons: { borderRadius: 3.5 } },
          components: { primaryButton: { lightMode: { defaults: { backgroundColor: '12ab34cd' } } } },
        },
      })
      const { text } = await loginPage(app)
      expect(text).toContain('--accent: #12ab34cd')
      expect(text).toContain('--radius-button: 3.5px')
      expect(text).toContain('--across: end')
      expect(text).toContain('<meta name="color-scheme" content="light"/>')
      expect(text).not.toContain('prefers-color-scheme: dark')
    })

    it('have dark ones where the browser asks for them', async () => {
      const app = await makeApp(server)
      await style(app, {
        Settings: {
          categories: { global: { colorSchemeMode: 'DYNAMIC' } },
          components: { form: { darkMode: { backgroundColor: '010203ff' } } },
        },
      })
      const { text } = await loginPage(app)
      const [before = '', dark = ''] =
        text.split('@layer pages')[1]?.split(/@media \(prefers-color-scheme: dark\) \{ :root \{ --page: #\w{8};/) ?? []
      expect(before).not.toContain('--card: #010203ff')
      expect(dark).toContain('--card: #010203ff')
    })

    it('show its images from the pool itself, in the bars, the form and the tab', async () => {
      const app = await makeApp(server)
      await style(app, {
        Settings: {
          categories: { global: { colorSchemeMode: 'DYNAMIC', pageHeader: { enabled: true } } },
          components: {
            form: { logo: { enabled: true }, backgroundImage: { enabled: false } },
            pageHeader: { logo: { enabled: true } },
          },
        },
        Assets: [
          { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'PNG', Bytes: PNG },
          { Category: 'FORM_LOGO', ColorMode: 'DARK', Extension: 'SVG', Bytes: SVG },
          { Category: 'PAGE_HEADER_LOGO', ColorMode: 'DYNAMIC', Extension: 'PNG', Bytes: PNG },
          { Category: 'PAGE_BACKGROUND', ColorMode: 'DYNAMIC', Extension: 'PNG', Bytes: PNG },
          { Category: 'FORM_BACKGROUND', ColorMode: 'DYNAMIC', Extension: 'PNG', Bytes: PNG },
          { Category: 'FAVICON_ICO', ColorMode: 'DYNAMIC', Extension: 'ICO', Bytes: ICO },
        ],
      })
      const page = await loginPage(app)
      expect(page.text).toMatch(/<header class="bar top"><picture><img /)
      expect(page.text).toMatch(/<div class="logo before"><picture><source media="\(prefers-color-scheme: dark\)" /)
      expect(page.text).toMatch(/--page-image: url\("/)
      // Turned off, or without an image.
      expect(page.text.match(/--(card|footer)-image: url/)).toBeNull()
      expect(page.text).toMatch(/<link rel="icon" href="[^"]+" type="image\/[\w.-]*icon?"\/>/)
      const found = [...new Set(images(page))]
      expect(found).toHaveLength(5)
      for (const path of found) {
        const response = await fetch(new URL(path, page.url))
        expect([path, response.status, response.headers.get('x-content-type-options')]).toEqual([path, 200, 'nosniff'])
        expect(response.headers.get('content-security-policy')).toContain('sandbox')
      }
      expect(page.headers.get('content-security-policy')).toContain("img-src 'self' data:;")
    })

    it('have the ways to sign in in its order, and a field or buttons for organisations, as it says', async () => {
      const saml = (name: string) => samlProvider(name, [`${name.toLowerCase()}.example`])
      const app = await makeFederatedApp(server, { providers: [saml('Acme'), saml('Bert'), saml('Carl')] })
      const auth = async (settings: object) => {
        await restyle(app, { Settings: { categories: { auth: settings } } as never })
        const { text } = await loginPage(app)
        const marks = [
          'name="username"',
          'name="idp_email"',
          'with Acme',
          'with Bert',
          'with Carl',
          '<details class="own"',
        ]
        return marks.filter((mark) => text.includes(mark)).sort((a, b) => text.indexOf(a) - text.indexOf(b))
      }
      await style(app, { Settings: {} })
      expect(await auth({})).toEqual(['name="idp_email"', 'name="username"'])
      const order = ['Carl', 'Acme']
      expect(await auth({ federation: { interfaceStyle: 'BUTTON_LIST', order } })).toEqual([
        'with Carl',
        'with Acme',
        'with Bert',
        'name="username"',
      ])
      const ways = (first: string, second: string, display = 'INPUT') => [
        [
          { type: first, display: first === 'FEDERATED' ? 'BUTTON' : display },
          { type: second, display: second === 'FEDERATED' ? 'BUTTON' : display },
        ],
      ]
      const [first, ...rest] = await auth({ authMethodOrder: ways('USERNAME_PASSWORD', 'FEDERATED') })
      expect([first, rest]).toEqual(['name="username"', ['with Carl', 'with Acme', 'with Bert']])
      expect(await auth({ authMethodOrder: ways('FEDERATED', 'USERNAME_PASSWORD', 'BUTTON') })).toEqual([
        'with Carl',
        'with Acme',
        'with Bert',
        '<details class="own"',
        'name="username"',
      ])
      expect(await auth({ federation: { interfaceStyle: 'DOMAIN_SEARCH' } })).toContain('name="idp_email"')
    })

    it('give the buttons of single providers colours and icons', async () => {
      const app = await makeFederatedApp(server, { providers: [samlProvider('Acme', []), samlProvider('Bert', [])] })
      const colours = { defaults: { backgroundColor: 'aa00bbff' }, hover: { textColor: '00ff00ff' } }
      await style(app, {
        Settings: {
          categories: { global: { colorSchemeMode: 'DYNAMIC' } },
          components: {
            idpButton: {
              custom: { Acme: { lightMode: colours, darkMode: { defaults: { borderColor: '12121212' } } } },
            },
          },
        },
        Assets: [
          { Category: 'IDP_BUTTON_ICON', ColorMode: 'DYNAMIC', Extension: 'PNG', Bytes: PNG, ResourceId: 'Bert' },
        ],
      })
      const { text } = await loginPage(app)
      const [, name] =
        /class="choice idpButton-customizable (idp-[0-9a-f]+)" href="[^"]*identity_provider=Acme"/.exec(text) ?? []
      expect(text).toContain(`.${name} { --idp: #aa00bbff; --idp-hover-text: #00ff00ff }`)
      expect(text).toContain(`@media (prefers-color-scheme: dark) { .${name} { --idp-line: #12121212 } }`)
      expect(text).toMatch(
        /identity_provider=Bert"><picture><img src="[^"]+" alt="" class="icon"\/><\/picture>Continue with Bert/,
      )
      expect(text.match(/class="icon"/g)).toHaveLength(1)
      await restyle(app, { Settings: { componentClasses: { idpButtons: { icons: { enabled: false } } } } })
      expect((await loginPage(app)).text).not.toContain('class="icon"')
    })

    it('have a picture of what a page is about, unless they are turned off, and colours of boxes and placeholders', async () => {
      const app = await makeApp(server, { pool: { UserPoolTags: ON } })
      const username = await makeUser(app)
      const option = { defaults: { backgroundColor: '01010101' }, selected: { foregroundColor: '02020202' } }
      await style(app, {
        Settings: {
          componentClasses: {
            input: { lightMode: { placeholderColor: '03030303' } },
            optionControls: { lightMode: option },
          },
        },
        Assets: [{ Category: 'PASSWORD_GRAPHIC', ColorMode: 'DYNAMIC', Extension: 'PNG', Bytes: PNG }],
      })
      const browser = new Browser()
      await signInByPage(app, username, {}, browser)
      const page = await browser.get(`${app.base}/account/password?client_id=${app.clientId}`)
      for (const text of ['--placeholder: #03030303', '--option: #01010101', '--option-mark: #02020202'])
        expect(page.text).toContain(text)
      const forgotten = async () => {
        const url = authorizeUrl(app)
        url.pathname = url.pathname.replace('/oauth2/authorize', '/forgotPassword')
        return (await new Browser().get(url)).text
      }
      expect(await forgotten()).toMatch(/<img src="[^"]+" alt="" class="graphic"\/>/)
      expect((await loginPage(app)).text).not.toContain('class="graphic"')
      await restyle(app, { Settings: { categories: { form: { displayGraphics: false } } } })
      expect(await forgotten()).not.toContain('class="graphic"')
    })

    it('are ours with the values that Cognito provides, and of no other client', async () => {
      const app = await makeApp(server)
      const plain = stable(await loginPage(app))
      await style(app, { UseCognitoProvidedValues: true })
      expect(stable(await loginPage(app))).toBe(plain)
    })
  })

  describe('by CSS and logo of the classic pages', () => {
    const CSS = '.submitButton-customizable { background-color: rgb(1, 2, 3); } .banner-customizable { padding: 9px; }'
    const customize = (app: App, ClientId: string) =>
      server.admin.send(new SetUICustomizationCommand({ UserPoolId: app.poolId, ClientId, CSS, ImageFile: PNG }))

    it('are on the pages of the path form, for every client or one', async () => {
      const app = await makeApp(server)
      const domain = { UserPoolId: app.poolId, Domain: `looks-${app.poolId.slice(-6).toLowerCase()}` }
      await server.admin.send(new CreateUserPoolDomainCommand({ ...domain, ManagedLoginVersion: 1 }))
      await customize(app, 'ALL')
      const { text } = await loginPage(app)
      expect(text).toMatch(/@layer pages.*\.submitButton-customizable ?\{ ?background-color: ?rgb\(1, ?2, ?3\)/s)
      expect(text).toMatch(/<div class="banner banner-customizable"><picture><img [^>]*class="logo-customizable"/)
      expect(text).toContain('content="light"')
    })

    it('are not on managed pages, and those of a style not on classic ones', async () => {
      const app = await makeApp(server)
      const name = `both-${app.poolId.slice(-6).toLowerCase()}`
      await server.admin.send(
        new CreateUserPoolDomainCommand({ UserPoolId: app.poolId, Domain: name, ManagedLoginVersion: 1 }),
      )
      await customize(app, app.clientId)
      await style(app, { Settings: { componentClasses: { buttons: { borderRadius: 77 } } } })
      const managed = (await loginPage(app)).text
      const classic = await atHost(app, `${name}.auth.localhost`)
      expect([classic.includes('--radius-button: 77px'), /rgb\(1, ?2, ?3\)/.test(classic)]).toEqual([false, true])
      expect(classic).toMatch(/<input type="submit" name="signInSubmitButton" [^>]*value="Sign in"/)
      const [logo = ''] = /\/[\w/-]+\/images\/[\w-]{36}/.exec(classic) ?? []
      expect((await fetch(`${server.publicUrl}${logo}`)).status).toBe(200)
      expect([managed.includes('--radius-button: 77px'), /rgb\(1, ?2, ?3\)/.test(managed)]).toEqual([true, false])
    })
  })
})

/** The sign-in page on the host of a domain. */
async function atHost({ server, clientId }: App, host: string): Promise<string> {
  const query = new URLSearchParams({ response_type: 'code', client_id: clientId, redirect_uri: CALLBACK })
  const { port } = new URL(server.publicUrl)
  const [response] = (await once(
    request({ host: '127.0.0.1', port, path: `/login?${query}`, headers: { host } }).end(),
    'response',
  )) as [IncomingMessage]
  return text(response)
}

/** A page without what is new in each. */
const stable = ({ text }: Page): string => text.replace(/(nonce|value)="[\w-]+"/g, '')
