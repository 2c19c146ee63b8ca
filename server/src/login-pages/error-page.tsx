// GET /error: what people see when nobody may be redirected (docs/reference/oauth-and-federation.md 3.2, 24).
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { openFrame, show } from './frame.tsx'
import type { Words } from './languages/en.ts'

const texts: Readonly<Record<string, keyof Words>> = {
  redirect_mismatch: 'errorRedirect',
  invalid_client: 'errorClient',
  unknown_provider: 'errorProvider',
  invalid_state: 'errorState',
  invalid_request_uri: 'errorState',
}

export const errorPage: Endpoint = {
  answer: (_context, request) => showErrorPage(request, request.query.get('error')),
}

export function showErrorPage(request: PoolRequest, error = '', status: 400 | 404 = 400): Response {
  const frame = openFrame(request)
  const { words } = frame.language
  const text = Object.hasOwn(texts, error) ? texts[error] : undefined
  const body = (
    <>
      <h1>{words.errorTitle}</h1>
      <p class="lead">{words.errorAbout}</p>
      {text === undefined ? null : <p class="message error errorMessage-customizable">{words[text]}</p>}
      {/* For whoever writes the application: the code, of which no other text is taken from the address. */}
      {text === undefined ? null : <p class="hint">{error}</p>}
    </>
  )
  return show(frame, { title: words.errorTitle, body, status })
}
