// Health checks: liveness of the process and readiness of the database.

import { Hono } from 'hono'
import type { Context } from '../context.ts'

/** `/health/live` always answers 200; `/health/ready` queries the database and answers 503 when that fails. */
export function healthPages(context: Context): Hono {
  const app = new Hono()
  app.get('/health/live', (c) => c.json({ status: 'ok' }))
  app.get('/health/ready', async (c) => {
    try {
      await context.db.selectNoFrom((eb) => eb.lit(1).as('one')).execute()
      return c.json({ status: 'ok' })
    } catch {
      return c.json({ status: 'database unavailable' }, 503)
    }
  })
  return app
}
