// A plain webhook: the event by POST, signed with a key that both sides have, so that the receiver knows who asks and that
// it is no replay (docs/triggers.md).
import { createHmac } from 'node:crypto'
import type { WebhookPlace } from '../../config/places.ts'
import type { Clock, FunctionAnswer } from '../../effects/effects.ts'
import type { FunctionCall } from '../ways.ts'
import { post, thrownText } from './post.ts'

export interface WebhookParts {
  readonly clock: Clock
  readonly closed: AbortSignal
}

/** The status by which a webhook refuses, with a JSON body {"errorMessage": "…"}. */
const REFUSES = 422

/**
 * POSTs the event with `cognomen-id`, the same at every try, and `cognomen-signature`: `t=<epoch seconds>,v1=<hex>`, the
 * HMAC-SHA256 of `<t>.<id>.<body>` under the key. A 2xx answers with the event, 422 refuses, all else is no answer.
 */
export async function callWebhook(
  { clock, closed }: WebhookParts,
  { url, key }: WebhookPlace,
  { event, id, arn, maxAnswer }: FunctionCall,
): Promise<FunctionAnswer> {
  const headers = { 'cognomen-function': arn, ...webhookHeaders(key, clock.now(), id, event) }
  const answer = await post(url, headers, event, closed, maxAnswer)
  if ('outcome' in answer) return answer
  const { status, text } = answer
  if (status >= 200 && status <= 299) return { outcome: 'answered', text }
  if (status === REFUSES) return { outcome: 'threw', message: thrownText(text) }
  return { outcome: 'failed', reason: `HTTP${status}`, status }
}

/** The headers of a JSON body that is signed at `now` (epoch milliseconds); `id` is the same at every try. */
export function webhookHeaders(key: string, now: number, id: string, body: string): Record<string, string> {
  const time = Math.floor(now / 1000)
  return {
    'content-type': 'application/json',
    'cognomen-id': id,
    'cognomen-signature': `t=${time},v1=${webhookSignature(key, time, id, body)}`,
  }
}

/** `time`: epoch seconds. Hex. */
export const webhookSignature = (key: string, time: number, id: string, body: string): string =>
  createHmac('sha256', key).update(`${time}.${id}.${body}`).digest('hex')
