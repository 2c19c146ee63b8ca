// Whether the process lives, and whether it can work.

import { Hono } from 'hono'
import type { Context } from '../context.ts'

/** `/health/live` always answers; `/health/ready` asks the database. Neither says anything else. */
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
