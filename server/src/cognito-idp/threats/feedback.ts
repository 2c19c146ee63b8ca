// Feedback on what a user did: whether it was the user. It changes how later sign-ins are judged (risk-rules.ts).
// docs/reference/user-pools.md 15.
import type { Context } from '../../context.ts'
import type { FeedbackValueType } from '../../contract/cognito-idp.types.ts'
import { isAlive } from '../../effects/time-rules.ts'
import { limits } from '../limits.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { findUser } from '../users/user-store.ts'
import { type EventOwner, writeFeedback } from './event-store.ts'

const PURPOSE = 'auth-event-feedback'

interface Token {
  /** Epoch milliseconds. */
  readonly expiresAt: number
}

const boundTo = ({ userPoolId, sub }: EventOwner, eventId: string): string => JSON.stringify([userPoolId, sub, eventId])

/** The FeedbackToken that lets whoever has it call one event valid or invalid. It goes to the user by e-mail. */
export function feedbackToken(
  { sealer, clock }: Pick<Context, 'sealer' | 'clock'>,
  owner: EventOwner,
  eventId: string,
): string {
  const token: Token = { expiresAt: clock.now() + limits.feedbackToken.max }
  return sealer.sealJson(PURPOSE, token, boundTo(owner, eventId))
}

export interface UserFeedback {
  readonly username: string
  readonly eventId: string
  readonly token: string
  readonly value: FeedbackValueType
}

/**
 * Writes the feedback of a user. `invalid-token`: it is none of this user and event, or has expired, so that whoever has
 * none learns nothing of who exists. `gone`: the event has been purged.
 */
export async function giveFeedback(
  context: Context,
  pool: UserPool,
  { username, eventId, token, value }: UserFeedback,
): Promise<'done' | 'invalid-token' | 'gone'> {
  const user = await findUser(context.db, pool, username)
  const owner = { userPoolId: pool.id, sub: user?.sub ?? '' }
  const opened = context.sealer.openJson(PURPOSE, token, boundTo(owner, eventId)) as Token | undefined
  const at = context.clock.now()
  if (!opened || !isAlive(opened.expiresAt, limits.feedbackToken.max, at)) return 'invalid-token'
  return (await writeFeedback(context.db, owner, eventId, { value, provider: 'User', at })) ? 'done' : 'gone'
}
