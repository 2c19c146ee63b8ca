// The delivery queues: one queue of jobs for each medium that has a sender, so that a slow medium does not delay the
// other. The delivery of one message is in deliver-message.ts.
import type { Config } from '../config/config.ts'
import type { Email } from '../effects/effects.ts'
import type { Queue } from '../jobs/queue.ts'
import { type DeliveryParts, deliverMessage, type Send } from './deliver-message.ts'
import type { OutgoingMessage } from './outbox.ts'

/** Messages of one medium that one process sends at once. */
export const SLOTS = 8

/** The queues of all media that have a sender, named after the medium. */
export function deliveryQueues(
  parts: Pick<DeliveryParts, 'sealer' | 'effects' | 'log'> & { config: Pick<Config, 'mailFrom'> },
): Queue[] {
  const { sendEmail, sendSms } = parts.effects
  const queue = (name: OutgoingMessage['medium'], send: Send): Queue => ({
    name,
    slots: SLOTS,
    run: (job, lease) => deliverMessage({ ...parts, send }, job, lease),
  })
  return [
    ...(sendEmail ? [queue('EMAIL', (id, message) => sendEmail(emailOf(parts.config, id, message)))] : []),
    ...(sendSms ? [queue('SMS', (id, { to, body, userPoolId }) => sendSms({ id, to, text: body, userPoolId }))] : []),
  ]
}

const emailOf = (
  config: Pick<Config, 'mailFrom'>,
  id: string,
  { from, replyTo, to, subject, body }: OutgoingMessage,
): Email => ({
  id,
  from: from ?? config.mailFrom,
  ...(replyTo === undefined ? {} : { replyTo }),
  to,
  subject: subject ?? '',
  html: body,
})
