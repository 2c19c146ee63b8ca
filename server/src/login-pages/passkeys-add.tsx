// GET and POST /passkeys/add: has a passkey made for the user of the browser's session; offered after a sign-up, and linked
// to by applications. docs/reference/oauth-and-federation.md 17.4, docs/behaviour/factor-pages.md.

import { completeRegistration } from '../cognito-idp/passkeys/complete-registration.ts'
import { parsed } from '../cognito-idp/passkeys/credential-rules.ts'
import { startRegistration } from '../cognito-idp/passkeys/start-registration.ts'
import { hasAccountPage } from '../cognito-idp/tags/cognomen-tag-rules.ts'
import type { Context } from '../context.ts'
import { ApiError, type ErrorName } from '../errors.ts'
import { type Authorized, answerAuthorization } from '../oauth/authorize/answer.ts'
import { isEnough, withAuthorizationRequest, withTarget } from '../oauth/authorize/authorize.ts'
import { hasRequest } from '../oauth/authorize/pushed-request.ts'
import { redirect } from '../oauth/authorize/redirect.ts'
import type { Target } from '../oauth/authorize/target.ts'
import { findBrowserSession } from '../oauth/browser-session.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { limits as oauthLimits } from '../oauth/limits.ts'
import { ADD_PASSKEY } from './first-factor-rules.ts'
import { Form, type Frame, isOwnPost, Message, openFrame, PageLink, show } from './frame.tsx'
import type { Words } from './languages/en.ts'
import { limits } from './limits.ts'
import { isOffered } from './passkey-offer.ts'
import { PasskeyAsker, passkeyScript } from './passkey-script.tsx'

export const addPasskeyPage: Endpoint = {
  category: 'UserResourceUpdate',
  answer: (context, request) =>
    withTarget(context, request, async (target) => {
      const found = await recentSession(context, request)
      return found ? offer(context, request, target, found) : signInFirst(request, target)
    }),
}

export const postPasskey: Endpoint = {
  category: 'UserResourceUpdate',
  costly: true,
  answer: (context, request) =>
    withTarget(context, request, async (target) => {
      const found = await recentSession(context, request)
      if (!found) return signInFirst(request, target)
      if (!isOwnPost(request)) return offer(context, request, target, found, 'formExpired', 403)
      if (request.form.get('skip') !== undefined) return goOn(context, request, target, found)
      try {
        await completeRegistration(context, target, found.user, parsed(request.form.get('credential') ?? ''))
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return offer(context, request, target, found, textOf(error), 400)
      }
      return goOn(context, request, target, found)
    }),
}

/**
 * The session of whoever has signed in not long ago, however long applications take a session: a passkey signs in for good, so
 * who finds an open browser must not add one (docs/behaviour/account-page.md).
 */
async function recentSession(context: Context, request: PoolRequest): Promise<Authorized | undefined> {
  const found = await findBrowserSession(context, request)
  const isStrict = hasAccountPage(request.pool.settings)
  const { max } = isStrict ? limits.freshSignInSeconds : oauthLimits.browserSessionSeconds
  return found && context.clock.now() / 1000 - found.session.authTime <= max ? found : undefined
}

/** Back to the application: with the answer to its authorization request, where the page's address is one. */
function goOn(context: Context, request: PoolRequest, target: Target, found: Authorized): Response | Promise<Response> {
  if (target.ownPage) return redirect(`${request.path}${target.ownPage}?${clientOf(target)}`, 303)
  if (!hasRequest(request.query)) return redirect(target.redirectUri, 303)
  return withAuthorizationRequest(context, request, (asked) => {
    const { session } = found
    const mayReuse = !asked.prompt.includes('login') && isEnough(asked, found, context.clock.now())
    return mayReuse || isOffered(context, request, target, session)
      ? answerAuthorization(context, asked, found, request.source)
      : redirect(`${request.path}/login?${request.query}`, 303)
  })
}

const clientOf = ({ client }: Target): URLSearchParams => new URLSearchParams({ client_id: client.clientId })

const texts: Partial<Record<ErrorName, keyof Words>> = {
  WebAuthnNotEnabledException: 'passkeysOff',
  WebAuthnConfigurationMissingException: 'passkeysOff',
  LimitExceededException: 'passkeysFull',
  WebAuthnChallengeNotFoundException: 'passkeyLate',
  WebAuthnClientMismatchException: 'passkeyLate',
  WebAuthnOriginNotAllowedException: 'passkeyAddress',
  WebAuthnRelyingPartyMismatchException: 'passkeyAddress',
}

const textOf = ({ name }: ApiError): keyof Words => texts[name] ?? 'passkeyRefused'

async function offer(
  context: Context,
  request: PoolRequest,
  target: Target,
  { user }: Authorized,
  message?: keyof Words,
  status = 200,
): Promise<Response> {
  const frame = openFrame(request, target.redirectUri)
  const { words } = frame.language
  let options: unknown
  let refusal = message
  try {
    options = await startRegistration(context, target, user)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    refusal = textOf(error)
  }
  const body = (
    <>
      <h1>{words.addPasskeyTitle}</h1>
      {options === undefined ? null : <p class="lead">{words.addPasskeyAbout}</p>}
      <Message text={refusal && words[refusal]} />
      {options === undefined ? null : (
        <Form frame={frame} to={ADD_PASSKEY}>
          <PasskeyAsker
            frame={frame}
            kind="create"
            options={JSON.stringify(options)}
            atOnce={false}
            label={words.addPasskey}
          />
        </Form>
      )}
      <Form frame={frame} to={ADD_PASSKEY}>
        <div class="again">
          <button type="submit" name="skip" value="yes" class="link">
            {options === undefined ? words.continue : words.notNow}
          </button>
        </div>
      </Form>
    </>
  )
  const isRefused = refusal !== undefined && status === 200
  const script = options === undefined ? undefined : passkeyScript
  const graphic = 'PASSKEY_GRAPHIC'
  return show(frame, { title: words.addPasskeyTitle, body, graphic, script, status: isRefused ? 400 : status })
}

/**
 * Nobody has signed in here, or not recently. Without a whole authorization request the application has to have its user sign
 * in; a page of the account does so itself.
 */
function signInFirst(request: PoolRequest, target: Target): Response {
  const { redirectUri, ownPage } = target
  if (ownPage) return redirect(`${request.path}${ownPage}?${clientOf(target)}`, 303)
  const frame = openFrame(request, redirectUri)
  const { words } = frame.language
  const body = (
    <>
      <h1>{words.addPasskeyTitle}</h1>
      <Message text={words.passkeySignInFirst} />
      {hasRequest(request.query) ? <SignInLink frame={frame} /> : null}
    </>
  )
  return show(frame, { title: words.addPasskeyTitle, body, status: 401 })
}

const SignInLink = ({ frame }: { frame: Frame }) => (
  <PageLink frame={frame} to="/login" class="choice">
    {frame.language.words.signIn}
  </PageLink>
)
