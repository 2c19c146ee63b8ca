import { beforeAll, describe, expect, it } from 'vitest'
import { makeFederatedApp } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { type App, CALLBACK } from '../../../test/oauth.ts'
import { Browser } from '../../../test/page-walker.ts'
import { answerFor, byAssertion, postResponse, samlProvider, told } from '../../../test/saml-app.ts'
import { at, type ResponseParts } from '../../../test/saml-provider.ts'

const server = useTestServer()
let app: App
let elsewhere: App
beforeAll(async () => {
  app = await makeFederatedApp(server, { providers: [samlProvider()] })
  elsewhere = await makeFederatedApp(server, { providers: [samlProvider()] })
})

describe('a sign-in that the provider initiates', () => {
  let initiating: App
  beforeAll(async () => {
    initiating = await makeFederatedApp(server, {
      providers: [samlProvider({ IDPInit: 'true' }), samlProvider({}, {}, 'Quiet')],
      client: { SupportedIdentityProviders: ['Corp'] },
    })
  })
  const relayState = (changes: Record<string, string> = {}, of = initiating): string =>
    new URLSearchParams({
      identity_provider: 'Corp',
      client_id: of.clientId,
      redirect_uri: CALLBACK,
      response_type: 'code',
      scope: 'openid email',
      ...changes,
    }).toString()
  const send = async (state: string, xml: string | Promise<string>, browser = new Browser(), of = initiating) =>
    told(await postResponse(of, browser, await xml, state))
  const unasked = (parts: ResponseParts = {}) => answerFor(initiating, null, byAssertion, parts)

  it('is accepted where it may be', async () => {
    expect(await send(relayState(), unasked())).toHaveProperty('code')
    expect(await send(relayState(), unasked({ issueInstant: at(-350) }))).toHaveProperty('code')
  })

  it('is refused where the assertion is older than six minutes, or answers a request', async () => {
    expect(await send(relayState(), unasked({ issueInstant: at(-361) }))).toMatchObject({
      error: 'server_error',
      error_description: expect.stringMatching(/expired/),
    })
    expect(await send(relayState(), answerFor(initiating, { id: '_any' }, byAssertion))).toMatchObject({
      error: 'server_error',
      error_description: expect.stringMatching(/InResponseTo/),
    })
    const hidden = (await unasked()).replace('<samlp:Response ', '<samlp:Response InResponseTo="_any" ')
    expect(await send(relayState(), hidden)).toMatchObject({ error: 'server_error' })
  })

  it('is refused of a provider without IDPInit', async () => {
    const browser = new Browser()
    const xml = await answerFor(app, null, byAssertion)
    const answered = await send(relayState({}, app), xml, browser, app)
    expect(answered['page']).toMatch(/\/error\?error=invalid_state/)
    expect(browser.cookie('cognito')).toBeUndefined()
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['a redirect URI that is not registered', { redirect_uri: 'https://evil.example/cb' }, /error=redirect_mismatch/],
    ['an unknown client', { client_id: 'unknown' }, /error=invalid_client/],
    ['a provider that the client has not', { identity_provider: 'Quiet' }, /error=unknown_provider/],
    ['an unknown provider', { identity_provider: 'Nobody' }, /error=unknown_provider/],
    ["the pool's own users", { identity_provider: 'COGNITO' }, /error=unknown_provider/],
  ])('is refused for %s', async (_name, changes, page) => {
    expect((await send(relayState(changes), unasked()))['page']).toMatch(page)
  })

  it('is refused for a scope that the client has not', async () => {
    expect(await send(relayState({ scope: 'openid api/write' }), unasked())).toMatchObject({ error: 'invalid_scope' })
  })

  it('of another pool is refused', async () => {
    const xml = await answerFor(elsewhere, null, byAssertion)
    expect(await send(relayState(), xml)).toMatchObject({ error: 'server_error' })
  })
})
