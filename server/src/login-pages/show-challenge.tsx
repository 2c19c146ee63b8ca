// The page of a challenge: its form, and the ways out of it: a new code, another factor, the sign-in page.
import type { Context } from '../context.ts'
import type { ChallengeNameType } from '../contract/cognito-idp.types.ts'
import type { AuthorizationRequest } from '../oauth/authorize/read-request.ts'
import type { PoolRequest } from '../oauth/endpoint.ts'
import type { ChallengePage } from './challenge-page.ts'
import { challengePages } from './challenge-pages.ts'
import { BackToSignIn, Form, Message, openFrame, show } from './frame.tsx'
import { PENDING_FIELD, type Pending, sealPending } from './sign-in.tsx'

/** The field of a form that asks anew: for the same, or for another factor. */
export const AGAIN_FIELD = 'again'

/** The page of a challenge. Throws for one that no page can show, which a sign-in on the pages does not come to. */
export function pageOf({ challenge }: Pending): ChallengePage {
  const page = challengePages[challenge]
  if (!page) throw new Error(`There is no page for the challenge ${challenge}.`)
  return page
}

/** What the pages can ask for in place of a challenge. */
export const insteadOnPages = ({ instead }: Pending): readonly ChallengeNameType[] =>
  instead.filter((name) => challengePages[name] !== undefined)

/** `message`: why the last answer was refused. */
export function showChallenge(
  context: Context,
  request: PoolRequest,
  asked: AuthorizationRequest,
  pending: Pending,
  message?: string,
): Response {
  const page = pageOf(pending)
  const frame = openFrame(request, asked.redirectUri)
  const { words } = frame.language
  const title = words[page.title(pending)]
  const shown: Pending = message === undefined ? pending : { ...pending, refused: true }
  const sealed = <input type="hidden" name={PENDING_FIELD} value={sealPending(context, asked, pending)} />
  const instead = insteadOnPages(pending)
  // An address that is set up is asked for anew with the choice of what to set up.
  const sendsAgain = page.sends && !instead.includes('MFA_SETUP')
  const body = (
    <>
      <h1>{title}</h1>
      <Message text={message} />
      <Form frame={frame} to={page.path}>
        {sealed}
        {page.fields(frame, shown)}
      </Form>
      {sendsAgain || instead.length > 0 ? (
        <Form frame={frame} to={page.path}>
          {sealed}
          <div class="again">
            {sendsAgain ? <Again what="same">{words.sendAgain}</Again> : null}
            {instead.length > 0 ? <Again what="other">{words.anotherWay}</Again> : null}
          </div>
        </Form>
      ) : null}
      <BackToSignIn frame={frame} />
    </>
  )
  const graphic = page.graphic?.(pending)
  return show(frame, { title, body, graphic, script: page.script, status: message === undefined ? 200 : 400 })
}

const Again = ({ what, children }: { what: 'same' | 'other'; children?: string }) => (
  <button type="submit" name={AGAIN_FIELD} value={what} class="link">
    {children}
  </button>
)
