// A webhook of the operator's: a JSON array of records by POST, signed as calls of triggers are (docs/triggers.md).
import type { WebhookPlace } from '../../config/places.ts'
import { webhookHeaders } from '../../triggers/ways/webhook.ts'
import type { SinkWay } from '../batch.ts'
import { isOk, post, statusRefuses } from '../post.ts'
import { PutFailed } from '../put-failed.ts'
import { inLines } from './sizes.ts'

export const webhook: SinkWay<WebhookPlace> = {
  ...inLines,
  async put({ clock, closed }, { url, key }, { id, name, lines }) {
    const body = `[${lines.map(({ text }) => text).join(',')}]`
    const headers = { 'cognomen-sink': name, ...webhookHeaders(key, clock.now(), id, body) }
    const { status } = await post(url, headers, body, closed)
    if (!isOk(status)) throw new PutFailed(`HTTP ${status}`, statusRefuses(status))
    return undefined
  },
}
