// /outbox shows the messages that a development server captured instead of sending; /outbox.json is for tests in other
// languages. Neither exists in production (doors.ts). The HTML of a message is untrusted: it is shown in a sandboxed
// frame with a URL of its own. A srcdoc would inherit the page's Content-Security-Policy and lose the styles of the
// mail.
import { type Handler, Hono, type Context as Request } from 'hono'
import type { Context } from '../context.ts'
import { isSent } from '../messages/can-deliver.ts'
import { limits } from '../messages/limits.ts'
import { isOwnHost } from './outbox-host-rules.ts'
import { outboxStyleSource } from './outbox-page-style.ts'
import { OutboxView, SHOWN } from './outbox-view.tsx'

const PAGE_POLICY = `default-src 'none'; style-src ${outboxStyleSource}; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
const BODY_POLICY = `sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'`

/** `GET /outbox?to=…&refresh=1`, `GET /outbox/<id>/body`, `GET /outbox.json?to=…&limit=…`. */
export function outboxPage(context: Context): Hono {
  const app = new Hono()
  const guarded = (policy: string, answer: (request: Request) => Response | Promise<Response>): Handler => {
    return async (c) => {
      for (const [name, value] of Object.entries(headers(policy))) c.header(name, value)
      const served = { host: context.config.host, publicUrl: context.publicUrl }
      if (isOwnHost(c.req.header('host'), served)) return answer(c)
      return c.text(
        "The outbox answers under this server's own name only: use localhost, or set HOST or PUBLIC_URL.\n",
        403,
      )
    }
  }
  app.get(
    '/outbox',
    guarded(PAGE_POLICY, async (c) => {
      const to = destinationOf(c)
      const messages = await context.outbox.captured(SHOWN, to)
      const refreshing = c.req.query('refresh') !== undefined
      const sending = { email: isSent(context, 'EMAIL'), sms: isSent(context, 'SMS') }
      return c.html(
        `<!doctype html>${<OutboxView {...{ messages, to, refreshing, sending }} now={context.clock.now()} />}`,
      )
    }),
  )
  app.get(
    '/outbox/:id/body',
    guarded(BODY_POLICY, async (c) => {
      const message = await context.outbox.capturedById(c.req.param('id') ?? '')
      if (message?.medium !== 'EMAIL') return c.notFound()
      return c.html(message.body)
    }),
  )
  app.get(
    '/outbox.json',
    guarded(PAGE_POLICY, async (c) => {
      const limit = Number(c.req.query('limit') ?? 100)
      if (!Number.isInteger(limit) || limit < 1 || limit > limits.captured.max)
        return c.json({ message: `limit must be a whole number from 1 to ${limits.captured.max}.` }, 400)
      return c.json({ messages: await context.outbox.captured(limit, destinationOf(c)) })
    }),
  )
  return app
}

/** The `to` of the query. An unescaped `+` of a phone number arrives as a blank. */
const destinationOf = (request: Request): string | undefined =>
  request.req
    .query('to')
    ?.replace(/^ (?=\d)/, '+')
    .trim() || undefined

const headers = (policy: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
})
