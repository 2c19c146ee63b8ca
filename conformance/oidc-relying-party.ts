// The relying party of the OpenID Foundation's conformance suite, as our tests need it: sends a browser to the sign-in page,
// reads the answer in the response mode of the plan, redeems the code and checks the ID token by the published keys.
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'
import { expect } from 'vitest'
import { type App, authorizeUrl, CALLBACK, PASSWORD, redeem, type TokenResponse } from '../server/test/oauth.ts'
import { Browser, LeftTheServer, leaving, type Page } from '../server/test/page-walker.ts'

type Texts = Record<string, string | undefined>

export class RelyingParty {
  readonly app: App
  readonly username: string
  readonly #mode: 'form_post' | undefined
  #asked = 0

  /** `mode`: what the plan says in `response_mode`; undefined leaves it out, as the Basic plan does. */
  constructor(app: App, username: string, mode?: 'form_post') {
    this.app = app
    this.username = username
    this.#mode = mode
  }

  /** The address of an authorization request with a state and a nonce of its own. */
  url(parameters: Texts = {}): URL {
    const id = ++this.#asked
    const own = { scope: 'openid', state: `state-${id}`, nonce: `nonce-${id}`, response_mode: this.#mode }
    return authorizeUrl(this.app, { ...own, ...parameters })
  }

  /** The parameters of the answer that a walk ends with: in the redirect, or in the form that the browser posts. */
  async answer(walk: Promise<Page>): Promise<URLSearchParams> {
    if (this.#mode === undefined) {
      const url = await leaving(walk)
      expect([`${url.origin}${url.pathname}`, url.hash]).toEqual([CALLBACK, ''])
      return url.searchParams
    }
    const page = await walk.catch((error: unknown) => {
      throw error instanceof LeftTheServer ? new Error(`not posted but redirected: ${error.location}`) : error
    })
    expect(page.text).toContain(`<form method="post" action="${CALLBACK}">`)
    expect(page.headers.get('content-security-policy')).toContain(`form-action ${new URL(CALLBACK).origin};`)
    expect(page.headers.get('cache-control')).toContain('no-store')
    const fields = [...page.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    return new URLSearchParams(fields.map(([, name = '', value = '']): [string, string] => [name, textOf(value)]))
  }

  /** The user types a name and a password. */
  async signIn(url: URL, browser = new Browser()): Promise<URLSearchParams> {
    const answer = await this.answer(this.type(await browser.get(url), browser))
    expect([answer.get('error'), answer.get('state')]).toEqual([null, url.searchParams.get('state')])
    return answer
  }

  type(page: Page, browser: Browser): Promise<Page> {
    expect(page.url.pathname).toBe(`/${this.app.poolId}/login`)
    return browser.submit(page, { username: this.username, password: PASSWORD })
  }

  /** What the browser's session answers, without a page. */
  async silently(url: URL, browser: Browser): Promise<URLSearchParams> {
    const answer = await this.answer(browser.get(url))
    expect(answer.get('state')).toBe(url.searchParams.get('state'))
    return answer
  }

  /** The tokens of a code, by client_secret_post. */
  redeem(answer: URLSearchParams, more: Record<string, string> = {}): Promise<TokenResponse> {
    const url = new URL(`${CALLBACK}?${answer}`)
    return redeem(this.app, url, { client_secret: this.app.secret ?? '', ...more })
  }

  /** The claims of an ID token, checked as OpenID Connect Core 3.1.3.7 says. */
  async idToken({ status, json }: TokenResponse, url?: URL): Promise<JWTPayload> {
    expect(status).toBe(200)
    const keys = await (await fetch(`${this.app.base}/.well-known/jwks.json`)).json()
    const { payload, protectedHeader } = await jwtVerify(json['id_token'] as string, createLocalJWKSet(keys as never), {
      issuer: this.app.base,
      audience: this.app.clientId,
      algorithms: ['RS256'],
      requiredClaims: ['sub', 'iat', 'exp', 'auth_time'],
      currentDate: new Date(this.app.server.clock.now()),
    })
    expect(protectedHeader.kid).toBeTruthy()
    if (url) expect(payload['nonce'] ?? null).toBe(url.searchParams.get('nonce'))
    return payload
  }

  /** A sign-in from its beginning to its ID token. */
  async wholeFlow(parameters: Texts = {}, browser = new Browser()) {
    const url = this.url(parameters)
    const tokens = await this.redeem(await this.signIn(url, browser))
    return { url, tokens, claims: await this.idToken(tokens, url), browser }
  }

  async userInfo(init: RequestInit): Promise<{ status: number; json: Record<string, string> }> {
    const response = await fetch(`${this.app.base}/oauth2/userInfo`, init)
    return { status: response.status, json: (await response.json()) as Record<string, string> }
  }
}

export const bearer = ({ json }: TokenResponse): Record<string, string> => ({
  authorization: `Bearer ${json['access_token']}`,
})

const textOf = (html: string): string =>
  html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
