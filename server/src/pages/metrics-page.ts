// /metrics, for Prometheus. It names pools and tells how much they are used, so it is not for the public: whoever has
// METRICS_TOKEN may read it and, in development, programs on this machine whose request no proxy passed on, as of the outbox
// (outbox-caller-rules.ts). In production a proxy on the same machine might add no header that tells of it.
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { Context } from '../context.ts'
import { equalBytes } from '../crypto/equal-bytes.ts'
import { plainAddress, wasForwarded } from '../http/client-address.ts'
import { METRICS_TYPE, metricsText } from '../metrics/metrics-text.ts'
import { isOfThisMachine } from './outbox-caller-rules.ts'

type Bindings = { Bindings: HttpBindings }

/** `GET /metrics`: 200, 401 without the token, 404 where there is none. */
export function metricsPage(context: Context): Hono<Bindings> {
  const app = new Hono<Bindings>()
  const { metricsToken, production } = context.config
  app.get('/metrics', async (call) => {
    const { incoming } = call.env
    if (!((!production && isLocal(incoming)) || hasToken(incoming, metricsToken))) {
      if (metricsToken === undefined) return call.notFound()
      call.header('www-authenticate', 'Bearer realm="metrics"')
      return call.json({ message: 'The metrics are for whoever has METRICS_TOKEN.' }, 401)
    }
    call.header('cache-control', 'no-store')
    call.header('content-type', METRICS_TYPE)
    return call.body(await metricsText(context))
  })
  return app
}

const isLocal = (incoming: IncomingMessage): boolean =>
  isOfThisMachine({
    peer: plainAddress(incoming.socket.remoteAddress ?? ''),
    forwarded: wasForwarded(incoming),
    httpVersion: incoming.httpVersion,
    hostHeader: incoming.headers.host,
  })

const hasToken = ({ headers }: IncomingMessage, token: string | undefined): boolean =>
  token !== undefined && equalBytes((headers.authorization ?? '').replace(/^Bearer +/i, ''), token)
