// Against forms that other sites send in a user's name (cross-site request forgery; docs/reference/threats.md 19,
// docs/reference/oauth-and-federation.md 9). Pure. Two checks: the browser's own word on where a form comes from, and a
// token that a form and a cookie have in common.
import { equalBytes } from '../crypto/equal-bytes.ts'

/** The cookie and the field by the names that Cognito's pages have, which scripts of tests use. */
export const CSRF_COOKIE = 'XSRF-TOKEN'
export const CSRF_FIELD = '_csrf'

interface FormPost {
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined
  /** The hosts of the page that the form is on, with their ports. */
  readonly hosts: readonly string[]
  readonly cookie: string | undefined
  readonly field: string | undefined
}

/** Whether a form was sent by a page of this host (Fetch Metadata, `Origin`), with the token of its cookie. */
export function isOwnForm({ header, hosts, cookie, field }: FormPost): boolean {
  return comesFrom(hosts, header) && cookie !== undefined && field !== undefined && equalBytes(cookie, field)
}

/** Programs send neither header; a browser sends one of them with every POST. */
function comesFrom(hosts: readonly string[], header: FormPost['header']): boolean {
  const site = header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  const from = header('origin')
  return from === undefined || (URL.canParse(from) && hosts.includes(new URL(from).host))
}
