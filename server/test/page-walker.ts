// A browser without scripts: keeps cookies, follows redirects within the server, fills in forms. For tests of the pages of
// user pools.
import { expect } from 'vitest'

export interface Page {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly url: URL
}

/** Where an application is answered: never loaded. */
export class LeftTheServer extends Error {
  readonly location: URL
  constructor(location: URL) {
    super(`redirected to ${location}`)
    this.location = location
  }
}

export class Browser {
  /** By name and path (RFC 6265 5.3). */
  readonly #cookies = new Map<string, { name: string; value: string; path: string }>()

  async get(url: string | URL, headers: Record<string, string> = {}): Promise<Page> {
    return this.#send(new URL(url), { headers })
  }

  /** Sends the page's form with these fields, and its hidden ones; `to` chooses among forms and buttons by where they send it, `more` are headers. */
  async submit(page: Page, fields: Record<string, string>, to = '', more: Record<string, string> = {}): Promise<Page> {
    const form = formsOf(page.text).find(({ actions }) => actions.some((action) => action.includes(to)))
    expect(
      form,
      `a form to ${to} on ${page.url.pathname}: ${page.text.replace(/<style.*?<\/style>/s, '')}`,
    ).toBeDefined()
    const { actions, hidden } = form as ReturnType<typeof formsOf>[number]
    const action = actions.find((one) => one.includes(to)) ?? ''
    const body = new URLSearchParams({ ...hidden, ...fields })
    return this.#send(new URL(action, page.url), {
      method: 'POST',
      body,
      headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin', ...more },
    })
  }

  /**
   * Sends a form of another site. Cookies that are for the own site alone are left at home; without TLS also those for others
   * have that mark, and they are sent.
   */
  async post(url: string, body: URLSearchParams): Promise<Page> {
    const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }
    return this.#send(new URL(url), { method: 'POST', body, headers }, ['csrf-state'])
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies.values()].find((cookie) => cookie.name === name)?.value
  }

  /** Sets a cookie, as an attacker or an old page may have. */
  setCookie(name: string, value: string, path = '/'): void {
    this.#cookies.set(`${name} ${path}`, { name, value, path })
  }

  forget(name: string): void {
    for (const [key, cookie] of this.#cookies) if (cookie.name === name) this.#cookies.delete(key)
  }

  async #send(
    url: URL,
    init: RequestInit & { headers?: Record<string, string> },
    only?: readonly string[],
  ): Promise<Page> {
    const sent = [...this.#cookies.values()].filter(
      ({ name, path }) => url.pathname.startsWith(path) && (only?.includes(name) ?? true),
    )
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...init.headers, ...(cookie && { cookie }) }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const header of response.headers.getSetCookie()) this.#keep(header)
    const location = response.headers.get('location')
    if (location === null || response.status < 300 || response.status > 399)
      return { status: response.status, headers: response.headers, text: await response.text(), url }
    const next = new URL(location, url)
    if (next.origin !== url.origin) throw new LeftTheServer(next)
    return this.#send(next, {})
  }

  #keep(header: string): void {
    const [pair = '', ...attributes] = header.split('; ')
    const name = pair.slice(0, pair.indexOf('='))
    const value = pair.slice(pair.indexOf('=') + 1)
    const path = attributes.find((one) => one.startsWith('Path='))?.slice(5) ?? '/'
    if (attributes.includes('Max-Age=0')) this.#cookies.delete(`${name} ${path}`)
    else this.setCookie(name, value, path)
  }
}

/** The text of a page as people read it, without markup, style and script. */
export const wordsOf = ({ text }: Page): string =>
  text
    .replace(/<(style|script|title)\b.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** The address of the application that a walk ends at. */
export async function leaving(walk: Promise<unknown>): Promise<URL> {
  try {
    const page = (await walk) as Page
    throw new Error(`stayed on ${page.url}: ${page.text.replace(/<style.*?<\/style>/s, '')}`)
  } catch (error) {
    if (error instanceof LeftTheServer) return error.location
    throw error
  }
}

const attribute = (tag: string, name: string): string =>
  (new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** `actions`: that of the form first, then those of buttons that send it elsewhere. */
function formsOf(html: string): { actions: string[]; hidden: Record<string, string> }[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head = '', body = '']) => ({
    actions: [
      attribute(head, 'action'),
      ...[...body.matchAll(/<button\b[^>]*formaction=[^>]*>/g)].map(([tag]) => attribute(tag, 'formaction')),
    ],
    hidden: Object.fromEntries(
      [...body.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
        attribute(tag, 'name'),
        attribute(tag, 'value'),
      ]),
    ),
  }))
}
