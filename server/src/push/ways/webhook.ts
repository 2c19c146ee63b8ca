// A webhook of the operator's: the push as JSON, signed as calls of triggers are (docs/triggers.md).
import type { WebhookPlace } from '../../config/places.ts'
import { isOk } from '../../sinks/post.ts'
import { webhookHeaders } from '../../triggers/ways/webhook.ts'
import { payloadOf } from '../poke.ts'
import { post, refusalOf } from '../post.ts'
import type { Push, Pushed, WayParts } from '../ways.ts'

/** The status by which a webhook says that a token is of no use any more (RFC 9110 15.5.11). */
const GONE = 410

export async function pushByWebhook(
  { clock, closed }: WayParts,
  { url, key }: WebhookPlace,
  { id, applicationArn, platform, token, poke }: Push,
): Promise<Pushed> {
  const body = JSON.stringify({
    applicationArn,
    platform,
    token,
    data: { ...payloadOf(poke), syncCount: poke.syncCount },
  })
  const headers = { 'cognomen-application': applicationArn, ...webhookHeaders(key, clock.now(), id, body) }
  const { status } = await post(url, headers, body, closed)
  if (isOk(status)) return 'sent'
  if (status === GONE) return 'gone'
  throw refusalOf('webhook', status)
}
