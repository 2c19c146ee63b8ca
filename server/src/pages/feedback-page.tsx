// Where the links of a message about a sign-in with a risk lead (docs/reference/user-pools.md 15): asks, and writes the
// answer after a POST. A GET changes nothing, as mail programs open links by themselves.
import { Hono, type Context as Request } from 'hono'
import { giveFeedback, type UserFeedback } from '../cognito-idp/threats/feedback.ts'
import { FEEDBACK_PATH } from '../cognito-idp/threats/notify.ts'
import { protectionMode } from '../cognito-idp/threats/protection-rules.ts'
import type { Context } from '../context.ts'
import { Page, sendMessage, sendPage } from './page.tsx'

const STALE = 'The link has expired, or is not whole. Copy it anew from the message.'

/** `GET` and `POST /feedback?pool=…&user=…&event=…&value=Valid|Invalid&token=…`. */
export function feedbackPages(context: Context): Hono {
  const app = new Hono()
  app.get(FEEDBACK_PATH, (call) => {
    const given = feedbackOf(call)
    if (!given) return sendMessage(call, 400, 'This did not work', STALE)
    return sendPage(call, <Question was={given.value === 'Valid'} action={`?${new URL(call.req.url).searchParams}`} />)
  })
  app.post(FEEDBACK_PATH, async (call) => {
    const given = feedbackOf(call)
    const pool = given && (await context.userPools.pool(given.pool))
    const outcome =
      given && pool && protectionMode(pool.settings) !== 'OFF' ? await giveFeedback(context, pool, given) : undefined
    return outcome === 'done'
      ? sendPage(call, <Thanks />)
      : sendMessage(call, outcome === 'gone' ? 404 : 400, 'This did not work', STALE)
  })
  return app
}

function feedbackOf(call: Request): (UserFeedback & { pool: string }) | undefined {
  const { pool, user: username, event: eventId, value, token } = call.req.query()
  if (!pool || !username || !eventId || !token || (value !== 'Valid' && value !== 'Invalid')) return undefined
  return { pool, username, eventId, token, value }
}

function Question({ was, action }: { was: boolean; action: string }) {
  return (
    <Page title="Your sign-in">
      <div class="empty">
        <h1>{was ? 'Was this you?' : 'Was this somebody else?'}</h1>
        <p>
          {was
            ? 'Confirm that the sign-in was yours.'
            : 'Confirm that the sign-in was not yours, and then change your password.'}
        </p>
        <form method="post" action={action}>
          <button type="submit">{was ? 'Yes, it was me' : 'It was not me'}</button>
        </form>
      </div>
    </Page>
  )
}

function Thanks() {
  return (
    <Page title="Thank you">
      <div class="empty">
        <h1>Thank you</h1>
        <p>Your answer helps to tell your sign-ins from those of others.</p>
      </div>
    </Page>
  )
}
