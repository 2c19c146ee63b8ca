// The answers to an authorization request at its redirect URI (RFC 6749 4.1.2, 4.2.2; RFC 9207), in the way that
// `response_mode` names (OAuth 2.0 Multiple Response Type Encoding Practices 2.1, Form Post Response Mode 1.0). Pure.
import type { Parameters } from '../../http/forms.ts'
import type { OAuthError } from '../oauth-error.ts'
import { formPost } from './form-post.tsx'

/** `fragment` is not sent to servers; `form_post` is sent by the browser as a form. */
export type ResponseMode = 'query' | 'fragment' | 'form_post'

interface Answered {
  readonly redirectUri: string
  readonly state: string | undefined
}

/** The way that a request names; undefined where it names none that there is. A form is only posted to a web server. */
export function namedResponseMode(parameters: Parameters, redirectUri: string): ResponseMode | undefined {
  const mode = parameters.get('response_mode')
  if (mode === 'form_post') return /^https?:/.test(redirectUri) ? mode : undefined
  return mode === 'query' || mode === 'fragment' ? mode : undefined
}

/** The answer to the application, with these parameters. */
export function answerApp(
  { redirectUri, state }: Answered,
  parameters: Readonly<Record<string, string | undefined>>,
  mode: ResponseMode,
): Response {
  const given = Object.entries({ ...parameters, state }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  if (mode === 'form_post') return formPost(redirectUri, given)
  const mark = mode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?'
  return redirect(`${redirectUri}${mark}${new URLSearchParams(given)}`)
}

/**
 * The answer of an error. Where the request names no way it goes into the query, for `response_type=token` as well, as it
 * does at Cognito.
 */
export const answerError = (
  answered: Answered,
  { code, description }: OAuthError,
  mode: ResponseMode = 'query',
): Response => answerApp(answered, { error_description: description, error: code }, mode)

/**
 * Without a body, and saying so, as Cognito does (docs/reference/oauth-and-federation.md 1.4). Status 302 follows a GET; 303 makes the request after a form a GET in every browser
 * (RFC 9700 4.12).
 */
export const redirect = (location: string, status: 302 | 303 = 302): Response =>
  new Response(null, { status, headers: { location, 'content-length': '0' } })
