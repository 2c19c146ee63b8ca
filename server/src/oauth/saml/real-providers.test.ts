// Other implementations: samlp and samlify as identity providers, which read our requests and metadata and whose answers are
// taken; node-saml as the judge of our messages.
import { createServer, type Server } from 'node:http'
import {
  DescribeIdentityProviderCommand,
  GetSigningCertificateCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import express from 'express'
import * as samlify from 'samlify'
import samlp from 'samlp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idClaims, makeFederatedApp } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { type App, authorizeUrl, SIGNED_OUT } from '../../../test/oauth.ts'
import { signInAtProvider } from '../../../test/openid-providers.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'
import {
  consumerOf,
  entityIdOf,
  postFrom,
  readRequest,
  samlProvider,
  signInBySaml,
  told,
  toSamlProvider,
} from '../../../test/saml-app.ts'
import { providerKey } from '../../../test/saml-provider.ts'
import { pemOf } from '../../signing/certificate.ts'

const pemOfPool = async ({ server, poolId }: App): Promise<string> => {
  const { Certificate } = await server.admin.send(new GetSigningCertificateCommand({ UserPoolId: poolId }))
  return pemOf(Certificate ?? '')
}
const encryptionPem = async ({ server, poolId }: App): Promise<string> => {
  const { IdentityProvider } = await server.admin.send(
    new DescribeIdentityProviderCommand({ UserPoolId: poolId, ProviderName: 'Corp' }),
  )
  return pemOf(IdentityProvider?.ProviderDetails?.['ActiveEncryptionCertificate'] ?? '')
}

describe('samlp', () => {
  const server = useTestServer()
  let listener: Server
  let url: string
  let app: App
  let options: Record<string, unknown> = {}
  const key = providerKey()

  beforeAll(async () => {
    const idp = express()
    const own = { issuer: 'urn:samlp', cert: key.pem, key: key.privatePem }
    idp.get('/metadata', samlp.metadata({ ...own, redirectEndpointPath: '/samlp', postEndpointPath: '/samlp' }))
    idp.get('/samlp', (request, response, next) =>
      samlp.auth({
        ...own,
        ...options,
        getUserFromRequest: () => ({ id: 'ada', displayName: 'Ada', emails: [{ value: 'ada@example.com' }], name: {} }),
        getPostURL: (
          _audience: string,
          document: Document,
          _request: unknown,
          callback: (error: null, url: string) => void,
        ) => callback(null, document.documentElement.getAttribute('AssertionConsumerServiceURL') ?? ''),
        recipient: consumerOf(app),
        destination: consumerOf(app),
      })(request, response, next),
    )
    listener = createServer(idp)
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(listener.address() as { port: number }).port}`
  })
  afterAll(() => {
    listener.closeAllConnections()
    listener.close()
  })

  const EMAIL = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'
  const make = (details: Record<string, string> = {}) =>
    makeFederatedApp(server, {
      providers: [
        {
          ...samlProvider({ MetadataURL: `${url}/metadata`, ...details }),
          AttributeMapping: { email: EMAIL },
        },
      ],
    })
  const signIn = async () =>
    idClaims(app, await signInAtProvider(new Browser(), authorizeUrl(app, { identity_provider: 'Corp' })))
  const ada = { 'cognito:username': 'Corp_ada', email: 'ada@example.com' }

  it.each([
    { signAssertion: true, signResponse: false },
    { signAssertion: false, signResponse: true },
    { signAssertion: true, signResponse: true },
  ])('signs users in: %j', async (signing) => {
    options = signing
    app = await make()
    expect(await signIn()).toMatchObject(ada)
  })

  it('reads our signed requests', async () => {
    app = await make({ RequestSigningAlgorithm: 'rsa-sha256' })
    options = { signingCert: await pemOfPool(app) }
    expect(await signIn()).toMatchObject(ada)
    options = { signingCert: key.pem }
    const answered = await fetch((await toSamlProvider(app, new Browser())).url)
    expect(answered.status).toBe(500)
    await answered.text()
  })

  it.each([
    'http://www.w3.org/2009/xmlenc11#aes256-gcm',
    'http://www.w3.org/2009/xmlenc11#aes128-gcm',
    'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
  ])('encrypts by %s', async (encryptionAlgorithm) => {
    app = await make({ EncryptedResponses: 'true' })
    const encryptionCert = await encryptionPem(app)
    const { createPublicKey } = await import('node:crypto')
    options = {
      encryptionCert,
      encryptionPublicKey: createPublicKey(encryptionCert).export({ type: 'spki', format: 'pem' }),
      encryptionAlgorithm,
      disallowEncryptionWithInsecureAlgorithm: false,
      warnOnInsecureEncryptionAlgorithm: false,
    }
    expect(await signIn()).toMatchObject(ada)
  })
})

describe('samlify', () => {
  const server = useTestServer()
  samlify.setSchemaValidator({ validate: async () => 'other tests do' })
  const key = providerKey()
  const { binding } = samlify.Constants.namespace
  const idp = samlify.IdentityProvider({
    entityID: 'https://idp.example.com/saml',
    privateKey: key.privatePem,
    signingCert: key.pem,
    isAssertionEncrypted: false,
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    wantAuthnRequestsSigned: true,
    wantLogoutRequestSigned: true,
    wantLogoutResponseSigned: true,
    nameIDFormat: ['urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'],
    singleSignOnService: [{ Binding: binding.redirect, Location: 'https://idp.example.com/sso' }],
    singleLogoutService: [{ Binding: binding.redirect, Location: 'https://idp.example.com/slo' }],
  })
  let app: App
  let sp: ReturnType<typeof samlify.ServiceProvider>
  beforeAll(async () => {
    app = await makeFederatedApp(server, {
      providers: [
        samlProvider({
          MetadataFile: idp.getMetadata(),
          IDPSignout: 'true',
          RequestSigningAlgorithm: 'rsa-sha256',
        }),
      ],
    })
    const published = await fetch(`${app.base}/saml2/metadata?identity_provider=Corp`)
    expect(published.headers.get('content-type')).toMatch(/^application\/samlmetadata\+xml/)
    // Its logout messages are signed where the other side's settings say so.
    const wants = { wantLogoutRequestSigned: true, wantLogoutResponseSigned: true }
    sp = samlify.ServiceProvider({ metadata: await published.text(), ...wants })
  })

  /** A request of ours as samlify takes one: the query as it was sent. */
  const query = (url: URL) => ({
    query: Object.fromEntries(url.searchParams),
    octetString: url.search.slice(1).split('&Signature=')[0] ?? '',
  })

  it('reads our metadata and our requests, signs users in and out', async () => {
    expect(sp.entityMeta.getEntityID()).toBe(entityIdOf(app))
    const browser = new Browser()
    const request = await toSamlProvider(app, browser)
    const { extract } = await idp.parseLoginRequest(sp, 'redirect', query(request.url))
    expect(extract.request?.id).toBe(request.id)
    const changed = query(request.url)
    await expect(
      idp.parseLoginRequest(sp, 'redirect', { ...changed, octetString: `${changed.octetString}x` }),
    ).rejects.toBeDefined()

    // The library's own template has no room for an attribute of ours.
    const now = server.clock.now()
    const instant = (ms: number): string => new Date(now + ms).toISOString()
    const fill = (template: string) => ({
      id: '_made',
      context: samlify.SamlLib.replaceTagsByValue(template, {
        ID: '_made',
        AssertionID: '_madeAssertion',
        Destination: consumerOf(app),
        Audience: entityIdOf(app),
        SubjectRecipient: consumerOf(app),
        Issuer: 'https://idp.example.com/saml',
        IssueInstant: instant(0),
        ConditionsNotBefore: instant(0),
        ConditionsNotOnOrAfter: instant(300_000),
        SubjectConfirmationDataNotOnOrAfter: instant(300_000),
        InResponseTo: request.id,
        StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
        NameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
        NameID: 'ada@example.com',
        AuthnStatement: '',
        AttributeStatement: '',
      }),
    })
    const { context } = await idp.createLoginResponse(sp, { extract }, 'post', { email: 'ada@example.com' }, fill)
    const fields = { SAMLResponse: context, RelayState: request.relayState }
    const answered = await postFrom(browser, consumerOf(app), fields)
    expect(await idClaims(app, answered as URL)).toMatchObject({ 'cognito:username': 'Corp_ada@example.com' })

    const logout = await leaving(
      browser.get(`${app.base}/logout?client_id=${app.clientId}&logout_uri=${encodeURIComponent(SIGNED_OUT)}`),
    )
    const asked = await idp.parseLogoutRequest(sp, 'redirect', query(logout))
    expect(asked.extract.nameID).toBe('ada@example.com')
    const response = idp.createLogoutResponse(
      sp,
      asked as never,
      'post',
      logout.searchParams.get('RelayState') ?? '',
    ) as {
      context: string
    }
    const done = { SAMLResponse: response.context, RelayState: logout.searchParams.get('RelayState') ?? '' }
    expect(String(await postFrom(browser, `${app.base}/saml2/logout`, done))).toBe(SIGNED_OUT)
  })

  it('ends sessions of its own, and reads our answer', async () => {
    const browser = new Browser()
    await signInBySaml(app, {}, browser)
    const user = { logoutNameID: 'ada', sessionIndex: '_session' }
    const { context } = idp.createLogoutRequest(sp, 'post', user as never) as { context: string }
    const url = (await postFrom(browser, `${app.base}/saml2/logout`, { SAMLRequest: context, RelayState: 'x' })) as URL
    expect(browser.cookie('cognito')).toBeUndefined()
    const { extract } = await idp.parseLogoutResponse(sp, 'redirect', query(url))
    expect(extract.response?.inResponseTo).toMatch(/^_/)
  })
})

describe('node-saml', () => {
  const server = useTestServer()

  it('verifies our requests for a logout, and finds changes of them', async () => {
    const app = await makeFederatedApp(server, { providers: [samlProvider({ IDPSignout: 'true' })] })
    const judge = new SAML({
      callbackUrl: 'https://idp.example.com/slo',
      issuer: 'https://idp.example.com/saml',
      idpIssuer: entityIdOf(app),
      entryPoint: app.base,
      idpCert: await pemOfPool(app),
      validateInResponseTo: ValidateInResponseTo.never,
    })
    const browser = new Browser()
    await signInBySaml(app, {}, browser)
    const url = await leaving(
      browser.get(`${app.base}/logout?client_id=${app.clientId}&logout_uri=${encodeURIComponent(SIGNED_OUT)}`),
    )
    const container = Object.fromEntries(url.searchParams)
    const { profile, loggedOut } = await judge.validateRedirectAsync(container, url.search.slice(1))
    expect(loggedOut).toBe(true)
    expect(profile).toMatchObject({ nameID: 'ada', sessionIndex: '_session', issuer: entityIdOf(app) })
    const changed = url.search.slice(1).replace('RelayState=', 'RelayState=x')
    await expect(
      judge.validateRedirectAsync({ ...container, RelayState: `x${container['RelayState']}` }, changed),
    ).rejects.toThrow(/signature/i)
    expect(readRequest(url).xml).toContain('LogoutRequest')
    expect(told(url)).toHaveProperty('SigAlg')
  })
})

describe("a pool's metadata", () => {
  const server = useTestServer()

  it('have the key for encryption of the provider that they are for', async () => {
    const app = await makeFederatedApp(server, { providers: [samlProvider({ EncryptedResponses: 'true' })] })
    const plain = await (await fetch(`${app.base}/saml2/metadata`)).text()
    expect(plain).toContain(`entityID="${entityIdOf(app)}"`)
    expect(plain).not.toContain('use="encryption"')
    expect(plain).toContain('AuthnRequestsSigned="false"')
    const own = await (await fetch(`${app.base}/saml2/metadata?identity_provider=Corp`)).text()
    expect(pemOf(/use="encryption".*?<ds:X509Certificate>([^<]*)/.exec(own)?.[1] ?? '')).toBe(await encryptionPem(app))
    const none = await new Browser().get(`${app.base}/saml2/metadata?identity_provider=None`)
    expect(none.url.href).toMatch(/error=unknown_provider/)
  })
})
