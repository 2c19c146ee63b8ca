// GET and POST /login, and the POST of every challenge (docs/reference/oauth-and-federation.md 4).
import { challenges } from '../cognito-idp/sign-in/challenges.ts'
import { userPassword } from '../cognito-idp/sign-in/flows/user-password.ts'
import { SignInRefused } from '../cognito-idp/sign-in/refused.ts'
import type { Context } from '../context.ts'
import { isRecent, withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import { redirect } from '../oauth/authorize/redirect.ts'
import { findBrowserSession } from '../oauth/browser-session.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { challengePages } from './challenge-pages.ts'
import { Field, Form, isOwnPost, Message, openFrame, PageLink, Submit, show } from './frame.tsx'
import { filled } from './languages.ts'
import { ledPage } from './led-pages.ts'
import { mayTryAgain, refusalText, wasGuess } from './refusal-words.ts'
import { openPending, PENDING_FIELD, type Pending, sealPending, type Taken, take } from './sign-in.tsx'
import { signUpForm } from './sign-up-form.ts'

export const loginPage: Endpoint = {
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const found = asked.prompt.includes('login') ? undefined : await findBrowserSession(context, request)
      const known = found && isRecent(found.session, asked, context.clock.now()) ? found.user.username : undefined
      return showLogin(request, asked, { known, typed: asked.loginHint })
    }),
}

export const postLogin: Endpoint = {
  costly: true,
  category: 'UserAuthentication',
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { form } = request
      const typed = form.get('username')?.trim()
      const { words } = openFrame(request).language
      if (!isOwnPost(request)) return showLogin(request, asked, { typed, message: words.formExpired, status: 403 })
      const password = form.get('password')
      if (!typed || !password) return showLogin(request, asked, { typed, message: words.missing, status: 400 })
      const parameters = { USERNAME: typed, PASSWORD: password }
      return answerTaken(context, request, asked, await take(context, request, asked, userPassword, { parameters }))
    }),
}

export const postChallenge: Endpoint = {
  costly: true,
  category: 'UserAuthentication',
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { words } = openFrame(request).language
      const pending = openPending(context, asked, request)
      if (!pending || !isOwnPost(request)) return showLogin(request, asked, { message: words.formExpired, status: 403 })
      const step = challenges[pending.challenge]?.answer
      const page = challengePages[pending.challenge]
      if (!step || !page) throw new Error(`There is no page for the challenge ${pending.challenge}.`)
      const parameters = { ...page.answers(request.form, pending), USERNAME: pending.username }
      const taken = await take(context, request, asked, step, { parameters, session: pending.session })
      return answerTaken(context, request, asked, taken, pending)
    }),
}

/** GET of a page that is reached by a form alone: the sign-in begins anew. */
export const startAgain: Endpoint = {
  answer: (_context, { path, query }) => redirect(`${path}/login?${query}`),
}

/** `before`: the challenge whose answer this is. */
export function answerTaken(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  taken: Taken,
  before?: Pending,
): Response {
  switch (taken.kind) {
    case 'done':
      return taken.response
    case 'challenge':
      return showChallenge(context, request, asked, taken.pending)
    case 'refused': {
      const { error } = taken
      const { words } = openFrame(request).language
      const isReason = error instanceof SignInRefused
      if (isReason && wasGuess(error.reason)) request.countGuess()
      const message = isReason ? refusalText(words, asked.client.settings, error.reason) : error.message
      const typed = request.form.get('username')?.trim() ?? before?.username
      const led = isReason ? ledPage(context, request, asked, error.reason, { username: typed, message }) : undefined
      if (led) return led
      const again = before && (!isReason || mayTryAgain(error.reason))
      if (again) return showChallenge(context, request, asked, before, message)
      return showLogin(request, asked, { typed, message, status: 400 })
    }
  }
}

function showChallenge(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  pending: Pending,
  message?: string,
): Response {
  const page = challengePages[pending.challenge]
  if (!page) throw new Error(`There is no page for the challenge ${pending.challenge}.`)
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const body = (
    <>
      <h1>{words[page.title]}</h1>
      <Message text={message} />
      <Form frame={frame} to={page.path}>
        <input type="hidden" name={PENDING_FIELD} value={sealPending(context, asked, pending)} />
        {page.fields(frame, pending)}
      </Form>
      <p class="below">
        <PageLink frame={frame} to="/login">
          {words.back}
        </PageLink>
      </p>
    </>
  )
  return show(frame, { title: words[page.title], body, status: message === undefined ? 200 : 400 })
}

interface LoginProps {
  /** Whom the browser's session is of. */
  known?: string | undefined
  typed?: string | undefined
  message?: string
  /** Something good. */
  note?: string
  status?: number
}

export function showLogin(
  request: PoolRequest,
  asked: AuthorizationRequest,
  { known, typed, message, note, status }: LoginProps,
): Response {
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const body = (
    <>
      <h1>{words.signInTo}</h1>
      {known === undefined ? null : (
        <>
          <p class="lead" />
          <PageLink frame={frame} to="/oauth2/authorize" class="choice">
            {filled(words.continueAs, { name: known })}
          </PageLink>
          <p class="divider textDescription-customizable">{words.signInAsOther}</p>
        </>
      )}
      <Message text={message} />
      <Message text={note} kind="note" />
      <Form frame={frame} to="/login">
        <Field
          name="username"
          id="signInFormUsername"
          label={words.username}
          autocomplete="username"
          value={typed}
          autofocus={!typed}
        />
        <Field
          name="password"
          id="signInFormPassword"
          label={words.password}
          type="password"
          autocomplete="current-password"
          autofocus={Boolean(typed)}
          aside={
            <PageLink frame={frame} to="/forgotPassword">
              {words.forgotPassword}
            </PageLink>
          }
        />
        <Submit>{words.signIn}</Submit>
      </Form>
      {signUpForm(request.pool.settings, asked.client.settings) === undefined ? null : (
        <p class="below">
          {words.noAccount}{' '}
          <PageLink frame={frame} to="/signup">
            {words.createAccount}
          </PageLink>
        </p>
      )}
    </>
  )
  return show(frame, { title: words.signIn, body, ...(status !== undefined && { status }) })
}
