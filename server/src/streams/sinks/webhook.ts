// A webhook of the operator's: each record by POST, signed as calls of triggers are (docs/triggers.md).
import type { WebhookPlace } from '../../config/places.ts'
import { isOk, post, statusRefuses } from '../../sinks/post.ts'
import { PutFailed } from '../../sinks/put-failed.ts'
import { webhookHeaders } from '../../triggers/ways/webhook.ts'
import type { SinkParts, StreamRecord } from '../sink.ts'

export async function putIntoWebhook(
  { clock, closed }: SinkParts,
  { url, key }: WebhookPlace,
  { id, stream, partitionKey, body }: StreamRecord,
): Promise<void> {
  const headers = {
    'cognomen-stream': stream,
    'cognomen-partition-key': partitionKey,
    ...webhookHeaders(key, clock.now(), id, body),
  }
  const { status } = await post(url, headers, body, closed)
  if (isOk(status)) return
  throw new PutFailed(`HTTP ${status}`, statusRefuses(status))
}
