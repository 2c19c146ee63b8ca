// A webhook of the operator's: each record by POST, signed as calls of triggers are (docs/triggers.md).
import type { WebhookPlace } from '../../config/places.ts'
import { webhookHeaders } from '../../triggers/ways/webhook.ts'
import { PutFailed, type SinkParts, type StreamRecord } from '../sink.ts'
import { isOk, post } from './post.ts'

/** The record itself is refused for good. */
const WRONG_RECORD: ReadonlySet<number> = new Set([400, 413, 422])
/** Nobody is there who takes records. */
const WRONG_STREAM: ReadonlySet<number> = new Set([401, 403, 404, 405, 410])

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
  const refuses = WRONG_RECORD.has(status) ? 'record' : WRONG_STREAM.has(status) ? 'stream' : 'later'
  throw new PutFailed(`HTTP ${status}`, refuses)
}
