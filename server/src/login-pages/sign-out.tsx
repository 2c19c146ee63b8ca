// /signout asks whether to sign out, /signedout says that it is done: for requests to /logout that name no address to go to
// (OpenID Connect RP-Initiated Logout 1.0 section 2; docs/behaviour/oauth.md).
import type { Context } from '../context.ts'
import { redirect } from '../oauth/authorize/redirect.ts'
import { browserSessionOf, endBrowserSession, noSessionCookie } from '../oauth/browser-session.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { SIGN_OUT_PAGE, SIGNED_OUT_PAGE } from '../oauth/logout.ts'
import { samlLogoutPlace, samlLogoutUrl } from '../oauth/saml/logout-at-provider.ts'
import { Form, isOwnPost, Message, openFrame, Submit, show } from './frame.tsx'

export const signOutPage: Endpoint = { answer: (context, request) => showQuestion(context, request) }

export const postSignOut: Endpoint = {
  answer: async (context, request) => {
    const { words } = openFrame(request).language
    if (!isOwnPost(request)) return showQuestion(context, request, words.formExpired)
    const done = `${request.path}${SIGNED_OUT_PAGE}`
    const ended = await endBrowserSession(context, request)
    const session = ended === 'of another user' ? undefined : ended.session
    const atProvider = session && (await samlLogoutUrl(context, request, session, done))
    const response = redirect(atProvider?.href ?? done, 303)
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

async function showQuestion(context: Context, request: PoolRequest, message?: string): Promise<Response> {
  // The form may lead on to the SAML provider that the user came from.
  const session = browserSessionOf(context, request)
  const frame = openFrame(request, session && (await samlLogoutPlace(context, request, session)))
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
