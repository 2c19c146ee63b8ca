// The answers to an authorization request at its redirect URI (RFC 6749 4.1.2, 4.2.2; RFC 9207). Pure.
import type { OAuthError } from '../oauth-error.ts'

interface Answered {
  readonly redirectUri: string
  readonly state: string | undefined
}

/** A redirect to the application with these parameters in the query, or in the fragment, which is not sent to servers. */
export function redirectToApp(
  { redirectUri, state }: Answered,
  parameters: Readonly<Record<string, string | undefined>>,
  part: 'query' | 'fragment' = 'query',
): Response {
  const given = Object.entries({ ...parameters, state }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  const text = new URLSearchParams(given).toString()
  const mark = part === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?'
  return redirect(`${redirectUri}${mark}${text}`)
}

/** The redirect of an error. It goes into the query for `response_type=token` as well, as it does at Cognito. */
export const redirectError = (answered: Answered, { code, description }: OAuthError): Response =>
  redirectToApp(answered, { error_description: description, error: code })

/** Status 302 follows a GET; 303 makes the request after a form a GET in every browser (RFC 9700 4.12). */
export const redirect = (location: string, status: 302 | 303 = 302): Response =>
  new Response(null, { status, headers: { location } })
