// Health checks: liveness of the process and readiness of the database.

import { Hono } from 'hono'
import type { Context } from '../context.ts'

/**
 * `/health/live` always answers 200. `/health/ready` answers 503 with the problem when the database does not serve
 * (database/database-health.ts).
 */
export function healthPages(context: Context): Hono {
  const app = new Hono()
  app.get('/health/live', (c) => c.json({ status: 'ok' }))
  app.get('/health/ready', async (c) => {
    const problem = await context.databaseHealth.problem(context.database, context.clock.now())
    return problem === undefined ? c.json({ status: 'ok' }) : c.json({ status: problem }, 503)
  })
  return app
}
