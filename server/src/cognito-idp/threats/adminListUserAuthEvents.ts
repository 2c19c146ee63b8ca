import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { authEventType } from './event-rules.ts'
import { listEvents } from './event-store.ts'
import { protectionRefusal } from './risk-configuration-rules.ts'

/** AdminListUserAuthEvents: what a user did, newest first (docs/reference/user-pools.md 15). */
export const adminListUserAuthEvents = operation('AdminListUserAuthEvents', async (context, { input, pool, fail }) => {
  enforce(fail, protectionRefusal(pool.settings))
  const { sub } = await requireUser(context, pool, input.Username)
  const scope = { operation: 'AdminListUserAuthEvents', request: [pool.id, sub] }
  const size = pageSize(input.MaxResults)
  const [before] = positionOf(context, scope, input.NextToken) ?? []
  const events = await listEvents(context.db, { userPoolId: pool.id, sub }, size + 1, before)
  const { entries, token } = pageOf(context, scope, events, size, ({ id }) => [id])
  return { AuthEvents: entries.map(authEventType), NextToken: token }
})
