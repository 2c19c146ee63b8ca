// The POST of every challenge's page: answers the challenge, or has it or another one asked anew.
import { askAgain } from '../cognito-idp/sign-in/ask-again.ts'
import { challenges } from '../cognito-idp/sign-in/challenges.ts'
import { SignInRefused } from '../cognito-idp/sign-in/refused.ts'
import { readSession, releaseSession } from '../cognito-idp/sign-in/session.ts'
import type { Context } from '../context.ts'
import type { ChallengeNameType } from '../contract/cognito-idp.types.ts'
import { withAuthorizationRequest } from '../oauth/authorize/authorize.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { Endpoint, PoolRequest } from '../oauth/endpoint.ts'
import { isOwnPost, openFrame } from './frame.tsx'
import { answerTaken, showLogin } from './login.tsx'
import { AGAIN_FIELD, insteadOnPages, pageOf } from './show-challenge.tsx'
import { openPending, type Pending, type Taken, take } from './sign-in.tsx'

export const postChallenge: Endpoint = {
  costly: true,
  category: 'UserAuthentication',
  answer: (context, request) =>
    withAuthorizationRequest(context, request, async (asked) => {
      const { words } = openFrame(request).language
      const pending = openPending(context, asked, request)
      if (!pending || !isOwnPost(request))
        return showLogin(context, request, asked, { message: words.formExpired, status: 403 })
      if (pending.expiresAt <= context.clock.now())
        return showLogin(context, request, asked, { typed: pending.typed, message: words.expired, status: 400 })
      return answerTaken(context, request, asked, await taken(context, request, asked, pending), pending)
    }),
}

function taken(context: Context, request: PoolRequest, asked: AuthorizationRequest, pending: Pending): Promise<Taken> {
  const again = request.form.get(AGAIN_FIELD)
  if (again !== undefined) return takeAgain(context, request, asked, pending, again === 'same')
  const page = pageOf(pending)
  const acted = page.act?.(context, request, asked, pending)
  if (acted) return acted
  const step = challenges[pending.challenge]?.answer
  if (!step) throw new Error(`The challenge ${pending.challenge} cannot be answered.`)
  const parameters = { ...page.answers(request.form, pending), USERNAME: pending.username }
  return take(context, request, asked, step, { parameters, session: pending.session, before: pending })
}

/** Asks the same challenge anew, or what may be asked in its place: a choice, where there are several. */
async function takeAgain(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  before: Pending,
  same: boolean,
): Promise<Taken> {
  const { challenge, session, username } = before
  const step = askAgain(challenge, same ? challenge : otherThan(before))
  const result = await take(context, request, asked, step, { parameters: { USERNAME: username }, session, before })
  // A message that could not be sent: the code that came before it stays good.
  const spent = result.kind === 'refused' && !(result.error instanceof SignInRefused)
  const known = spent && readSession(context, { ...asked, session })
  if (known) await releaseSession(context.db, asked.pool.id, known)
  return result
}

/** The one other factor, or the choice among several. SELECT_CHALLENGE is what is asked of a sign-in without a proof. */
function otherThan(pending: Pending): ChallengeNameType {
  const [first, ...more] = insteadOnPages(pending)
  return first !== undefined && more.length === 0 ? first : 'SELECT_MFA_TYPE'
}
