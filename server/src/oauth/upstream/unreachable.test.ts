// Providers that do not answer, or not in time: what the application is told, and that nobody else waits.
import { createHmac } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeFederatedApp, ownProvider } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { type App, authorizeUrl, makeUser, signInByPage } from '../../../test/oauth.ts'
import { CLIENT, toProvider } from '../../../test/openid-providers.ts'
import { Browser, leaving } from '../../../test/page-walker.ts'
import { limits } from '../../api/limits.ts'
import type { WebAnswer, WebFailure, WebRequest } from '../../effects/effects.ts'
import { FAILURE_MS } from '../../federation/oidc/provider-keys.ts'

/** More than the calls with costly work that a process takes at once. */
const MANY = limits.costlyCalls.max + 1
const ISSUER = 'https://own.example'
const ANSWERS = ['token', 'keys', 'me'] as const
type Place = (typeof ANSWERS)[number]

/** What the provider answers, by the last part of the path. */
let answers: Partial<Record<Place, (request: WebRequest) => WebFailure | WebAnswer | Promise<WebFailure>>> = {}

const json = (body: object, status = 200): WebAnswer => ({
  status,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(body)),
})
const failure = (failed: WebFailure['failed']): WebFailure => ({ failed, detail: 'secret details' })

const server = useTestServer({
  effects: {
    web: {
      send: async (request) =>
        (await answers[request.url.split('/').at(-1) as Place]?.(request)) ?? failure('no-answer'),
    },
  },
})

const at = (path: string): string => `${ISSUER}/${path}`
const make = () =>
  makeFederatedApp(server, {
    providers: [
      ownProvider(ISSUER, {
        ProviderDetails: {
          authorize_url: at('authorize'),
          token_url: at('token'),
          attributes_url: at('me'),
          jwks_uri: at('keys'),
        },
      }),
    ],
  })

/** An ID token for a request, with a MAC, or with a signature that somebody would need the keys for. */
function idToken(nonce: string | null, alg: string): string {
  const now = Math.floor(server.clock.now() / 1000)
  const claims = { iss: ISSUER, sub: 'ada', aud: CLIENT.client_id, nonce, exp: now + 300 }
  const content = [{ alg, kid: 'one' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${content}.${createHmac('sha256', CLIENT.client_secret).update(content).digest('base64url')}`
}

async function back(app: App, browser: Browser, alg = 'HS256'): Promise<URL> {
  const { searchParams } = await toProvider(browser, authorizeUrl(app, { identity_provider: 'Own' }))
  const id_token = idToken(searchParams.get('nonce'), alg)
  answers.token ??= () => json({ access_token: 'a', token_type: 'Bearer', id_token })
  const url = new URL(`${app.base}/oauth2/idpresponse`)
  url.searchParams.set('state', searchParams.get('state') ?? '')
  url.searchParams.set('code', 'c')
  return url
}

describe('a provider that fails', () => {
  beforeEach(() => {
    answers = {}
    // That keys could not be read is kept for a few seconds.
    server.clock.advance(FAILURE_MS)
  })

  it.each<[string, typeof answers, string, string]>([
    [
      'whose token endpoint is late',
      { token: () => failure('timeout') },
      '',
      'Timeout occurred in calling IdP token endpoint',
    ],
    ['whose token endpoint is away', { token: () => failure('no-answer') }, '', 'Connection reset'],
    ['that has no token', { token: () => json({}) }, '', 'Bad token response'],
    ['that has a token with a blank', { token: () => json({ access_token: 'a b' }) }, '', 'Bad token response'],
    ['that breaks', { token: () => json({}, 503) }, '', 'Own Error - 503 error getting token'],
    ['whose keys are late', { keys: () => failure('timeout') }, 'RS256', 'Timeout in calling jwks uri'],
    ['whose keys are away', { keys: () => failure('no-answer') }, 'RS256', 'Error in calling jwks uri'],
    ['whose user info is late', { me: () => failure('timeout') }, 'HS256', 'Read timed out'],
    ['whose user info is away', { me: () => failure('no-answer') }, 'HS256', 'Connection reset'],
    ['that gives no user info', { me: () => json({}, 401) }, 'HS256', 'Own Error - 401 error getting user info'],
  ])('%s is told to the application, without details', async (_what, answered, alg, text) => {
    answers = { ...answered }
    const app = await make()
    const browser = new Browser()
    const { searchParams } = await leaving(browser.get(await back(app, browser, alg || undefined)))
    expect(Object.fromEntries(searchParams)).toEqual({ error: 'invalid_request', error_description: text })
  })

  it('holds up nobody else, however many wait for it', async () => {
    const app = await make()
    const username = await makeUser(app)
    let release: (failed: WebFailure) => void = () => undefined
    const held = new Promise<WebFailure>((resolve) => {
      release = resolve
    })
    let waiting = 0
    const allWait = new Promise<void>((resolve) => {
      answers.token = () => {
        if (++waiting === MANY) resolve()
        return held
      }
    })
    const all = Array.from({ length: MANY }, async () => {
      const browser = new Browser()
      return leaving(browser.get(await back(app, browser)))
    })
    await allWait
    expect((await signInByPage(app, username)).searchParams.get('code')).toBeTruthy()
    release(failure('timeout'))
    for (const answered of await Promise.all(all))
      expect(answered.searchParams.get('error_description')).toBe('Timeout occurred in calling IdP token endpoint')
  })
})
