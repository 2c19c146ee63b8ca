// Identity providers on the sign-in page, as people without script see them.
import { beforeAll, describe, expect, it } from 'vitest'
import { makeFederatedApp, ownProvider, samlProvider } from '../../test/federated-app.ts'
import { useTestServer } from '../../test/harness.ts'
import { noWeb } from '../../test/identity-providers.ts'
import { type App, appIn, authorizeUrl, makeUser, PASSWORD } from '../../test/oauth.ts'
import { Browser, leaving, type Page } from '../../test/page-walker.ts'

const server = useTestServer({ effects: noWeb })

/** A provider that publishes nothing. */
const own = (ProviderName: string, IdpIdentifiers: string[] = []) => {
  const at = (path: string): string => `https://${ProviderName.toLowerCase()}.example/${path}`
  return ownProvider(at(''), {
    ProviderName,
    IdpIdentifiers,
    ProviderDetails: {
      authorize_url: at('authorize'),
      token_url: at('token'),
      attributes_url: at('me'),
      jwks_uri: at('keys'),
    },
  })
}
const social = (type: 'Google' | 'Facebook' | 'LoginWithAmazon') => ({
  ProviderName: type,
  ProviderType: type,
  ProviderDetails: { client_id: 'id', client_secret: 'secret', authorize_scopes: 'openid' },
})

/** The links to providers: text, class and URL. */
const linksOf = ({ text, url }: Page) =>
  [...text.matchAll(/<a class="choice ([\w-]+)" href="([^"]*)">([^<]*)<\/a>/g)].map(([, kind, href = '', shown]) => ({
    kind,
    shown,
    url: new URL(href.replaceAll('&amp;', '&'), url),
  }))
const hasPasswordField = ({ text }: Page): boolean => text.includes('name="password"')

describe('the sign-in page of a client with several providers', () => {
  let app: App
  beforeAll(async () => {
    app = await makeFederatedApp(server, {
      providers: [own('Acme', ['acme.example']), social('Google'), social('LoginWithAmazon'), social('Facebook')],
    })
  })

  it('has a link for each, by the names that people know, and the form for users of the pool', async () => {
    const page = await new Browser().get(authorizeUrl(app, { state: 's' }))
    expect(page.url.pathname).toBe(`/${app.poolId}/login`)
    expect(linksOf(page).map(({ shown, kind }) => [shown, kind])).toEqual([
      ['Continue with Acme', 'idpButton-customizable'],
      ['Continue with Google', 'socialButton-customizable'],
      ['Continue with Amazon', 'socialButton-customizable'],
      ['Continue with Facebook', 'socialButton-customizable'],
    ])
    expect(hasPasswordField(page)).toBe(true)
  })

  it('leads to the provider with the request of the application', async () => {
    const browser = new Browser()
    const page = await browser.get(authorizeUrl(app, { state: 's', prompt: 'login' }))
    const [link] = linksOf(page)
    expect(Object.fromEntries(link?.url.searchParams ?? [])).toMatchObject({ identity_provider: 'Acme', state: 's' })
    const request = await leaving(browser.get(link?.url as URL))
    expect(request.origin).toBe('https://acme.example')
    expect(request.searchParams.get('prompt')).toBe('login')
  })

  it('has the form alone where the application names COGNITO', async () => {
    const page = await new Browser().get(authorizeUrl(app, { identity_provider: 'COGNITO' }))
    expect(linksOf(page)).toEqual([])
    expect(hasPasswordField(page)).toBe(true)
  })

  it('leads on where it is opened with a provider', async () => {
    const url = authorizeUrl(app, { identity_provider: 'Acme' })
    url.pathname = url.pathname.replace('/oauth2/authorize', '/login')
    expect((await leaving(new Browser().get(url))).origin).toBe('https://acme.example')
  })

  it('keeps the links when a password was wrong', async () => {
    const browser = new Browser()
    const username = await makeUser(app)
    const page = await browser.get(authorizeUrl(app))
    const again = await browser.submit(page, { username, password: 'Wrong-horse-1' })
    expect(again.status).toBe(400)
    expect(linksOf(again)).toHaveLength(4)
  })
})

describe('a client without COGNITO', () => {
  let app: App
  beforeAll(async () => {
    const both = await makeFederatedApp(server, { providers: [own('Acme'), own('Beta')] })
    app = await appIn(server, both.poolId, { SupportedIdentityProviders: ['Beta', 'Acme'] })
  })

  it('shows its providers, in its order, and no form for a password', async () => {
    const page = await new Browser().get(authorizeUrl(app))
    expect(linksOf(page).map(({ shown }) => shown)).toEqual(['Continue with Beta', 'Continue with Acme'])
    expect(hasPasswordField(page)).toBe(false)
  })

  it('takes no password, although one is posted', async () => {
    const other = await appIn(server, app.poolId)
    const username = await makeUser(app)
    const browser = new Browser()
    const page = await browser.get(authorizeUrl(other))
    const url = page.text.replaceAll(other.clientId, app.clientId)
    const answered = await browser.submit({ ...page, text: url }, { username, password: PASSWORD })
    expect(answered.url.searchParams.get('error')).toBe('unknown_provider')
    expect(browser.cookie('cognito')).toBeUndefined()
  })

  it.each(['signup', 'forgotPassword', 'confirmforgotPassword'])('has no page /%s', async (name) => {
    const url = authorizeUrl(app)
    url.pathname = `/${app.poolId}/${name}`
    const page = await new Browser().get(url)
    expect([page.status, page.url.searchParams.get('error')]).toEqual([400, 'unknown_provider'])
  })

  it('goes straight to its provider where it has one alone', async () => {
    const single = await appIn(server, app.poolId, { SupportedIdentityProviders: ['Acme'] })
    const request = await leaving(new Browser().get(authorizeUrl(single)))
    expect(request.origin).toBe('https://acme.example')
    const silent = await leaving(new Browser().get(authorizeUrl(single, { prompt: 'none' })))
    expect(silent.searchParams.get('error')).toBe('login_required')
  })
})

describe('a client whose SAML providers all have identifiers', () => {
  let app: App
  beforeAll(async () => {
    app = await makeFederatedApp(server, {
      providers: [
        samlProvider('North', ['north.example']),
        samlProvider('South', ['south.example', 'East.Example']),
        own('Acme'),
      ],
    })
  })

  it('asks for an e-mail address in place of a link for each', async () => {
    const page = await new Browser().get(authorizeUrl(app))
    expect(linksOf(page).map(({ shown }) => shown)).toEqual(['Continue with Acme'])
    expect(page.text).toContain('name="idp_email"')
  })

  it.each([
    [' Ada@South.Example ', 'south.example'],
    ['ada@East.Example', 'East.Example'],
    ['"a@b"@north.example', 'north.example'],
  ])('leads to the provider of the domain of %s', async (address, identifier) => {
    const browser = new Browser()
    const page = await browser.get(authorizeUrl(app, { state: 's' }))
    const found = await browser.submit(page, { idp_email: address }, '/idpsearch')
    const target = new URL((found.headers.get('refresh') ?? '').replace('0; url=', ''), found.url)
    expect(target.pathname).toBe(`/${app.poolId}/oauth2/authorize`)
    expect(Object.fromEntries(target.searchParams)).toMatchObject({ idp_identifier: identifier, state: 's' })
    // For browsers that do not go on by themselves.
    expect(found.text).toContain(`href="${target.pathname}${target.search.replaceAll('&', '&amp;')}"`)
  })

  it.each(['ada@nowhere.example', 'nobody', '"><script>'])(
    'says so when nobody has the domain of %s',
    async (address) => {
      const browser = new Browser()
      const page = await browser.get(authorizeUrl(app))
      const again = await browser.submit(page, { idp_email: address }, '/idpsearch')
      expect(again.status).toBe(400)
      expect(again.text).toContain('No organisation with this address')
      expect(again.text).not.toContain('<script')
    },
  )

  it('has a link for each where one of them has no identifier', async () => {
    const some = await makeFederatedApp(server, {
      providers: [samlProvider('North', ['north.example']), samlProvider('South', [])],
    })
    const page = await new Browser().get(authorizeUrl(some))
    expect(linksOf(page).map(({ shown }) => shown)).toEqual(['Continue with North', 'Continue with South'])
    expect(page.text).not.toContain('idp_email')
  })
})
