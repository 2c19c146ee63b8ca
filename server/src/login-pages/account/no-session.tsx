// What visitors see who cannot be led to a sign-in for their account.
import { Parameters } from '../../http/forms.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { Message, openFrame, PageLink, show } from '../frame.tsx'

/** Nobody is signed in, and no app client is named at which they could. */
export function showNoSession(request: PoolRequest): Response {
  const frame = openFrame(request)
  const { words } = frame.language
  const body = (
    <>
      <h1>{words.account}</h1>
      <p class="lead">{words.accountFromApp}</p>
    </>
  )
  return show(frame, { title: words.account, body, status: 401 })
}

/** The sign-in for the account has failed at an identity provider; no text of the address is shown. */
export function showUpstreamError(request: PoolRequest): Response {
  const query = new Parameters([['client_id', request.query.get('client_id') ?? '']])
  const frame = openFrame({ ...request, query })
  const { words } = frame.language
  const body = (
    <>
      <h1>{words.errorTitle}</h1>
      <Message text={words.errorAbout} />
      <PageLink frame={frame} to={ACCOUNT_PAGE} class="choice">
        {words.signIn}
      </PageLink>
    </>
  )
  return show(frame, { title: words.errorTitle, body, status: 400 })
}
