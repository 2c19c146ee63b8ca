// Tells where a pool exports it that a message of the pool was not delivered. Neither the content nor the whole destination of a
// message is told (docs/reference/threats.md 54).
import type { Context } from '../../context.ts'
import type { Undelivered } from '../../messages/deliver-message.ts'
import { maskDestination } from '../../messages/delivery-rules.ts'
import { sinkOf } from './log-delivery-rules.ts'
import { notificationRecord } from './log-record-rules.ts'

/** Does nothing in a pool that exports no such errors, and in one that is gone or cannot be read. Never rejects. */
export const deliverNotificationError =
  ({ sinks, clock, userPools }: Pick<Context, 'sinks' | 'clock' | 'userPools'>): Undelivered =>
  async ({ userPoolId, medium, to, userSub }, { id, attempts, reason, retryAt }) => {
    const pool = await userPools.lastKnownPool(userPoolId).catch(() => undefined)
    const sink = pool && sinkOf(pool.settings, 'userNotification')
    if (sink === undefined || !sinks.knows(sink)) return
    const masked = maskDestination(medium === 'EMAIL' ? 'email' : 'phone_number', to)
    const then = retryAt === undefined ? 'given up' : `tried again at ${new Date(retryAt).toISOString()}`
    const what = `${medium} message ${id} to ${masked} of user ${userSub} was not delivered (attempt ${attempts}): ${reason}`
    const now = clock.now()
    sinks.add(sink, { at: now, body: notificationRecord(userPoolId, `${what}; ${then}`, now) })
  }
