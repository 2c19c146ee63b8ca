import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { requireUser } from '../users/require-user.ts'
import { writeFeedback } from './event-store.ts'
import { protectionRefusal } from './risk-configuration-rules.ts'

/** AdminUpdateAuthEventFeedback: an administrator says whether it was the user (docs/reference/user-pools.md 15). */
export const adminUpdateAuthEventFeedback = operation(
  'AdminUpdateAuthEventFeedback',
  async (context, { input, pool, fail }) => {
    enforce(fail, protectionRefusal(pool.settings))
    const { sub } = await requireUser(context, pool, input.Username)
    const feedback = { value: input.FeedbackValue, provider: 'Admin', at: context.clock.now() } as const
    if (!(await writeFeedback(context.db, { userPoolId: pool.id, sub }, input.EventId, feedback)))
      throw fail('ResourceNotFoundException', `Event ${input.EventId} does not exist.`)
    return {}
  },
)
