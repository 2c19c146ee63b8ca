// Hands what users did to where their pool exports it. The record is held until the request is answered, so that an event which
// the request writes twice is one record, in its last state; nobody waits for the delivery.
import type { Context } from '../../context.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import type { AuthEvent } from '../threats/event-rules.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { sinkOf } from './log-delivery-rules.ts'
import { activityRecord } from './log-record-rules.ts'

/** Who did something, and from where. */
export interface Actor {
  readonly pool: UserPool
  readonly sub: string
  readonly username: string | undefined
  readonly source: RequestSource
  /** The name of the provider of a sign-in by one. */
  readonly provider?: string | undefined
}

/** Does nothing in a pool that exports no user activity. */
export function deliverActivity(
  { sinks, clock, requestId }: Pick<Context, 'sinks' | 'clock' | 'requestId'>,
  { pool, sub, username, source, provider }: Actor,
  event: AuthEvent,
): void {
  const sink = sinkOf(pool.settings, 'userAuthEvents')
  if (sink === undefined || !sinks.knows(sink)) return
  const now = clock.now()
  const hasContext = source.encodedData !== undefined
  const activity = { event, userPoolId: pool.id, sub, userName: username, requestId, provider, hasContext, now }
  sinks.add(sink, { at: now, body: activityRecord(activity), about: event.id })
}
