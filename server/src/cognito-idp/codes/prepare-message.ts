// A message to a user, ready to be queued: in the words of the pool's templates (templates.ts) or of its CustomMessage
// trigger, or handed to its custom sender, which gets the code encrypted (docs/reference/user-pools.md 13.2, 13.3).
import type { Context } from '../../context.ts'
import { encryptionSdkMessage } from '../../crypto/encryption-sdk-message.ts'
import { ApiError } from '../../errors.ts'
import { customSender, requireDelivery } from '../../messages/can-deliver.ts'
import { mediumOf } from '../../messages/delivery-rules.ts'
import type { MessageCause, OutgoingMessage, PreparedMessage } from '../../messages/outbox.ts'
import { callTrigger, eventOf } from '../../triggers/call.ts'
import { customMessage } from '../../triggers/events/custom-message.ts'
import { customEmailSender, customSmsSender, type SenderOccasion } from '../../triggers/events/custom-sender.ts'
import { type CustomWords, customWordsProblem } from '../../triggers/events/custom-words-rules.ts'
import { triggerAttributes } from '../users/trigger-attributes.ts'
import type { StoredUser } from '../users/user-store.ts'
import { confirmationLink } from './confirmation-link.ts'
import { commonMembers, escapeHtml, type MessageKind, type MessageRequest, renderMessage } from './templates.ts'

export interface MessageToUser extends Omit<MessageRequest, 'userSub' | 'config' | 'link' | 'words'> {
  /** As it will be stored. */
  user: Pick<StoredUser, 'sub' | 'username' | 'status' | 'attributes'>
  /** Undefined for operations of administrators. */
  clientId: string | undefined
  /** ClientMetadata of the request, which goes to the triggers. */
  clientMetadata: Record<string, string> | undefined
  usefulForMs?: number
}

/** The part of a trigger's source that says what caused the message. */
const occasions: Readonly<Record<MessageKind, Exclude<SenderOccasion, 'AccountTakeOverNotification'>>> = {
  'sign-up': 'SignUp',
  resend: 'ResendCode',
  'forgot-password': 'ForgotPassword',
  'verify-attribute': 'VerifyUserAttribute',
  'update-attribute': 'UpdateUserAttribute',
  invitation: 'AdminCreateUser',
  authentication: 'Authentication',
}

/**
 * Run it before the transaction that writes the message. Rejects with CodeDeliveryFailureException when nothing delivers
 * the medium, as callTrigger does, and as `outbox.prepare` does.
 */
export async function prepareMessage(
  context: Context,
  to: MessageToUser,
  cause: MessageCause,
): Promise<PreparedMessage> {
  const medium = mediumOf(to.attribute)
  requireDelivery(context, medium, to.pool)
  const sender = customSender(to.pool, medium)
  const message = sender === undefined ? await worded(context, to) : forSender(context, to, sender)
  const { usefulForMs = message.usefulForMs } = to
  return context.outbox.prepare({ ...message, usefulForMs }, cause)
}

/** What triggers are told of the user: with the address that the message goes to, which may not be stored yet. */
const attributesFor = ({ user, attribute, to }: MessageToUser): Record<string, string> => ({
  ...triggerAttributes(user),
  [attribute]: to,
})

async function worded(context: Context, message: MessageToUser): Promise<OutgoingMessage> {
  const { pool, user, kind, clientId, clientMetadata } = message
  const occasion = { pool, userName: user.username, clientId, source: `CustomMessage_${occasions[kind]}` } as const
  const request = { userAttributes: attributesFor(message), namesUser: kind === 'invitation', clientMetadata }
  const words: CustomWords | undefined = await callTrigger(context, customMessage, occasion, request)
  const link = confirmationLink(context, message)
  const problem = words && customWordsProblem({ ...message, link }, words)
  if (problem !== undefined) throw new ApiError('InvalidLambdaResponseException', problem)
  return renderMessage({ ...message, link, userSub: user.sub, config: context.config, words })
}

/** Names the key of CUSTOM_SENDER_KEY to the consumer's keyring, together with the pool's KMSKeyID. */
const KEY_NAMESPACE = 'cognomen'

function forSender(context: Context, message: MessageToUser, arn: string): OutgoingMessage {
  const { pool, user, kind, attribute, code, clientId, clientMetadata } = message
  const { customSenderKey: key } = context.config
  if (!key) throw new Error('There is no CUSTOM_SENDER_KEY, which requireDelivery has looked at.')
  const wrapping = { key, namespace: KEY_NAMESPACE, name: pool.settings.LambdaConfig?.KMSKeyID ?? '' }
  const sealed = encryptionSdkMessage(
    // Temporary passwords come escaped, codes have digits alone (docs/reference/user-pools.md 13.3).
    escapeHtml(code),
    wrapping,
    { 'userpool-id': pool.id },
    (count) => context.random.bytes(count),
  )
  const request = {
    code: code === '' ? null : sealed.toString('base64'),
    userAttributes: attributesFor(message),
    clientMetadata,
  }
  const from = { pool, userName: user.username, clientId }
  const occasion = occasions[kind]
  const event =
    attribute === 'email'
      ? eventOf(customEmailSender, { ...from, source: `CustomEmailSender_${occasion}` }, request)
      : eventOf(customSmsSender, { ...from, source: `CustomSMSSender_${occasion}` }, request)
  const { code: _, ...common } = commonMembers({ ...message, userSub: user.sub })
  return { ...common, body: '', sender: { arn, event: JSON.stringify(event) } }
}
