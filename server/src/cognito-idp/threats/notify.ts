// Tells a user by e-mail of a sign-in with a risk, with links to say whether it was them (docs/reference/user-pools.md 15).
import type { Context } from '../../context.ts'
import type { AccountTakeoverEventActionType, NotifyConfigurationType } from '../../contract/cognito-idp.types.ts'
import { customSender } from '../../messages/can-deliver.ts'
import { eventOf } from '../../triggers/call.ts'
import { customEmailSender } from '../../triggers/events/custom-sender.ts'
import { sendNotice } from '../codes/notice.ts'
import { sender } from '../codes/templates.ts'
import type { SignInRequest } from '../sign-in/sign-in.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { triggerAttributes } from '../users/trigger-attributes.ts'
import type { StoredUser } from '../users/user-store.ts'
import type { EventPlace } from './event-rules.ts'
import { feedbackToken } from './feedback.ts'
import { type NotificationValues, notification } from './notification-words.ts'

export interface RiskySignIn {
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

/** Queues the message to the user's verified address, or the event of the pool's custom sender, as `sendNotice` does. */
export async function notifyOfRisk(
  context: Context,
  request: Pick<SignInRequest, 'pool' | 'client' | 'clientMetadata'>,
  risky: RiskySignIn,
): Promise<void> {
  const { pool } = request
  const { user, place, set, action } = risky
  const functionArn = customSender(pool, 'EMAIL')
  const values = valuesOf(context, pool, risky)
  const content =
    functionArn === undefined
      ? { ...senderOf(context, pool, set), ...notification(set, action, values) }
      : { body: '', sender: { arn: functionArn, event: JSON.stringify(senderEvent(request, user, values)) } }
  await sendNotice(context, { pool, user, address: place.address, content })
}

function valuesOf(context: Context, pool: UserPool, { user, eventId, place }: RiskySignIn): NotificationValues {
  const token = feedbackToken(context, { userPoolId: pool.id, sub: user.sub }, eventId)
  const link = (value: 'Valid' | 'Invalid'): string => {
    const query = new URLSearchParams({ pool: pool.id, user: user.username, event: eventId, value, token })
    return `${context.publicUrl}${FEEDBACK_PATH}?${query}`
  }
  return {
    username: user.username,
    'ip-address': place.address ?? UNKNOWN,
    city: place.city ?? UNKNOWN,
    country: place.country ?? UNKNOWN,
    'login-time': new Date(context.clock.now()).toUTCString(),
    'device-name': place.deviceName ?? UNKNOWN,
    'one-click-link-valid': link('Valid'),
    'one-click-link-invalid': link('Invalid'),
    'event-id': eventId,
    'feedback-token': token,
  }
}

const UNKNOWN = 'unknown'

/** What the CustomEmailSender trigger gets (docs/reference/user-pools.md 13.3, docs/triggers.md). */
const senderEvent = (
  { pool, client, clientMetadata }: Pick<SignInRequest, 'pool' | 'client' | 'clientMetadata'>,
  user: StoredUser,
  values: NotificationValues,
) =>
  eventOf(
    customEmailSender,
    {
      pool,
      userName: user.username,
      clientId: client.clientId,
      source: 'CustomEmailSender_AccountTakeOverNotification',
    },
    { code: null, userAttributes: triggerAttributes(user), clientMetadata, notification: values },
  )
