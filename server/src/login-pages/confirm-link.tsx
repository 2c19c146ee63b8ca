// GET and POST /confirmUser: the link of a message confirms a sign-up (docs/reference/user-pools.md 14). Opening it shows a page
// with a button, as programs that look at mail open links, too: they would confirm addresses that nobody has proven to be
// theirs (docs/behaviour/sign-up.md).

import type { Place } from '../cognito-idp/sign-in/sign-in.ts'
import { confirmUser } from '../cognito-idp/sign-up/confirm-user.ts'
import { fitsCode, fitsUsername } from '../cognito-idp/typed-input.ts'
import { hasUsernameAttributes } from '../cognito-idp/user-pools/pool-settings.ts'
import type { Context } from '../context.ts'
import { errorPage } from '../oauth/authorize/authorize.ts'
import { findPlace } from '../oauth/authorize/target.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { Unredirectable } from '../oauth/oauth-error.ts'
import { type AccountProblem, attempt, problemText } from './account-problem.ts'
import { Form, isOwnPost, Message, openFrame, Submit, show } from './frame.tsx'
import type { Words } from './languages/en.ts'
import { filled } from './languages.ts'

export const confirmLinkPage: Endpoint = {
  answer: (context, request) => withLink(context, request, (link) => showLink(request, link)),
}

export const postConfirmLink: Endpoint = {
  category: 'UserCreation',
  answer: (context, request) =>
    withLink(context, request, async (link) => {
      const { words } = openFrame(request).language
      if (!isOwnPost(request)) return showLink(request, link, { message: words.formExpired, status: 403 })
      const { place, ...input } = link
      const tried = await attempt(request, 'ConfirmSignUp', () =>
        confirmUser(context, { ...place, remoteAddress: request.remoteAddress }, input),
      )
      // Who is confirmed has pressed the button twice, or opened an older link.
      if ('done' in tried || tried.problem.name === 'NotAuthorizedException') return showConfirmed(request)
      return showLink(request, link, { message: linkText(words, tried.problem) })
    }),
}

interface Link {
  readonly place: Place
  readonly Username: string
  readonly ConfirmationCode: string
}

/** Reads the link; a client that is not of this pool leads to the page of errors. */
async function withLink(
  context: Context,
  request: PoolRequest,
  answer: (link: Link) => Response | Promise<Response>,
): Promise<Response> {
  const { query } = request
  const Username = query.get('user_name') ?? ''
  const ConfirmationCode = query.get('confirmation_code') ?? ''
  try {
    const place = await findPlace(context, request, query.get('client_id'))
    if (!fitsUsername(Username) || !fitsCode(ConfirmationCode)) return showBadLink(request)
    return await answer({ place, Username, ConfirmationCode })
  } catch (error) {
    if (error instanceof Unredirectable) return errorPage(request, error)
    throw error
  }
}

/** A code that is wrong or used up cannot be typed anew here. */
const linkText = (words: Words, problem: AccountProblem): string =>
  problem.name === 'CodeMismatchException' || problem.name === 'ExpiredCodeException'
    ? words.expiredLink
    : problemText(words, problem)

interface LinkProps {
  readonly message?: string
  readonly status?: number
}

function showLink(
  request: PoolRequest,
  { Username }: Link,
  { message, status = message === undefined ? 200 : 400 }: LinkProps = {},
): Response {
  const frame = openFrame(request)
  const { words } = frame.language
  // The username of who is named by an address or number is an id, which tells its reader nothing.
  const about = hasUsernameAttributes(request.pool.settings) ? 'confirmLinkAbout' : 'confirmLinkAboutName'
  const body = (
    <>
      <h1>{words.confirmAccount}</h1>
      <p class="lead">{filled(words[about], { name: Username })}</p>
      <Message text={message} />
      <Form frame={frame} to="/confirmUser">
        <Submit>{words.confirmButton}</Submit>
      </Form>
    </>
  )
  return show(frame, { title: words.confirmAccount, body, status })
}

function showConfirmed(request: PoolRequest): Response {
  const frame = openFrame(request)
  const { words } = frame.language
  const body = (
    <>
      <h1>{words.accountConfirmed}</h1>
      <p class="lead">{words.accountConfirmedAbout}</p>
    </>
  )
  return show(frame, { title: words.accountConfirmed, body })
}

function showBadLink(request: PoolRequest): Response {
  const frame = openFrame(request)
  const { words } = frame.language
  const body = (
    <>
      <h1>{words.confirmAccount}</h1>
      <Message text={words.badLink} />
    </>
  )
  return show(frame, { title: words.confirmAccount, body, status: 400 })
}
