// The delivery queues: one queue of jobs for each medium that has a sender, so that a slow medium does not delay the
// other. The delivery of one message is in deliver-message.ts.
import type { Config } from '../config/config.ts'
import { DeliveryFailed, type Email, type Functions } from '../effects/effects.ts'
import type { Queue } from '../jobs/queue.ts'
import { type DeliveryParts, deliverMessage, type Send } from './deliver-message.ts'
import { limits } from './limits.ts'
import { type OutgoingMessage, SENDER } from './outbox.ts'

/** Messages of one medium that one process sends at once. */
export const SLOTS = 8

/** The queues of all media that have a sender, named after the medium. */
export function deliveryQueues(
  parts: Pick<DeliveryParts, 'sealer' | 'effects' | 'log' | 'metrics' | 'undelivered'> & {
    config: Pick<Config, 'mailFrom'>
  },
): Queue[] {
  const { sendEmail, sendSms, functions } = parts.effects
  const queue = (name: string, send: Send): Queue => ({
    name,
    slots: SLOTS,
    run: (job, lease) => deliverMessage({ ...parts, send }, job, lease),
  })
  return [
    ...(sendEmail ? [queue('EMAIL', (id, message) => sendEmail(emailOf(parts.config, id, message)))] : []),
    queue(SENDER, (id, { sender }, attempts) => callSender(functions, id, sender, attempts)),
    ...(sendSms ? [queue('SMS', (id, { to, body, userPoolId }) => sendSms({ id, to, text: body, userPoolId }))] : []),
  ]
}

/**
 * Calls a custom sender. One that throws is asked again a few times, as the service does
 * (docs/reference/user-pools.md 13.1); one that does not answer as long as any delivery.
 */
async function callSender(
  functions: Functions,
  id: string,
  sender: OutgoingMessage['sender'],
  attempts: number,
): Promise<void> {
  if (!sender) throw new DeliveryFailed('it names no sender', true)
  const answer = await functions.invoke(sender.arn, sender.event, { id, awaited: false })
  if (answer.outcome === 'failed') throw new DeliveryFailed(answer.reason)
  if (answer.outcome === 'threw') throw new DeliveryFailed('the function threw', attempts >= limits.senderTries.max)
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
