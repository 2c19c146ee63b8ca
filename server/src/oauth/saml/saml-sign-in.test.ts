// Users who come from a SAML provider, by a browser's whole way.
import { randomBytes, X509Certificate } from 'node:crypto'
import {
  AdminDisableUserCommand,
  DescribeIdentityProviderCommand,
  UpdateIdentityProviderCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { accountUrl, ON } from '../../../test/account-pages.ts'
import { makeCertificate } from '../../../test/certificate.ts'
import { idClaims, makeFederatedApp, shownUser } from '../../../test/federated-app.ts'
import { engines, startTestServer, useTestServer } from '../../../test/harness.ts'
import { type App, authorizeUrl, CALLBACK } from '../../../test/oauth.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import {
  answerFor,
  byAssertion,
  consumerOf,
  entityIdOf,
  postResponse,
  readRequest,
  samlProvider,
  signInBySaml,
  told,
  toSamlProvider,
} from '../../../test/saml-app.ts'
import { ASSERTION } from '../../../test/saml-attacks.ts'
import { encryptedAssertion } from '../../../test/saml-encryption.ts'
import { attribute, ENTITY_ID, metadata, nameId, signed } from '../../../test/saml-provider.ts'
import { type Upstream, useUpstream } from '../../../test/upstream-providers.ts'

describe.each(engines)('users from a SAML provider on %s', (engine) => {
  const server = useTestServer({ engine })
  let app: App
  beforeAll(async () => {
    app = await makeFederatedApp(server, { providers: [samlProvider()] })
  })

  it('are made at the first sign-in, and are the same the next time', async () => {
    const attributes = attribute('mail', 'ada@example.com') + attribute('displayName', 'Ada', 'Countess of Lovelace')
    const claims = await idClaims(app, await signInBySaml(app, { attributes }, new Browser(), { nonce: 'the nonce' }))
    expect(claims).toMatchObject({
      'cognito:username': 'Corp_ada',
      'cognito:groups': [`${app.poolId}_Corp`],
      email: 'ada@example.com',
      email_verified: false,
      name: '[Ada,Countess+of+Lovelace]',
      nonce: 'the nonce',
      identities: [{ userId: 'ada', providerName: 'Corp', providerType: 'SAML', issuer: ENTITY_ID, primary: 'true' }],
    })
    expect(await shownUser(app, 'Corp_ada')).toMatchObject({ status: 'EXTERNAL_PROVIDER' })
    const again = await idClaims(
      app,
      await signInBySaml(app, { attributes: attribute('mail', 'countess@example.com') }),
    )
    expect(again['sub']).toBe(claims['sub'])
    expect(again['email']).toBe('countess@example.com')
  })

  it('have a session of the browser', async () => {
    const browser = new Browser()
    await signInBySaml(app, {}, browser)
    const answered = await leaving(browser.get(authorizeUrl(app, { identity_provider: 'Corp', prompt: 'none' })))
    expect(answered.searchParams.get('code')).toBeTruthy()
  })

  it('sign in there again for pages of their account that want a recent sign-in', async () => {
    const keeper = await makeFederatedApp(server, {
      pool: { UserPoolTags: ON },
      client: { SupportedIdentityProviders: ['Corp'] },
      providers: [samlProvider()],
    })
    const forces = async (url: string | URL) =>
      readRequest(await leaving(new Browser().get(url))).xml.includes(' ForceAuthn="true"')
    expect([
      await forces(accountUrl(keeper, '/profile')),
      await forces(accountUrl(keeper)),
      await forces(authorizeUrl(keeper, { prompt: 'login', max_age: '600' })),
    ]).toEqual([true, false, false])
  })

  it('who are disabled are refused, and the application is told', async () => {
    await signInBySaml(app, { nameId: nameId('eve') })
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: app.poolId, Username: 'Corp_eve' }))
    const answered = await signInBySaml(app, { nameId: nameId('eve') }, new Browser(), { state: 's' })
    expect(told(answered)).toEqual({ error: 'invalid_request', error_description: 'User is not enabled', state: 's' })
  })

  it('by a response that the provider sends unasked, once', async () => {
    const initiating = await makeFederatedApp(server, {
      providers: [samlProvider({ IDPInit: 'true' })],
      client: { SupportedIdentityProviders: ['Corp'] },
    })
    const relayState = `identity_provider=Corp&client_id=${initiating.clientId}&redirect_uri=${encodeURIComponent(CALLBACK)}&response_type=code&scope=openid+email&state=x`
    const xml = await answerFor(initiating, null, byAssertion)
    const answers = await Promise.all([1, 2, 3].map(() => postResponse(initiating, new Browser(), xml, relayState)))
    const all = (answers as URL[]).map(told)
    expect(all.filter(({ code }) => code)).toHaveLength(1)
    expect(all.filter(({ error }) => error)).toEqual(
      [1, 2].map(() => ({
        error: 'server_error',
        error_description: 'Invalid SAML response received: The assertion was used before.',
        state: 'x',
      })),
    )
    const [answered] = (answers as URL[]).filter((url) => url.searchParams.has('code'))
    expect(await idClaims(initiating, answered as URL)).toMatchObject({ 'cognito:username': 'Corp_ada' })
  })
})

it('a response that one process has taken is refused by another', async () => {
  const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64') }
  const one = await startTestServer({ env })
  const other = await startTestServer({ env: { ...env, PUBLIC_URL: one.publicUrl } })
  try {
    const app = await makeFederatedApp(one, {
      providers: [samlProvider({ IDPInit: 'true' })],
      client: { SupportedIdentityProviders: ['Corp'] },
    })
    const relayState = `identity_provider=Corp&client_id=${app.clientId}&redirect_uri=${encodeURIComponent(CALLBACK)}&response_type=code`
    const xml = await answerFor(app, null, byAssertion)
    const form = new URLSearchParams({ SAMLResponse: Buffer.from(xml).toString('base64'), RelayState: relayState })
    const post = async (url: string) => {
      const init = { method: 'POST', body: form, redirect: 'manual' } as const
      const { headers } = await fetch(`${url}/${app.poolId}/saml2/idpresponse`, init)
      return told(new URL(headers.get('location') ?? ''))
    }
    expect(await post(one.url)).toHaveProperty('code')
    expect(await post(other.url)).toHaveProperty('error', 'server_error')
  } finally {
    await other.stop()
    await one.stop()
  }
})

describe('requests to a SAML provider', () => {
  const server = useTestServer()

  it('name the pool, and where the answer goes', async () => {
    const app = await makeFederatedApp(server, { providers: [samlProvider()] })
    const { url, xml, id } = await toSamlProvider(app, new Browser())
    expect(url.origin + url.pathname).toBe('https://idp.example.com/sso')
    expect([...url.searchParams.keys()]).toEqual(['SAMLRequest', 'RelayState'])
    expect(id).toMatch(/^_[\w-]{22}$/)
    expect(xml).toContain(`<saml:Issuer>${entityIdOf(app)}</saml:Issuer>`)
    expect(xml).toContain(`AssertionConsumerServiceURL="${consumerOf(app)}"`)
    expect(xml).toContain('Destination="https://idp.example.com/sso"')
  })

  it('are signed where the provider has it so', async () => {
    const signing = await makeFederatedApp(server, {
      providers: [samlProvider({ RequestSigningAlgorithm: 'rsa-sha256' })],
    })
    const wanting = await makeFederatedApp(server, {
      providers: [samlProvider({}, { role: 'WantAuthnRequestsSigned="true"' })],
    })
    for (const app of [signing, wanting]) {
      const { url } = await toSamlProvider(app, new Browser())
      expect([...url.searchParams.keys()]).toEqual(['SAMLRequest', 'RelayState', 'SigAlg', 'Signature'])
    }
  })
})

describe('a SAML provider that encrypts', () => {
  const server = useTestServer()

  it('is read with its own key, and has to encrypt', async () => {
    const app = await makeFederatedApp(server, { providers: [samlProvider({ EncryptedResponses: 'true' })] })
    const { IdentityProvider } = await server.admin.send(
      new DescribeIdentityProviderCommand({ UserPoolId: app.poolId, ProviderName: 'Corp' }),
    )
    const der = Buffer.from(IdentityProvider?.ProviderDetails?.['ActiveEncryptionCertificate'] ?? '', 'base64')
    const { publicKey } = new X509Certificate(der)
    const send = async (edit: (xml: string) => string) => {
      const browser = new Browser()
      const request = await toSamlProvider(app, browser)
      const xml = edit(await answerFor(app, request, byAssertion))
      return (await postResponse(app, browser, xml, request.relayState)) as URL
    }
    const encrypt = (xml: string) => xml.replace(ASSERTION, (text) => encryptedAssertion(text, publicKey))
    expect(await idClaims(app, await send(encrypt))).toMatchObject({ 'cognito:username': 'Corp_ada' })
    expect(told(await send((xml) => xml))).toEqual({
      error: 'server_error',
      error_description: 'Invalid SAML response received: The assertion is not encrypted.',
    })
  })
})

describe('attributes that do not fit', () => {
  const server = useTestServer()

  it('are told to the application', async () => {
    const app = await makeFederatedApp(server, {
      providers: [samlProvider()],
      pool: { Schema: [{ Name: 'email', Required: true, Mutable: true }] },
    })
    const without = await signInBySaml(app, { attributes: attribute('other', 'x') })
    expect(without.searchParams.get('error')).toBe('server_error')
    expect(without.searchParams.get('error_description')).toMatch(
      /^Invalid SAML response received: Invalid user attributes: email/,
    )
    const wide = await signInBySaml(app, {
      attributes: attribute('mail', 'a@example.com') + attribute('displayName', 'Ada 😀'),
    })
    expect(wide.searchParams.get('error_description')).toBe(
      'Invalid SAML response received: Characters of four bytes in UTF-8 are not supported.',
    )
    // One that is not mapped is nobody's business.
    const unused = await signInBySaml(app, { attributes: attribute('mail', 'a@example.com') + attribute('mood', '😀') })
    expect(unused.searchParams.get('code')).toBeTruthy()
  })
})

describe('metadata at a URL', () => {
  const server = useTestServer()
  const upstream: Upstream = useUpstream()
  const HOUR = 3600_000
  const other = makeCertificate()

  const publish = (text: string): void => void upstream.pages.set('/metadata', { body: text })
  const make = () =>
    makeFederatedApp(server, { providers: [samlProvider({ MetadataURL: `${upstream.url}/metadata` })] })
  const reads = (): number => upstream.asked.length
  const byOther = (xml: string, ids: { assertion: string }) => signed(xml, ids.assertion, { key: other.privateKey })

  it('are read again after six hours, so that a new key counts', async () => {
    publish(metadata())
    const app = await make()
    await signInBySaml(app)
    const before = reads()
    publish(metadata({ certificates: [other.base64] }))
    server.clock.advance(6 * HOUR - 60_000)
    await signInBySaml(app)
    expect(reads()).toBe(before)
    server.clock.advance(2 * 60_000)
    const browser = new Browser()
    const request = await toSamlProvider(app, browser)
    const xml = await answerFor(app, request, byOther)
    expect(told((await postResponse(app, browser, xml, request.relayState)) as URL)).toHaveProperty('code')
    expect(reads()).toBe(before + 1)
    expect(told(await signInBySaml(app))).toMatchObject({
      error_description: 'Invalid SAML response received: SAML Assertion signature is invalid.',
    })
  })

  it('are read again when they say so', async () => {
    publish(metadata({ attributes: 'cacheDuration="PT1H"' }))
    const app = await make()
    const before = reads()
    server.clock.advance(59 * 60_000)
    await signInBySaml(app)
    expect(reads()).toBe(before)
    server.clock.advance(2 * 60_000)
    await Promise.all([signInBySaml(app), signInBySaml(app)])
    expect(reads()).toBe(before + 1)
  })

  it('count while their URL does not answer, until they have expired', async () => {
    const end = new Date(server.clock.now() + 10 * HOUR).toISOString()
    publish(metadata({ attributes: `validUntil="${end}"` }))
    const app = await make()
    upstream.pages.delete('/metadata')
    server.clock.advance(7 * HOUR)
    const before = reads()
    expect(told(await signInBySaml(app))).toHaveProperty('code')
    expect(told(await signInBySaml(app))).toHaveProperty('code')
    // After a failure there is a pause.
    expect(reads()).toBe(before + 1)
    server.clock.advance(4 * HOUR)
    expect(told(await signInBySaml(app))).toMatchObject({
      error_description: 'Invalid SAML response received: The metadata of the identity provider have expired.',
    })
    publish(metadata())
    server.clock.advance(61_000)
    expect(told(await signInBySaml(app))).toHaveProperty('code')
  })

  it('are what an administrator has set since', async () => {
    publish(metadata())
    const app = await make()
    server.clock.advance(7 * HOUR)
    await server.admin.send(
      new UpdateIdentityProviderCommand({
        UserPoolId: app.poolId,
        ProviderName: 'Corp',
        ProviderDetails: { MetadataFile: metadata({ certificates: [other.base64] }) },
      }),
    )
    expect(told(await signInBySaml(app))).toHaveProperty('error', 'server_error')
  })
})
