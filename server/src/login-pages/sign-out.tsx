// /signout asks whether to sign out, /signedout says that it is done: for requests to /logout that name no address to go to
// (OpenID Connect RP-Initiated Logout 1.0 section 2; docs/behaviour/oauth.md).
import { redirect } from '../oauth/authorize/redirect.ts'
import { endBrowserSession, noSessionCookie } from '../oauth/browser-session.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { SIGN_OUT_PAGE, SIGNED_OUT_PAGE } from '../oauth/logout.ts'
import { Form, isOwnPost, Message, openFrame, Submit, show } from './frame.tsx'

export const signOutPage: Endpoint = { answer: (_context, request) => showQuestion(request) }

export const postSignOut: Endpoint = {
  answer: async (context, request) => {
    const { words } = openFrame(request).language
    if (!isOwnPost(request)) return showQuestion(request, words.formExpired)
    // The pool's own session alone: the page's policy lets its form lead to no SAML provider.
    await endBrowserSession(context, request)
    const response = redirect(`${request.path}${SIGNED_OUT_PAGE}`, 303)
    response.headers.append('set-cookie', noSessionCookie(request))
    return response
  },
}

export const signedOutPage: Endpoint = {
  answer: (_context, request) => {
    const frame = openFrame(request)
    const { signedOut, signedOutAbout } = frame.language.words
    const body = (
      <>
        <h1>{signedOut}</h1>
        <p class="lead">{signedOutAbout}</p>
      </>
    )
    return show(frame, { title: signedOut, body })
  },
}

function showQuestion(request: PoolRequest, message?: string): Response {
  const frame = openFrame(request)
  const { signOut, signOutAbout } = frame.language.words
  const body = (
    <>
      <h1>{signOut}</h1>
      <Message text={message} />
      <p class="lead">{signOutAbout}</p>
      <Form frame={frame} to={SIGN_OUT_PAGE}>
        <Submit>{signOut}</Submit>
      </Form>
    </>
  )
  return show(frame, { title: signOut, body, status: message === undefined ? 200 : 403 })
}
