// GET and POST /login (docs/reference/oauth-and-federation.md 4).
import type { ProviderSummary } from '../cognito-idp/identity-providers/provider-store.ts'
import { shownName } from '../cognito-idp/passkeys/registration-options.ts'
import { couldStepUp, usableSecondFactors } from '../cognito-idp/sign-in/assurance-rules.ts'
import { userAuth } from '../cognito-idp/sign-in/flows/user-auth.ts'
import { userPassword } from '../cognito-idp/sign-in/flows/user-password.ts'
import { SignInRefused } from '../cognito-idp/sign-in/refused.ts'
import { stepUp } from '../cognito-idp/sign-in/step-up.ts'
import { fitsPassword, fitsUsername } from '../cognito-idp/typed-input.ts'
import type { Context } from '../context.ts'
import { type Authorized, answerAuthorization } from '../oauth/authorize/answer.ts'
import { isEnough, isRecent, withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import { redirect } from '../oauth/authorize/redirect.ts'
import { findBrowserSession } from '../oauth/browser-session.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { Unredirectable } from '../oauth/oauth-error.ts'
import { chosenWay, hasOwnUsers, OWN_USERS, offeredProviders } from '../oauth/upstream/choose-provider.ts'
import { PasswordField } from './challenges/password.tsx'
import { choosesFirstFactor } from './first-factor-rules.ts'
import { Field, Form, type Frame, isOwnPost, Message, openFrame, PageLink, Submit, show } from './frame.tsx'
import { filled } from './languages.ts'
import { ledPage } from './led-pages.ts'
import { lookOf } from './looks/looks.ts'
import { nameForm, tidyName } from './name-rules.ts'
import { Providers } from './providers.tsx'
import { errorText, mayTryAgain, refusalText, wasGuess } from './refusal-words.ts'
import { pageOf, showChallenge } from './show-challenge.tsx'
import { type Pending, type Taken, take } from './sign-in.tsx'
import { signUpForm } from './sign-up-form.ts'

export const loginPage: Endpoint = {
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const way = await chosenWay(context, asked)
      if (way && way.name !== OWN_USERS) return redirect(`${request.path}/oauth2/authorize?${request.query}`)
      const found = await findBrowserSession(context, request)
      const known = found && mayGoOn(context, asked, found) ? found : undefined
      const typed = asked.loginHint ?? (found && !known ? shownName(asked.pool.settings, found.user) : undefined)
      return showLogin(context, request, asked, { known, typed })
    }),
}

/** Whether the browser's session will do for this request if its user says so, or does with one more proof. */
function mayGoOn(context: Context, asked: AuthorizationRequest, found: Authorized): boolean {
  const now = context.clock.now()
  const { session, user } = found
  if (asked.prompt.includes('login') || !isRecent(session, asked, now)) return false
  return (
    isEnough(asked, found, now) || couldStepUp(session, asked.levels, usableSecondFactors(asked.pool.settings, user))
  )
}

export const postLogin: Endpoint = {
  costly: true,
  category: 'UserAuthentication',
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { form } = request
      const typed = tidyName(asked.pool.settings, form.get('username'))
      const { words } = openFrame(request).language
      if (!isOwnPost(request))
        return showLogin(context, request, asked, { typed, message: words.formExpired, status: 403 })
      const sub = form.get(CONTINUE_FIELD)
      if (sub !== undefined) return continueAs(context, request, asked, sub)
      // An app client without COGNITO has no users with passwords.
      if (!hasOwnUsers(asked.client)) throw new Unredirectable('unknown_provider')
      const password = form.get('password')
      const chooses = choosesFirstFactor(asked)
      if (!typed || (!password && !chooses))
        return showLogin(context, request, asked, { typed, message: words.missing, status: 400 })
      // No user has such a name or password.
      if (!fitsUsername(typed) || (password && !fitsPassword(password)))
        return showLogin(context, request, asked, { typed, message: words.wrongPassword, status: 400 })
      const parameters: Record<string, string> = { USERNAME: typed, ...(password && { PASSWORD: password }) }
      // Scripts and password managers may send both at once.
      if (chooses && password) parameters['PREFERRED_CHALLENGE'] = 'PASSWORD'
      const step = chooses ? userAuth : userPassword
      return answerTaken(context, request, asked, await take(context, request, asked, step, { parameters }))
    }),
}

/**
 * The answer for the user of the browser's session, or the proof that a higher level takes; unless another one has signed in
 * there meanwhile, or it has ended.
 */
async function continueAs(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  sub: string,
): Promise<Response> {
  const found = await findBrowserSession(context, request)
  if (found?.user.sub === sub && mayGoOn(context, asked, found)) {
    const { session, user } = found
    if (isEnough(asked, found, context.clock.now())) return answerAuthorization(context, asked, found, request.source)
    const parameters = { USERNAME: shownName(asked.pool.settings, user) }
    return answerTaken(
      context,
      request,
      asked,
      await take(context, request, asked, stepUp(user, session), { parameters }),
    )
  }
  const { words } = openFrame(request).language
  const known = found && mayGoOn(context, asked, found) ? found : undefined
  return showLogin(context, request, asked, { known, message: words.expired, status: 400 })
}

/** GET of a page that is reached by a form alone: the sign-in begins anew. */
export const startAgain: Endpoint = {
  answer: (_context, { path, query }) => redirect(`${path}/login?${query}`),
}

/** `before`: the challenge whose answer this is. */
export async function answerTaken(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  taken: Taken,
  before?: Pending,
): Promise<Response> {
  switch (taken.kind) {
    case 'done':
      return taken.response
    case 'challenge': {
      const { pending } = taken
      const prepare = pending.setUp ? undefined : pageOf(pending).prepare
      const prepared = prepare ? await prepare(context, request, asked, pending) : taken
      if (prepared.kind !== 'challenge') return answerTaken(context, request, asked, prepared)
      return showChallenge(context, request, asked, prepared.pending)
    }
    case 'refused': {
      const { error } = taken
      const { words } = openFrame(request).language
      const client = asked.client.settings
      const isReason = error instanceof SignInRefused
      if (isReason && wasGuess(error.reason)) request.countGuess()
      const message = isReason
        ? refusalText(words, client, error.reason)
        : errorText(words, error, before && pageOf(before).malformed)
      const typed = request.form.get('username')?.trim() ?? before?.typed
      const led = isReason ? ledPage(context, request, asked, error.reason, { username: typed, message }) : undefined
      if (led) return led
      const again = before && (!isReason || mayTryAgain(client, error.reason))
      if (again) return showChallenge(context, request, asked, before, message)
      return showLogin(context, request, asked, { typed, message, status: 400 })
    }
  }
}

const CONTINUE_FIELD = 'continueAs'

export interface LoginProps {
  /** The browser's session, which will do. */
  known?: Authorized | undefined
  typed?: string | undefined
  message?: string
  /** Something good. */
  note?: string
  status?: number
}

export async function showLogin(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  { known, typed, message, note, status }: LoginProps,
): Promise<Response> {
  const providers = asked.provider ? [] : await offeredProviders(context, asked)
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const body = (
    <>
      <h1>{words.signInTo}</h1>
      {known === undefined ? null : (
        <>
          <Form frame={frame} to="/login">
            <button type="submit" name={CONTINUE_FIELD} value={known.user.sub} class="choice">
              {filled(words.continueAs, { name: shownName(asked.pool.settings, known.user) })}
            </button>
          </Form>
          <p class="divider textDescription-customizable">{words.signInAsOther}</p>
        </>
      )}
      <Message text={message} />
      <Message text={note} kind="note" />
      <Ways frame={frame} asked={asked} typed={typed} providers={providers} />
    </>
  )
  return show(frame, { title: words.signIn, body, ...(status !== undefined && { status }) })
}

interface WaysProps {
  frame: Frame
  asked: AuthorizationRequest
  typed: string | undefined
  providers: readonly ProviderSummary[]
}

/** The identity providers and the form for users of the pool itself, in the order of the style. */
function Ways({ frame, asked, typed, providers }: WaysProps) {
  const { words } = frame.language
  const { ownFirst, ownBehindButton } = lookOf(frame.request).ways
  const federated = <Providers frame={frame} providers={providers} />
  if (!hasOwnUsers(asked.client)) return federated
  const form = <OwnUsers frame={frame} asked={asked} typed={typed} />
  const own =
    ownBehindButton && providers.length > 0 ? (
      <details class="own" open={typed !== undefined}>
        <summary class="choice">
          {filled(words.continueWith, { name: words[nameForm(asked.pool.settings).label] })}
        </summary>
        {form}
      </details>
    ) : (
      form
    )
  const divider = providers.length === 0 ? null : <p class="divider textDescription-customizable">{words.or}</p>
  return ownFirst ? (
    <>
      {own}
      {divider}
      {federated}
    </>
  ) : (
    <>
      {federated}
      {divider}
      {own}
    </>
  )
}

/** The form for users of the pool itself. */
function OwnUsers({ frame, asked, typed }: { frame: Frame; asked: AuthorizationRequest; typed: string | undefined }) {
  const { words } = frame.language
  const name = nameForm(asked.pool.settings)
  const chooses = choosesFirstFactor(asked)
  return (
    <>
      <Form frame={frame} to="/login">
        <Field
          name="username"
          id="signInFormUsername"
          label={words[name.label]}
          {...(name.inputmode && { inputmode: name.inputmode })}
          autocomplete="username"
          value={typed}
          autofocus={!typed || chooses}
        />
        {chooses ? null : <PasswordField frame={frame} autofocus={Boolean(typed)} />}
        <Submit>{chooses ? words.continue : words.signIn}</Submit>
      </Form>
      {signUpForm(asked.pool.settings, asked.client.settings) === undefined ? null : (
        <p class="below">
          {words.noAccount}{' '}
          <PageLink frame={frame} to="/signup">
            {words.createAccount}
          </PageLink>
        </p>
      )}
    </>
  )
}
