// Identity providers outside that users come from: oidc-provider on this machine, in the shapes of generic OpenID Connect,
// Google, Apple and Amazon; and a browser's way there and back.
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'
import { afterAll, beforeAll } from 'vitest'
import { Browser, leaving, type Page } from './page-walker.ts'

export interface OpenIdProvider {
  readonly url: string
  readonly provider: Provider
  /** Who signs in there next, with the claims that the provider has of them. */
  account: { sub: string; [claim: string]: unknown }
  /** The parameters of the authorization requests so far, oldest first. */
  readonly asked: URLSearchParams[]
  /** Answers a request instead, when it returns true. */
  respond: ((request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>) | undefined
}

const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

export const CLIENT = { client_id: 'pool', client_secret: 'a-secret-that-the-provider-has-given' }

/** A provider for all tests of a file, with one client; use it inside of tests and hooks only. */
export function useOpenIdProvider(settings: Configuration & { client?: Record<string, unknown> } = {}): OpenIdProvider {
  const { client, ...configuration } = settings
  let server: Server
  let provider: Provider
  const state: OpenIdProvider = {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    get provider() {
      return provider
    },
    account: { sub: 'ada' },
    asked: [],
    respond: undefined,
  }
  beforeAll(async () => {
    server = createServer((request, response) => void answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    provider = new Provider(state.url, {
      clients: [
        {
          ...CLIENT,
          redirect_uris: ['http://127.0.0.1/replaced'],
          token_endpoint_auth_method: 'client_secret_post',
          ...client,
        },
      ],
      jwks: { keys: [{ ...(await exportJWK(signingKey)), kid: 'one', alg: 'RS256', use: 'sig' }] as never },
      cookies: { keys: ['a key of cookies'] },
      claims: {
        openid: ['sub', 'acr', 'amr'],
        email: ['email', 'email_verified'],
        profile: ['name', 'given_name', 'family_name', 'roles'],
      },
      findAccount: (_context, accountId) => ({ accountId, claims: async () => ({ ...state.account, sub: accountId }) }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      features: { devInteractions: { enabled: false } },
      // Given, as its notice of a default goes to the console.
      acrValues: ['low', 'high'],
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      pkce: { required: () => false },
      ...configuration,
    })
    // Any redirect URI: the pools of tests are made later.
    // biome-ignore lint/suspicious/noExplicitAny: the class of clients is not typed
    ;(provider as any).Client.prototype.redirectUriAllowed = () => true
    provider.on('server_error', (_context, error) => console.error(error))
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://provider')
    if (url.searchParams.has('code_challenge')) state.asked.push(url.searchParams)
    if (await state.respond?.(request, response)) return
    if (url.pathname.startsWith('/interaction/')) return interact(request, response)
    provider.callback()(request, response)
  }

  /** Signs the account in, and consents to everything. */
  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name === 'login') {
      const { sub: accountId, acr } = state.account
      const login = { accountId, remember: false, ...(acr === 'high' && { amr: ['pwd', 'otp', 'face'] }) }
      const result = { login: { ...login, ...(typeof acr === 'string' && { acr }) } }
      return provider.interactionFinished(request, response, result)
    }
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: params['client_id'] as string })
    grant.addOIDCScope(String(params['scope']))
    const result = { consent: { grantId: await grant.save() } }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }
  return state
}

/** The form fields of a request. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

/** Begins at a URL of the pool; resolves with the request at the provider. */
export const toProvider = (browser: Browser, url: URL): Promise<URL> => leaving(browser.get(url))

/** What comes back from the provider for a request: a URL of the pool, or a page with a form that is posted there. */
export async function fromProvider(request: URL, atProvider = new Browser()): Promise<URL | Page> {
  try {
    return await atProvider.get(request)
  } catch (error) {
    if (error instanceof Error && 'location' in error) return error.location as URL
    throw error
  }
}

/** The whole way of a browser: from a URL of the pool to the provider and back; resolves with where the app is answered. */
export async function signInAtProvider(browser: Browser, url: URL, fields: Record<string, string> = {}): Promise<URL> {
  const back = await fromProvider(await toProvider(browser, url))
  return leaving(back instanceof URL ? browser.get(back) : browser.submit(back, fields))
}
