// What terms documents may say. Pure. docs/reference/oauth-and-federation.md 17.5.
import type { TermsType } from '../../contract/cognito-idp.types.ts'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { Terms } from './terms-store.ts'

const DEFAULT_LANGUAGE = 'cognito:default'

/**
 * Why links are refused: without one for all other languages, or with one that a browser would not follow to a page
 * (docs/behaviour/login-pages.md). Languages and lengths are the contract's.
 */
export function linksRefusal(links: Readonly<Record<string, string>> | undefined): Refusal | undefined {
  if (!links?.[DEFAULT_LANGUAGE]) return invalid(`Links must have an entry for ${DEFAULT_LANGUAGE}.`)
  const bad = Object.entries(links).find(([, url]) => !isWebPage(url))
  return bad && invalid(`The link for ${bad[0]} is not a valid http or https URL.`)
}

function isWebPage(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && username === '' && password === ''
}

export const termsExistMessage = (name: string): string => `Terms ${name} already exist for this app client.`

/** Terms in the API's form. */
export const termsType = (terms: Terms): TermsType => ({
  TermsId: terms.id,
  UserPoolId: terms.userPoolId,
  ClientId: terms.clientId,
  TermsName: terms.name,
  TermsSource: terms.source,
  Enforcement: terms.enforcement,
  Links: terms.links,
  CreationDate: new Date(terms.createdAt),
  LastModifiedDate: new Date(terms.updatedAt),
})
