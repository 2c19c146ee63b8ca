import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { giveFeedback } from './feedback.ts'
import { protectionRefusal } from './risk-configuration-rules.ts'

/**
 * UpdateAuthEventFeedback: a user says whether it was them, with the token of a message (docs/reference/user-pools.md 15).
 */
export const updateAuthEventFeedback = operation('UpdateAuthEventFeedback', async (context, { input, pool, fail }) => {
  enforce(fail, protectionRefusal(pool.settings))
  const { Username: username, EventId: eventId, FeedbackToken: token, FeedbackValue: value } = input
  const outcome = await giveFeedback(context, pool, { username, eventId, token, value })
  if (outcome === 'invalid-token') throw fail('NotAuthorizedException', 'Invalid feedback token')
  if (outcome === 'gone') throw fail('ResourceNotFoundException', `Event ${eventId} does not exist.`)
  return {}
})
