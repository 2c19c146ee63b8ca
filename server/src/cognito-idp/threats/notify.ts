// Tells a user by e-mail of a sign-in with a risk, with links to say whether it was them (docs/reference/user-pools.md 15).
import type { Context } from '../../context.ts'
import type { AccountTakeoverEventActionType, NotifyConfigurationType } from '../../contract/cognito-idp.types.ts'
import { canDeliver, customSender } from '../../messages/can-deliver.ts'
import { sender } from '../codes/templates.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { EventPlace } from './event-rules.ts'
import { feedbackToken } from './feedback.ts'
import { notification } from './notification-words.ts'

export interface RiskySignIn {
  readonly pool: UserPool
  readonly user: StoredUser
  readonly action: AccountTakeoverEventActionType
  readonly set: NotifyConfigurationType | undefined
  readonly eventId: string
  readonly place: EventPlace
}

/** The page that a link of the message leads to (pages/feedback-page.tsx). */
export const FEEDBACK_PATH = '/feedback'

/** The sender that NotifyConfiguration names, else the pool's. */
const senderOf = ({ config }: Context, { settings, ...pool }: UserPool, set: NotifyConfigurationType | undefined) =>
  sender(
    {
      ...pool,
      settings: {
        ...settings,
        EmailConfiguration: {
          ...settings.EmailConfiguration,
          ...(set && { SourceArn: set.SourceArn }),
          ...(set?.From !== undefined && { From: set.From }),
          ...(set?.ReplyTo !== undefined && { ReplyToEmailAddress: set.ReplyTo }),
        },
      },
    },
    config,
  )

/**
 * Queues the message to the user's verified address; without one, or where nothing delivers it, nothing is sent. Whatever
 * fails is logged: the sign-in goes on.
 */
export async function notifyOfRisk(
  context: Context,
  { pool, user, action, set, eventId, place }: RiskySignIn,
): Promise<void> {
  const { email: to, email_verified: verified } = user.attributes
  // A custom sender would get it with a code, and there is none.
  if (!to || verified !== 'true' || customSender(pool, 'EMAIL') || !canDeliver(context, 'EMAIL', pool)) return
  const token = feedbackToken(context, { userPoolId: pool.id, sub: user.sub }, eventId)
  const link = (value: 'Valid' | 'Invalid'): string => {
    const query = new URLSearchParams({ pool: pool.id, user: user.username, event: eventId, value, token })
    return `${context.publicUrl}${FEEDBACK_PATH}?${query}`
  }
  const words = notification(set, action, {
    username: user.username,
    'ip-address': place.address ?? 'unknown',
    city: 'unknown',
    country: 'unknown',
    'login-time': new Date(context.clock.now()).toUTCString(),
    'device-name': place.deviceName ?? 'unknown',
    'one-click-link-valid': link('Valid'),
    'one-click-link-invalid': link('Invalid'),
    'event-id': eventId,
    'feedback-token': token,
  })
  try {
    const message = await context.outbox.prepare(
      {
        userPoolId: pool.id,
        userSub: user.sub,
        medium: 'EMAIL',
        to,
        ...senderOf(context, pool, set),
        ...words,
      },
      { asker: { address: place.address }, proven: true },
    )
    await context.outbox.enqueue(context.db, message)
    context.outbox.wake()
  } catch (err) {
    context.log.warn({ err, pool: pool.id, sub: user.sub }, 'the message about a sign-in with a risk could not be sent')
  }
}
