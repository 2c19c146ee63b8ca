// Single logout (docs/reference/oauth-and-federation.md 23): by the application, and by the provider.
import { sign, verify, X509Certificate } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { GetSigningCertificateCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../test/certificate.ts'
import { makeFederatedApp } from '../../../test/federated-app.ts'
import { engines, useTestServer } from '../../../test/harness.ts'
import { type App, authorizeUrl, SIGNED_OUT } from '../../../test/oauth.ts'
import { Browser, LeftTheServer, leaving, type Page, wordsOf } from '../../../test/page-walker.ts'
import {
  type AtProvider,
  postFrom,
  readRequest,
  SLO,
  samlProvider,
  signInBySaml,
  told,
} from '../../../test/saml-app.ts'
import { base64, ENTITY_ID, nameId, providerKey, type SignOptions, signed } from '../../../test/saml-provider.ts'

const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol'
const other = makeCertificate()

interface Message {
  issuer?: string
  destination?: string
  issuedAt?: number
  attributes?: string
  content?: string
}

let made = 0

/** A message of the provider about a logout, unsigned. */
function message(app: App, kind: 'LogoutRequest' | 'LogoutResponse', of: Message = {}): { xml: string; id: string } {
  const id = `_logout${++made}`
  const issuedAt = new Date(app.server.clock.now() + (of.issuedAt ?? 0)).toISOString()
  const destination = of.destination ?? `${app.base}/saml2/logout`
  const xml = `<samlp:${kind} xmlns:samlp="${PROTOCOL}" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" Version="2.0" IssueInstant="${issuedAt}" Destination="${destination}" ${of.attributes ?? ''}><saml:Issuer>${of.issuer ?? ENTITY_ID}</saml:Issuer>${of.content ?? ''}</samlp:${kind}>`
  return { xml, id }
}

const status = (value = 'Success'): string =>
  `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${value}"/></samlp:Status>`

const answer = async (app: App, request: Pick<AtProvider, 'id'>, of: Message = {}, options?: SignOptions) => {
  const { xml, id } = message(app, 'LogoutResponse', {
    attributes: `InResponseTo="${request.id}"`,
    content: status(),
    ...of,
  })
  return signed(xml, id, options)
}

const send = (app: App, browser: Browser, fields: Record<string, string> | [string, string][]) =>
  postFrom(browser, `${app.base}/saml2/logout`, fields)

const isSignedIn = async (app: App, browser: Browser): Promise<boolean> => {
  const url = authorizeUrl(app, { identity_provider: 'Corp', prompt: 'none' })
  return (await leaving(browser.get(url))).searchParams.has('code')
}

/** A message in a query, signed over it (SAML bindings 3.4.4.1). */
function inQuery(
  kind: 'SAMLRequest' | 'SAMLResponse',
  xml: string,
  relayState?: string,
  { key = providerKey().privateKey, algorithm = 'sha256' } = {},
): string {
  const parameters = [
    `${kind}=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`,
    ...(relayState === undefined ? [] : [`RelayState=${encodeURIComponent(relayState)}`]),
    `SigAlg=${encodeURIComponent(`http://www.w3.org/2001/04/xmldsig-more#rsa-${algorithm}`)}`,
  ].join('&')
  const signature = sign(algorithm, Buffer.from(parameters), key).toString('base64')
  return `${parameters}&Signature=${encodeURIComponent(signature)}`
}

const byGet = async (app: App, browser: Browser, query: string): Promise<URL | Page> => {
  try {
    return await browser.get(`${app.base}/saml2/logout?${query}`)
  } catch (error) {
    if (error instanceof LeftTheServer) return error.location
    throw error
  }
}

/** The application's own logout. */
async function logOut(app: App, browser: Browser): Promise<URL> {
  return leaving(
    browser.get(`${app.base}/logout?client_id=${app.clientId}&logout_uri=${encodeURIComponent(SIGNED_OUT)}`),
  )
}

/** Whether a query was signed by the pool (SAML bindings 3.4.4.1). */
async function isSigned({ server, poolId }: App, url: URL): Promise<boolean> {
  const { Certificate } = await server.admin.send(new GetSigningCertificateCommand({ UserPoolId: poolId }))
  const { publicKey } = new X509Certificate(Buffer.from(Certificate ?? '', 'base64'))
  const [text = '', signature = ''] = url.search.slice(1).split('&Signature=')
  expect(url.searchParams.get('SigAlg')).toBe('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
  return verify('sha256', Buffer.from(text), publicKey, Buffer.from(decodeURIComponent(signature), 'base64'))
}

describe.each(engines)('logout at a SAML provider on %s', (engine) => {
  const server = useTestServer({ engine })
  let app: App
  beforeAll(async () => {
    app = await makeFederatedApp(server, { providers: [samlProvider({ IDPSignout: 'true' })] })
  })

  async function signedIn(): Promise<Browser> {
    const browser = new Browser()
    await signInBySaml(app, {}, browser)
    expect(await isSignedIn(app, browser)).toBe(true)
    return browser
  }

  describe('that the application begins', () => {
    it('leads to the provider with a signed request, and by its answer on to the application', async () => {
      const browser = await signedIn()
      const url = await logOut(app, browser)
      expect(url.origin + url.pathname).toBe(SLO)
      expect(await isSigned(app, url)).toBe(true)
      const request = readRequest(url)
      expect(request.xml).toContain(
        '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">ada</saml:NameID><samlp:SessionIndex>_session</samlp:SessionIndex>',
      )
      expect(request.xml).toContain(`Destination="${SLO}"`)
      // Whatever the provider does.
      expect(await isSignedIn(app, browser)).toBe(false)
      const fields = { SAMLResponse: base64(await answer(app, request)), RelayState: request.relayState }
      expect(String(await send(app, browser, fields))).toBe(SIGNED_OUT)
      const partial = await answer(app, request, { content: status('PartialLogout') })
      expect(String(await send(app, browser, { ...fields, SAMLResponse: base64(partial) }))).toBe(SIGNED_OUT)
    })

    const wrong: [string, (request: AtProvider) => Promise<string>][] = [
      [
        'without a signature',
        async ({ id }) => message(app, 'LogoutResponse', { attributes: `InResponseTo="${id}"`, content: status() }).xml,
      ],
      ['of another key', (request) => answer(app, request, {}, { key: other.privateKey })],
      ['to another request', () => answer(app, { id: '_other' })],
      ['to no request', (request) => answer(app, request, { attributes: '' })],
      ['of another issuer', (request) => answer(app, request, { issuer: 'https://evil.example' })],
      ['for another destination', (request) => answer(app, request, { destination: 'https://evil.example' })],
      ['that is too old', (request) => answer(app, request, { issuedAt: -361_000 })],
      ['of the future', (request) => answer(app, request, { issuedAt: 90_000 })],
      [
        'that was changed',
        async (request) => (await answer(app, request)).replace('status:Success', 'status:Requester'),
      ],
      ['with a DOCTYPE', async (request) => `<!DOCTYPE x>${await answer(app, request)}`],
      [
        'that is a request',
        async () => {
          const { xml, id } = message(app, 'LogoutRequest', { content: nameId('ada') })
          return signed(xml, id)
        },
      ],
      [
        'around a signed one',
        async (request) =>
          `<samlp:LogoutResponse xmlns:samlp="${PROTOCOL}" ID="_evil" Version="2.0">${await answer(app, request)}</samlp:LogoutResponse>`,
      ],
    ]
    it.each(wrong)('refuses an answer %s', async (_name, make) => {
      const request = readRequest(await logOut(app, await signedIn()))
      const fields = { SAMLResponse: base64(await make(request)), RelayState: request.relayState }
      expect(told(await send(app, new Browser(), fields))['page']).toMatch(/\/error\?error=invalid_request/)
    })

    it('refuses a RelayState of its own, one that is too old, and an answer by GET that is not signed over the query', async () => {
      const request = readRequest(await logOut(app, await signedIn()))
      const SAMLResponse = base64(await answer(app, request))
      for (const RelayState of ['https://evil.example', '', SIGNED_OUT])
        expect(told(await send(app, new Browser(), { SAMLResponse, RelayState }))['page']).toMatch(
          /\/error\?error=invalid_request/,
        )
      const query = new URLSearchParams({ SAMLResponse, RelayState: request.relayState })
      const byGet = await new Browser().get(`${app.base}/saml2/logout?${query}`)
      expect(byGet.url.pathname).toMatch(/\/error$/)
      const both: [string, string][] = [
        ['SAMLRequest', SAMLResponse],
        ['SAMLResponse', SAMLResponse],
        ['RelayState', request.relayState],
      ]
      expect(told(await send(app, new Browser(), both))['page']).toMatch(/\/error/)
      server.clock.advance(301_000)
      const late = base64(await answer(app, request))
      expect(
        told(await send(app, new Browser(), { SAMLResponse: late, RelayState: request.relayState }))['page'],
      ).toMatch(/\/error/)
    })

    it('takes an answer in the query that is signed over it, and no other', async () => {
      const request = readRequest(await logOut(app, await signedIn()))
      const { xml } = message(app, 'LogoutResponse', { attributes: `InResponseTo="${request.id}"`, content: status() })
      const good = inQuery('SAMLResponse', xml, request.relayState)
      expect(String(await byGet(app, new Browser(), good))).toBe(SIGNED_OUT)
      expect(
        String(
          await byGet(app, new Browser(), inQuery('SAMLResponse', xml, request.relayState, { algorithm: 'sha512' })),
        ),
      ).toBe(SIGNED_OUT)
      const bad = [
        good.replace(/&Signature=.*/, ''),
        good.replace(/&SigAlg=[^&]*/, ''),
        good.replace(/RelayState=[^&]*/, `RelayState=${encodeURIComponent(`${request.relayState}x`)}`),
        good.replace('SAMLResponse=', 'SAMLResponse=A'),
        `${good}&RelayState=x`,
        `${good}&SAMLEncoding=other`,
        inQuery('SAMLResponse', xml, request.relayState, { key: other.privateKey }),
        inQuery('SAMLResponse', xml, request.relayState, { algorithm: 'sha1' }),
        inQuery('SAMLRequest', xml, request.relayState),
        inQuery('SAMLResponse', ' '.repeat(200_000) + xml, request.relayState),
        // A signature of its own does not count here, and must not be there (SAML bindings 3.4.4.1).
        inQuery('SAMLResponse', await answer(app, request), request.relayState),
      ]
      for (const [index, query] of bad.entries())
        expect([index, told(await byGet(app, new Browser(), query))['page']]).toEqual([
          index,
          expect.stringMatching(/\/error\?error=invalid_request/),
        ])
    })

    it('leads there from the page that signs out, and back to the one that says so', async () => {
      const browser = await signedIn()
      const page = await browser.get(`${app.base}/signout`)
      expect(page.headers.get('content-security-policy')).toContain(`form-action 'self' ${new URL(SLO).origin};`)
      const url = await leaving(browser.submit(page, {}))
      expect([url.origin + url.pathname, await isSigned(app, url)]).toEqual([SLO, true])
      expect(await isSignedIn(app, browser)).toBe(false)
      const request = readRequest(url)
      const fields = { SAMLResponse: base64(await answer(app, request)), RelayState: request.relayState }
      expect(wordsOf((await send(app, browser, fields)) as Page)).toContain('You are signed out')
    })

    it('stays here for a provider without IDPSignout', async () => {
      const quiet = await makeFederatedApp(server, { providers: [samlProvider()] })
      const browser = new Browser()
      await signInBySaml(quiet, {}, browser)
      expect(String(await logOut(quiet, browser))).toBe(SIGNED_OUT)
      expect(await isSignedIn(quiet, browser)).toBe(false)
    })
  })

  describe('that the provider begins', () => {
    const ask = async (of: Message = {}, options?: SignOptions) => {
      const { xml, id } = message(app, 'LogoutRequest', {
        content: `${nameId('ada')}<samlp:SessionIndex>_session</samlp:SessionIndex>`,
        ...of,
      })
      return { id, xml: await signed(xml, id, options) }
    }

    it("ends the browser's session, and is answered", async () => {
      const browser = await signedIn()
      const cookie = browser.cookie('cognito') as string
      const asked = await ask()
      const url = (await send(app, browser, { SAMLRequest: base64(asked.xml), RelayState: 'theirs' })) as URL
      expect(url.origin + url.pathname).toBe(SLO)
      expect(await isSigned(app, url)).toBe(true)
      expect(url.searchParams.get('RelayState')).toBe('theirs')
      const answered = readRequest(url, 'SAMLResponse')
      expect(answered.xml).toContain(`InResponseTo="${asked.id}"`)
      expect(answered.xml).toContain('status:Success')
      expect(browser.cookie('cognito')).toBeUndefined()
      // A copy of the cookie is worth nothing either.
      browser.setCookie('cognito', cookie)
      expect(await isSignedIn(app, browser)).toBe(false)
      // And not again.
      expect(told(await send(app, browser, { SAMLRequest: base64(asked.xml) }))['page']).toMatch(/\/error/)
    })

    it('in the query ends it as well, once, and is answered', async () => {
      const browser = await signedIn()
      const { xml, id } = message(app, 'LogoutRequest', { content: nameId('ada') })
      const query = inQuery('SAMLRequest', xml, 'theirs')
      const url = (await byGet(app, browser, query)) as URL
      expect(readRequest(url, 'SAMLResponse').xml).toContain(`InResponseTo="${id}"`)
      expect(url.searchParams.get('RelayState')).toBe('theirs')
      expect(browser.cookie('cognito')).toBeUndefined()
      expect(told(await byGet(app, browser, query))['page']).toMatch(/\/error/)
    })

    it('ends the sessions of the user in other browsers, and nobody else’s', async () => {
      const [asking, elsewhere] = [await signedIn(), await signedIn()]
      const grace = new Browser()
      await signInBySaml(app, { nameId: nameId('grace') }, grace)
      await send(app, asking, { SAMLRequest: base64((await ask()).xml) })
      expect(await isSignedIn(app, elsewhere)).toBe(false)
      expect(await isSignedIn(app, grace)).toBe(true)
    })

    it('leaves those of other sessions at the provider', async () => {
      const elsewhere = await signedIn()
      const content = `${nameId('ada')}<samlp:SessionIndex>_another</samlp:SessionIndex>`
      await send(app, new Browser(), { SAMLRequest: base64((await ask({ content })).xml) })
      expect(await isSignedIn(app, elsewhere)).toBe(true)
    })

    it.each<[string, string]>([
      ['of another user', nameId('grace')],
      ['of another session', `${nameId('ada')}<samlp:SessionIndex>_another</samlp:SessionIndex>`],
    ])('leaves the session alone when it is %s', async (_name, content) => {
      const browser = await signedIn()
      const { xml } = await ask({ content })
      expect((await send(app, browser, { SAMLRequest: base64(xml) })) instanceof URL).toBe(true)
      expect(await isSignedIn(app, browser)).toBe(true)
    })

    it('ends it for all sessions of the user as well', async () => {
      const browser = await signedIn()
      const { xml } = await ask({ content: nameId('ada') })
      await send(app, browser, { SAMLRequest: base64(xml) })
      expect(await isSignedIn(app, browser)).toBe(false)
    })

    it.each<[string, () => Promise<string>]>([
      ['without a signature', async () => message(app, 'LogoutRequest', { content: nameId('ada') }).xml],
      ['of another key', async () => (await ask({}, { key: other.privateKey })).xml],
      ['of an unknown issuer', async () => (await ask({ issuer: 'https://evil.example' })).xml],
      ['for another destination', async () => (await ask({ destination: 'https://evil.example' })).xml],
      ['that is too old', async () => (await ask({ issuedAt: -361_000 })).xml],
      ['whose time is over', async () => (await ask({ attributes: 'NotOnOrAfter="2020-01-01T00:00:00Z"' })).xml],
      ['of two users', async () => (await ask({ content: nameId('ada') + nameId('grace') })).xml],
      ['that was changed', async () => (await ask({ content: nameId('grace') })).xml.replace('>grace<', '>ada<')],
      [
        'by SHA-1',
        async () =>
          (await ask({}, { hash: 'sha1', signatureMethod: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' })).xml,
      ],
      ['that is no XML', async () => 'x'],
    ])('is refused %s', async (_name, make) => {
      const browser = await signedIn()
      expect(told(await send(app, browser, { SAMLRequest: base64(await make()) }))['page']).toMatch(
        /\/error\?error=invalid_request/,
      )
      expect(await isSignedIn(app, browser)).toBe(true)
    })

    it('is refused of a provider without IDPSignout', async () => {
      const quiet = await makeFederatedApp(server, { providers: [samlProvider()] })
      const browser = new Browser()
      await signInBySaml(quiet, {}, browser)
      const { xml, id } = message(quiet, 'LogoutRequest', { content: nameId('ada') })
      expect(told(await send(quiet, browser, { SAMLRequest: base64(await signed(xml, id)) }))['page']).toMatch(
        /\/error/,
      )
      expect(await isSignedIn(quiet, browser)).toBe(true)
    })

    it('by a ticket of somebody else ends nothing', async () => {
      const browser = await signedIn()
      for (const ticket of ['', 'x', browser.cookie('cognito') as string]) {
        const page = await browser.get(`${app.base}/saml2/logout?ticket=${ticket}`)
        expect(page.url.pathname).toMatch(/\/error$/)
      }
      expect(await isSignedIn(app, browser)).toBe(true)
    })
  })
})
