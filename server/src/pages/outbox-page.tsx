// /outbox shows the messages that a development server captured instead of sending; /outbox.json is for tests in other
// languages. Neither exists in production (doors.ts), and outbox-caller-rules.ts says who may read them. The HTML of a message is untrusted: it is shown in a sandboxed
// frame with a URL of its own. A srcdoc would inherit the page's Content-Security-Policy and lose the styles of the
// mail.
import type { HttpBindings } from '@hono/node-server'
import { type Handler, Hono, type Context as Request } from 'hono'
import type { Context } from '../context.ts'
import { addressOfRequest, plainAddress, wasForwarded } from '../http/client-address.ts'
import { isSent } from '../messages/can-deliver.ts'
import { limits } from '../messages/limits.ts'
import { outboxProblem } from './outbox-caller-rules.ts'
import { OutboxView, SHOWN } from './outbox-view.tsx'
import { sendMessage, sendPage, setPageHeaders } from './page.tsx'

const BODY_POLICY = `sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'`

type Bindings = { Bindings: HttpBindings }

/** `GET /outbox?to=…&refresh=1`, `GET /outbox/<id>/body`, `GET /outbox.json?to=…&limit=…`. */
export function outboxPage(context: Context): Hono<Bindings> {
  const app = new Hono<Bindings>()
  const { outboxCallers, trustedProxies, host } = context.config
  const settings = { outboxCallers, trustedProxies, host, publicUrl: context.publicUrl }
  const guarded =
    (answer: (request: Request) => Response | Promise<Response>): Handler<Bindings> =>
    (call) => {
      const { incoming } = call.env
      const problem = outboxProblem(
        {
          peer: plainAddress(incoming.socket.remoteAddress ?? ''),
          client: addressOfRequest(incoming, trustedProxies),
          forwarded: wasForwarded(incoming),
          httpVersion: incoming.httpVersion,
          hostHeader: incoming.headers.host,
        },
        settings,
      )
      return problem === undefined ? answer(call as Request) : sendMessage(call as Request, 403, 'No access', problem)
    }
  app.get(
    '/outbox',
    guarded(async (call) => {
      const to = destinationOf(call)
      const messages = await context.outbox.captured(SHOWN, to)
      const refreshing = call.req.query('refresh') !== undefined
      const sending = { email: isSent(context, 'EMAIL'), sms: isSent(context, 'SMS') }
      return sendPage(call, <OutboxView {...{ messages, to, refreshing, sending }} now={context.clock.now()} />)
    }),
  )
  app.get(
    '/outbox/:id/body',
    guarded(async (call) => {
      const message = await context.outbox.capturedById(call.req.param('id') ?? '')
      if (message?.medium !== 'EMAIL') return call.notFound()
      setPageHeaders(call, BODY_POLICY)
      return call.html(message.body)
    }),
  )
  app.get(
    '/outbox.json',
    guarded(async (call) => {
      setPageHeaders(call)
      const limit = Number(call.req.query('limit') ?? 100)
      if (!Number.isInteger(limit) || limit < 1 || limit > limits.captured.max)
        return call.json({ message: `limit must be a whole number from 1 to ${limits.captured.max}.` }, 400)
      return call.json({ messages: await context.outbox.captured(limit, destinationOf(call)) })
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
